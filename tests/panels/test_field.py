from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels.field import FieldPanel
from xorviz.recordings.recording import Recording
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES

SQUARE = Place(60, 30, 230, 200)
PALETTE = THEMES["light"].field_palette()


def dynamic(shown, kind: type) -> list:
    return [artist for artist in shown.paint.dynamic if isinstance(artist, kind)]


def test_field_is_the_output_on_the_grid(recording: Recording) -> None:
    measured = FieldPanel(n_grid=5).measure(recording, np.arange(3))
    assert measured.bounds == recording.bounds
    assert measured.grid.shape == (5, 5, 2)
    (x_low, x_high), (y_low, y_high) = recording.bounds
    np.testing.assert_allclose(measured.grid[0, 0], [x_low, y_low])
    np.testing.assert_allclose(measured.grid[0, -1], [x_high, y_low])
    np.testing.assert_allclose(measured.grid[-1, 0], [x_low, y_high])
    field = measured.outputs(70)[..., 0]
    w1, b1, w2, b2 = (recording.parameters[name][70] for name in ("W1", "b1", "W2", "b2"))

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    for row, column in ((0, 0), (0, 4), (3, 1), (4, 2)):
        x = measured.grid[row, column]
        expected = sigmoid(sigmoid(x @ w1 + b1) @ w2 + b2)[0]
        assert field[row, column] == pytest.approx(expected, abs=1e-6)


def test_own_bounds(recording: Recording) -> None:
    measured = FieldPanel(bounds=((0, 2), (-1, 3)), n_grid=3).measure(recording, np.arange(3))
    assert measured.bounds == ((0, 2), (-1, 3))
    np.testing.assert_allclose(measured.grid[:, 0, 1], [-1, 1, 3])


def test_pixels_show_the_output_under_them(show, recording: Recording) -> None:
    shown = show(FieldPanel(values=False), recording, place=SQUARE)
    (x_low, x_high), (y_low, y_high) = recording.bounds
    for snapshot in (0, 63, 140):
        picture = shown.at(snapshot)
        for column, row in ((75, 40), (220, 190), (120, 150), (145, 40), (200, 100)):
            x = x_low + (column + 0.5 - 60) / 170 * (x_high - x_low)
            y = y_low + (row + 0.5 - 30) / 170 * (y_high - y_low)
            output = recording.outputs([[x, y]], snapshot)[0, 0]
            if abs(output - 0.5) < 0.06:
                continue
            index = np.abs(PALETTE[:, :3].astype(int) - picture[row, column, :3]).sum(axis=1).argmin()
            assert index / 255 == pytest.approx(output, abs=0.02)


def test_boundary_lies_where_the_output_is_one_half(show, recording: Recording) -> None:
    shown = show(FieldPanel(), recording, place=SQUARE)
    shown.at(140)
    (boundary,) = dynamic(shown, Polylines)
    assert len(boundary.lines) == 2
    (x_low, x_high), (y_low, y_high) = recording.bounds
    for line in boundary.lines:
        x = x_low + (line[:, 0] - 60) / 170 * (x_high - x_low)
        y = y_low + (line[:, 1] - 30) / 170 * (y_high - y_low)
        np.testing.assert_allclose(recording.outputs(np.stack([x, y], -1), 140), 0.5, atol=0.01)


def test_level_lines() -> None:
    (line,) = level_lines(np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]))
    np.testing.assert_allclose(line[:, 0], 0.5)
    assert sorted(line[:, 1]) == [0, 1, 2]
    assert level_lines(np.full((3, 3), 0.2)) == []
    assert level_lines(np.full((3, 3), np.nan)) == []
    holed = np.tile(np.linspace(0, 1, 5), (5, 1))
    holed[2, 2] = np.nan
    assert all(np.isfinite(line).all() for line in level_lines(holed))


def test_markers_stand_on_their_points_by_class(show, recording: Recording) -> None:
    shown = show(FieldPanel(), recording, place=SQUARE)
    low, high = 0.35 / 1.7 * 170, 1.35 / 1.7 * 170
    squares, circles = dynamic(shown, Markers)
    # To the nearest whole pixel, at the least.
    np.testing.assert_allclose(squares.points, [[60 + low, 30 + low], [60 + high, 30 + high]], atol=0.51)
    np.testing.assert_allclose(circles.points, [[60 + low, 30 + high], [60 + high, 30 + low]], atol=0.51)
    picture = shown.at(5)
    for markers, color in ((squares, THEMES["light"].classes[0]), (circles, THEMES["light"].classes[1])):
        for x, y in np.asarray(markers.points):
            np.testing.assert_array_equal(picture[int(y), int(x), :3], np.rint(rgb_from_hex(color) * 255))


