"""The contract of every engine: starting parameters of many runs in, what became of each run out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment

Array: TypeAlias = NDArray[Any]


@final
@dataclass(frozen=True, eq=False)
class BlockResult:
    """What became of the runs of one block.

    A run that diverged has NaN in both losses and -1 in `solved_steps`.

    Attributes:
        scores (float64 array of shape (n_runs,)): sum over steps of the reported loss, each taken before its update;
            what ``train(...).loss.sum()`` gives.
        final_losses (float64 array of shape (n_runs,)): reported loss of the last parameters.
        solved_steps (int64 array of shape (n_runs,)): the first step from which every output of every point is on its
            target's side of 0.5 and stays there until the run ends; -1 if it does not end so. The starting
            parameters are step 0.
    """

    scores: Array
    final_losses: Array
    solved_steps: Array


class Engine(ABC):
    """Trains many runs of one experiment at once.

    Runs do not see each other: a run's result does not depend on which others are in the call, but for the last digits
    of rounding.

    Attributes:
        name: under which it is chosen.
        runs_at_once: the fewest runs in one call at which it works at full speed. Runs of several blocks, or of
            points that differ only in the initialisation, may be put together in one call to reach it.
    """

    name: ClassVar[str]
    runs_at_once: ClassVar[int]

    @abstractmethod
    def supports(self, experiment: Experiment) -> str:
        """Why this engine cannot train an experiment, as the end of a sentence; empty if it can."""

    @final
    def run(self, experiment: Experiment, parameters: Array) -> BlockResult:
        """Train.

        Args:
            experiment: what to run; its initialisation and seed are not read.
            parameters (float64 array of shape (n_runs, n_parameters)): where each run starts; not changed.

        Returns:
            What became of each run.

        Raises:
            UsageError: the engine does not support the experiment, or parameters of another shape.
        """
        if reason := self.supports(experiment):
            raise UsageError(f"engine must be one that can train {experiment.name}; got {self.name!r}, which {reason}.")
        n_parameters = experiment.network.n_parameters
        if parameters.ndim != 2 or parameters.shape[1] != n_parameters or not len(parameters):
            raise UsageError(f"parameters must have shape (n_runs, {n_parameters}); got {parameters.shape!r}.")
        return self._run(experiment, np.asarray(parameters, dtype=np.float64))

    @abstractmethod
    def _run(self, experiment: Experiment, parameters: Array) -> BlockResult:
        """Train; the arguments are checked."""
