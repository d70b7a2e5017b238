"""LaTeX: the snippet as a PDF, by LaTeX itself."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from xorviz.embed import snippet
from xorviz.embed.latex import escaped
from xorviz.errors import UsageError


def has_animate():
    if shutil.which("pdflatex") is None:
        return False
    return bool(subprocess.run(["kpsewhich", "animate.sty"], capture_output=True, check=False).stdout.strip())


def test_frames_by_number_and_time(folder):
    text = snippet("xor", "latex")
    # Ten pictures in two seconds, and the words of the bundle.
    options = r"autoplay,loop,controls,poster=last,width=\linewidth"
    assert rf"\animategraphics[{options}]{{5}}{{xor.frames/frame-}}{{00000}}{{00009}}" in text
    assert r"\caption{A \textquotedbl{}net\textquotedbl{} learns \textless{}XOR\textgreater{} \& more:" in text


@pytest.mark.skipif(not has_animate(), reason="needs LaTeX: apt-get install texlive-latex-extra (too large for CI)")
@pytest.mark.parametrize("kind", ["article", "beamer"])
def test_typeset(folder, kind):
    body = snippet(folder / "xor", "latex", page=folder / "paper.tex")
    if kind == "beamer":
        body = rf"\begin{{frame}}{{XOR}}{body}\end{{frame}}".replace("%", "\n%", 1)
    packages = r"\usepackage[T1]{fontenc}\usepackage{animate,graphicx}"
    text = rf"\documentclass{{{kind}}}{packages}\begin{{document}}{body}" "\n"
    (folder / "paper.tex").write_text(f"{text}\\end{{document}}\n", encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
    pictures = {path.read_bytes() for path in (folder / "xor.frames").iterdir()}
    assert (folder / "paper.pdf").read_bytes().count(b"/Subtype /Image") == len(pictures) > 3


def test_words():
    assert escaped(r"50 % of {a}_b ~ ^ \ $ & #") == (
        r"50 \% of \{a\}\_b \textasciitilde{} \textasciicircum{} \textbackslash{} \$ \& \#"
    )


def test_refused(folder):
    (folder / "xor.frames").rename(folder / "x%r.frames")
    with pytest.raises(UsageError) as caught:
        snippet("xor", "latex")
    assert str(caught.value) == (
        "bundle must have 'xor.frames' for LaTeX, a picture a frame; there is no 'xor.frames'. "
        "Write it: xorviz render SOURCE --out 'xor.frames'."
    )
    for path in list(folder.glob("xor.*")):
        path.rename(folder / path.name.replace("xor", "x%r"))
    with pytest.raises(UsageError, match=r"^path must be of letters, digits and \. / .*; got 'x%r\.frames'\. Rename"):
        snippet("x%r", "latex")
    for path in (folder / "x%r.frames").iterdir():
        path.unlink()
    with pytest.raises(UsageError, match=r"^bundle must have pictures in 'x%r\.frames'; got none\. Write it again"):
        snippet("x%r", "latex")
