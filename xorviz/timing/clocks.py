"""Clocks: by which rule the moments of a run are spread over the frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol, get_args, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xorviz.recordings.recording import Recording
    from xorviz.recordings.vectors import Several
    from xorviz.timing.alignment import Course

Clock = Literal["change", "linear", "log", "loss", "steps"]
CLOCKS: tuple[str, ...] = get_args(Clock)

_GRID_POINTS_A_SIDE = 17
#: How long looking may take, in nanoseconds; and what of it a row, each parameter read, a multiplication and an
#: activation cost on an ordinary processor.
_LOOKING_NS, _ROW_NS, _READ_NS, _MULTIPLY_NS, _ACTIVATE_NS = 1e9, 20_000.0, 8.0, 0.05, 10.0
# Far below one level of colour: what differs by less is the same picture.
_VISIBLE = 1e-7


@runtime_checkable
class Pictured(Protocol):
    """What is no recording of a model, and says itself what its pictures show."""

    def pictures(self, snapshots: Several) -> NDArray[np.float32]:
        """What is seen of some snapshots: float32 array of shape (n_asked, n_values), between 0 and 1."""
        ...


def dial(
    recordings: Sequence[Recording], course: Course, clock: str, *, n_frames: int, between: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The moments that a clock may show, and where on the way from first to last it puts them.

    Args:
        recordings: the runs.
        course: their moments.
        clock: any but ``"steps"``.
        n_frames: how many there are.
        between: whether frames may lie closer than evenly. The clocks that follow a change then offer the moments
            between those that differ by an even amount, too.

    Returns:
        int64 array of shape (n,): rising moments, first and last included.
        float64 array of shape (n,): from 0 to 1, non-decreasing.
    """
    n_most = max(n_frames, n_affordable(recordings))
    looked_at, seen = drawn_functions(recordings, course.snapshots, n_most=n_most)
    steady = _steady(seen)
    looked_at, seen = looked_at[steady], seen[steady]
    # Of a run too long to look at every moment, some of those in between may be shown all the same.
    shown = looked_at if len(course.at) <= n_most else np.arange(len(course.at))
    if clock in ("linear", "log"):
        at = (course.at if clock == "linear" else course.log_at)[shown]
        return shown, (at - at[0]) / max(at[-1] - at[0], np.finfo(float).tiny)
    if clock == "loss":
        looked_at, seen = shown, _log_losses(recordings, course.snapshots)[shown]
    chain = looked_at[even_chain(seen, n_frames)]
    at = np.linspace(0.0, 1.0, len(chain))
    return (shown, np.interp(shown, chain, at)) if between else (chain, at)


def _steady(seen: NDArray[np.float32]) -> NDArray[np.int64]:
    """The moments that the next one does not undo: all of them, unless updates overshoot to and fro.

    Where every step throws the picture to the other side and the next one throws it back, showing one after the other
    makes an animation that flashes; one side of them is shown instead.

    Args:
        seen (float32 array of shape (n_moments, n_values)): what a viewer sees of each.

    Returns:
        int64 array of shape (n,): rising indices, first and last moment included.
    """

    def undone(before: NDArray[np.float32], now: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.bool_]:
        return _far(after, before) < _far(now, before) / 2

    doubtful = np.concatenate([[False], undone(seen[:-2], seen[1:-1], seen[2:]), [False]])
    if not doubtful.any():
        return np.arange(len(seen))
    kept = [0]
    for i in range(1, len(seen)):
        if i == len(seen) - 1 or not undone(seen[kept[-1]], seen[i], seen[i + 1]):
            kept.append(i)
    return np.array(kept, dtype=np.int64)


