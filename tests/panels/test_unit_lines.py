from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.panels import panel
from xorviz.panels._plane.line_names import LineNames
from xorviz.panels._plane.straight_lines import lines_across
from xorviz.panels.unit_lines import UnitLinesPanel
from xorviz.recordings.recording import Recording

PLACE = Place(50, 40, 250, 240)
UNIT = ((0.0, 1.0), (0.0, 1.0))


def standing(parameters: tuple[float, ...], n_hidden: int = 2, hidden: str = "sigmoid") -> Recording:
    """A network that stays as it is."""
    network = Network(widths=(2, n_hidden, 1), activations=(hidden, "sigmoid"))
    made = Experiment(network=network, initialisation=Fixed(parameters=parameters), stopping=Stopping(n_steps=1))
    return xorviz.train(made.replace(optimizer=GradientDescent(learning_rate=1e-12)))


def across(*lines: tuple[float, float, float], bounds=UNIT):
    array = np.array(lines)
    return lines_across(PLACE, bounds, array[:, :2], array[:, 2])


def named_labels(shown) -> dict[str, tuple[float, float]]:
    return {a.text: (a.x_px, a.y_px) for a in shown.paint.dynamic if isinstance(a, Label)}


def unit_artists(shown) -> tuple[ClippedLines, ClippedLines]:
    strokes, lines = (a for a in shown.paint.dynamic if isinstance(a, ClippedLines))
    return strokes, lines


def test_where_lines_cross_the_box() -> None:
    """x₁ = 0.25; x₁ + x₂ = 1 from corner to corner; x₂ = 0.1·x₁ + 0.5."""
    found = across((1, 0, -0.25), (-1, -1, 1), (-0.1, 1, -0.5))
    ends = np.stack([found.at(0.0), found.at(1.0)], axis=1)
    for pair, expected in zip(
        ends, ([[100, 40], [100, 240]], [[50, 240], [250, 40]], [[50, 140], [250, 160]]), strict=True
    ):
        np.testing.assert_allclose(sorted(pair.tolist()), expected, atol=1e-9)
    np.testing.assert_allclose(found.at(np.full(3, 0.5)), [[100, 140], [150, 140], [150, 150]], atol=1e-9)
    np.testing.assert_allclose(found.normals[:2], [[1, 0], [-(0.5**0.5), -(0.5**0.5)]])


@pytest.mark.parametrize(
    "line", [(0, 0, 1), (0, 0, 0), (1, 0, 0.2), (1, 0, -1.2), (np.nan, 1, 0), (1, 1, -3), (1e300, 1e300, 1)]
)
def test_a_line_that_is_nowhere_in_the_box(line) -> None:
    found = across(line, (1, 0, -0.5))
    assert np.isfinite(found.at(0.5)).all(axis=1).tolist() == [False, True]
    assert len(found.hachures(10.0, 5.0)) == len(across((1, 0, -0.5)).hachures(10.0, 5.0)) > 0


def test_lines_where_the_axes_have_different_scales() -> None:
    """Points on the line satisfy its equation, and the normal is at right angles to it in pixels."""
    generator = np.random.default_rng(0)
    weights, biases, bounds = generator.normal(size=(40, 2)), 0.3 * generator.normal(size=40), ((-1.0, 3.0), (0.0, 1.0))
    found = lines_across(PLACE, bounds, weights, biases)
    ends = np.stack([found.at(0.0), found.at(1.0)])
    kept = np.isfinite(ends).all(axis=(0, 2))
    assert kept.sum() > 10
    x = -1.0 + (ends[..., 0] - 50) / 200 * 4.0
    y = (ends[..., 1] - 40) / 200
    np.testing.assert_allclose((weights[:, 0] * x + weights[:, 1] * y + biases)[:, kept], 0.0, atol=1e-12)
    edge = np.minimum(np.abs(x + 1), np.abs(x - 3)), np.minimum(np.abs(y), np.abs(y - 1))
    assert (np.minimum(*edge)[:, kept] < 1e-12).all()
    along = ends[1] - ends[0]
    np.testing.assert_allclose((along * found.normals).sum(axis=1)[kept], 0.0, atol=1e-9)


def test_strokes_stand_on_the_positive_side() -> None:
    strokes = across((-2, 1, 0.3)).hachures(9.0, 6.0)
    inputs = (strokes - [50, 40]) / 200
    values = -2 * inputs[..., 0] + inputs[..., 1] + 0.3
    np.testing.assert_allclose(values[:, 0], 0.0, atol=1e-12)
    assert (values[:, 1] > 0).all()
    np.testing.assert_allclose(np.hypot(*(strokes[:, 1] - strokes[:, 0]).T), 6.0)
    np.testing.assert_allclose(np.hypot(*np.diff(strokes[:, 0], axis=0).T), 9.0)


def test_boundaries_are_where_the_weighted_input_is_zero(recording: Recording) -> None:
    measured = UnitLinesPanel().measure(recording, np.arange(3))
    weights, biases = measured.boundaries(140)
    for unit in range(2):
        w1, w2 = recording.parameters["W1"][140, :, unit]
        assert weights[unit].tolist() == [w1, w2]
        # Sigmoid units are at 0.5 there.
        on_line = np.array([[x, -(w1 * x + biases[unit]) / w2] for x in (0.0, 0.4, 1.0)])
        np.testing.assert_allclose(recording.hidden(on_line, 140)[0][:, unit], 0.5, atol=1e-12)


