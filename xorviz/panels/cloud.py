"""The losses of many runs falling together: those that learn it in one colour, those that get stuck in the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.panels._base import Paint, RunsPanel
from xorviz.panels._traces.artists import attach_traces
from xorviz.panels._traces.trace import Trace, TraceMeasured, limits_of
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_MOST_VALUES = 2_000


@dataclass(frozen=True)
class CloudPanel(RunsPanel):
    """The reported loss of every run over its steps.

    Attributes:
        scale: ``"log"`` or ``"linear"``.
    """

    kind: ClassVar[str] = "cloud"
    scale: Literal["log", "linear"] = "log"

    def measure_runs(self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]) -> TraceMeasured:
        """See `RunsPanel.measure_runs`; the last step of a frame is that of the run that has gone furthest."""
        # Those that are stuck are fewer where it matters, and lie above.
        stuck = [recording.n_correct() < len(recording.inputs) for recording in recordings]
        order = sorted(range(len(recordings)), key=lambda i: stuck[i])
        traces = [_trace(recordings[i], len(snapshots[i]), is_stuck=stuck[i]) for i in order]
        steps = np.max([run.steps[shown] for run, shown in zip(recordings, snapshots, strict=True)], axis=0)
        last = max(float(run.steps[-1]) for run in recordings)
        return TraceMeasured(
            titles=(f"loss of {len(recordings)} runs", "losses"),
            traces=tuple(traces),
            snapshot_steps=steps.astype(np.float64),
            last_step=max(last, 1.0),
            middle_step=float(steps[len(steps) // 2]),
            limits=limits_of(traces, self.scale),
            scale=self.scale,
            diverged_at=None,
        )

    def attach(self, place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        paint = attach_traces(place, measured, theme)

        def update(frame: Frame) -> None:
            paint.update(replace(frame, snapshot=frame.index))

        return replace(paint, update=update)


def _trace(recording: Recording, n_frames: int, *, is_stuck: bool) -> Trace:
    """A run's loss at no more steps than can be told apart, more of them where it begins."""
    steps, losses = np.append(recording.loss_steps, recording.n_steps), np.append(recording.loss, recording.final_loss)
    last = len(losses) - 1
    even, early = np.linspace(0, last, _MOST_VALUES), np.geomspace(1, max(last, 1), _MOST_VALUES)
    kept = np.unique(np.concatenate([even, early]).astype(np.int64)).clip(0, last)
    shown = np.zeros(n_frames)
    return Trace("stuck" if is_stuck else "solved", steps[kept].astype(np.float64), losses[kept], shown, int(is_stuck))
