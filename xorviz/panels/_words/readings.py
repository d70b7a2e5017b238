"""What can be said in words of every snapshot of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores
from xorviz.timing.alignment import steps_an_epoch
from xorviz.timing.events import events
from xorviz.timing.timeline import Frame

#: How long the text of an event stays, in milliseconds of playing time.
EVENT_MS = 1600.0


@dataclass(frozen=True)
class Readings:
    """The numbers that a frame states in words.

    Attributes:
        title: name of the problem.
        description: the network, loss and optimizer in a few words.
        seed: of all that is random, or None.
        steps (int64 array of shape (n_snapshots,)): step of each snapshot.
        epochs (int64 array of shape (n_snapshots,)): passes over the data completed by then.
        losses (float64 array of shape (n_snapshots,)): loss of each snapshot.
        n_correct (int64 array of shape (n_snapshots,)): points on the right side of 0.5.
        n_points: how many there are.
        metrics: the latest value of each recorded number at each snapshot (float64 arrays of shape (n_snapshots,)).
        events: index of the first frame that shows it, and text, of each event; in order.
        scores: what more is known of how good each snapshot is; None of several runs.
    """

    title: str
    description: str
    seed: int | None
    steps: NDArray[np.int64]
    epochs: NDArray[np.int64]
    losses: NDArray[np.float64]
    n_correct: NDArray[np.int64]
    n_points: int
    events: tuple[tuple[int, str], ...] = ()
    scores: Scores | None = None
    metrics: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def fits(self) -> list[str]:
        """What is said of how good each snapshot is: ``"4/4 correct"``, ``"R² 0.93"``; validation points behind it."""
        if self.scores is None:
            return [f"{n}/{self.n_points} correct" for n in self.n_correct.tolist()]
        return [self.scores.text(snapshot) for snapshot in range(len(self.steps))]

    def event_at(self, frame: Frame) -> str:
        """The text of the latest event, for as long as it takes to read."""
        happened = [(index, text) for index, text in self.events if index <= frame.index]
        if not happened or (frame.index - happened[-1][0]) * frame.interval_ms >= EVENT_MS:
            return ""
        return happened[-1][1]


def readings(recording: Recording, snapshots: NDArray[np.int64], *, with_events: bool) -> Readings:
    """The numbers of every snapshot, and the events where frames that show ``snapshots`` first show them."""
    happened = events(recording) if with_events else ()
    first_frames = [(int(np.searchsorted(recording.steps[snapshots], one.step)), one.text) for one in happened]
    return Readings(
        recording.title,
        recording.description,
        recording.seed,
        recording.steps,
        recording.steps // steps_an_epoch(recording),
        recording.snapshot_losses,
        recording.n_correct(range(recording.n_snapshots)),
        len(recording.targets),
        tuple((index, text) for index, text in first_frames if index < len(snapshots)),
        Scores(recording),
        {name: _latest(values) for name, values in recording.metrics.items()},
    )


def _latest(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every value, and where there is none the one before it."""
    known = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
    return np.where(known >= 0, values[np.maximum(known, 0)], np.nan)
