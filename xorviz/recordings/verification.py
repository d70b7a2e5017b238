"""Whether a recording's parameters really have the losses it says they have."""

from __future__ import annotations

from typing import final

import msgspec
import numpy as np

from xorviz.recordings.header import Float64

#: Re-running a network elsewhere changes the last digits: another BLAS adds in another order.
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12


@final
class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """How well the re-run loss of every snapshot agrees with the recorded one.

    Attributes:
        n_snapshots: snapshots that were compared.
        n_not_finite: of these, snapshots whose recorded and re-run losses are both infinite or NaN: the run
            diverged, and they count as agreeing.
        max_absolute: largest absolute disagreement, in units of the loss; infinite where only one is finite.
        max_relative: largest disagreement as a fraction of the recorded loss; one below the absolute
            tolerance counts as 0.
        worst: the snapshot of the largest relative disagreement.
        ok: whether every snapshot agrees within 1e-9 of the recorded loss plus 1e-12.
    """

    n_snapshots: int
    n_not_finite: int
    max_absolute: float
    max_relative: float
    worst: int
    ok: bool


def compare_losses(recorded: Float64, again: Float64) -> Verification:
    """Compare recorded losses with those of a re-run.

    Args:
        recorded (float64 array of shape (n_snapshots,)): as recorded, at least one.
        again (float64 array of shape (n_snapshots,)): of the same parameters, computed anew.

    Returns:
        The largest disagreements.
    """
    is_finite = np.isfinite(recorded)
    is_both = is_finite & np.isfinite(again)
    is_neither = ~is_finite & ~np.isfinite(again)
    with np.errstate(all="ignore"):
        absolute = np.where(is_both, np.abs(again - recorded), np.where(is_neither, 0.0, np.inf))
        relative = np.where(absolute <= ABSOLUTE_TOLERANCE, 0.0, absolute / np.abs(recorded))
        # Infinite against finite, and anything against a recorded zero.
        relative = np.where(np.isnan(relative), np.inf, relative)
        agrees = is_neither | (absolute <= RELATIVE_TOLERANCE * np.abs(recorded) + ABSOLUTE_TOLERANCE)
    return Verification(
        n_snapshots=len(recorded),
        n_not_finite=int(is_neither.sum()),
        max_absolute=float(absolute.max()),
        max_relative=float(relative.max()),
        worst=int(relative.argmax()),
        ok=bool(agrees.all()),
    )
