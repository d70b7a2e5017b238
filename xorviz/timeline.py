"""Which snapshot each frame shows and for how long: the only place that knows both steps and seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown

if TYPE_CHECKING:
    from xorviz.recording import Recording
    from xorviz.vectors import Several

Clock = Literal["change", "linear", "log", "loss"]
CLOCKS: tuple[str, ...] = get_args(Clock)

FIRST_HOLD_S = 0.4
_GRID_POINTS_A_SIDE = 17
#: How long looking may take, in nanoseconds; and what of it a row, each parameter read, a multiplication and an
#: activation cost on an ordinary processor.
_LOOKING_NS, _ROW_NS, _READ_NS, _MULTIPLY_NS, _ACTIVATE_NS = 1e9, 20_000.0, 8.0, 0.05, 10.0
# Far below one level of colour: what differs by less is the same picture.
_VISIBLE = 1e-7


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the output.

    Attributes:
        index: position in the animation, from 0.
        snapshot: index into the recording.
        fraction: position in the animation from 0 (first frame) to 1 (last frame).
        duration_ms: how long the frame is shown, in milliseconds.
    """

    index: int
    snapshot: int
    fraction: float
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The frames of an animation, in order.

    Attributes:
        snapshots (int64 array of shape (n_frames,)): non-decreasing indices into the recording; the first frame
            shows the first snapshot and the last frame the last.
        durations_ms (float64 array of shape (n_frames,)): how long each is shown, in milliseconds.
    """

    snapshots: NDArray[np.int64]
    durations_ms: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.snapshots)

    def frame(self, index: int) -> Frame:
        """The frame at a position, which may count from the end."""
        index = range(len(self))[index]
        fraction = index / max(len(self) - 1, 1)
        return Frame(index, int(self.snapshots[index]), fraction, float(self.durations_ms[index]))

    @property
    def duration_s(self) -> float:
        """Playing time in seconds."""
        return float(self.durations_ms.sum()) / 1000.0


def timeline(
    recording: Recording, *, clock: str = "change", fps: float = 25.0, duration_s: float = 6.0, hold_s: float = 1.5
) -> Timeline:
    """Choose the snapshots that an animation shows.

    The first frame is held for 0.4 s and the last for ``hold_s``; both are single frames with a long duration. The
    time between is spent at ``fps`` frames a second.

    Args:
        recording: the run.
        clock: ``"change"`` spends frames where the drawn function changes, ``"loss"`` where the logarithm of the
            loss changes, ``"linear"`` in proportion to steps, ``"log"`` to the logarithm of steps.
        fps: frames per second.
        duration_s: playing time in seconds, holds included.
        hold_s: how long the last frame stays, in seconds.

    Raises:
        UsageError: an unknown clock, or a duration that the holds use up.
    """
    if clock not in CLOCKS:
        raise unknown("clock", clock, CLOCKS)
    n_moving = n_moving_frames(fps=fps, duration_s=duration_s, hold_s=hold_s)
    snapshots = _chosen(recording, clock, n_moving)
    durations_ms = np.full(n_moving, 1000.0 / fps)
    durations_ms[0] += FIRST_HOLD_S * 1000.0
    # The last frame also takes what a whole number of frames leaves over, so that the playing time is true.
    durations_ms[-1] = duration_s * 1000.0 - durations_ms[:-1].sum()
    return Timeline(snapshots, durations_ms)


def n_moving_frames(*, fps: float, duration_s: float, hold_s: float) -> int:
    """How many frames an animation has; the held ones count once.

    Raises:
        UsageError: the holds leave no time for a single frame.
    """
    n_moving = round((duration_s - FIRST_HOLD_S - hold_s) * fps)
    if n_moving < 1:
        raise UsageError(
            f"duration must leave at least one frame beside the holds of {FIRST_HOLD_S} s and {hold_s:g} s; got "
            f"{duration_s:g} s. Give a longer duration or a shorter hold."
        )
    return n_moving


def _chosen(recording: Recording, clock: str, n_frames: int) -> NDArray[np.int64]:
    """The snapshot of each of ``n_frames`` frames, first and last included."""
    if clock == "linear":
        return _nearest(recording.steps.astype(np.float64), n_frames)
    if clock == "log":
        return _nearest(np.log1p(recording.steps), n_frames)
    looked_at, seen = np.arange(len(recording.steps)), _log_losses(recording)
    if clock == "change":
        looked_at, seen = drawn_functions(recording, n_most=max(n_frames, n_affordable(recording)))
    chain = looked_at[even_chain(seen, n_frames)]
    return chain[_nearest(np.arange(len(chain), dtype=np.float64), n_frames)]


def _nearest(positions: NDArray[np.float64], n_frames: int) -> NDArray[np.int64]:
    """The snapshot nearest to each of ``n_frames`` even positions."""
    last = len(positions) - 1
    if last == 0 or n_frames == 1:
        return np.full(n_frames, last, dtype=np.int64)
    at = np.linspace(positions[0], positions[-1], n_frames)
    right = np.clip(np.searchsorted(positions, at), 1, last)
    nearest = np.where(at - positions[right - 1] <= positions[right] - at, right - 1, right)
    nearest[0], nearest[-1] = 0, last
    return nearest.astype(np.int64)


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


def n_affordable(recording: Recording) -> int:
    """At how many snapshots one can look in about a second: all of them, unless the network is large."""
    n_parameters, n_units = recording.network.n_parameters, sum(recording.network.widths[1:])
    at_a_point = n_parameters * _MULTIPLY_NS + n_units * _ACTIVATE_NS
    return int(_LOOKING_NS / (_ROW_NS + n_parameters * _READ_NS + len(_points(recording)) * at_a_point))


def drawn_functions(recording: Recording, *, n_most: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What snapshots show: of all if they are at most ``n_most``, else of some, more of them where more changes.

    A quarter of those is taken evenly; then, again and again, the middles of the gaps across which most changes.

    Returns:
        int64 array of shape (n,): the snapshots looked at, at most ``n_most``, first and last included.
        float32 array of shape (n, n_values): what each shows.
    """
    n_snapshots = len(recording.steps)
    n_even = n_snapshots if n_snapshots <= n_most else max(n_most // 4, 2)
    looked_at = np.linspace(0, n_snapshots - 1, n_even).round().astype(np.int64)
    seen = drawn_function(recording, looked_at)
    while (n_left := n_most - len(looked_at)) > 0:
        gaps, change = np.diff(looked_at), np.abs(np.diff(seen, axis=0)).mean(axis=1)
        widest = np.argsort(np.where(gaps > 1, -change, 0.0), kind="stable")[: min(n_left, len(gaps) // 4 + 1)]
        if not len(widest := np.sort(widest[(gaps[widest] > 1) & (change[widest] >= _VISIBLE)])):
            break
        middles = looked_at[widest] + gaps[widest] // 2
        seen = np.insert(seen, widest + 1, drawn_function(recording, middles), axis=0)
        looked_at = np.insert(looked_at, widest + 1, middles)
    return looked_at, seen


def drawn_function(recording: Recording, snapshots: Several) -> NDArray[np.float32]:
    """What the field and the surface show of some snapshots.

    The function is sampled on a 17×17 grid over the recording's bounds, or at the data points where the network does
    not have two inputs; outputs are clipped to [-0.5, 1.5], the range that pictures show, and a non-finite output
    counts as 0.5. Returns a float32 array of shape (n_asked, n_values).
    """
    outputs = recording.outputs(_points(recording), snapshot=snapshots)
    outputs = np.nan_to_num(outputs.reshape(len(outputs), -1), nan=0.5, posinf=1.5, neginf=-0.5)
    return np.clip(outputs, -0.5, 1.5).astype(np.float32)


def _points(recording: Recording) -> NDArray[np.float64]:
    """Where the drawn function is sampled."""
    if recording.inputs.shape[1] != 2:
        return recording.inputs
    xs, ys = (np.linspace(low, high, _GRID_POINTS_A_SIDE) for low, high in recording.bounds)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def _log_losses(recording: Recording) -> NDArray[np.float32]:
    losses = recording.snapshot_losses
    usable = np.isfinite(losses) & (losses > 0)
    floor = losses[usable].min() if usable.any() else 1.0
    return np.log(np.where(usable, losses, floor)).astype(np.float32)[:, None]
