"""A study as it grows: what it says of the first few runs of every point, of more, of all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from os import PathLike
from typing import Final, cast, final

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.recordings.recording import Recording
from xorviz.recordings.vectors import Several
from xorviz.sweeps.study import Runs, Study

Array = NDArray[np.float64]
_N_STATES, _FEWEST_RUNS = 160, 10


@final
class Growth:
    """The states a study goes through when runs are added evenly, in the order of blocks.

    To timelines and scenes a state is what a snapshot is of a recording, and the number of runs what a step is.

    Args:
        study: with runs.

    Raises:
        UsageError: a study without a run.

    Attributes:
        study: where the runs are.
        by_point: the runs of each point.
        per_point (int64 array of shape (n_snapshots,)): how many runs of each point a state has, at most.
        steps (int64 array of shape (n_snapshots,)): runs of each state in all.
        n_steps, n_snapshots: runs in all; number of states.
        title, description: what was swept.
    """

    def __init__(self, study: Study) -> None:
        if not study.n_runs:
            raise UsageError(f"SOURCE must be a study with runs; {str(study.path)!r} has none yet.")
        self.study: Final = study
        self.by_point: Final = study.by_point()
        counts = np.array([len(runs) for runs in self.by_point])
        spaced = np.geomspace(min(_FEWEST_RUNS, counts.max()), counts.max(), _N_STATES)
        self.per_point: Final[NDArray[np.int64]] = np.unique(np.rint(spaced).astype(np.int64))
        self.steps: Final[NDArray[np.int64]] = np.minimum(self.per_point[:, None], counts).sum(axis=1)
        self.n_steps: Final = int(self.steps[-1])
        self.n_snapshots: Final = len(self.steps)
        self.title: Final = study.experiment.title
        self.description: Final = study.experiment.description
        self.seed: Final = study.plan.seed
        self.experiment: Final = study.plan.experiment
        self.network: Final = study.experiment.network

    def __reduce__(self) -> tuple[Callable[..., Growth], tuple[object]]:
        """For another process: the store is opened again there."""
        return growth_of, (self.study.path.absolute(),)

    def runs(self, point: int, snapshot: int) -> Runs:
        """The runs of a point in a state."""
        runs, n = self.by_point[point], int(self.per_point[snapshot])
        return Runs(runs.scores[:n], runs.final_losses[:n], runs.solved_steps[:n])

    @cached_property
    def means(self) -> Array:
        """Mean score by state and point (float64 array of shape (n_snapshots, n_points)); NaN without a score."""
        return self._moments[0]

    @cached_property
    def standard_errors(self) -> Array:
        """Standard errors of the means, of the same shape; NaN below two runs."""
        return self._moments[1]

    @cached_property
    def _moments(self) -> tuple[Array, Array]:
        means, errors = (np.full((self.n_snapshots, self.study.n_points), np.nan) for _ in range(2))
        with np.errstate(all="ignore"):
            for point, runs in enumerate(self.by_point):
                if len(runs):
                    means[:, point], errors[:, point] = self._moments_of(runs.scores)
        return means, errors

    def _moments_of(self, scores: Array) -> tuple[Array, Array]:
        """Mean and standard error of the first so many scores; those of runs that diverged are left out."""
        finite = np.isfinite(scores)
        origin = float(scores[finite].mean()) if finite.any() else 0.0
        # Around the mean, or the difference of two large sums would be left with few digits.
        centred = np.where(finite, scores - origin, 0.0)
        last = np.minimum(self.per_point, len(scores)) - 1
        n, total, squares = (np.cumsum(values)[last] for values in (finite, centred, centred**2))
        mean = total / n
        variance = np.maximum(squares - n * mean**2, 0.0) / (n - 1)
        return origin + mean, np.sqrt(variance / n)

    @property
    def snapshot_losses(self) -> Array:
        """What falls as runs are added: the mean relative standard error of each state."""
        with np.errstate(all="ignore"):
            relative = self.standard_errors / np.abs(self.means)
        known = np.isfinite(relative)
        mean: Array = np.where(known, relative, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return mean

    @property
    def loss(self) -> Array:
        """See `snapshot_losses`."""
        return self.snapshot_losses

    def pictures(self, snapshots: Several) -> NDArray[np.float32]:
        """What a picture of some states shows, for clocks: the means, those of all runs between 0 and 1.

        Returns:
            (float32 array of shape (n_asked, n_points))
        """
        known = self.means[-1][np.isfinite(self.means[-1])]
        spread = float(np.ptp(known)) if known.size else 0.0
        shares = (self.means[snapshots] - known.min(initial=np.inf)) / (spread or 1.0)
        seen: NDArray[np.float32] = np.nan_to_num(np.clip(shares, -0.5, 1.5)).astype(np.float32)
        return seen


def growth_of(path: str | PathLike[str]) -> Growth:
    """The growth of a study in a file.

    Raises:
        StudyError: the file is no store, or damaged.
        UsageError: it has no runs yet.
    """
    return Growth(Study(path))


def as_recording(growth: Growth) -> Recording:
    """The same study for scenes, which ask no more of it than what `Growth` has in common with a recording.

    Panels that need a network's parameters refuse it.
    """
    return cast(Recording, growth)
