from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.panels.axes import color_bar, grid_lines, plane_ticks, scale_bar, tick_labels
from xorviz.styles.themes import THEMES

PLACE = Place(60, 50, 240, 170)
LIGHT = THEMES["light"]


def test_ticks_of_few_values_are_these_values() -> None:
    inputs = np.array([[0, -1], [0, 0.3], [1, 1], [1, -1.0]])
    xs, ys = plane_ticks(inputs, ((-0.35, 1.35), (-1, 1)))
    assert xs.tolist() == [0, 1]
    assert ys.tolist() == [-1, 0.3, 1]


def test_ticks_are_round_where_values_are_many_or_one_or_outside() -> None:
    inputs = np.stack([np.linspace(0, 1, 9), np.full(9, 0.5)], axis=-1)
    xs, ys = plane_ticks(inputs, ((0, 1), (0, 1)))
    np.testing.assert_allclose(xs, ys)
    assert len(xs) >= 3
    xs, _ = plane_ticks(np.array([[0, 0], [7.0, 1]]), ((-0.5, 1), (0, 1)))
    assert len(xs) >= 3
    assert xs.max() <= 1


def test_tick_labels_stand_at_their_values() -> None:
    ticks = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    labels = tick_labels(PLACE, ((-0.35, 1.35), (-0.35, 1.35)), ticks, LIGHT, ("x₁", "x₂"))
    below = [label for label in labels if label.align == "center"]
    beside = [label for label in labels if label.align == "right"]
    assert [label.text for label in below] == ["0", "1", "x₁"]
    assert [label.text for label in beside] == ["0", "1", "x₂"]
    xs = [label.x_px for label in below]
    assert xs[:2] == pytest.approx([60 + 180 * 0.35 / 1.7, 60 + 180 * 1.35 / 1.7])
    assert xs[2] == pytest.approx(sum(xs[:2]) / 2)
    assert all(label.y_px < PLACE.bottom for label in below)
    assert all(label.x_px < PLACE.left for label in beside)


def test_scale_bar_is_the_scale() -> None:
    artists = scale_bar(PLACE, LIGHT)
    (image,) = [artist for artist in artists if isinstance(artist, FieldImage)]
    left, bottom, right, top = image._left, image._bottom, image._right, image._top
    assert left > PLACE.right
    assert right - left >= 3
    assert (bottom, top) == (PLACE.bottom, PLACE.top)
    texts = {artist.text: artist.y_px for artist in artists if isinstance(artist, Label)}
    assert set(texts) == {"output", "0", "0.5", "1"}
    assert texts["0"] < texts["0.5"] < texts["1"] < texts["output"]


def test_numbers_stand_beside_their_colours_and_not_outside_the_bar() -> None:
    ticks = [(0.0, "a"), (0.25, "b"), (1.0, "c")]
    _, _, *labels = color_bar(PLACE, LIGHT, LIGHT.field_palette(), ticks, "name")
    size = labels[0].style.size_px
    quarter = PLACE.bottom + 0.25 * PLACE.height - 0.34 * size
    assert [label.y_px for label in labels] == [PLACE.bottom, quarter, PLACE.top - 0.66 * size]
    assert [label.text for label in labels] == ["a", "b", "c"]


def test_grid_lines_cross_the_place() -> None:
    lines = grid_lines(PLACE, np.array([60.0, 100.0]), LIGHT).lines
    np.testing.assert_array_equal(lines, [[[60, 60], [240, 60]], [[60, 100], [240, 100]]])
