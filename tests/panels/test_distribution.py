"""Distributions: shares in bins that hold for the whole run, and what of them is drawn."""

from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.silhouette import Silhouette
from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels._distribution import value_columns as _value_columns
from xorviz.panels._distribution.profiles import Axis, limits_of_columns, n_rows_for, tallest
from xorviz.panels.distribution import DistributionPanel, column_edges_px
from xorviz.recordings.recording import Recording

PLACE = Place(60, 50, 240, 170)
RECORDINGS = ["recording", "diverged", "one_point", "outside", "two_hidden", "solved_exactly", "three_inputs"]


def measure(panel: DistributionPanel, recording: Recording):
    return panel.measure(recording, np.arange(recording.n_snapshots))


def test_shares_in_rows() -> None:
    axis = Axis((-1.0, 1.0), 4, is_smooth=False)
    values = np.array([-1.0, -0.6, -0.5, 0.1, 0.99, 1.0, 7.0, -3.0])
    # Left edges belong to their row, the last row has both; what lies beyond counts at the ends.
    assert (axis.profile(values) * 8).tolist() == [3, 1, 1, 3]
    assert axis.profile(np.empty(0)).tolist() == [0, 0, 0, 0]


def test_smooth_shares_are_a_kernel_density() -> None:
    axis = Axis((0.0, 1.0), 300, is_smooth=True)
    # In the middles of rows, so that rows of values are the values.
    values = np.array([90.5, 105.5, 210.5]) / 300
    centers = (np.arange(300) + 0.5) / 300
    kernels = np.exp(-0.5 * ((centers[:, None] - values) * 30) ** 2) * 30 / np.sqrt(2 * np.pi)
    np.testing.assert_allclose(axis.profile(values) * 300, kernels.mean(axis=1), rtol=1e-3, atol=1e-6)
    for value in (0.0, 1.0, 5.0):
        assert axis.profile(np.array([value])).sum() == pytest.approx(1)


def test_limits_hold_everything_unless_tails_reach_far() -> None:
    near = [[np.linspace(-1, 1, 1000)], [np.linspace(-2, 2, 1000)]]
    low, high = limits_of_columns(near, is_smooth=False)
    assert (low, high) == pytest.approx((-2.12, 2.12))
    far = [[np.linspace(-1, 1, 1000)], [np.append(np.linspace(-2, 2, 999), 50.0)]]
    low, high = limits_of_columns(far, is_smooth=False)
    assert -2.1 < low < -1.9
    assert 1.9 < high < 2.1
    # A column of few values is not lost in one of many.
    both = [[np.linspace(-1, 1, 100_000), np.array([5.0])]]
    assert limits_of_columns(both, is_smooth=False)[1] > 5


def test_limits_of_constant_and_of_no_values() -> None:
    assert limits_of_columns([[np.zeros(3)]], is_smooth=False) == (-0.5, 0.5)
    assert limits_of_columns([[np.full(3, -4.0)]], is_smooth=False) == (-6.0, -2.0)
    low, high = limits_of_columns([[np.empty(0)]], is_smooth=True)
    assert low < high


def test_rice_rule() -> None:
    assert [n_rows_for(n, is_smooth=False) for n in (9, 1000, 10**6)] == [12, 20, 40]
    assert n_rows_for(9, is_smooth=True) == 96


def test_a_crowded_beginning_leaves_room_for_what_comes() -> None:
    axis = Axis((0.0, 1.0), 10, is_smooth=False)
    together, spread = [np.full(10, 0.5)], [np.arange(10) / 10]
    assert tallest(axis, [together, spread, spread]) == pytest.approx(0.15)
    assert tallest(axis, [together, together, spread]) == 1.0
    assert tallest(axis, [[np.empty(0)]]) == 1.0


