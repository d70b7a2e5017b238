"""Slides: what python-pptx reads back, and what PowerPoint is told to do."""

from __future__ import annotations

import sys

import pytest
from pptx import Presentation

from xorviz.encoders import About
from xorviz.encoders.pptx import PptxEncoder
from xorviz.errors import UsageError

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


@pytest.fixture
def deck(tmp_path, dashboard, encode):
    path = tmp_path / "deck.pptx"
    encode(PptxEncoder(), path, dashboard(4, 120, 160), fps=10, about=About(title="XOR", alt='A "net" <learns>'))
    return Presentation(path)


def test_one_slide_with_the_movie_in_its_shape(deck):
    (slide,) = deck.slides
    (movie,) = slide.shapes
    assert (deck.slide_width, deck.slide_height) == (12192000, 6858000)
    assert (movie.height, movie.width) == (6858000, round(6858000 * 160 / 120))
    assert movie.left == (deck.slide_width - movie.width) // 2
    assert movie._element.nvPicPr.cNvPr.get("descr") == 'A "net" <learns>'
    assert movie.poster_frame.size == (160, 120)
    assert slide.notes_slide.notes_text_frame.text == 'A "net" <learns>'
    assert str(slide.background.fill.fore_color.rgb) == "FAF9F6"
    assert (deck.core_properties.title, deck.core_properties.author) == ("XOR", "xorviz")


def test_it_starts_with_the_slide_and_goes_on(deck):
    (slide,) = deck.slides
    shape = str(slide.shapes[0].shape_id)
    (command,) = slide.element.iter(f"{P}cmd")
    assert (command.get("type"), command.get("cmd")) == ("call", "playFrom(0.0)")
    assert command.find(f".//{P}spTgt").get("spid") == shape
    assert command.find(f".//{P}cTn").get("dur") == "400"
    (media,) = slide.element.iter(f"{P}cMediaNode")
    assert media.get("mute") == "1"
    assert media.find(f"{P}cTn").get("repeatCount") == "indefinite"
    (begin,) = (one for one in slide.element.iter(f"{P}cond") if one.get("evt") == "onBegin")
    sequence = slide.element.find(f".//{P}cTn[@nodeType='mainSeq']")
    assert begin.find(f"{P}tn").get("val") == sequence.get("id")
    numbers = [node.get("id") for node in slide.element.iter(f"{P}cTn")]
    assert len(set(numbers)) == len(numbers)


def test_the_same_bytes_again(tmp_path, dashboard, encode):
    paths = [tmp_path / f"{i}.pptx" for i in range(2)]
    for path in paths:
        encode(PptxEncoder(), path, dashboard(3))
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert sorted(tmp_path.iterdir()) == paths


def test_without_python_pptx(monkeypatch):
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(UsageError) as caught:
        PptxEncoder().check(width_px=64, height_px=64, fps=25)
    assert str(caught.value) == "slides must have python-pptx; install it: pip install 'xorviz[slides]'."
