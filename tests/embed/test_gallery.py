"""Examples with animations, by sphinx-gallery itself."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

pytest.importorskip("sphinx_gallery", reason="builds a gallery: pip install sphinx-gallery")

EXAMPLE = '''"""
Learned
=======

What is learned.
"""
import xorviz

recording = xorviz.train("backprop")
small = {"size": (96, 64), "fps": 2.0, "rows": ("field",)}
gif = xorviz.animate(recording, "a.gif", alt="A field", **small)

# %%
# As a movie.
movie = xorviz.animate(recording, "a.mp4", **small)
'''
CONF = """
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["examples"]
sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "shown",
    "filename_pattern": "plot_",
    "image_scrapers": ("xorviz.embed.gallery.scraper",),
    "reset_modules": (),
}
"""


def test_what_an_example_animates_is_shown_once(tmp_path):
    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "plot_learned.py").write_text(EXAMPLE)
    (examples / "GALLERY_HEADER.rst").write_text("Examples\n========\n")
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "index.rst").write_text("Index\n=====\n\n.. toctree::\n\n   shown/index\n")
    for builder in ("html", "latex"):
        built = tmp_path / "_build" / builder
        command = [sys.executable, "-m", "sphinx", "-W", "-b", builder, str(tmp_path), str(built)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
    html = (tmp_path / "_build" / "html" / "shown" / "plot_learned.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img alt="([^"]*)" class="sphx-glr-single-img" src="([^"]*)"', html)
    assert [(alt[:17], path.rpartition(".")[2]) for alt, path in shown] == [
        ("A field", "gif"),
        ("A neural network ", "png"),
    ]
    for _, path in shown:
        assert (tmp_path / "_build" / "html" / "shown" / path).resolve().is_file()
    (tex,) = (tmp_path / "_build" / "latex").glob("*.tex")
    assert ".gif" not in re.sub(r"a\.gif", "", tex.read_text(encoding="utf-8"))
