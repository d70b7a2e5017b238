"""Which snapshot each frame shows and for how long: the only place that knows both steps and seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.timing.alignment import Course, course
from xorviz.timing.clocks import CLOCKS as CLOCKS
from xorviz.timing.clocks import dial, nearest
from xorviz.timing.events import events
from xorviz.timing.pacing import FIRST_HOLD_S as FIRST_HOLD_S
from xorviz.timing.pacing import Pace, progress

if TYPE_CHECKING:
    from xorviz.recordings.recording import Recording


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the output.

    Where an animation plays back, a frame on the way back is that of the way there, but for its duration: whatever
    depends on the time goes back, too.

    Attributes:
        index: position on the way from the first picture to the last, from 0.
        snapshot: index into the recording.
        fraction: that position from 0 (first picture) to 1 (last picture).
        duration_ms: how long the frame is shown, in milliseconds.
        interval_ms: how long a frame is shown that is not held, in milliseconds.
    """

    index: int
    snapshot: int
    fraction: float
    duration_ms: float
    interval_ms: float = 40.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The frames of an animation, in order.

    Attributes:
        snapshots (int64 array of shape (n_frames,)): indices into the recording, non-decreasing on the way there.
        durations_ms (float64 array of shape (n_frames,)): how long each is shown, in milliseconds.
        interval_ms: how long a frame is shown that is not held, in milliseconds.
        n_back: how many frames at the end play back; they repeat those of the way there but for both its ends.
    """

    snapshots: NDArray[np.int64]
    durations_ms: NDArray[np.float64]
    interval_ms: float = 40.0
    n_back: int = 0

    def __len__(self) -> int:
        return len(self.snapshots)

    @property
    def there(self) -> NDArray[np.int64]:
        """The snapshots of the way there, by `Frame.index`: int64 array of shape (n,), non-decreasing."""
        return self.snapshots[: len(self) - self.n_back]

    def frame(self, index: int) -> Frame:
        """The frame at a position among all, which may count from the end."""
        position = range(len(self))[index]
        last = len(self.there) - 1
        shown = last - abs(position - last)
        fraction = shown / max(last, 1)
        duration_ms = float(self.durations_ms[position])
        return Frame(shown, int(self.snapshots[position]), fraction, duration_ms, self.interval_ms)

    @property
    def duration_s(self) -> float:
        """Playing time in seconds."""
        return float(self.durations_ms.sum()) / 1000.0


def timeline(recording: Recording, **pace: Any) -> Timeline:
    """Choose the snapshots that an animation shows; arguments and errors as for `timelines`."""
    return timelines([recording], **pace)[0]


def timelines(recordings: Sequence[Recording], **pace: Any) -> tuple[Timeline, ...]:
    """Choose the snapshots that an animation of several recordings shows, side by side.

    The first frame is held for ``first_hold_s`` and the one that shows the end of training for ``hold_s``; both are
    single frames with a long duration. The time between is spent at ``fps`` frames a second. The clock follows what
    all recordings show together.

    Args:
        recordings: one or more runs.
        **pace: any fields of `Pace`.

    Returns:
        One timeline for each recording, with the same durations.

    Raises:
        UsageError: no recording, a duration that the holds use up, or a step or an event that the runs do not have.
    """
    chosen = Pace(**pace)
    if not recordings:
        raise UsageError("recordings must be at least one; got none.")
    there, order, durations_ms = _there(recordings, chosen), chosen.order, chosen.durations_ms
    interval_ms, n_back = 1000.0 / chosen.fps, len(order) - chosen.n_there
    return tuple(Timeline(snapshots[order], durations_ms, interval_ms, n_back) for snapshots in there)


def n_moving_frames(**pace: Any) -> int:
    """How many frames an animation has; the held ones count once.

    Args:
        **pace: any fields of `Pace`.

    Raises:
        UsageError: the holds leave no time for a single frame.
    """
    return len(Pace(**pace).order)


def _there(recordings: Sequence[Recording], pace: Pace) -> NDArray[np.int64]:
    """The snapshots of each recording on the way there: int64 array of shape (n_recordings, n_there)."""
    moments = course(recordings, pace.align)
    if pace.clock == "steps":
        return moments.snapshots[:, _listed(moments, pace, len(recordings))]
    is_plain = pace.easing == "none" and pace.slow == ""
    shown, at = dial(recordings, moments, pace.clock, n_frames=pace.n_there, between=not is_plain)
    slow_at = None
    if pace.slow != "":
        slow_at = float(np.interp(_slow_moment(recordings, moments, pace), shown, at))
    way = progress(pace.n_there, easing=pace.easing, slow_at=slow_at, slow_factor=pace.slow_factor)
    return moments.snapshots[:, shown[nearest(at, way)]]


def _listed(moments: Course, pace: Pace, n_recordings: int) -> NDArray[np.int64]:
    """The last moment up to each of the listed steps."""
    _check_axis("steps", moments, pace, n_recordings, pace.steps[-1])
    return np.searchsorted(moments.at, pace.steps, side="right") - 1


def _slow_moment(recordings: Sequence[Recording], moments: Course, pace: Pace) -> int:
    """Around which moment the clock goes slowly."""
    if isinstance(pace.slow, int):
        _check_axis("slow", moments, pace, len(recordings), pace.slow)
        return int(np.searchsorted(moments.at, pace.slow))
    happened: dict[str, list[int]] = {}
    for recording, snapshots in zip(recordings, moments.snapshots, strict=True):
        for event in events(recording):
            moment = int(np.searchsorted(recording.steps[snapshots], event.step))
            if moment < len(snapshots):
                happened.setdefault(event.kind, []).append(moment)
    if pace.slow not in happened:
        raise unknown("slow, an event of the run,", pace.slow, happened or ["(none)"])
    return min(happened[pace.slow])


def _check_axis(argument: str, moments: Course, pace: Pace, n_recordings: int, value: int) -> None:
    """Refuse a step where there is none, or none so far."""
    if pace.align == "loss" and n_recordings > 1:
        raise UsageError(f"{argument} must not name a step where recordings are aligned by loss; got {value}.")
    unit = "epoch" if pace.align == "epoch" and n_recordings > 1 else "step"
    if not 0 <= value <= moments.at[-1]:
        raise UsageError(f"{argument} must lie within the run, from {unit} 0 to {moments.at[-1]:,g}; got {value}.")
