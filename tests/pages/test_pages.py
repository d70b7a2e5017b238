"""The contract of a page, for both formats, and what each makes of it."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from xorviz.pages import PAGES, Glyph, SetText, Sheet, Stroke, page_for, rectangle
from xorviz.pages._base import indexed, written
from xorviz.pages.png import png

RED, HALF_BLUE = (1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 0.5)
SHEET = Sheet((40, 30), (0, 0, 40, 30), 96.0, "A & <B>")
SVG = "{http://www.w3.org/2000/svg}"


def made(suffix, draw, sheet=SHEET) -> bytes:
    page = page_for(suffix, sheet)
    draw(page)
    return page.finish()


def everything(page):
    """Something of everything."""
    page.path(rectangle(0, 0, 40, 30), fill=(1.0, 1.0, 1.0, 1.0), stroke=None)
    with page.clipped(rectangle(5, 5, 20, 25)):
        page.path([("M", 0, 0), ("C", 10, 30, 30, -30, 40, 20)], fill=None, stroke=Stroke(RED, 3.0))
    picture = np.zeros((4, 6, 4), np.uint8)
    picture[..., 1] = np.arange(6) * 50
    picture[..., 3] = 128
    page.image(picture, 30, 2)
    page.path(rectangle(22, 12, 28, 20), fill=HALF_BLUE, stroke=Stroke(RED, 1.0, dashes_px=(2.0, 1.0)))


@pytest.mark.parametrize("suffix", PAGES)
def test_the_same_picture_is_the_same_file(suffix):
    assert made(suffix, everything) == made(suffix, everything)


def test_numbers():
    assert written(1.0, -0.001, 2.346, 1e-9, -7.5, 1200.0) == "1 0 2.35 0 -7.5 1200"


def test_few_colours_are_indexed():
    picture = np.zeros((2, 3, 4), np.uint8)
    picture[..., 3] = 255
    picture[1, 2, :3] = (9, 8, 7)
    table, indices = indexed(picture)
    np.testing.assert_array_equal(table[indices], picture[..., :3])
    assert len(table) == 2
    picture[0, 0, 3] = 254
    assert indexed(picture) is None
    many = np.dstack([*np.meshgrid(np.arange(20), np.arange(20)), np.zeros((20, 20)), np.full((20, 20), 255)])
    assert indexed(many.astype(np.uint8)) is None


@pytest.mark.parametrize(("n", "alpha", "mode"), [(3, 255, "P"), (20, 255, "RGB"), (20, 9, "RGBA")])
def test_png_keeps_every_pixel(n, alpha, mode):
    picture = np.dstack([*np.meshgrid(np.arange(n), np.arange(n)), np.zeros((n, n)), np.full((n, n), alpha)])
    picture = picture.astype(np.uint8)
    image = Image.open(io.BytesIO(png(picture, dpi=300)))
    assert image.mode == mode
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    np.testing.assert_array_equal(np.asarray(image.convert("RGBA")), picture)


# What is drawn, read by others


def test_pdf_shapes(painted_pdf):
    def draw(page):
        page.path(rectangle(10, 5, 20, 15), fill=RED, stroke=None)
        page.path(rectangle(15, 10, 30, 20), fill=HALF_BLUE, stroke=None)
        page.path([("M", 0, 25), ("L", 40, 25)], fill=None, stroke=Stroke((0, 0, 0, 1), 2.0, cap="butt"))

    check_shapes(painted_pdf(made(".pdf", draw)))


def test_svg_shapes(painted_svg, tmp_path):
    def draw(page):
        page.path(rectangle(10, 5, 20, 15), fill=RED, stroke=None)
        page.path(rectangle(15, 10, 30, 20), fill=HALF_BLUE, stroke=None)
        page.path([("M", 0, 25), ("L", 40, 25)], fill=None, stroke=Stroke((0, 0, 0, 1), 2.0, cap="butt"))

    (tmp_path / "a.svg").write_bytes(made(".svg", draw))
    check_shapes(painted_svg(tmp_path / "a.svg"))


def check_shapes(picture):
    """Row 0 is at the top: y counts from the other side."""
    assert picture.shape == (30, 40, 4)
    at = picture[::-1, :, :3].astype(int)
    np.testing.assert_array_equal(at[7, 12], (255, 0, 0))
    np.testing.assert_allclose(at[12, 17], (127, 0, 127), atol=1)
    np.testing.assert_allclose(at[17, 27], (127, 127, 255), atol=1)
    np.testing.assert_array_equal(at[23:27, 5, 0], (255, 0, 0, 255))
    np.testing.assert_array_equal(at[2, 2], (255, 255, 255))


@pytest.mark.parametrize("suffix", PAGES)
def test_only_the_view_is_shown(suffix, painted_pdf, request, tmp_path):
    """And the size on paper follows from the resolution."""
    sheet = Sheet((40, 30), (10, 5, 30, 21), 192.0)
    data = made(suffix, lambda page: page.path(rectangle(10, 5, 14, 9), fill=RED, stroke=None), sheet)
    if suffix == ".pdf":
        assert b"/MediaBox [0 0 7.5 6]" in data
        picture = painted_pdf(data, dpi=192)
    else:
        root = ElementTree.fromstring(data)
        assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("10", "8", "10 9 20 16")
        return
    assert picture.shape == (16, 20, 4)
    is_red = (picture[..., :3] == (255, 0, 0)).all(axis=-1)
    np.testing.assert_array_equal(np.argwhere(is_red[::-1]).max(axis=0), (3, 3))
    assert is_red.sum() == 16


def test_pdf_clip_and_image(painted_pdf):
    picture = np.full((4, 6, 4), 255, np.uint8)
    picture[0] = (0, 255, 0, 255)
    picture[1, :, :] = (0, 0, 255, 0)

    def draw(page):
        with page.clipped(rectangle(0, 0, 10, 30)):
            page.path(rectangle(5, 5, 20, 10), fill=RED, stroke=None)
        page.image(picture, 30, 20)

    at = painted_pdf(made(".pdf", draw))[::-1, :, :3]
    np.testing.assert_array_equal(at[7, [4, 5, 9, 10]], [(255, 255, 255), (255, 0, 0), (255, 0, 0), (255, 255, 255)])
    np.testing.assert_array_equal(at[[23, 22, 24], 30], [(0, 255, 0), (255, 255, 255), (255, 255, 255)])


# SVG


def test_svg_is_well_formed_and_says_its_title():
    root = ElementTree.fromstring(made(".svg", everything))
    assert root.find(f"{SVG}title").text == "A & <B>"
    (image,) = root.iter(f"{SVG}image")
    data = b64decode(image.get("{http://www.w3.org/1999/xlink}href").removeprefix("data:image/png;base64,"))
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    assert pixels.shape == (4, 6, 4)
    assert (image.get("x"), image.get("y")) == ("30", "24")


def test_names_of_two_svgs_do_not_meet():
    """Both may stand in one HTML page."""
    one, two = (
        set(re.findall(rb'id="([^"]+)"', made(".svg", draw)))
        for draw in (everything, lambda page: [everything(page), everything(page)])
    )
    assert one
    assert two
    assert one.isdisjoint(two)


GLYPHS = (
    Glyph(2, "A", 500.0, [("M", 0, 0), ("L", 250, 700), ("L", 500, 0), ("Z",)]),
    Glyph(1, " ", 200.0, []),
    Glyph(2, "A", 500.0, [("M", 0, 0), ("L", 250, 700), ("L", 500, 0), ("Z",)]),
)


def test_svg_text_is_outlines_with_a_label():
    line = SetText("A & A", "a.ttf", 10.0, 5.0, 20.0, GLYPHS, (0.0, 500.0, 700.0), RED, (1.0, 1.0, 1.0, 1.0), 2.0)
    root = ElementTree.fromstring(made(".svg", lambda page: page.text(line)))
    group = next(group for group in root.iter(f"{SVG}g") if group.get("aria-label"))
    assert group.get("aria-label") == "A & A"
    assert group.get("transform") == "translate(5 10) scale(0.01)"
    halo, ink = group
    assert (halo.get("stroke-width"), ink.get("stroke"), ink.get("fill")) == ("400", None, "#ff0000")
    # One definition, two uses of it; a space has no outline.
    assert [use.get("x") for use in ink] == ["0", "700"]
    assert len({use.get("{http://www.w3.org/1999/xlink}href") for use in ink}) == 1


# PDF


def test_pdf_text_is_text_in_its_own_font(pdf_text, painted_pdf):
    from xorviz.artists.glyphs import glyphs_of
    from xorviz.artists.label import font_path

    path = font_path("Bold")
    glyphs, offsets, width = glyphs_of("AVA 10", path)
    line = SetText("AVA 10", path, 12.0, 2.0, 10.0, glyphs, offsets, RED)
    data = made(".pdf", lambda page: page.text(line))
    assert pdf_text(data) == ["AVA 10"]
    assert len(data) < 8000
    assert re.search(rb"/BaseFont /[A-Z]{6}\+SourceSansPro-Bold ", data)
    columns = np.flatnonzero((painted_pdf(data)[..., 1] < 128).any(axis=0))
    assert columns[0] == pytest.approx(2, abs=1)
    assert columns[-1] == pytest.approx(2 + width * 12 / 1000, abs=1.6)


def test_kerning_is_in_the_pdf():
    """The second pen is where the layout put it, not where the first glyph's width ends."""
    from xorviz.pages.pdf_font import PdfFont

    font = PdfFont("a.ttf", "F1")
    assert font.shown(GLYPHS[:1] * 3, (0.0, 480.4, 960.2)) == "[<0002>20<0002>20<0002>]"
    assert font.shown(GLYPHS[:1] * 2, (0.0, 500.3)) == "[<00020002>]"


def test_a_halo_is_no_text(pdf_text):
    from xorviz.artists.glyphs import glyphs_of
    from xorviz.artists.label import font_path

    path = font_path("Regular")
    glyphs, offsets, _ = glyphs_of("0.5", path)
    line = SetText("0.5", path, 12.0, 2.0, 10.0, glyphs, offsets, RED, HALF_BLUE, 2.0)
    assert pdf_text(made(".pdf", lambda page: page.text(line))) == ["0.5"]