@pytest.mark.parametrize("of", ["parameters", "gradients"])
def test_columns_are_layers(two_hidden: Recording, of: str) -> None:
    columns = measure(DistributionPanel(of=of), two_hidden).columns
    assert columns.names == ("hidden 1", "hidden 2", "output")
    arrays = two_hidden.parameters if of == "parameters" else two_hidden.gradients
    for layer, values in enumerate(columns.values(17), start=1):
        np.testing.assert_array_equal(values, [*arrays[f"W{layer}"][17].ravel(), *arrays[f"b{layer}"][17]])


def test_columns_of_activations_and_outputs(recording: Recording) -> None:
    parameters = {name: array[30] for name, array in recording.parameters.items()}

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    hidden = sigmoid(recording.inputs @ parameters["W1"] + parameters["b1"])
    outputs = sigmoid(hidden @ parameters["W2"] + parameters["b2"])[:, 0]
    activations = measure(DistributionPanel(of="activations"), recording).columns
    np.testing.assert_allclose(activations.values(30)[0], hidden.ravel())
    np.testing.assert_allclose(activations.values(30)[1], outputs)
    by_target = measure(DistributionPanel(of="outputs"), recording).columns
    assert by_target.names == ("target 0", "target 1")
    np.testing.assert_allclose(by_target.values(30)[0], outputs[[0, 3]])
    np.testing.assert_allclose(by_target.values(30)[1], outputs[[1, 2]])


def test_limits_of_outputs_hold_0_and_1(outside: Recording, recording: Recording) -> None:
    for run in (outside, recording):
        low, high = measure(DistributionPanel(of="outputs"), run).axis.limits
        assert low < 0
        assert high > 1


def test_what_is_measured_does_not_depend_on_what_is_shown(recording: Recording) -> None:
    few, every = (DistributionPanel().measure(recording, np.array(shown)) for shown in ([0, 5, 140], range(141)))
    assert (few.axis, few.tallest, few.tails) == (every.axis, every.tallest, every.tails)


def silhouettes(shown) -> list[Silhouette]:
    return [artist for artist in shown.paint.dynamic if isinstance(artist, Silhouette)]


def test_a_bar_is_as_wide_as_its_share(show, recording: Recording) -> None:
    panel = DistributionPanel()
    measured, shown = measure(panel, recording), show(panel, recording, place=PLACE)
    edges = column_edges_px(PLACE, 2)
    for k in (0, 63, 140):
        shown.at(k)
        for shape, values, (left, right) in zip(silhouettes(shown), measured.columns.values(k), edges, strict=True):
            counts, _ = np.histogram(values, bins=12, range=measured.axis.limits)
            widths = np.minimum(counts / len(values) / measured.tallest, 1) * (right - left)
            bars = shape.vertices[1:-1].reshape(12, 2, 2)
            np.testing.assert_allclose(bars[:, 0, 0] - left, widths)
            np.testing.assert_allclose(bars[:, 1, 1] - bars[:, 0, 1], 10)
            assert shape.vertices[0].tolist() == [left, PLACE.bottom]
            assert shape.vertices[-1].tolist() == [left, PLACE.top]


def test_a_violin_is_its_own_mirror_image(show, recording: Recording) -> None:
    panel = DistributionPanel(style="violin")
    measured, shown = measure(panel, recording), show(panel, recording, place=PLACE)
    shown.at(63)
    for shape, values, (left, right) in zip(
        silhouettes(shown), measured.columns.values(63), column_edges_px(PLACE, 2), strict=True
    ):
        one, other = shape.vertices[:96], shape.vertices[96:192][::-1]
        np.testing.assert_allclose(one[:, 0] + other[:, 0], left + right)
        np.testing.assert_array_equal(one[:, 1], other[:, 1])
        widths = np.minimum(measured.axis.profile(values) / measured.tallest, 1) * (right - left)
        np.testing.assert_allclose(one[:, 0] - other[:, 0], widths, atol=1e-9)


