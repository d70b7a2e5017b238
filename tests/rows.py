"""A recording whose every number follows from its ordinal, so that any value can be checked."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np

from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.recordings.header import Header
from xorviz.recordings.recording import Recording
from xorviz.recordings.recording_writer import RecordingWriter

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


def add(writer: RecordingWriter, snapshot: int) -> None:
    """A row whose every number follows from its ordinal."""
    losses = [] if snapshot == 0 else [snapshot - 1.0, math.nan]
    nine = np.arange(9.0) + snapshot
    writer.add(2 * snapshot, losses, loss=float(snapshot), parameters=nine, gradients=-nine)


def record(path: Path | None, n_snapshots: int = 3, *, force: bool = False, seed: int = 0) -> Recording:
    with RecordingWriter(path, msgspec.structs.replace(HEADER, seed=seed), force=force) as writer:
        for snapshot in range(n_snapshots):
            add(writer, snapshot)
        return writer.close()


def check(recording: Recording, n_snapshots: int | None = None) -> None:
    """Every number that `add` wrote, in as many rows as there are, or should be."""
    assert n_snapshots in (None, recording.n_snapshots)
    ordinals = np.arange(float(recording.n_snapshots))
    np.testing.assert_array_equal(recording.steps, 2 * ordinals)
    np.testing.assert_array_equal(recording.snapshot_losses, ordinals)
    np.testing.assert_array_equal(recording.loss[::2], ordinals[:-1])
    assert np.isnan(recording.loss[1::2]).all()
    np.testing.assert_array_equal(recording.parameter_vectors(), ordinals[:, None] + np.arange(9))
    np.testing.assert_array_equal(recording.gradient_vectors(), -ordinals[:, None] - np.arange(9))
    np.testing.assert_array_equal(recording.inputs, HEADER.inputs)
    np.testing.assert_array_equal(recording.targets, HEADER.targets)
    assert (recording.title, recording.bounds) == (HEADER.title, HEADER.bounds)
    assert (recording.network, recording.objective) == (HEADER.network, HEADER.loss)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
