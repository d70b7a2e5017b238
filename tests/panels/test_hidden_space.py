from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import xorviz
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels._hidden.axes import _principal
from xorviz.panels._hidden.warped_grid import BentGrid, grid_points
from xorviz.panels._points.markers import DataMarkers
from xorviz.panels.hidden_space import HiddenSpacePanel
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import THEMES, theme

PLACE = Place(50, 40, 250, 240)
SIZE = (300, 280)


def trained(widths: tuple[int, ...], hidden: str = "tanh", last: str = "sigmoid") -> Recording:
    network = Network(widths=widths, activations=(hidden,) * (len(widths) - 2) + (last,))
    return xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=30)))


def boundary_of(shown) -> ClippedLines:
    return [a for a in shown.paint.dynamic if isinstance(a, ClippedLines)][-1]


def points_of(shown) -> np.ndarray:
    return np.concatenate([np.asarray(a.points) for a in shown.paint.dynamic if isinstance(a, Markers)])


def data_of(measured, pixels: np.ndarray) -> np.ndarray:
    lows, highs = np.array(measured.axes.bounds).T
    return lows + (pixels - [PLACE.left, PLACE.bottom]) / [PLACE.width, PLACE.height] * (highs - lows)


def test_two_units_are_the_axes(recording: Recording) -> None:
    measured = HiddenSpacePanel().measure(recording, np.arange(3))
    assert (measured.layer, measured.is_plane, measured.axes.names) == (1, True, ("h₁", "h₂"))
    np.testing.assert_allclose(measured.axes.bounds, [(-0.1, 1.1)] * 2)
    at = measured.coordinates(recording.inputs, 63)
    by_hand = 1 / (1 + np.exp(-(recording.inputs @ recording.parameters["W1"][63] + recording.parameters["b1"][63])))
    np.testing.assert_allclose(at, by_hand)


def test_points_and_the_straight_boundary_of_a_frame(show, recording: Recording) -> None:
    measured = HiddenSpacePanel().measure(recording, np.arange(3))
    shown = show(HiddenSpacePanel(), recording, place=PLACE, size=SIZE)
    shown.at(140)
    found = data_of(measured, points_of(shown))
    hidden = recording.hidden(recording.inputs, 140)[0]
    np.testing.assert_allclose(found, hidden[[0, 3, 1, 2]], atol=1e-9)
    (line,) = boundary_of(shown).lines
    on_line = data_of(measured, line)
    weighted = on_line @ recording.parameters["W2"][140] + recording.parameters["b2"][140]
    np.testing.assert_allclose(weighted, 0.0, atol=1e-9)


def test_regions_are_the_output_of_activations(show, recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[np.ndarray] = []
    monkeypatch.setattr(FieldImage, "set_values", lambda self, values: given.append(np.array(values)))
    show(HiddenSpacePanel(), recording, place=PLACE, size=SIZE).at(140)
    axis = np.linspace(-0.1, 1.1, len(given[-1]))
    hidden = np.stack(np.meshgrid(axis, axis), axis=-1)
    weighted = hidden @ recording.parameters["W2"][140] + recording.parameters["b2"][140]
    np.testing.assert_allclose(given[-1], 1 / (1 + np.exp(-weighted[..., 0])), atol=1e-5)


@pytest.mark.parametrize(("last", "level"), [("sigmoid", 0.0), ("linear", 0.5), ("relu", 0.5)])
def test_boundary_of_any_output(show, last: str, level: float) -> None:
    recording = trained((2, 2, 1), last=last)
    measured = HiddenSpacePanel().measure(recording, np.arange(3))
    shown = show(HiddenSpacePanel(), recording, place=PLACE, size=SIZE)
    n_lines = 0
    for k in range(recording.n_snapshots):
        shown.at(k)
        for line in boundary_of(shown).lines:
            weighted = data_of(measured, line) @ recording.parameters["W2"][k] + recording.parameters["b2"][k]
            np.testing.assert_allclose(weighted, level, atol=1e-9)
            n_lines += 1
    assert n_lines


def test_chosen_units_in_their_order() -> None:
    recording = trained((2, 4, 1))
    measured = HiddenSpacePanel(units=(3, 1)).measure(recording, np.arange(3))
    assert (measured.axes.names, measured.is_plane) == (("h₃", "h₁"), False)
    hidden = recording.hidden(recording.inputs, 9)[0]
    np.testing.assert_allclose(measured.coordinates(recording.inputs, 9), hidden[:, [2, 0]])


def test_swapped_units_swap_the_boundary(recording: Recording) -> None:
    weights, bias, _ = HiddenSpacePanel().measure(recording, np.arange(3)).readout(140)
    swapped, same_bias, _ = HiddenSpacePanel(units=(2, 1)).measure(recording, np.arange(3)).readout(140)
    np.testing.assert_allclose(swapped, weights[::-1])
    assert bias == same_bias


def test_principal_components_by_singular_values() -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(200, 5)) * [0.1, 3.0, 0.2, 1.0, 0.1] + 7.0
    axes = _principal(values)
    centred = values - values.mean(axis=0)
    _, sizes, rows = np.linalg.svd(centred)
    np.testing.assert_allclose(np.abs(axes.directions.T @ rows[:2].T), np.eye(2), atol=1e-9)
    shares = np.square(sizes) / np.square(sizes).sum()
    assert axes.names == (f"PC 1 ({shares[0]:.0%})", f"PC 2 ({shares[1]:.0%})")
    assert (axes.directions[np.abs(axes.directions).argmax(axis=0), [0, 1]] > 0).all()
    (x_low, x_high), (y_low, y_high) = axes.bounds
    assert x_high - x_low == pytest.approx(y_high - y_low)
    at = axes.coordinates(values)
    assert (at > [x_low, y_low]).all() and (at < [x_high, y_high]).all()
    assert x_high - x_low == pytest.approx(1.2 * np.ptp(at[:, 0]))


