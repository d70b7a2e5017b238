"""Animations on slides of somebody's own deck."""

from __future__ import annotations

import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Emu, Inches

import xorviz
from xorviz.embed import add_to_slide
from xorviz.errors import UsageError

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


@pytest.fixture
def slide():
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(16), Inches(9)
    slide = deck.slides.add_slide(deck.slide_layouts.get_by_name("Title Only"))
    slide.shapes.title.text = "XOR"
    return slide


def words_of(shape):
    return shape._element._nvXxPr.cNvPr.get("descr")


def test_a_movie(slide, folder):
    shape = add_to_slide(slide, "xor.mp4", Inches(1), Inches(2), Inches(8), Inches(6), alt="A net")
    assert (shape.left, shape.top, shape.width, shape.height) == (
        Inches(1),
        Inches(2) + Inches(6 - 8 * 90 / 160) // 2,
        Inches(8),
        Inches(4.5),
    )
    assert (words_of(shape), shape.poster_frame.size) == ("A net", (160, 90))


def test_movies_side_by_side_start_together(slide, folder):
    one = add_to_slide(slide, "xor.mp4", width=Inches(8))
    two = add_to_slide(slide, "xor-dark.mp4", left=Inches(8))
    (sequence,) = (node for node in slide.element.iter(f"{P}cTn") if node.get("nodeType") == "mainSeq")
    assert len(sequence.find(f"{P}childTnLst")) == 1
    played = [command.find(f".//{P}spTgt").get("spid") for command in slide.element.iter(f"{P}cmd")]
    assert played == [str(one.shape_id), str(two.shape_id)]
    assert [media.find(f"{P}cTn").get("repeatCount") for media in slide.element.iter(f"{P}cMediaNode")] == [
        "indefinite"
    ] * 2
    assert (one.left, one.width) == (0, Inches(8))
    assert (two.left, two.width) == (Inches(8), Inches(8))


def test_a_gif_is_a_picture_that_fills_the_slide(slide, folder):
    shape = add_to_slide(slide, folder / "xor.gif")
    assert (shape.left, shape.top, shape.width, shape.height) == (0, 0, Inches(16), Inches(9))
    assert shape.image.blob == (folder / "xor.gif").read_bytes()
    assert slide.element.find(f".//{P}timing") is None


def test_what_animate_returned_brings_its_words(slide, recording, tmp_path):
    small = {"size": (64, 64), "fps": 5.0, "duration_s": 1.0, "hold_s": 0.0, "rows": ("field",)}
    encoded = xorviz.animate(recording, tmp_path / "a.gif", **small)
    assert encoded.alt.startswith("A neural network learns XOR: ")
    assert words_of(add_to_slide(slide, encoded)) == encoded.alt


def test_refused(slide, folder):
    with pytest.raises(UsageError) as caught:
        add_to_slide(slide, "xor.webp")
    assert str(caught.value) == "animation must be an .mp4 or .gif on a slide; got 'xor.webp'. Write one of these."
    with pytest.raises(UsageError, match=r"^width and height must be positive; got \(0, 8229600\) from left 14630400"):
        add_to_slide(slide, "xor.gif", left=Emu(Inches(16)))
    with pytest.raises(xorviz.XorvizError, match=r"^'none.mp4' could not be read: "):
        add_to_slide(slide, "none.mp4")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: apt-get install libreoffice-impress")
def test_libreoffice_shows_the_poster(slide, folder):
    add_to_slide(slide, "xor.mp4")
    slide.part.package.presentation_part.save("deck.pptx")
    own = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", own, "--headless", "--convert-to", "png", "deck.pptx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with Image.open("deck.png") as shown, Image.open("xor.png") as poster:
        seen = np.asarray(shown.convert("RGB").resize(poster.size), float)
        assert np.abs(seen - np.asarray(poster.convert("RGB"), float)).mean() < 12