def _far(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much pictures differ: mean over their values, which are the last axis."""
    mean: NDArray[np.float32] = np.abs(one - other).mean(axis=-1)
    return mean


def nearest(at: NDArray[np.float64], progress: NDArray[np.float64]) -> NDArray[np.int64]:
    """The index of the nearest of some non-decreasing positions, for each part of the way; ends go to the ends.

    Args:
        at (float64 array of shape (n,)): from 0 to 1.
        progress (float64 array of shape (n_frames,)): from 0 to 1.
    """
    last = len(at) - 1
    if last == 0:
        return np.zeros(len(progress), dtype=np.int64)
    right = np.clip(np.searchsorted(at, progress), 1, last)
    found = np.where(progress - at[right - 1] <= at[right] - progress, right - 1, right)
    return np.where(progress <= 0.0, 0, np.where(progress >= 1.0, last, found)).astype(np.int64)


def even_chain(seen: NDArray[np.float32], n_frames: int) -> NDArray[np.int64]:
    """Snapshots of which each differs from the one before it by about the same amount.

    From the first snapshot on, the next is the first that differs by at least a threshold; the threshold is bisected
    until the chain has ``n_frames`` members. Difference is measured to the last chosen snapshot, not summed on the
    way, so that a function that trembles in place, as it does when one point is learned at a time, does not pass for
    one that moves; and no step of the chain is shown twice while another is skipped.

    Args:
        seen (float32 array of shape (n_snapshots, n_values)): what a viewer sees of each snapshot.
        n_frames: how many are wanted.

    Returns:
        int64 array of shape (n,): rising indices, first and last snapshot included; n is at least ``n_frames`` where
        there are as many pictures that differ, else each of those once; every snapshot where nothing changes at all.
    """
    best = _chain(seen, _VISIBLE, most=len(seen))
    if len(best) <= 2:
        return np.arange(len(seen))
    if len(best) <= n_frames:
        return best
    low, high = _VISIBLE, float(np.abs(np.diff(seen, axis=0)).mean(axis=1).sum())
    for _ in range(24):
        threshold = (low + high) / 2
        chain = _chain(seen, threshold, most=4 * n_frames)
        if len(chain) >= n_frames:
            low, best = threshold, chain if chain[-1] == len(seen) - 1 else best
            if len(chain) == n_frames and chain[-1] == len(seen) - 1:
                break
        else:
            high = threshold
    return best


def _chain(seen: NDArray[np.float32], threshold: float, most: int) -> NDArray[np.int64]:
    """The chain of one threshold, given up when it grows beyond ``most``."""
    chain, last = [0], len(seen) - 1
    while chain[-1] < last and len(chain) < most:
        start, ahead = chain[-1] + 1, 16
        while start <= last:
            moved = np.abs(seen[start : start + ahead] - seen[chain[-1]]).mean(axis=1) >= threshold
            if moved.any():
                chain.append(start + int(moved.argmax()))
                break
            start += ahead
            ahead *= 2
        else:
            chain.append(last)
    return np.array(chain, dtype=np.int64)


def n_affordable(recordings: Sequence[Recording]) -> int:
    """At how many moments one can look in about a second: all of them, unless networks are large or many."""
    cost_ns = 0.0
    for recording in recordings:
        if isinstance(recording, Pictured):
            cost_ns += _ROW_NS
            continue
        model = recording.model
        at_a_point = model.n_multiplications * _MULTIPLY_NS + model.n_activations * _ACTIVATE_NS
        cost_ns += _ROW_NS + model.n_values * _READ_NS + len(_points(recording)) * at_a_point
    return int(_LOOKING_NS / cost_ns)


def drawn_functions(
    recordings: Sequence[Recording], snapshots: NDArray[np.int64], *, n_most: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What moments show: of all if they are at most ``n_most``, else of some, more of them where more changes.

    A quarter of those is taken evenly; then, again and again, the middles of the gaps across which most changes.

    Args:
        recordings: the runs.
        snapshots (int64 array of shape (n_recordings, n_moments)): what each shows at each moment.
        n_most: at how many moments to look.

    Returns:
        int64 array of shape (n,): the moments looked at, at most ``n_most``, first and last included.
        float32 array of shape (n, n_values): what each shows.
    """

    def look(moments: NDArray[np.int64]) -> NDArray[np.float32]:
        pairs = zip(recordings, snapshots[:, moments], strict=True)
        return np.concatenate([drawn_function(recording, shown) for recording, shown in pairs], axis=1)

    n_moments = snapshots.shape[1]
    n_even = n_moments if n_moments <= n_most else max(n_most // 4, 2)
    looked_at = np.linspace(0, n_moments - 1, n_even).round().astype(np.int64)
    seen = look(looked_at)
    while (n_left := n_most - len(looked_at)) > 0:
        gaps, change = np.diff(looked_at), np.abs(np.diff(seen, axis=0)).mean(axis=1)
        widest = np.argsort(np.where(gaps > 1, -change, 0.0), kind="stable")[: min(n_left, len(gaps) // 4 + 1)]
        if not len(widest := np.sort(widest[(gaps[widest] > 1) & (change[widest] >= _VISIBLE)])):
            break
        middles = looked_at[widest] + gaps[widest] // 2
        seen = np.insert(seen, widest + 1, look(middles), axis=0)
        looked_at = np.insert(looked_at, widest + 1, middles)
    return looked_at, seen


def drawn_function(recording: Recording, snapshots: Several) -> NDArray[np.float32]:
    """What the field and the surface show of some snapshots.

    The function is sampled on a 17×17 grid of the plane that is drawn, or as many points of a line where there is one
    input; of a regression it is taken in spans of its targets. It is clipped to [-0.5, 1.5], the range that pictures
    show, and a non-finite output counts as 0.5. Returns a float32 array of shape (n_asked, n_values).
    """
    if isinstance(recording, Pictured):
        return recording.pictures(snapshots)
    outputs = recording.outputs(_points(recording), snapshot=snapshots)
    if recording.task == "regression":
        low, span = recording.targets.min(), np.ptp(recording.targets) or 1.0
        outputs = (outputs - low) / span
    outputs = np.nan_to_num(outputs.reshape(len(outputs), -1), nan=0.5, posinf=1.5, neginf=-0.5)
    return np.clip(outputs, -0.5, 1.5).astype(np.float32)


def _points(recording: Recording) -> NDArray[np.float64]:
    """Where the drawn function is sampled, as inputs."""
    if recording.inputs.shape[1] == 1:
        along = np.linspace(*recording.bounds[0], _GRID_POINTS_A_SIDE**2)
        return recording.plane.inputs(np.stack([along, np.zeros_like(along)], axis=-1))
    xs, ys = (np.linspace(low, high, _GRID_POINTS_A_SIDE) for low, high in recording.bounds)
    return recording.plane.inputs(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2))


def _log_losses(recordings: Sequence[Recording], snapshots: NDArray[np.int64]) -> NDArray[np.float32]:
    """The logarithm of every recording's loss at each moment: float32 array of shape (n_moments, n_recordings)."""
    columns = []
    for recording, shown in zip(recordings, snapshots, strict=True):
        losses = recording.snapshot_losses
        usable = np.isfinite(losses) & (losses > 0)
        floor = losses[usable].min() if usable.any() else 1.0
        columns.append(np.log(np.where(usable, losses, floor))[shown])
    return np.stack(columns, axis=-1).astype(np.float32)
