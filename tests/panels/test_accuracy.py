"""The share of points that are right."""

from __future__ import annotations

import numpy as np

from xorviz.artists.label import Label
from xorviz.panels.accuracy import AccuracyPanel
from xorviz.recordings.recording import Recording


def test_shares_of_the_points_on_their_targets_side(recording: Recording) -> None:
    measured = AccuracyPanel().measure(recording, np.arange(recording.n_snapshots))
    (trace,) = measured.traces
    outputs = recording.outputs(recording.inputs, slice(None))[..., 0]
    right = np.where(recording.targets[:, 0] > 0.5, outputs > 0.5, outputs < 0.5)
    np.testing.assert_array_equal(trace.values, right.mean(axis=1))
    np.testing.assert_array_equal(trace.at_snapshots, trace.values)
    np.testing.assert_array_equal(trace.steps, recording.steps)
    assert set(trace.values.tolist()) > {0.5, 1.0}
    assert trace.stepped
    assert (measured.limits, measured.n_parts) == ((0.0, 1.04), 4)


def test_counts_where_points_are_few_else_per_cent(show, recording: Recording, many_points: Recording) -> None:
    for run, text in ((recording, "3/4"), (many_points, "50%")):
        shown = show(AccuracyPanel(), run)
        assert text in [artist.text for artist in shown.paint.static if isinstance(artist, Label)]


def test_a_run_that_diverges_still_has_shares(diverged: Recording) -> None:
    (trace,) = AccuracyPanel().measure(diverged, np.arange(diverged.n_snapshots)).traces
    assert set(trace.values.tolist()) <= {0.0, 0.25, 0.5, 0.75, 1.0}