def test_principal_components_of_very_many_units_are_the_same() -> None:
    """From the products of points instead of those of units."""
    generator = np.random.default_rng(0)
    values = np.zeros((60, 700))
    values[:, :3] = generator.normal(size=(60, 3)) * [3.0, 2.0, 1.0]
    wide, narrow = _principal(values), _principal(values[:, :3])
    assert wide.names == narrow.names
    np.testing.assert_allclose(wide.coordinates(values), narrow.coordinates(values[:, :3]), atol=1e-9)


def test_axes_of_several_units_are_fixed_and_show_the_whole_run() -> None:
    recording = trained((2, 5, 1))
    measured = HiddenSpacePanel().measure(recording, np.arange(3))
    assert measured.axes.names[0].startswith("PC 1 (")
    np.testing.assert_allclose(measured.axes.directions.T @ measured.axes.directions, np.eye(2), atol=1e-12)
    points = grid_points(recording.bounds)
    lows, highs = np.array(measured.axes.bounds).T
    for k in (0, 15, 30):
        at = measured.coordinates(points, k)
        by_hand = (recording.hidden(points.astype(float), k)[0] - measured.axes.origin) @ measured.axes.directions
        np.testing.assert_allclose(at, by_hand, atol=1e-6)
        assert (at > lows).all() and (at < highs).all()


def test_mapped_boundary_is_where_the_output_is_a_half(show, recording: Recording) -> None:
    """Mapped through two units it lies on the straight line that these have."""
    measured = replace(HiddenSpacePanel().measure(recording, np.arange(3)), is_plane=False)
    lines = measured.boundary(140)
    assert len(lines) == 2
    weighted = np.concatenate(lines) @ recording.parameters["W2"][140] + recording.parameters["b2"][140]
    np.testing.assert_allclose(weighted, 0.0, atol=0.15)
    assert np.abs(weighted).mean() < 0.03


def test_one_unit_stands_beside_the_output() -> None:
    recording = trained((2, 1, 1))
    measured = HiddenSpacePanel().measure(recording, np.arange(3))
    assert (measured.axes.names, measured.is_plane) == (("h₁", "ŷ"), True)
    expected = np.concatenate([recording.hidden(recording.inputs, 20)[0], recording.outputs(recording.inputs, 20)], 1)
    np.testing.assert_allclose(measured.coordinates(recording.inputs, 20), expected)
    weights, bias, activation = measured.readout(20)
    assert (weights.tolist(), bias, activation) == ([0.0, 1.0], 0.0, "linear")


def test_without_hidden_layer_the_inputs_are_the_space(show, outside: Recording) -> None:
    """5·x₁ + 2.5·x₂ − 3 = 0.5."""
    measured = HiddenSpacePanel().measure(outside, np.arange(2))
    assert (measured.layer, measured.axes.names, measured.axes.bounds) == (0, ("x₁", "x₂"), outside.bounds)
    shown = show(HiddenSpacePanel(), outside, place=PLACE, size=SIZE)
    shown.at(0)
    on_line = data_of(measured, boundary_of(shown).lines[0])
    np.testing.assert_allclose(on_line @ [5.0, 2.5], 3.5, atol=1e-9)


def test_first_of_two_hidden_layers(show, two_hidden: Recording) -> None:
    shown = show(HiddenSpacePanel(layer=1), two_hidden, place=PLACE, size=SIZE)
    titles = [a.text for a in shown.paint.static if isinstance(a, Label)]
    assert "hidden space, layer 1" in titles
    assert any(text.startswith("PC 1 (") and text.endswith("%) →") for text in titles)
    assert not any(isinstance(a, FieldImage) for a in shown.paint.dynamic)


