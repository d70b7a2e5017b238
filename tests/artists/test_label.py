from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest

from xorviz.artists import label
from xorviz.artists.label import Label, TextStyle, Weight, font_path, text_width_px

STYLE = TextStyle(20.0, "#000000")
SIZE = {"width": 160, "height": 60}


def extent(mask: np.ndarray) -> tuple[int, int, int, int]:
    """First and last column and row, the last ones excluded."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(columns[-1]) + 1, int(rows[0]), int(rows[-1]) + 1


def test_text_stands_on_its_baseline(touched) -> None:
    left, right, bottom, top = extent(touched(Label(40, 20, STYLE, "Hxn"), **SIZE))
    width = text_width_px("Hxn", STYLE)
    assert left == pytest.approx(40, abs=3)
    assert right == pytest.approx(40 + width, abs=3)
    assert bottom == 20
    # Capitals of the face are two thirds of the size.
    assert top == pytest.approx(20 + 0.66 * 20, abs=1.5)


def test_descenders_hang_below_the_baseline(touched) -> None:
    _, _, bottom, top = extent(touched(Label(40, 20, STYLE, "gp"), **SIZE))
    assert 20 - 0.3 * 20 <= bottom <= 17
    assert top < 20 + 0.66 * 20


def test_letters_stand_upright_and_read_from_left_to_right(touched) -> None:
    """An L is full at the left and at the bottom."""
    left, right, bottom, top = extent(touched(Label(40, 20, STYLE, "L"), **SIZE))
    letter = touched(Label(40, 20, STYLE, "L"), **SIZE)[bottom:top, left:right]
    assert letter[:, 1].all()
    assert letter[0].all()
    assert not letter[-3:, -3:].any()


@pytest.mark.parametrize("text", ["0", "0.57", "H", "4/4 correct"])
@pytest.mark.parametrize("x", [95, 95.5, 98.25])
def test_alignment(touched, text: str, x: float) -> None:
    labels = [Label(x, 20, STYLE, text, align) for align in ("left", "center", "right")]
    left, center, right = (extent(touched(label, width=200, height=60))[:2] for label in labels)
    assert left[1] - left[0] == center[1] - center[0] == right[1] - right[0]
    # Beside its ink a glyph has little room of its own.
    assert -1 <= left[0] - x <= 0.1 * STYLE.size_px + 1
    assert -1 <= x - right[1] <= 0.1 * STYLE.size_px + 1
    assert sum(center) / 2 == pytest.approx(x, abs=1.6)


def test_empty_text_touches_nothing(touched) -> None:
    assert not touched(Label(40, 20, STYLE, ""), **SIZE).any()
    label = Label(40, 20, STYLE, "ready")
    label.text = ""
    assert not touched(label, **SIZE).any()


@pytest.mark.parametrize("weight", get_args(Weight))
@pytest.mark.parametrize("size_px", [9.0, 12.5, 15.5, 23.0, 46.0])
def test_all_figures_have_one_width(weight: Weight, size_px: float) -> None:
    style = TextStyle(size_px, "#000000", weight)
    widths = [text_width_px(digit * 8, style) for digit in "0123456789"]
    assert np.ptp(widths) == 0


@pytest.mark.parametrize("size_px", [12.5, 15.5, 23.0])
@pytest.mark.parametrize("align", ["left", "right"])
@pytest.mark.parametrize("pattern", ["{}4", "4{}", "{}.4"])
def test_figures_stand_still_while_their_neighbours_count(drawn, align: str, pattern: str, size_px: float) -> None:
    style = TextStyle(size_px, "#000000", "Semibold")
    pictures = []
    for digit in "0123456789":
        picture = drawn(Label(40 if align == "left" else 120, 20, style, pattern.format(digit), align), **SIZE)
        ink = picture[..., 0] < 128
        left, right, _, _ = extent(ink)
        # The four is the last figure or the first: most of an advance from that end.
        columns = slice(right - int(0.4 * size_px), right) if pattern[-1] == "4" else slice(left, left + 5)
        pictures.append((columns, picture[:, columns]))
    for columns, picture in pictures[1:]:
        assert columns == pictures[0][0]
        np.testing.assert_allclose(picture, pictures[0][1], atol=8)


@pytest.mark.parametrize("halo", ["", "#ffffff"])
@pytest.mark.parametrize("text", ["0.57", "−1,234.5", "88", "1.–"])
def test_numbers_put_together_are_what_the_font_engine_sets(text: str, halo: str) -> None:
    for weight, size_px in product(get_args(Weight), (12.5, 18.3, 23.0)):
        style = TextStyle(size_px, "#000000", weight, halo, 2.0 if halo else 0.0)
        parts, whole = label._put_together(text, style), label._laid_out(text, style)
        assert parts.column == whole.column
        ink = []
        for stencil in (parts, whole):
            canvas = np.zeros((len(stencil.layers), 120, 300))
            _, height, width = stencil.layers.shape
            canvas[:, 60 + stencil.row - height : 60 + stencil.row, :width] = stencil.layers
            ink.append(canvas)
        # Where two figures touch, the font engine mixes the bits of both.
        assert np.abs(ink[0] - ink[1]).max() <= 64
        assert (ink[0] != ink[1]).mean() < 0.001


def test_color(drawn) -> None:
    picture = drawn(Label(40, 20, TextStyle(40.0, "#1f66cc", "Bold"), "I"), **SIZE)
    assert [0x1F, 0x66, 0xCC, 255] in picture.reshape(-1, 4).tolist()
    # Anti-aliased pixels lie between the colour and the ground.
    assert picture[..., 0].min() == 0x1F
    assert (picture[..., 3] == 255).all()


def test_halo_keeps_text_apart_from_its_ground(drawn) -> None:
    plain = TextStyle(24.0, "#000000", "Semibold")
    haloed = TextStyle(24.0, "#000000", "Semibold", "#ffffff", 3.0)
    size = {**SIZE, "color": "#008000"}
    ground = drawn(**size)
    without, with_halo = (drawn(Label(40, 20, style, "0.57"), **size) for style in (plain, haloed))
    ink = (without == [0, 0, 0, 255]).all(axis=-1)
    assert ink.sum() > 50
    # The ink is where it was, and white lies all around it.
    assert with_halo[ink][:, :3].max() < 10
    assert (with_halo == 255).all(axis=-1).sum() > 100
    around = np.zeros_like(ink)
    for dy in (-2, 0, 2):
        for dx in (-2, 0, 2):
            around |= np.roll(ink, (dy, dx), axis=(0, 1))
    assert not (with_halo[around] == ground[around]).all(axis=-1).any()
    # It reaches no farther than it says.
    one, other = (extent((picture != ground).any(axis=-1)) for picture in (without, with_halo))
    assert [abs(a - b) for a, b in zip(one, other, strict=True)] == pytest.approx([3] * 4, abs=1)


def test_halo_does_not_move_the_text(drawn) -> None:
    ink = []
    for halo in ("", "#ffffff"):
        picture = drawn(Label(80.0, 20, TextStyle(24.0, "#000000", "Regular", halo, 2.0), "0.57", "center"), **SIZE)
        ink.append(extent(picture[..., :3].max(axis=-1) < 100))
    assert ink[0] == ink[1]


def test_labels_may_hang_over_the_frame(touched) -> None:
    assert touched(Label(-5, 20, STYLE, "Hxn"), **SIZE)[:, 0].any()
    assert touched(Label(155, 55, STYLE, "Hxn"), **SIZE)[-1, -10:].any()
    assert not touched(Label(500, 20, STYLE, "Hxn"), **SIZE).any()
    assert not touched(Label(20, -300, STYLE, "Hxn"), **SIZE).any()


@pytest.mark.parametrize("text", ["x₁", "2–2–1 sigmoid", "1e−4", "–"])
def test_the_face_has_the_glyphs_that_panels_write(drawn, text: str) -> None:
    from matplotlib.ft2font import FT2Font

    for weight in get_args(Weight):
        font = FT2Font(font_path(weight))
        assert all(font.get_char_index(ord(character)) for character in text)
    assert text_width_px(text, STYLE) > 0


def test_width_is_the_sum_of_advances() -> None:
    """A figure is half as wide as the size, to the whole pixels that hinting takes."""
    for size_px in (12.5, 20.0, 40.0):
        style = TextStyle(size_px, "#000000")
        widths = [text_width_px("0" * n, style) for n in (1, 2, 3)]
        np.testing.assert_allclose(np.diff(widths), 0.497 * size_px, atol=0.6)
        assert widths[0] == pytest.approx(0.497 * size_px, abs=1)
