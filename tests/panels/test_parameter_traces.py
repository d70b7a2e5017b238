"""Single weights and biases over steps."""

from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels._names.parameters import parameter_names
from xorviz.panels._traces import parameters as _parameter_traces
from xorviz.panels._traces.end_names import apart, uncrowded
from xorviz.panels._traces.positions import y_px
from xorviz.panels.norms import GradientPanel, ParameterPanel
from xorviz.recordings.recording import Recording

PLACE = Place(60, 50, 240, 170)
RECORDINGS = ["recording", "diverged", "one_point", "outside", "two_hidden", "solved_exactly", "three_inputs"]


def trained(*widths: int) -> Recording:
    network = Network(widths=widths, activations=("tanh",) * (len(widths) - 2) + ("sigmoid",))
    return xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=20)))


def measure(panel, recording: Recording):
    return panel.measure(recording, np.arange(recording.n_snapshots))


def test_names_follow_the_flat_vector() -> None:
    names = parameter_names(Network(widths=(2, 3, 1), activations=("tanh", "sigmoid")))
    assert names[:6] == ["w¹₁₁", "w¹₁₂", "w¹₁₃", "w¹₂₁", "w¹₂₂", "w¹₂₃"]
    assert names[6:] == ["b¹₁", "b¹₂", "b¹₃", "w²₁", "w²₂", "w²₃", "b²"]
    assert parameter_names(Network(widths=(2, 1), activations=("sigmoid",))) == ["w₁", "w₂", "b"]
    assert parameter_names(Network(widths=(1, 2), activations=("sigmoid",), biases=False)) == ["w₁₁", "w₁₂"]


@pytest.mark.parametrize("panel", [ParameterPanel, GradientPanel])
def test_a_curve_for_every_parameter(recording: Recording, panel) -> None:
    arrays = recording.parameters if panel is ParameterPanel else recording.gradients
    signed, absolute = (measure(panel(by="parameter", scale=scale), recording) for scale in ("linear", "log"))
    by_label = {trace.label: trace for trace in signed.traces}
    assert len(by_label) == recording.network.n_parameters == 9
    for label, values in (("w¹₁₂", arrays["W1"][:, 0, 1]), ("b¹₂", arrays["b1"][:, 1]), ("b²", arrays["b2"][:, 0])):
        np.testing.assert_array_equal(by_label[label].values, values)
        np.testing.assert_array_equal(by_label[label].at_snapshots, values)
    for trace, size in zip(signed.traces, absolute.traces, strict=True):
        np.testing.assert_array_equal(size.values, np.abs(trace.values))
    name = "parameters" if panel is ParameterPanel else "gradient"
    assert (signed.titles, absolute.titles) == ((name,), (f"|{name}|",))
    assert signed.limits[0] < min(trace.values.min() for trace in signed.traces) < 0


def test_shades_tell_the_unit_that_a_parameter_leads_to(recording: Recording) -> None:
    by_label = {trace.label: trace for trace in measure(ParameterPanel(by="parameter"), recording).traces}
    tones = {label: (trace.tone, trace.shade) for label, trace in by_label.items()}
    assert tones["w¹₁₁"] == tones["w¹₂₁"] == tones["b¹₁"] == (0, 0.0)
    assert tones["w¹₁₂"] == tones["w¹₂₂"] == tones["b¹₂"] == (0, 0.6)
    assert tones["w²₁"] == tones["w²₂"] == tones["b²"] == (1, 0.0)


@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("panel", [ParameterPanel, GradientPanel])
def test_any_recording(show, request: pytest.FixtureRequest, panel, scale: str, name: str) -> None:
    recording = request.getfixturevalue(name)
    shown = show(panel(by="parameter", scale=scale), recording, place=PLACE)
    first, last = shown.at(0), shown.at(-1)
    np.testing.assert_array_equal(shown.at(0), first)
    np.testing.assert_array_equal(shown.at(-1), last)


def test_a_logarithmic_scale_does_not_go_down_to_where_a_weight_changes_its_sign(recording: Recording) -> None:
    measured = measure(ParameterPanel(by="parameter", scale="log"), recording)
    values = np.concatenate([trace.values for trace in measured.traces])
    low, high = measured.limits
    assert low == pytest.approx(np.percentile(values, 1.0) / 1.15)
    assert values.min() < low < high
    assert high > values.max()