def test_values_are_the_outputs_at_the_points(show, recording: Recording) -> None:
    shown = show(FieldPanel(), recording, place=SQUARE)
    labels = dynamic(shown, Label)
    for snapshot in (0, 77, 140):
        shown.at(snapshot)
        outputs = recording.outputs(recording.inputs, snapshot)[:, 0]
        assert [label.text for label in labels] == [f"{output:.2f}" for output in outputs]
    assert not dynamic(show(FieldPanel(values=False), recording), Label)


def test_values_stay_in_the_place(show, one_point: Recording) -> None:
    shown = show(FieldPanel(bounds=((0.29, 5), (0.69, 5))), one_point, place=SQUARE)
    (label,) = dynamic(shown, Label)
    assert SQUARE.left <= label.x_px <= SQUARE.right
    assert SQUARE.bottom < label.y_px < SQUARE.top


def test_the_plane_keeps_its_proportions(show, one_point: Recording) -> None:
    """Bounds twice as high as wide: twice as many pixels."""
    shown = show(FieldPanel(scale=False), one_point, place=SQUARE)
    changed = (shown.at(3) != shown.static).any(axis=-1)
    columns, rows = np.flatnonzero(changed.any(axis=0)), np.flatnonzero(changed.any(axis=1))
    assert (columns[0], columns[-1] + 1) == (60, 145)
    assert (rows[0], rows[-1] + 1) == (30, 200)


def test_classes_style_is_flat(show, recording: Recording) -> None:
    shown = show(FieldPanel(style="classes", values=False), recording, place=SQUARE)
    inside = shown.inside(shown.at(140)).reshape(-1, 4)
    colors, counts = np.unique(inside, axis=0, return_counts=True)
    assert np.sort(counts)[-2:].sum() > 0.8 * len(inside)
    smooth = show(FieldPanel(values=False), recording, place=SQUARE)
    assert len(colors) < len(np.unique(smooth.inside(smooth.at(140)).reshape(-1, 4), axis=0)) / 1.5


def test_nothing_moves_outside_the_plane(show, recording: Recording) -> None:
    shown = show(FieldPanel(), recording, place=SQUARE)
    pictures = [shown.at(i) for i in (0, 70, 140)]
    moved = np.zeros(pictures[0].shape[:2], bool)
    for picture in pictures:
        moved |= (picture != pictures[0]).any(axis=-1)
    left, bottom, right, top = SQUARE.box_px
    # A line's width beyond the edge where the boundary leaves the plane.
    moved[bottom - 3 : top + 3, left - 3 : right + 3] = False
    assert not moved.any()


def test_many_points_are_small_and_have_no_values(show, many_points: Recording) -> None:
    shown = show(FieldPanel(), many_points, place=SQUARE)
    assert not dynamic(shown, Label)
    assert sum(len(np.asarray(markers.points)) for markers in dynamic(shown, Markers)) == 40


def test_outputs_beyond_the_scale_take_its_ends(show, outside: Recording) -> None:
    shown = show(FieldPanel(values=False), outside, place=SQUARE)
    picture = shown.at(0)
    np.testing.assert_array_equal(picture[32, 62], PALETTE[0])
    np.testing.assert_array_equal(picture[197, 227], PALETTE[255])


def test_diverged_outputs_are_drawn(show, diverged: Recording) -> None:
    shown = show(FieldPanel(), diverged, place=SQUARE)
    assert (shown.at(-1)[..., 3] == 255).all()


def test_points_alone_say_what_the_targets_are(show, recording: Recording) -> None:
    shown = show(FieldPanel(style="points"), recording)
    texts = [
        label.text for label in shown.paint.static if isinstance(label, Label) and label.style.weight == "Semibold"
    ]
    assert [text for text in texts if text in ("0", "1")] == ["0", "1", "1", "0"]
    assert shown.paint.dynamic == ()
    np.testing.assert_array_equal(shown.at(0), shown.at(-1))
    assert not any(isinstance(artist, FieldImage) for artist in shown.paint.static)


def test_markers_shrink_with_a_small_place(show, recording: Recording) -> None:
    sizes = []
    for side in (400, 100):
        place = Place(30, 30, 30 + side, 30 + side)
        shown = show(FieldPanel(ticks=False), recording, place=place, size=(480, 460))
        marker = next(artist for artist in shown.paint.dynamic if isinstance(artist, Markers))
        sizes.append(float(np.ptp(marker._vertices[:, 0])))
    assert sizes[0] == pytest.approx(19.0)
    assert sizes[1] == pytest.approx(10.0)
