"""A recording whose every number follows from its ordinal, so that any value can be checked."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from xorviz.header import Header
from xorviz.losses import Loss
from xorviz.network import Network
from xorviz.recording import Recording
from xorviz.recording_writer import RecordingWriter

HEADER = Header(
    title="XOR",
    description="",
    network=Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid")),
    loss=Loss(),
    experiment={},
    seed=0,
    bounds=((-0.5, 1.5), (-0.5, 1.5)),
    inputs=np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
    targets=np.array([[0.0], [1.0], [1.0], [0.0]]),
)


def writer(path: str | Path) -> RecordingWriter:
    return RecordingWriter(path, HEADER)


def add(one: RecordingWriter, snapshot: int) -> None:
    losses = [] if snapshot == 0 else [snapshot - 1.0, math.nan]
    nine = np.arange(9.0) + snapshot
    one.add(2 * snapshot, losses, loss=float(snapshot), parameters=nine, gradients=-nine)


def write(path: Path, n_snapshots: int) -> None:
    with writer(path) as one:
        for snapshot in range(n_snapshots):
            add(one, snapshot)


def check(recording: Recording) -> None:
    """Every number that `add` wrote, in as many rows as there are."""
    ordinals = np.arange(float(recording.n_snapshots))
    np.testing.assert_array_equal(recording.steps, 2 * ordinals)
    np.testing.assert_array_equal(recording.snapshot_losses, ordinals)
    np.testing.assert_array_equal(recording.loss[::2], ordinals[:-1])
    assert np.isnan(recording.loss[1::2]).all()
    np.testing.assert_array_equal(recording.parameter_vectors(), ordinals[:, None] + np.arange(9))
    np.testing.assert_array_equal(recording.gradient_vectors(), -ordinals[:, None] - np.arange(9))
    np.testing.assert_array_equal(recording.inputs, HEADER.inputs)
    np.testing.assert_array_equal(recording.targets, HEADER.targets)
    assert (recording.title, recording.seed, recording.bounds) == (HEADER.title, HEADER.seed, HEADER.bounds)
    assert (recording.network, recording.objective) == (HEADER.network, HEADER.loss)
