"""Notebooks: one is executed, and converted to what people send each other."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image

import xorviz
from xorviz.embed import notebook

SMALL = {"size": (160, 90), "fps": 5.0, "duration_s": 1.0, "hold_s": 0.2}


def picture_of(data):
    return Image.open(BytesIO(base64.b64decode(data["image/png"])))


@pytest.mark.parametrize(
    "suffix, start",
    [
        (".html", '<div style="container-type: inline-size"><iframe srcdoc="'),
        (".gif", '<img src="data:image/gif;base64,'),
        (".webp", '<img src="data:image/webp;base64,'),
        (".mp4", "<video controls muted loop playsinline "),
    ],
)
def test_an_animation(recording, tmp_path, suffix, start):
    encoded = xorviz.animate(recording, tmp_path / f"xor{suffix}", **SMALL)
    data, metadata = encoded._repr_mimebundle_()
    assert data["text/html"].startswith(start)
    assert "A neural network learns XOR" in data["text/html"]
    assert picture_of(data).size == (160, 90)
    assert metadata == {"image/png": {"width": 160, "height": 90}}
    assert data["text/plain"] == repr(encoded)


def test_what_is_too_large_is_linked(recording, tmp_path, monkeypatch):
    monkeypatch.setattr(notebook, "MOST_BYTES", 1000)
    encoded = xorviz.animate(recording, tmp_path / "a b.gif", **SMALL)
    html = encoded._repr_mimebundle_()[0]["text/html"]
    assert html.startswith('<img src="data:image/png;base64,')
    assert re.search(r'too large for a notebook: open <a href="[^"]*/a%20b.gif" target="_blank">.*a b.gif</a>', html)
    folder = xorviz.animate(recording, tmp_path / "a.frames", **SMALL)
    assert "The frames are in <a href=" in folder._repr_mimebundle_()[0]["text/html"]


def test_a_file_that_is_gone_is_said(recording, tmp_path):
    encoded = xorviz.animate(recording, tmp_path / "a.gif", **SMALL)
    encoded.path.unlink()
    data, _ = encoded._repr_mimebundle_()
    assert data["text/plain"].startswith(f"{encoded!r}\n{str(encoded.path)!r} could not be read: ")
    assert set(data) == {"text/plain"}


@pytest.fixture(scope="module")
def executed():
    """A notebook with a recording on a line of its own, run by a kernel."""
    nbformat = pytest.importorskip("nbformat", reason="runs a notebook: pip install nbclient nbconvert ipykernel")
    nbclient = pytest.importorskip("nbclient", reason="runs a notebook: pip install nbclient nbconvert ipykernel")
    pytest.importorskip("ipykernel", reason="runs a notebook: pip install nbclient nbconvert ipykernel")
    book = nbformat.v4.new_notebook()
    lines = "import xorviz\nfrom xorviz.embed import notebook\nnotebook._SCENE = {'size': (320, 180), 'fps': 2.0}\n"
    book.cells = [nbformat.v4.new_code_cell(f"{lines}recording = xorviz.train('backprop')\nrecording")]
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    return book


def test_a_recording(executed):
    (output,) = executed.cells[0].outputs
    assert set(output.data) == {"text/html", "image/png", "text/plain"}
    assert output.data["text/plain"].startswith("<Recording 'XOR': 140 steps, 141 snapshots")
    assert picture_of(output.data).size == (320, 180)
    assert output.metadata["image/png"] == {"width": 320, "height": 180}


@pytest.mark.filterwarnings("ignore")
def test_as_a_page_it_plays(executed, tmp_path, chromium):
    nbconvert = pytest.importorskip("nbconvert", reason="converts a notebook: pip install nbconvert")
    body, _ = nbconvert.HTMLExporter().from_notebook_node(executed)
    path = tmp_path / "notebook.html"
    path.write_text(body, encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    frame = page.frame_locator("iframe")
    frame.locator("form.transport:not([hidden])").wait_for(timeout=20_000)
    assert page.get_attribute("iframe", "title").startswith("A neural network learns XOR: ")
    page.close()


def why_no_pdf() -> str:
    """What is missing to make a PDF of a notebook; nothing if nothing is."""
    packages = "apt-get install texlive-xetex texlive-latex-extra texlive-plain-generic"
    if not all(map(shutil.which, ("xelatex", "kpsewhich"))):
        return f"nbconvert makes PDFs through xelatex: {packages}"
    styles = ["tcolorbox.sty", "soul.sty", "ulem.sty", "titling.sty", "enumitem.sty", "adjustbox.sty", "iftex.sty"]
    found = subprocess.run(["kpsewhich", *styles], capture_output=True, text=True, check=False).stdout.split()
    return "" if len(found) == len(styles) else f"xelatex lacks packages of nbconvert: {packages}"


@pytest.fixture
def as_latex(executed):
    """The notebook as nbconvert writes it for LaTeX, and its first picture with its name."""
    nbconvert = pytest.importorskip("nbconvert", reason="converts a notebook: pip install nbconvert")
    body, resources = nbconvert.LatexExporter().from_notebook_node(executed)
    (name, picture), *_ = resources["outputs"].items()
    return body, name, picture


needs_pandoc = pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="nbconvert writes LaTeX through pandoc: apt-get install pandoc"
)


@needs_pandoc
@pytest.mark.filterwarnings("ignore")
def test_as_latex_it_is_the_poster(as_latex):
    body, name, picture = as_latex
    assert name.endswith(".png") and name in body
    with Image.open(BytesIO(picture)) as image:
        assert image.size == (320, 180)


@needs_pandoc
@pytest.mark.skipif(bool(why_no_pdf()), reason=why_no_pdf())
@pytest.mark.filterwarnings("ignore")
def test_as_pdf_it_is_a_page(as_latex, tmp_path):
    body, name, picture = as_latex
    (tmp_path / name).write_bytes(picture)
    (tmp_path / "notebook.tex").write_text(body, encoding="utf-8")
    command = ["xelatex", "-interaction=nonstopmode", "notebook.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120)
    assert (tmp_path / "notebook.pdf").stat().st_size > 10_000, done.stdout[-1500:]