def test_three_inputs_have_the_grid_of_their_plane(show, three_inputs: Recording) -> None:
    shown = show(HiddenSpacePanel(), three_inputs, place=PLACE, size=SIZE)
    shown.at(5)
    assert len(points_of(shown)) == 8
    bent = [line for a in shown.paint.dynamic if isinstance(a, ClippedLines) for line in a.lines]
    assert len(bent) >= 22
    # A corner of the plane is where the network takes that corner's three inputs.
    measured, corner = HiddenSpacePanel().measure(three_inputs, np.arange(2)), np.array([[0.0, 0.0]])
    at = measured.coordinates(three_inputs.plane.inputs(corner), 5)
    np.testing.assert_allclose(at, measured.coordinates(three_inputs.inputs[:1], 5))
    names = {a.text for a in shown.paint.dynamic if isinstance(a, Label)}
    assert len(names) == 8 and "0,1,1" in names


def test_points_that_are_one_keep_their_names_apart(show, recording: Recording) -> None:
    shown = show(HiddenSpacePanel(), recording, place=PLACE, size=SIZE)
    shown.at(140)
    at = {a.text: (a.x_px, a.y_px) for a in shown.paint.dynamic if isinstance(a, Label)}
    assert set(at) == {"0,0", "0,1", "1,0", "1,1"}
    assert np.hypot(*np.subtract(at["0,1"], at["1,0"])) > 24
    assert all(PLACE.left < x < PLACE.right and PLACE.bottom < y < PLACE.top for x, y in at.values())


def test_many_points_have_no_names(show, many_points: Recording) -> None:
    shown = show(HiddenSpacePanel(), many_points, place=PLACE, size=SIZE)
    assert not any(isinstance(a, Label) for a in shown.paint.dynamic)


def test_the_grid_is_parted_where_the_class_changes() -> None:
    points = grid_points(((0.0, 1.0), (0.0, 1.0))).astype(float)
    grid = BentGrid(PLACE, theme("light"), by_class=True)
    grid.move(points, points[:, 0])
    zero_lines, _, zero_edges, _ = grid.artists
    assert (len(zero_edges.lines), len(zero_lines.lines)) == (4, 18)
    finite = [np.concatenate(a.lines) for a in grid.artists]
    finite = [lines[np.isfinite(lines).all(axis=1)] for lines in finite]
    # One step beyond the boundary on the way, so that there is no gap.
    assert finite[0][:, 0].max() == finite[2][:, 0].max() == pytest.approx(0.525)
    assert finite[1][:, 0].min() == finite[3][:, 0].min() == pytest.approx(0.525)
    edges = points.reshape(-1, 41, 2)[:4]
    assert all(((edge == 0.0) | (edge == 1.0)).all(axis=0).any() for edge in edges)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": 2}, "layer of panel 'hidden' must be at most 1 for a 2–2–1 sigmoid network; got 2."),
        ({"units": (1, 3)}, "units of panel 'hidden' must be two different ones from 1 to 2; got [1, 3]."),
        ({"units": (2, 2)}, "units of panel 'hidden' must be two different ones from 1 to 2; got [2, 2]."),
    ],
)
def test_what_is_not_there(recording: Recording, options: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        HiddenSpacePanel(**options).measure(recording, np.arange(3))
    assert str(caught.value) == message


def test_common_limits(recording: Recording) -> None:
    panel = HiddenSpacePanel()
    measured = [panel.measure(xorviz.train("relu", seed=seed), np.arange(2)) for seed in (0, 1)]
    limits = np.array([one.axes.bounds for one in measured])
    common = panel.together(measured)
    assert common[0].axes.bounds == common[1].axes.bounds
    assert common[0].axes.bounds[0] == (limits[:, 0, 0].min(), limits[:, 0, 1].max())
    several = [panel.measure(trained((2, 5, 1)), np.arange(2))] * 2
    assert panel.together(several) is several


def test_outlines_of_points_that_crowd_are_thinner(recording: Recording) -> None:
    markers = DataMarkers(recording, THEMES["light"], 10.0)
    apart = np.array([[0.0, 0.0], [0.0, 40.0], [40.0, 0.0], [40.0, 40.0]])
    widths = []
    for scale in (1.0, 0.5, 0.25, 0.0):
        markers.move(apart * scale)
        widths.append(markers.artists[0]._stroke.get_linewidth())
    whole = markers.artists[0].edge_px
    # Spread evenly over 20 × 20 pixels, four points are 10 apart, as far as they are wide.
    assert widths == [whole, whole, 0.5 * whole, 0.0]
