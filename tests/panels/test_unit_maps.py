from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels._plane.tiles import tiled
from xorviz.panels.unit_maps import UnitMapsPanel
from xorviz.problems import Problem
from xorviz.recordings.recording import Recording

PLACE = Place(50, 40, 450, 240)
SIZE = (500, 280)
POINTS = plane_grid(((-0.2, 1.2), (-0.2, 1.2)), 5)


def trained(hidden: str, n_hidden: int = 3) -> Recording:
    network = Network(widths=(2, n_hidden, 1), activations=(hidden, "sigmoid"))
    return xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=20)))


def texts(shown) -> list[str]:
    return [a.text for a in shown.paint.static if isinstance(a, Label)]


def test_activations_are_those_of_the_network_by_hand(recording: Recording) -> None:
    measured = UnitMapsPanel().measure(recording, np.arange(3))
    assert (measured.layer, measured.names, measured.span) == (1, ("h₁", "h₂"), (0.0, 1.0))
    weighted, shown = measured.maps(POINTS, 63, 2)
    by_hand = POINTS @ recording.parameters["W1"][63] + recording.parameters["b1"][63]
    np.testing.assert_allclose(weighted, by_hand, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(shown, 1 / (1 + np.exp(-by_hand)), rtol=1e-5, atol=1e-6)
    assert shown.dtype == np.float32


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_any_layer(two_hidden: Recording, layer: int) -> None:
    measured = UnitMapsPanel(layer=layer).measure(two_hidden, np.arange(3))
    assert measured.names == [("h¹₁", "h¹₂", "h¹₃"), ("h²₁", "h²₂"), ("ŷ",)][layer - 1]
    _, shown = measured.maps(POINTS, 20, len(measured.names))
    network = two_hidden.network
    expected = network.layers(two_hidden.parameter_vectors([20])[0], POINTS.astype(np.float64))[layer - 1]
    low, high = (0.0, 1.0) if layer == 3 else (-1.0, 1.0)
    np.testing.assert_allclose(low + shown * (high - low), expected, atol=1e-5)


def test_the_last_hidden_layer_if_none_is_given(two_hidden: Recording, outside: Recording) -> None:
    assert UnitMapsPanel().measure(two_hidden, np.arange(3)).layer == 2
    assert UnitMapsPanel().measure(outside, np.arange(2)).names == ("ŷ",)


def test_a_layer_that_is_not_there(two_hidden: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        UnitMapsPanel(layer=4).measure(two_hidden, np.arange(3))
    assert str(caught.value) == "layer of panel 'unit-maps' must be from 1 to 3, the output; got 4."


def test_scale_without_bounds_is_that_of_the_run() -> None:
    recording = trained("relu")
    low, high = UnitMapsPanel().measure(recording, np.arange(3)).span
    points = plane_grid(recording.bounds, 9)
    largest = max(recording.hidden(points, k)[0].max() for k in range(recording.n_snapshots))
    assert high == -low == pytest.approx(largest)


def test_common_scale() -> None:
    panel = UnitMapsPanel()
    measured = [panel.measure(xorviz.train("relu", seed=seed), np.arange(2)) for seed in (0, 1)]
    spans = [one.span for one in measured]
    assert spans[0] != spans[1]
    assert {one.span for one in panel.together(measured)} == {(-max(s[1] for s in spans), max(s[1] for s in spans))}


@pytest.mark.parametrize(("n", "n_columns"), [(1, 1), (2, 2), (3, 3), (6, 3), (8, 4), (16, 6)])
@pytest.mark.parametrize("aspect", [1.0, 2.0])
def test_tiles_are_equal_apart_and_as_large_as_can_be(n: int, n_columns: int, aspect: float) -> None:
    tiles = tiled(PLACE, n, aspect=aspect, name_px=16.0, gaps_px=(10.0, 4.0), least_px=20.0)
    assert len(tiles) == n
    assert len({(tile.width, tile.height) for tile in tiles}) <= 2
    for k, tile in enumerate(tiles):
        assert tile.width / tile.height == pytest.approx(aspect, rel=0.06)
        assert PLACE.left <= tile.left and tile.right <= PLACE.right
        assert PLACE.bottom - 1 <= tile.bottom and tile.top + 15 <= PLACE.top
        for other in tiles[:k]:
            assert tile.left - other.right >= 9 or other.bottom - tile.top >= 19
    if aspect == 1.0:
        assert len({tile.left for tile in tiles}) == n_columns
    # The next larger ones would not fit in any number of columns.
    larger = tiles[0].height + 3
    fits = [
        n_across * (larger * aspect + 10) - 10 <= PLACE.width and -(-n // n_across) * (larger + 20) - 4 <= PLACE.height
        for n_across in range(1, n + 1)
    ]
    assert not any(fits)


def test_as_many_tiles_as_can_be_read(show) -> None:
    shown = show(UnitMapsPanel(), trained("tanh", 300), place=PLACE, size=SIZE)
    images = [a for a in shown.paint.dynamic if isinstance(a, FieldImage)]
    n = len(images)
    assert 12 <= n < 40
    assert f"{n} of 300 units" in texts(shown)
    names = [text for text in texts(shown) if text.startswith("h")]
    assert (len(names), names[-1]) == (n, "h" + "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(n)))


def test_names_scale_and_points(show) -> None:
    recording = trained("relu")
    shown = show(UnitMapsPanel(), recording, place=PLACE, size=SIZE)
    high = UnitMapsPanel().measure(recording, np.arange(2)).span[1]
    assert texts(shown) == ["h₁", "h₂", "h₃", "unit activations", "0", f"{high:.2g}"]
    squares, circles = (a for a in shown.paint.dynamic if isinstance(a, Markers))
    assert (len(squares.points), len(circles.points)) == (6, 6)


def test_the_line_is_where_a_unit_starts(show) -> None:
    """Straight for a ReLU too, and where its weighted input is 0."""
    recording = xorviz.train("relu", seed=0)
    shown = show(UnitMapsPanel(), recording, place=PLACE, size=SIZE)
    shown.at(5)
    (boundary,) = (a for a in shown.paint.dynamic if isinstance(a, Polylines))
    tiles = tiled(PLACE, 2, aspect=1.0, name_px=20.0, gaps_px=(12.0, 5.0), least_px=52.0)
    lows, highs = np.array(recording.bounds).T
    n_seen = 0
    for line in boundary.lines:
        unit = int(line[0, 0] > tiles[0].right)
        tile = tiles[unit]
        inputs = lows + (line - [tile.left, tile.bottom]) / [tile.width, tile.height] * (highs - lows)
        weighted = inputs @ recording.parameters["W1"][5][:, unit]
        np.testing.assert_allclose(weighted, 0.0, atol=1e-5)
        n_seen += 1
    assert n_seen == 2


def test_points_are_left_out_where_they_would_cover_the_tiles(show, many_points: Recording) -> None:
    few = show(UnitMapsPanel(), many_points, place=PLACE, size=SIZE)
    assert sum(len(a.points) for a in few.paint.dynamic if isinstance(a, Markers)) == 80
    network = Network(widths=(2, 8, 1), activations=("tanh", "sigmoid"))
    targets, bounds = many_points.targets, many_points.bounds
    problem = Problem(name="cloud", inputs=many_points.inputs, targets=targets, bounds=bounds)
    eight = xorviz.train(Experiment(problem=problem, network=network, stopping=Stopping(n_steps=1)))
    many = show(UnitMapsPanel(), eight, place=PLACE, size=SIZE)
    assert not any(isinstance(a, Markers) for a in many.paint.dynamic)
