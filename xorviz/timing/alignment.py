"""What several recordings show at the same time: the same step, the same epoch, or the same loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from xorviz.recordings.recording import Recording

Align = Literal["step", "epoch", "loss"]
ALIGNMENTS: tuple[str, ...] = get_args(Align)


@dataclass(frozen=True, slots=True)
class Course:
    """The moments that recordings go through together; of a single recording they are its snapshots.

    Attributes:
        snapshots (int64 array of shape (n_recordings, n_moments)): what each recording shows at each moment,
            non-decreasing along a row.
        at (float64 array of shape (n_moments,)): where the moments lie, non-decreasing: at which step or epoch, or how
            far the logarithm of the loss has fallen.
        log_at (float64 array of shape (n_moments,)): the same on a logarithmic scale; ``at`` again for a loss.
    """

    snapshots: NDArray[np.int64]
    at: NDArray[np.float64]
    log_at: NDArray[np.float64]


def course(recordings: Sequence[Recording], align: str) -> Course:
    """The moments of some recordings.

    Args:
        recordings: one, whose snapshots are the moments whatever ``align`` is, or several.
        align: ``"step"`` and ``"epoch"``: each shows its last snapshot up to that step or epoch, and where it ends
            before the others it stays at its end. ``"loss"``: each shows its first snapshot whose loss is at most the
            common one, which falls from the highest first loss to the lowest of all; a recording that does not come so
            far stays at its best.
    """
    if align == "loss" and len(recordings) > 1:
        return _by_loss(recordings)
    by_epoch = align == "epoch" and len(recordings) > 1
    ticks = [recording.steps / (steps_an_epoch(recording) if by_epoch else 1) for recording in recordings]
    at = np.unique(np.concatenate(ticks))
    snapshots = np.stack([np.searchsorted(own, at, side="right") - 1 for own in ticks])
    return Course(snapshots, at, np.log1p(at))


def _by_loss(recordings: Sequence[Recording]) -> Course:
    lowest = [
        np.minimum.accumulate(np.nan_to_num(one.snapshot_losses, nan=np.inf, posinf=np.inf)) for one in recordings
    ]
    levels = np.unique(np.concatenate(lowest))
    # A run that begins with an infinite loss waits for the others.
    levels = levels[np.isfinite(levels)][::-1] if np.isfinite(levels).any() else np.array([np.inf])
    levels = levels[levels <= max(one[0] for one in lowest)]
    firsts = [np.searchsorted(-one, -levels, side="left") for one in lowest]
    bests = [np.searchsorted(-one, -one[-1], side="left") for one in lowest]
    snapshots = np.stack([np.minimum(first, best) for first, best in zip(firsts, bests, strict=True)])
    floor = levels[levels > 0].min(initial=1.0)
    with np.errstate(all="ignore"):
        fallen = np.nan_to_num(-np.log(np.maximum(levels, floor) / np.maximum(levels[0], floor)))
    return Course(snapshots.astype(np.int64), fallen, fallen)


def steps_an_epoch(recording: Recording) -> int:
    """Updates in one pass over the data: as told, or as many as points where one is learned at a time, or one."""
    told = recording.experiment.get("steps_per_epoch")
    if isinstance(told, int) and told > 0:
        return told
    order = recording.experiment.get("batch", "full")
    return len(order) if isinstance(order, list | tuple) and order else 1