def test_lines_and_names_of_a_frame(show) -> None:
    """h₁ changes sides at x₁ = 0.5, active on the right; h₂ at x₂ = 0.2, active below."""
    recording = standing((1, 0, 0, -5, -0.5, 1, 1, 1, 0))
    shown = show(panel({"kind": "unit-lines", "bounds": UNIT}), recording, place=PLACE, size=(300, 280))
    shown.at(0)
    strokes, lines = unit_artists(shown)
    ends = sorted(sorted(np.round(line, 6).tolist()) for line in lines.lines)
    assert ends == [[[50, 80], [250, 80]], [[150, 40], [150, 240]]]
    ways = np.round([stroke[1] - stroke[0] for stroke in strokes.lines], 6)
    assert {tuple(way) for way in ways.tolist()} == {(6, 0), (0, -6)}
    labels = named_labels(shown)
    assert set(labels) == {"h₁", "h₂"}
    # On the other side, clear of the line.
    assert labels["h₁"][0] < 150 - 6 and labels["h₂"][1] > 80


def test_a_unit_without_weights_has_no_line(show) -> None:
    recording = standing((0, 1, 0, 1, 0.3, -1, 1, 1, 0))
    shown = show(UnitLinesPanel(), recording, place=PLACE, size=(300, 280))
    shown.at(0)
    assert len(unit_artists(shown)[1].lines) == 1
    assert set(named_labels(shown)) == {"", "h₂"}


def test_without_hidden_layer_the_output_has_its_line(show, outside: Recording) -> None:
    shown = show(UnitLinesPanel(), outside, place=PLACE, size=(300, 280))
    shown.at(0)
    assert set(named_labels(shown)) == {"ŷ"}


def test_names_stay_inside_clear_of_points(show, recording: Recording) -> None:
    shown = show(UnitLinesPanel(), recording, place=PLACE, size=(300, 280))
    points = np.concatenate([np.asarray(a.points) for a in shown.paint.dynamic if isinstance(a, Markers)])
    positions = []
    for index in range(recording.n_snapshots):
        shown.at(index)
        labels = named_labels(shown)
        positions.append([labels.get(name, (np.nan, np.nan)) for name in ("h₁", "h₂")])
    at = np.array(positions)
    assert np.nanmin(at[..., 0]) > PLACE.left + 6 and np.nanmax(at[..., 0]) < PLACE.right - 6
    assert np.nanmin(at[..., 1]) > PLACE.bottom and np.nanmax(at[..., 1]) < PLACE.top - 8
    # From the middle of the text to that of a marker.
    apart = np.hypot(*np.moveaxis(at[:, :, None] + [0, 4] - points, -1, 0))
    assert np.nanmean(apart < 12) < 0.1


def test_names_move_as_smoothly_as_their_lines() -> None:
    """Once round, past the corners, into the box and out of it."""
    turns = np.linspace(0, 2 * np.pi, 4001)
    weights = np.stack([np.cos(turns), np.sin(turns)], axis=-1)[:, None]
    biases = (-0.5 * weights.sum(axis=-1)) + 0.3 * np.sin(3 * turns)[:, None]
    lines = lines_across(PLACE, UNIT, weights, biases)
    names = LineNames(PLACE, ("h₁",), TextStyle(14.0, "#000000", "Semibold"))
    names.settle(lines, np.array([[90.0, 80.0], [210.0, 200.0]]))
    at = names.at(lines)[:, 0]
    assert np.isfinite(at).all()
    assert np.hypot(*np.diff(at, axis=0).T).max() < 1.5


def test_names_of_two_lines_that_are_one_stand_apart() -> None:
    style = TextStyle(14.0, "#000000", "Semibold")
    names = LineNames(PLACE, ("h₁", "h₂"), style)
    lines = lines_across(PLACE, UNIT, np.array([[[1.0, 0.0], [1.0, 0.0]]]), np.array([[-0.5, -0.5]]))
    names.settle(lines, np.empty((0, 2)))
    first, second = names.at(across((1, 0, -0.5), (1, 0, -0.5)))
    assert np.hypot(*(first - second)) > 20


def test_many_units_have_no_names(show) -> None:
    generator = np.random.default_rng(0)
    recording = standing(tuple(generator.normal(size=300 * 4 + 1)), n_hidden=300, hidden="tanh")
    measured = UnitLinesPanel().measure(recording, np.arange(2))
    assert (measured.n_units, measured.names) == (256, ())
    shown = show(UnitLinesPanel(), recording, place=PLACE, size=(300, 280))
    shown.at(0)
    strokes, lines = unit_artists(shown)
    assert len(lines.lines) > 60 and not strokes.lines
    assert not named_labels(shown)
    assert "256 of 300 unit boundaries" in [a.text for a in shown.paint.static if isinstance(a, Label)]


def test_what_is_below_is_optional(show, recording: Recording) -> None:
    every = show(UnitLinesPanel(), recording).paint.dynamic
    bare = show(UnitLinesPanel(field=False, boundary=False), recording).paint.dynamic
    assert len(every) - len(bare) == 2
    assert any(isinstance(a, FieldImage) for a in every) and not any(isinstance(a, FieldImage) for a in bare)


def test_a_name_keeps_clear_of_what_is_in_its_way() -> None:
    names = LineNames(PLACE, ("h₁",), TextStyle(14.0, "#000000", "Semibold"))
    line = across((1, 0, -0.5))
    (middle,) = names.at(line)
    lines = lines_across(PLACE, UNIT, np.array([[[1.0, 0.0]]]), np.array([[-0.5]]))
    names.settle(lines, middle[None])
    (settled,) = names.at(line)
    assert 18 < abs(settled[1] - middle[1]) < 60
