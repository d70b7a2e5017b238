"""Where the runs of a study start, and how any one of them is trained again alone.

The seed of a block is derived from the study's seed, the point and the block, so what a block holds does not depend on
who trains it, when, or after what. One generator draws a whole block: one per run would cost as much as training it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from numpy.random import PCG64, RandomState, SeedSequence
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.learning.initialisations import Fixed

Array: TypeAlias = NDArray[Any]


def initial_parameters(
    experiment: Experiment, *, study_seed: int, point: int, block: int, n_runs: int, common: bool = False
) -> Array:
    """Where the runs of one block start.

    Args:
        experiment: the point's; its initialisation says how parameters are drawn, its seed is not read.
        study_seed: of the whole study, 0 or more.
        point: index of the point in the study's plan.
        block: index of the block at that point.
        n_runs: runs in the block; another number gives other runs.
        common: whether all points draw the same random numbers, so that they differ by their settings alone and
            comparing them takes fewer runs.

    Returns:
        (float64 array of shape (n_runs, n_parameters)): one start a row.

    Raises:
        UsageError: a negative number, or no runs.
    """
    for name, value, least in (("study_seed", study_seed, 0), ("point", point, 0), ("block", block, 0)):
        if value < least:
            raise UsageError(f"{name} must be 0 or more; got {value!r}.")
    if n_runs < 1:
        raise UsageError(f"n_runs must be 1 or more; got {n_runs!r}.")
    # A key of another length is another sequence, so common numbers are not those of any point.
    key = (block,) if common else (point, block)
    random = RandomState(PCG64(SeedSequence(study_seed, spawn_key=key)))
    return experiment.initialisation.draw_runs(experiment.network, random=random, runs=(n_runs,))


def experiment_at(
    experiment: Experiment,
    *,
    study_seed: int,
    point: int,
    block: int,
    index: int,
    n_runs: int,
    common: bool = False,
) -> Experiment:
    """The experiment that trains one run of a study again: ``xorviz.train(experiment_at(…))`` records it.

    Args:
        experiment: the point's.
        study_seed: as for `initial_parameters`, like point, block, n_runs and common.
        point: see there.
        block: see there.
        index: of the run in its block.
        n_runs: see there.
        common: see there.

    Returns:
        The same experiment with the run's starting parameters given as numbers.

    Raises:
        UsageError: no such run.
    """
    if not 0 <= index < n_runs:
        raise UsageError(f"index must be from 0 to {n_runs - 1}, as many as the block has runs; got {index!r}.")
    starts = initial_parameters(
        experiment, study_seed=study_seed, point=point, block=block, n_runs=n_runs, common=common
    )
    return experiment.replace(
        initialisation=Fixed(parameters=tuple(starts[index].tolist())),
        name=f"{experiment.name}, point {point}, block {block}, run {index}",
    )
