"""What is said of the runs of every point: mean, spread, median, how many fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.sweeps.study import Runs

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Statistics:
    """Statistics by point; a run that diverged has no score and counts only as failed and as diverged.

    Attributes:
        n_runs (int64 array of shape (n_points,)): runs with a score.
        n_diverged (int64 array of shape (n_points,)): runs without.
        means (float64 array of shape (n_points,)): mean score; NaN without runs.
        deviations (float64 array of shape (n_points,)): standard deviation of a score, with n - 1; NaN below two runs.
        medians (float64 array of shape (n_points,)): median score.
        failed (float64 array of shape (n_points,)): fraction of all runs that do not end with every point correct.
    """

    n_runs: NDArray[np.int64]
    n_diverged: NDArray[np.int64]
    means: Array
    deviations: Array
    medians: Array
    failed: Array

    @property
    def standard_errors(self) -> Array:
        """Standard error of each mean."""
        with np.errstate(all="ignore"):
            errors: Array = self.deviations / np.sqrt(self.n_runs)
        return errors

    @property
    def relative_deviations(self) -> Array:
        """Standard deviation relative to the mean, whose size tells where more runs help most."""
        with np.errstate(all="ignore"):
            relative: Array = self.deviations / np.abs(self.means)
        return relative


def statistics(by_point: Sequence[Runs]) -> Statistics:
    """The statistics of some points' runs.

    Args:
        by_point: the runs of each, as `Study.by_point` gives them.
    """
    rows = np.array([_row(runs) for runs in by_point], dtype=np.float64).reshape(len(by_point), 6)
    n_runs, n_diverged = rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64)
    return Statistics(n_runs, n_diverged, rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5])


def _row(runs: Runs) -> tuple[float, ...]:
    scores = runs.scores[np.isfinite(runs.scores)]
    n, nan = len(scores), float("nan")
    failed = float((runs.solved_steps < 0).mean()) if len(runs) else nan
    if not n:
        return 0, len(runs), nan, nan, nan, failed
    deviation = float(scores.std(ddof=1)) if n > 1 else nan
    return n, len(runs) - n, float(scores.mean()), deviation, float(np.median(scores)), failed
