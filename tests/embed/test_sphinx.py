"""The extension, by Sphinx itself: every builder, warnings as errors, in parallel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest
from PIL import Image

pytest.importorskip("sphinx", reason="builds pages: pip install 'xorviz[sphinx]'")

RECIPE = 'source = "backprop"\nsize = [160, 90]\nfps = 5.0\nduration_s = 1.0\nhold_s = 0.2\nrows = ["field"]\n'
PAGE = """
Learned
=======

.. xorviz:: mine.toml
   :as: picture
   :alt: A "net" <learns>
   :name: learned

   The *field* of a network.

See :ref:`learned`.

.. xorviz:: made/xor
   :as: player
"""
OTHER = """
Other
=====

.. xorviz:: backprop
   :as: video
   :theme: both
   :size: 128x72
   :fps: 5
   :duration: 1
   :hold: 0.2
   :scene: field
"""
INDEX = "Index\n=====\n\n.. toctree::\n\n   learned\n   other\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory, made):
    """Pages with a recipe, an article's name, and a bundle that is there already."""
    source = tmp_path_factory.mktemp("pages")
    (source / "conf.py").write_text('project = "Pages"\nextensions = ["xorviz.embed.sphinx"]\nxorviz_workers = 1\n')
    for name, text in (("index", INDEX), ("learned", PAGE), ("other", OTHER)):
        (source / f"{name}.rst").write_text(text, encoding="utf-8")
    (source / "mine.toml").write_text(RECIPE)
    (source / "made").mkdir()
    for path in made.glob("xor*.*"):
        if path.is_file() and "dark" not in path.name:
            shutil.copy(path, source / "made")
    build(source, "html", "-j", "2")
    return source


def build(source, builder, *words, fails=False):
    folders = ["-d", str(source / "_build" / "doctrees"), str(source), str(source / "_build" / builder)]
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-b", builder, *words, *folders]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert bool(done.returncode) == fails, done.stderr
    return done.stderr


def images(source, suffix):
    return sorted((source / "_build" / "html" / "_images").glob(f"*{suffix}"))


def test_html(source):
    html = (source / "_build" / "html" / "learned.html").read_text(encoding="utf-8")
    assert re.search(r'<img src="_images/mine-\w+\.webp"', html)
    assert re.search(r'<source media="\(prefers-reduced-motion: reduce\)" srcset="_images/mine-\w+\.png">', html)
    assert 'alt="A &quot;net&quot; &lt;learns&gt;"' in html
    assert '<span class="caption-text">The <em>field</em> of a network.</span>' in html
    assert '<iframe src="_images/xor.html"' in html
    other = (source / "_build" / "html" / "other.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<div class="xorviz xorviz-(?:light|dark)"><video', other)) == 2
    for path in re.findall(r'(?:src|srcset|poster)="(_images/[^"]+)"', html + other):
        assert (source / "_build" / "html" / path).is_file()
    assert "xorviz.css" in html and (source / "_build" / "html" / "_static" / "xorviz.css").is_file()


def test_in_a_browser(source, chromium):
    """Light or dark as the reader's system says; a still where motion is to be reduced."""
    for scheme, ending in (("light", ""), ("dark", "-dark")):
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto((source / "_build" / "html" / "other.html").as_uri())
        (shown,) = [one for one in page.locator(".xorviz").all() if one.is_visible()]
        page.wait_for_function("[...document.querySelectorAll('video')].every((one) => one.currentSrc)")
        movie = shown.locator("video").evaluate("(element) => element.currentSrc")
        assert re.search(rf"/backprop-\w+{ending}\.mp4$", movie)
        context.close()


def test_latex_gets_the_poster_with_its_caption(source):
    build(source, "latex")
    (tex,) = (source / "_build" / "latex").glob("*.tex")
    text = tex.read_text(encoding="utf-8")
    assert re.search(r"\\sphinxincludegraphics\{\{mine-\w+\}\.png\}", text)
    assert "\\caption{The \\sphinxstyleemphasis{field} of a network.}" in text
    assert "webp" not in text and "mp4" not in text


@pytest.mark.parametrize("builder", ["text", "epub", "man"])
def test_other_builders_are_clean(source, builder):
    words = ["-D", "epub_show_urls=no", "-D", "version=1", "-D", "epub_copyright=x"] if builder == "epub" else []
    build(source, builder, *words)


def test_what_was_rendered_is_kept_and_what_changed_is_rendered(source):
    kept = {path: path.stat().st_mtime_ns for path in (source / "_build" / "doctrees" / "xorviz").rglob("*.*")}
    assert len([path for path in kept if path.suffix == ".png"]) == 3
    build(source, "html", "-E")
    again = {path: path.stat().st_mtime_ns for path in (source / "_build" / "doctrees" / "xorviz").rglob("*.*")}
    assert again == kept
    (source / "mine.toml").write_text(RECIPE.replace("160, 90", "96, 64"))
    build(source, "html")
    (name,) = re.findall(r"_images/(mine-\w+\.png)", (source / "_build" / "html" / "learned.html").read_text())[:1]
    with Image.open(source / "_build" / "html" / "_images" / name) as image:
        assert image.size == (96, 64)


def test_what_is_wrong_is_said_with_its_line(tmp_path, made):
    wrong = {
        ".. xorviz:: nothing": "xorviz: SOURCE must be one of ",
        ".. xorviz:: gone.toml": "must be a readable TOML file: No such file or directory",
        ".. xorviz:: backprop\n   :size: large": "xorviz: size must be WIDTHxHEIGHT in pixels",
        ".. xorviz:: made/xor\n   :size: 96x64": "xorviz: size must go with something to render; got 'made/xor', ",
    }
    (tmp_path / "conf.py").write_text('extensions = ["xorviz.embed.sphinx"]\n')
    text = "Index\n=====\n"
    lines = []
    for directive in wrong:
        text += "\n"
        lines.append(text.count("\n") + 1)
        text += f"{directive}\n"
    (tmp_path / "index.rst").write_text(text)
    (tmp_path / "made").mkdir()
    shutil.copy(made / "xor.png", tmp_path / "made")
    said = build(tmp_path, "dummy", fails=True)
    for line, message in zip(lines, wrong.values(), strict=True):
        (found,) = [one for one in said.splitlines() if f"index.rst:{line}: ERROR" in one]
        assert message in found
