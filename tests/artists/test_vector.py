"""What artists put on a page, and what they are taken apart into."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from xorviz.artists._base import Artist, pixels, stroke
from xorviz.artists.field import FieldImage
from xorviz.artists.glyphs import glyphs_of
from xorviz.artists.label import Label, TextStyle, font_path
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.reveal import Reveal
from xorviz.artists.tracing import traced, unmixed
from xorviz.pages import Page, Sheet, Stroke, rectangle
from xorviz.styles.themes import theme

BLACK = (0.0, 0.0, 0.0, 1.0)


class Log(Page):
    """Keeps what it is told."""

    def __init__(self, width=60, height=40):
        super().__init__(Sheet((width, height), (0, 0, width, height), 96.0))
        self.calls, self.clips = [], []

    def path(self, outline, *, fill, stroke):
        self.calls.append(("path", list(outline), fill, stroke, tuple(self.clips)))

    def text(self, line):
        self.calls.append(("text", line))

    def image(self, picture, left_px, bottom_px):
        self.calls.append(("image", picture, left_px, bottom_px))

    @contextmanager
    def clipped(self, outline):
        self.clips.append(list(outline))
        yield
        self.clips.pop()

    def finish(self):
        return b""


def put(artist, **size):
    page = Log(**size)
    artist.vector(page)
    return page.calls


def test_lines_are_one_path():
    lines = Polylines("#000000", 2.5, alpha=0.25)
    lines.lines = [np.array([[1.0, 2], [3, 4.5]]), np.array([[5.0, 6], [7, 8], [9, np.nan]])]
    (call,) = put(lines)
    outline = [("M", 1, 2), ("L", 3, 4.5), ("M", 5, 6), ("L", 7, 8)]
    assert call == ("path", outline, None, Stroke((0.0, 0.0, 0.0, 0.25), 2.5, "round", "round"), ())


def test_markers_are_filled_and_outlined():
    markers = Markers("s", 10.0, "#ff0000", "#000000", 1.5)
    markers.points = [[20.0, 30.0], [np.nan, 1.0]]
    ((_, outline, fill, line, _),) = put(markers)
    assert outline == [("M", 15, 25), ("L", 25, 25), ("L", 25, 35), ("L", 15, 35), ("Z",)]
    assert fill == (1, 0, 0, 1)
    assert line == Stroke(BLACK, 1.5, "round", "miter")


def test_nothing_is_put_where_nothing_is_drawn():
    assert put(Polylines("#000000", 1.0)) == []
    assert put(Label(1, 1, TextStyle(10, "#000000"))) == []


def test_a_label_is_text_where_it_stands():
    style = TextStyle(20.0, "#ff0000", "Semibold", "#ffffff", 2.0)
    widths = glyphs_of("step 10", font_path("Semibold"))[2] * 20 / 1000
    for align, share in (("left", 0), ("center", 0.5), ("right", 1)):
        ((_, line),) = put(Label(30.3, 12.7, style, "step 10", align))
        assert (line.text, line.size_px, line.y_px) == ("step 10", 20.0, 12.7)
        assert line.x_px == pytest.approx(30.3 - share * widths)
        assert (line.color, line.halo, line.halo_px) == ((1, 0, 0, 1), (1, 1, 1, 1), 2.0)
        assert "".join(glyph.character for glyph in line.glyphs) == "step 10"


def test_layout_is_that_of_the_font_and_has_no_ligatures():
    from fontTools.ttLib import TTFont

    with TTFont(font_path("Regular")) as font:
        advances, names = font["hmtx"].metrics, font.getBestCmap()
        widths = [advances[names[ord(character)]][0] for character in "ff1"]
    glyphs, offsets, width = glyphs_of("ff1", font_path("Regular"))
    assert [glyph.advance for glyph in glyphs] == widths
    assert offsets == (0, widths[0], sum(widths[:2]))
    assert width == sum(widths)
    kerned = glyphs_of("AV", font_path("Regular"))
    assert kerned[2] < sum(glyph.advance for glyph in kerned[0])


def test_the_glyphs_cover_what_the_frame_s_label_covers(drawn):
    """The same words, drawn from outlines, in the same place."""

    class Outlines(Artist):
        def draw(self, renderer):
            ((_, line),) = put(Label(5, 10, TextStyle(24.0, "#000000"), "XOR₁"))
            gc = stroke(BLACK, 0.0)
            for glyph, pen in zip(line.glyphs, line.offsets, strict=True):
                points = [(number, code) for number, code in _points(glyph.outline)]
                path = Path([point for point, _ in points], [code for _, code in points])
                to = Affine2D().translate(pen, 0).scale(line.size_px / 1000).translate(line.x_px, line.y_px)
                renderer.draw_path(gc, path, to, BLACK)

    outlines, label = drawn(Outlines()), drawn(Label(5, 10, TextStyle(24.0, "#000000"), "XOR₁"))
    off = [np.abs(np.roll(outlines, by, axis=1).astype(int) - label).mean() for by in (-1, 0, 1)]
    assert off[1] < 8 < min(off[0], off[2])
    assert (outlines < 128).sum() == pytest.approx((label < 128).sum(), rel=0.1)


def _points(outline):
    codes = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4}
    for kind, *numbers in outline:
        if kind == "Z":
            yield (0, 0), Path.CLOSEPOLY
        for i in range(0, len(numbers), 2):
            yield tuple(numbers[i : i + 2]), codes[kind]


def test_a_field_is_the_frame_s_own_pixels(drawn):
    field = FieldImage((5, 10, 55, 30), theme("light").field_palette())
    field.set_values(np.array([[0.0, 0.3], [0.6, 1.0]]))
    ((_, picture, left, bottom),) = put(field)
    assert (left, bottom) == (5, 10)
    np.testing.assert_array_equal(picture[::-1], drawn(field)[10:30, 5:55])


def test_a_reveal_cuts_its_members_off():
    line = Polylines("#000000", 1.0)
    line.lines = [np.array([[0.0, 20], [60, 20]])]
    reveal = Reveal([line], left_px=-3, right_px=50)
    for edge, right in ((25.4, 25), (-9.0, 0), (80.0, 50)):
        reveal.edge_px = edge
        ((_, _, _, _, clips),) = put(reveal)
        assert clips == (rectangle(0, 0, right, 40),)


# Artists of anybody


class Anything(Artist):
    def __init__(self, draw):
        self.draw = draw

    def draw(self, renderer):
        raise NotImplementedError


def test_a_graphics_context_in_full():
    gc = GraphicsContextBase()
    gc.set_linewidth(2.0)
    gc.set_dashes(1.0, [4.0, 2.0])
    gc.set_foreground((0.0, 0.0, 1.0, 0.5), isRGBA=True)
    gc.set_clip_rectangle(Bbox([[1, 2], [30, 20]]))
    path, to = Path([[0, 0], [1, 2], [3, 0]], [Path.MOVETO, Path.CURVE3, Path.CURVE3]), Affine2D().scale(3)
    ((_, outline, fill, line, clips),) = put(
        Anything(lambda renderer: renderer.draw_path(gc, path, to, (1.0, 0.0, 0.0, 0.25)))
    )
    # A quadratic curve is a cubic one whose control points lie two thirds of the way to its own.
    assert outline[0] == ("M", 0, 0)
    assert outline[1] == ("C", *(pytest.approx(number) for number in (2, 4, 5, 4, 9, 0)))
    assert fill == (1, 0, 0, 0.25)
    assert line == Stroke((0, 0, 1, 0.5), 2.0, "butt", "round", (4.0, 2.0), 1.0)
    assert clips == (rectangle(1, 2, 30, 20),)


def test_the_line_s_opacity_is_the_fill_s_where_agg_says_so(drawn):
    """As Agg has it, a context with an opacity of its own gives it to the fill."""
    box = Path([[10, 10], [30, 10], [30, 30], [10, 10]], closed=True)
    artist = Anything(lambda renderer: renderer.draw_path(stroke((0, 0, 0, 0.5), 1), box, IdentityTransform(), BLACK))
    ((_, _, fill, _, _),) = put(artist)
    assert fill[3] == 0.5
    np.testing.assert_allclose(drawn(artist)[14, 25, :3], 127, atol=1)


def test_pixels_become_a_picture_with_opacity():
    def draw(renderer):
        frame = pixels(renderer)[::-1]
        frame[10:20, 5:15, :3] = frame[10:20, 5:15, :3] // 2 + np.array([100, 0, 0], np.uint8)

    ((_, picture, left, bottom),) = put(Anything(draw))
    assert (picture.shape, left, bottom) == ((10, 10, 4), 5, 10)
    np.testing.assert_allclose(picture[0, 0], (200, 0, 0, 128), atol=2)


def test_paths_and_pixels_are_not_told_apart():
    def draw(renderer):
        renderer.draw_path(stroke(BLACK, 4.0), Path([[5, 20], [55, 20]]), IdentityTransform(), None)
        pixels(renderer)[5, 30] = (255, 0, 0, 255)

    assert traced(draw, (60, 40)) is None
    ((kind, picture, left, bottom),) = put(Anything(draw))
    assert (kind, left, bottom) == ("image", 3, 18)
    np.testing.assert_array_equal(picture[0, 27], (255, 0, 0, 255))
    assert (picture[-2:, 10:40] == (0, 0, 0, 255)).all()


def test_unmixed():
    """Hand-checked: nothing, solid red, and white of a third."""
    on_black = np.array([[[0, 0, 0, 255], [255, 0, 0, 255], [85, 85, 85, 255]]], np.uint8)
    on_white = np.array([[[255, 255, 255, 255], [255, 0, 0, 255], [255, 255, 255, 255]]], np.uint8)
    expected = [[[0, 0, 0, 0], [255, 0, 0, 255], [255, 255, 255, 85]]]
    np.testing.assert_array_equal(unmixed(on_black, on_white), expected)