def test_few_values_are_ticks_too(show, recording: Recording) -> None:
    panel = DistributionPanel()
    measured, shown = measure(panel, recording), show(panel, recording, place=PLACE)
    shown.at(140)
    (ticks,) = [artist for artist in shown.paint.dynamic if isinstance(artist, Polylines)]
    values = np.concatenate(measured.columns.values(140))
    np.testing.assert_allclose([line[0, 1] for line in ticks.lines], PLACE.y_px(values, measured.axis.limits))
    assert all(line[:, 0].min() >= PLACE.left for line in ticks.lines)


@pytest.mark.parametrize("of", ["parameters", "gradients", "activations", "outputs"])
@pytest.mark.parametrize("style", ["histogram", "violin"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_any_recording(show, request: pytest.FixtureRequest, of: str, style: str, name: str) -> None:
    recording = request.getfixturevalue(name)
    if of == "activations" and len(recording.network.widths) == 2:
        with pytest.raises(UsageError, match="must have hidden layers for 'activations'"):
            show(DistributionPanel(of=of, style=style), recording, place=PLACE)
        return
    shown = show(DistributionPanel(of=of, style=style), recording, place=PLACE)
    first, last = shown.at(0), shown.at(-1)
    np.testing.assert_array_equal(shown.at(0), first)
    np.testing.assert_array_equal(shown.at(-1), last)
    for shape in silhouettes(shown):
        assert np.isfinite(shape.vertices).all()
        assert PLACE.left <= shape.vertices[:, 0].min()
        assert shape.vertices[:, 0].max() <= PLACE.right + 1e-9


def test_together_one_axis_and_one_width(recording: Recording, outside: Recording) -> None:
    panel = DistributionPanel()
    alone = [measure(panel, recording), measure(panel, outside)]
    assert alone[0].axis.limits != alone[1].axis.limits
    first, second = panel.together(alone)
    lows, highs = zip(*(one.axis.limits for one in alone), strict=True)
    assert first.axis == second.axis == Axis((min(lows), max(highs)), 12, is_smooth=False)
    widest = [tallest(first.axis, one.columns.sampled()) for one in alone]
    assert widest[0] != widest[1]
    assert first.tallest == second.tallest == max(widest)
    assert [one.columns for one in (first, second)] == [one.columns for one in alone]


def texts(shown) -> list[str]:
    return [artist.text for artist in shown.paint.static if isinstance(artist, Label)]


def test_tails_are_told(show, recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any(text[0] in "≤≥" for text in texts(show(DistributionPanel(), recording, place=PLACE)))
    monkeypatch.setattr("xorviz.panels._distribution.profiles._LONGEST", 1.0)
    monkeypatch.setattr("xorviz.panels._distribution.profiles._TAIL_PERCENT", 10.0)
    measured = measure(DistributionPanel(), recording)
    assert measured.tails == (True, True)
    low, high = measured.axis.limits
    found = [text for text in texts(show(DistributionPanel(), recording, place=PLACE)) if text[0] in "≤≥"]
    assert found == [f"≤ −{-low:.2g}", f"≥ {high:.2g}"]


def test_names_of_many_layers_are_their_numbers(show) -> None:
    network = Network(widths=(2, 2, 2, 2, 2, 1), activations=("tanh",) * 4 + ("sigmoid",))
    recording = xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=5)))
    assert {"1", "2", "3", "4", "output"} <= set(texts(show(DistributionPanel(), recording, place=PLACE)))


def test_of_very_many_values_a_fixed_choice(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    every = measure(DistributionPanel(), recording).columns.values(9)
    monkeypatch.setattr(_value_columns, "_MOST_VALUES", 4)
    some = measure(DistributionPanel(), recording).columns
    assert [len(values) for values in some.values(9)] == [4, 3]
    assert set(some.values(9)[0]) < set(every[0])
    np.testing.assert_array_equal(some.values(9)[0], measure(DistributionPanel(), recording).columns.values(9)[0])
