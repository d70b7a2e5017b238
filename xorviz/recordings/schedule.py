"""Which steps of a run become snapshots."""

from __future__ import annotations

from typing import final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError


@final
class SnapshotSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every step at first, then a fixed number per doubling of the step count.

    Step 0 and every step up to ``n_dense`` are snapshots. Each later stretch from ``n_dense * 2**k`` to
    ``n_dense * 2**(k + 1)`` is cut into ``n_per_doubling`` equal parts, rounded down to whole steps; a
    stretch with fewer steps is kept whole. The number therefore grows with the logarithm of the run: a run
    of ``n_steps > n_dense`` has at most ``n_dense + 1 + n_per_doubling * ceil(log2(n_steps / n_dense))``
    snapshots on the schedule, and one more if its last step is not. With the default values a run of 2**63
    steps has exactly 513 + 256 * 54 = 14,337.

    Attributes:
        n_dense: the steps 0 to ``n_dense`` are all snapshots.
        n_per_doubling: snapshots per doubling of the step count after that.
        every: what counts as a step above, in steps of the run. A run that learns one point at a time takes the number
            of points: within an epoch its outputs only tremble from point to point, and snapshots of different points
            would show the trembling instead of the learning.

    Raises:
        UsageError: a field is not a positive whole number.
    """

    n_dense: int = 512
    n_per_doubling: int = 256
    every: int = 1

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        for field in ("n_dense", "n_per_doubling", "every"):
            value = getattr(self, field)
            if not isinstance(value, int) or value < 1:
                raise UsageError(f"{field} must be a whole number of at least 1; got {value!r}.")

    @classmethod
    def bounded(cls, n_steps: int, *, n_most: int, every: int = 1) -> SnapshotSchedule:
        """The default schedule, thinned out until a run has no more snapshots than wanted.

        Args:
            n_steps: length of the run.
            n_most: snapshots wanted at most; the sparsest schedule, one per doubling, may have more.
            every: what counts as a step, in steps of the run.
        """
        n_per_doubling = cls().n_per_doubling
        while True:
            schedule = cls(n_dense=2 * n_per_doubling, n_per_doubling=n_per_doubling, every=every)
            if n_per_doubling == 1 or schedule.n_most(n_steps) <= n_most:
                return schedule
            n_per_doubling -= 1

    def n_most(self, n_steps: int) -> int:
        """The most snapshots that a run of ``n_steps`` has, the one of its last step included."""
        n_counted = -(-n_steps // self.every)
        n_doublings = (max(0, -(-n_counted // self.n_dense) - 1)).bit_length()
        return min(self.n_dense, n_counted) + 1 + self.n_per_doubling * n_doublings + 1

    def next_after(self, step: int) -> int:
        """The first snapshot step after a step.

        Args:
            step: any step, on the schedule or not; before the first step, 0 comes next.

        Returns:
            The smallest scheduled step greater than ``step``.
        """
        return self._next_after(step // self.every) * self.every

    def _next_after(self, step: int) -> int:
        if step < 0:
            return 0
        if step < self.n_dense:
            return step + 1
        # The stretch that holds `step` starts at `start`; whole numbers only, so it is exact at any length.
        start = self.n_dense << ((step // self.n_dense).bit_length() - 1)
        part = -((start - step - 1) * self.n_per_doubling // start)
        return start + start * part // self.n_per_doubling


def even_choice(n: int, n_most: int) -> NDArray[np.int64]:
    """At most so many of the numbers 0 … n - 1, rising, spread evenly, first and last included."""
    return np.unique(np.linspace(0, n - 1, min(n, n_most)).round().astype(np.int64))
