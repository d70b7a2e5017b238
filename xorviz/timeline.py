"""Which snapshot each frame shows and for how long: the only place that knows both steps and seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown

if TYPE_CHECKING:
    from xorviz.recording import Recording

Clock = Literal["change", "linear", "log", "loss"]
CLOCKS: tuple[str, ...] = get_args(Clock)

FIRST_HOLD_S = 0.4
_GRID_POINTS_A_SIDE = 25
_CHUNK_VALUES = 2_000_000


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
    n_moving = round((duration_s - FIRST_HOLD_S - hold_s) * fps)
    if not n_moving >= 1:
        raise UsageError(
            f"duration must leave at least one frame beside the holds of {FIRST_HOLD_S} s and {hold_s:g} s; got "
            f"{duration_s:g} s. Give a longer duration or a shorter hold."
        )
    snapshots = _spread(_positions(recording, clock, n_moving), n_moving)
    durations_ms = np.full(n_moving, 1000.0 / fps)
    durations_ms[0] += FIRST_HOLD_S * 1000.0
    durations_ms[-1] += hold_s * 1000.0
    return Timeline(snapshots, durations_ms)


def _positions(recording: Recording, clock: str, n_frames: int) -> NDArray[np.float64]:
    """Where each snapshot stands on the clock: rising, any unit."""
    if clock == "linear":
        return recording.steps.astype(np.float64)
    if clock == "log":
        return np.log1p(recording.steps)
    change = output_change(recording) if clock == "change" else _log_loss_change(recording)
    return np.concatenate([[0.0], np.cumsum(_capped(change, n_frames))])


def _capped(weights: NDArray[np.float64], n_frames: int) -> NDArray[np.float64]:
    """Limit each interval to one frame, so that no frame is shown twice while another change is skipped.

    The time that a capped interval gives up goes to the others in proportion, found by repeated scaling.
    """
    total = weights.sum()
    if not total > 0:
        return np.ones_like(weights)
    # A thousandth of the time is spread evenly, so that a plateau still moves.
    weights = weights / total + 1e-3 / len(weights)
    n_intervals = max(n_frames - 1, 1)
    if n_intervals >= len(weights):
        return np.ones_like(weights)
    scaled = weights
    for _ in range(60):
        free = weights[scaled < 1.0].sum()
        n_capped = np.count_nonzero(scaled >= 1.0)
        rescaled = np.where(scaled >= 1.0, 1.0, weights * ((n_intervals - n_capped) / max(free, 1e-300)))
        rescaled = np.minimum(rescaled, 1.0)
        if np.array_equal(rescaled, scaled):
            break
        scaled = rescaled
    return scaled


def _spread(positions: NDArray[np.float64], n_frames: int) -> NDArray[np.int64]:
    """The snapshot nearest to each of ``n_frames`` even positions, first and last included."""
    if len(positions) == 1 or n_frames == 1:
        return np.full(n_frames, len(positions) - 1, dtype=np.int64)
    at = np.linspace(positions[0], positions[-1], n_frames)
    right = np.clip(np.searchsorted(positions, at), 1, len(positions) - 1)
    nearest = np.where(at - positions[right - 1] <= positions[right] - at, right - 1, right)
    nearest[0], nearest[-1] = 0, len(positions) - 1
    return nearest.astype(np.int64)


def output_change(recording: Recording) -> NDArray[np.float64]:
    """How much the drawn function changes between successive snapshots.

    The function is sampled on a 25×25 grid over the recording's bounds, or at the data points where the network does
    not have two inputs; outputs are clipped to [-0.5, 1.5], the range that pictures show.

    Returns:
        float64 array of shape (n_snapshots - 1,): mean absolute change of the outputs. A change from or to a
        non-finite output counts as none.
    """
    points = recording.inputs
    if points.shape[1] == 2:
        (x_min, x_max), (y_min, y_max) = recording.bounds
        xs, ys = np.linspace(x_min, x_max, _GRID_POINTS_A_SIDE), np.linspace(y_min, y_max, _GRID_POINTS_A_SIDE)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    n_snapshots = len(recording.steps)
    changes = np.zeros(max(n_snapshots - 1, 0))
    a_chunk = max(_CHUNK_VALUES // (len(points) * max(recording.network.widths)), 2)
    previous = None
    for start in range(0, n_snapshots, a_chunk):
        chosen = np.arange(start, min(start + a_chunk, n_snapshots))
        outputs = recording.outputs(points.astype(np.float32), snapshot=chosen)
        flat = np.clip(outputs.reshape(len(chosen), -1), -0.5, 1.5)
        if previous is not None:
            flat = np.concatenate([previous[None], flat])
        with np.errstate(invalid="ignore"):
            moved = np.abs(np.diff(flat, axis=0)).mean(axis=1)
        changes[chosen[-1] - len(moved) : chosen[-1]] = np.nan_to_num(moved)
        previous = flat[-1]
    return changes


def _log_loss_change(recording: Recording) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.abs(np.diff(np.log(recording.snapshot_losses)))
    return np.nan_to_num(change, nan=0.0, posinf=0.0)
