"""How far parameters move, relative to where they are."""

from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.panels import _reading
from xorviz.panels._traces.positions import y_px
from xorviz.panels.updates import UpdateRatioPanel, update_ratios
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import SnapshotSchedule

PLACE = Place(60, 50, 240, 170)


def measure(recording: Recording):
    return UpdateRatioPanel().measure(recording, np.arange(recording.n_snapshots))


def test_ratio_of_every_step_is_the_learning_rate_times_gradient_over_parameters(recording: Recording) -> None:
    """Gradient descent moves by -rate·gradient, which the recording keeps apart from the parameters."""
    rate = recording.experiment["optimizer"]["learning_rate"]
    gradients, parameters = recording.layer_norms("gradients"), recording.layer_norms("parameters")
    for trace in measure(recording).traces:
        expected = rate * gradients[trace.name] / parameters[trace.name]
        np.testing.assert_allclose(trace.values[:-1], expected[:-1], rtol=1e-9)
        assert trace.values[-1] == trace.values[-2]
        np.testing.assert_array_equal(trace.at_snapshots, trace.values)
        np.testing.assert_array_equal(trace.steps, recording.steps)


def test_where_snapshots_are_apart_it_is_the_mean_net_movement(recording: Recording) -> None:
    """The same run with fewer snapshots, against the parameters of the one that has every step."""
    sparse = xorviz.train("backprop", seed=0, schedule=SnapshotSchedule(n_dense=1, n_per_doubling=2))
    assert sparse.n_snapshots < 20
    steps, ratios = update_ratios(sparse)
    np.testing.assert_array_equal(steps, sparse.steps[:-1])
    for k, (start, stop) in enumerate(zip(sparse.steps[:-1], sparse.steps[1:], strict=True)):
        for layer in (1, 2):
            before, after = (
                np.concatenate([recording.parameters[f"{name}{layer}"][step].ravel() for name in "Wb"])
                for step in (start, stop)
            )
            expected = np.linalg.norm(after - before) / (stop - start) / np.linalg.norm(before)
            assert ratios[k, layer - 1] == pytest.approx(expected, rel=1e-12)


def test_of_very_many_values_an_even_choice_is_read(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    every_step, every = update_ratios(recording)
    monkeypatch.setattr(_reading, "_MOST_VALUES", 30 * recording.network.n_parameters)
    steps, ratios = update_ratios(recording)
    assert steps[0] == 0
    assert len(steps) == 29
    assert np.ptp(np.diff(steps)) <= 1
    # Each is still the movement to the very next snapshot.
    np.testing.assert_array_equal(ratios, every[np.isin(every_step, steps)])
    (hidden, _) = measure(recording).traces
    assert len(hidden.at_snapshots) == recording.n_snapshots
    np.testing.assert_array_equal(hidden.at_snapshots[steps], ratios[:, 0])


def test_pieces_do_not_change_the_numbers(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = update_ratios(recording)[1]
    monkeypatch.setattr(_reading, "_PIECE", 7 * recording.network.n_parameters)
    np.testing.assert_array_equal(update_ratios(recording)[1], whole)


def test_the_rule_of_thumb_is_within_the_limits_and_named(show, recording: Recording, outside: Recording) -> None:
    for run in (recording, outside):
        measured = measure(run)
        low, high = measured.limits
        assert low < measured.guide.value == 1e-3 < high
        shown = show(UpdateRatioPanel(), run, place=PLACE)
        inside = [a for a in shown.paint.static if isinstance(a, Label) and a.x_px >= PLACE.left]
        (label,) = [label for label in inside if label.text in measured.guide.texts]
        (y,) = y_px(PLACE, measured, [1e-3])
        assert abs(label.y_px - y) < 16
        assert PLACE.bottom <= label.y_px <= PLACE.top - 9


def test_nothing_moves(solved_exactly: Recording, show) -> None:
    ratios = update_ratios(solved_exactly)[1]
    assert not np.nan_to_num(ratios, posinf=0.0).any()
    show(UpdateRatioPanel(), solved_exactly, place=PLACE).at(-1)
