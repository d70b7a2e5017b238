"""A recording whose every number follows from its ordinal, so that any value can be checked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

import xorviz
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


class Loop:
    """A training loop with a recorder in it, of which every number follows from its step; endless.

    Args:
        path: of the recording.
        every: so many steps are from one snapshot to the next.
    """

    def __init__(self, path: str, every: int) -> None:
        self._path, self._every = path, every

    def __iter__(self) -> Iterator[int]:
        parameters = {"W1": np.zeros((2, 2)), "b1": np.zeros(2), "W2": np.zeros((2, 1)), "b2": np.zeros(1)}
        options = {"every": self._every, "activations": ("tanh", "linear"), "loss": None, "strict": True}
        with xorviz.record(self._path, parameters, HEADER.inputs, HEADER.targets, **options) as recorder:
            for step in range(10**9):
                for of in parameters.values():
                    of += 1.0
                recorder.step(loss=step / 7, rate=-1.0 * step)
                yield step

    @staticmethod
    def check(recording: Recording, n_returned: int, every: int) -> None:
        """All that the steps that returned told is there, and right; one more may have been kept."""
        last = recording.n_steps
        assert n_returned // every * every <= last <= n_returned + 1, (n_returned, every, last)
        due = np.arange(0, last + 1, every)
        # The model as it was when the loop was looked at in passing.
        np.testing.assert_array_equal(recording.steps[: len(due)], due)
        assert len(recording.steps) <= len(due) + 1
        np.testing.assert_array_equal(recording.parameter_vectors(), np.repeat(recording.steps[:, None], 9, axis=1))
        np.testing.assert_array_equal(recording.loss, np.arange(last) / 7)
        rate = recording.series("rate")
        np.testing.assert_array_equal(rate.steps, np.arange(len(rate)))
        np.testing.assert_array_equal(rate.values, -rate.steps)
        assert len(rate) in (last, last + 1) or (not last and not len(rate)), (len(rate), last)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
