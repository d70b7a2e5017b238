from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.field import FieldImage
from xorviz.styles.themes import THEMES

PALETTE = THEMES["light"].field_palette()
#: A table that tells its index.
INDEX = np.stack([np.arange(256), 255 - np.arange(256), np.full(256, 7), np.full(256, 255)], -1).astype(np.uint8)
BOX = (5, 3, 45, 33)


def image(values: object, *, palette: np.ndarray = INDEX, box=BOX, **options) -> FieldImage:
    artist = FieldImage(box, palette, **options)
    artist.set_values(np.asarray(values, dtype=np.float32))
    return artist


def inside(picture: np.ndarray, box: tuple[int, int, int, int] = BOX) -> np.ndarray:
    left, bottom, right, top = box
    return picture[bottom:top, left:right]


@pytest.mark.parametrize("box", [BOX, (0, 0, 60, 40), (59, 39, 60, 40), (10, 10, 11, 30)])
def test_touches_its_box_and_nothing_else(touched, box: tuple[int, int, int, int]) -> None:
    expected = np.zeros((40, 60), bool)
    inside(expected, box)[:] = True
    np.testing.assert_array_equal(touched(image(np.zeros((5, 5)), box=box)), expected)


@pytest.mark.parametrize(
    ("value", "index"),
    [(0.0, 0), (1.0, 255), (-3.0, 0), (9.0, 255), (-np.inf, 0), (np.inf, 255), (np.nan, 128), (0.5, 128), (0.25, 64)],
)
def test_color_of_a_value(drawn, value: float, index: int) -> None:
    """0.25 is 63.75, and so on; the middle of the scale is what a value that is no number gets."""
    picture = inside(drawn(image(np.full((4, 4), value), palette=PALETTE)))
    np.testing.assert_array_equal(picture, np.broadcast_to(PALETTE[index], picture.shape))


def test_row_0_is_at_the_bottom_and_column_0_on_the_left(drawn) -> None:
    picture = inside(drawn(image([[0.0, 0.0], [1.0, 1.0]])))[..., 0]
    assert (np.diff(picture[:, 0].astype(int)) >= 0).all()
    assert picture[0].max() < 10 and picture[-1].min() > 245
    picture = inside(drawn(image([[0.0, 1.0], [0.0, 1.0]])))[..., 0]
    assert picture[:, 0].max() < 10 and picture[:, -1].min() > 245


def test_outer_grid_points_stand_on_the_edges(drawn) -> None:
    """A plane stays a plane: enlarged, every pixel has the value of its own centre."""
    ramp = np.linspace(0, 1, 21)[None, :].repeat(11, axis=0)
    picture = inside(drawn(image(ramp)))[..., 0].astype(float)
    expected = (np.arange(40) + 0.5) / 40 * 255
    np.testing.assert_allclose(picture, np.broadcast_to(expected, picture.shape), atol=4)
    np.testing.assert_allclose(picture.mean(axis=0)[5:-5], expected[5:-5], atol=2)


def test_values_are_enlarged_not_colors(drawn) -> None:
    """Between blue and orange lies the scale's own middle, which no mixture of the two is."""
    picture = inside(drawn(image([[0.0, 1.0], [0.0, 1.0]], palette=PALETTE)))
    table = {tuple(color) for color in PALETTE.tolist()}
    assert {tuple(color) for color in picture.reshape(-1, 4).tolist()} <= table
    middle = picture[:, 19:21].reshape(-1, 4)[:, :3].astype(int)
    assert np.abs(middle - PALETTE[128, :3]).max() < 25


def test_stepped_has_two_colors_that_part_at_one_half(drawn) -> None:
    row = np.linspace(0, 1, 41)
    picture = inside(drawn(image(np.tile(row, (3, 1)), palette=PALETTE, stepped=True)))
    colors = np.unique(picture.reshape(-1, 4), axis=0)
    assert len(colors) == 2
    assert (picture[:, :19] == picture[0, 0]).all()
    assert (picture[:, 21:] == picture[0, -1]).all()
    low, high = picture[0, 0, :3].astype(int), picture[0, -1, :3].astype(int)
    for color, end in ((low, PALETTE[0]), (high, PALETTE[255])):
        assert np.abs(color - end[:3]).sum() < np.abs(color - PALETTE[128, :3]).sum()


def test_the_present_state_is_drawn(drawn) -> None:
    artist = image(np.zeros((3, 3)))
    first = drawn(artist)
    artist.set_values(np.ones((7, 2)))
    assert (inside(drawn(artist))[..., 0] == 255).all()
    artist.set_values(np.zeros((3, 3)))
    np.testing.assert_array_equal(drawn(artist), first)


def test_the_callers_values_are_left_alone() -> None:
    values = np.array([[np.nan, 2.0], [-1.0, 0.5]], dtype=np.float32)
    given = values.copy()
    image(values).set_values(values)
    np.testing.assert_array_equal(values, given)