def test_names_stand_beside_the_ends_of_their_curves(show, recording: Recording) -> None:
    panel = ParameterPanel(by="parameter")
    measured, shown = measure(panel, recording), show(panel, recording, place=PLACE)
    beside = [a for a in shown.paint.static if isinstance(a, Label) and a.x_px > PLACE.right]
    heights = {label.text: label.y_px for label in beside if label.text[0] in "wb"}
    at_end = {trace.label: y_px(PLACE, measured, trace.values[-1]) for trace in measured.traces}
    # Superscripts are written apart, above the subscripts.
    assert {"w₁₁", "w₂₂", "b₁", "b"} <= set(heights)
    assert {label.text for label in beside} - set(heights) == {"¹", "²"}
    assert heights["b"] == pytest.approx(at_end["b²"] - 0.34 * 12.5, abs=15)
    assert sorted(heights, key=heights.get)[-1] == "w₁"
    assert max(label.x_px for label in beside) < PLACE.right + 30


def test_beyond_24_curves_there_are_no_names_and_no_dots(show) -> None:
    recording = trained(2, 8, 1)
    measured = measure(ParameterPanel(by="parameter"), recording)
    assert len(measured.traces) == 33
    assert {trace.label for trace in measured.traces} == {""}
    assert {(trace.tone, trace.shade) for trace in measured.traces} == {(0, 0.0), (1, 0.0)}
    shown = show(ParameterPanel(by="parameter"), recording, place=PLACE)
    assert not [artist for artist in shown.paint.dynamic if isinstance(artist, Markers)]
    texts = [artist.text for artist in shown.paint.static if isinstance(artist, Label)]
    assert texts.count("hidden") == texts.count("output") == 1


def test_of_very_many_parameters_an_even_choice_of_each_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parameter_traces, "_MOST_CURVES", 30)
    recording = trained(2, 8, 4, 1)
    measured = measure(ParameterPanel(by="parameter"), recording)
    assert [trace.name for trace in measured.traces].count("hidden 1") == 10
    assert [trace.name for trace in measured.traces].count("hidden 2") == 10
    assert [trace.name for trace in measured.traces].count("output") == 5
    assert measured.titles == ("parameters: 25 of 65", "25 of 65")
    np.testing.assert_array_equal(measured.traces[0].values, recording.parameters["W1"][:, 0, 0])
    np.testing.assert_array_equal(measured.traces[-1].values, recording.parameters["b3"][:, 0])


def test_where_snapshots_are_chosen_dots_stay_on_the_curves(
    recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parameter_traces, "_MOST_VERTICES", 9 * 21)
    (trace, *_) = measure(ParameterPanel(by="parameter"), recording).traces
    assert trace.steps.tolist() == list(range(0, 141, 7))
    weight = recording.parameters["W1"][:, 0, 0]
    np.testing.assert_array_equal(trace.values, weight[::7])
    assert len(trace.at_snapshots) == 141
    assert trace.at_snapshots[9] == pytest.approx(weight[7] + (weight[14] - weight[7]) * 2 / 7)


def test_heights_are_moved_apart_as_little_as_possible() -> None:
    np.testing.assert_allclose(apart(np.array([10.0, 30.0]), 12, low=0, high=100), [10, 30])
    np.testing.assert_allclose(apart(np.array([20.0, 20.0]), 12, low=0, high=100), [14, 26])
    np.testing.assert_allclose(apart(np.array([20.0, 26.0, 50.0]), 12, low=0, high=100), [17, 29, 50])
    # Three at one height at the edge, and just as many as fit.
    np.testing.assert_allclose(apart(np.array([1.0, 1.0, 1.0]), 12, low=0, high=100), [0, 12, 24])
    np.testing.assert_allclose(apart(np.array([99.0, 99.0, 99.0]), 50, low=0, high=100), [0, 50, 100])


def test_the_most_crowded_names_go_first_and_the_outermost_stay() -> None:
    heights = np.array([50.0, 0.0, 52.0, 100.0, 54.0])
    assert uncrowded(heights, 5) == [1, 0, 2, 4, 3]
    assert uncrowded(heights, 4) == [1, 0, 4, 3]
    assert uncrowded(heights, 2) == [1, 3]
    assert len(uncrowded(heights, 1)) == 1
