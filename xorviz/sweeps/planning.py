"""The plan of a study from what a command says, and from what its store says already."""

from __future__ import annotations

import msgspec

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.sweeps.engines import engine_for
from xorviz.sweeps.plan import ARTICLE_GRIDS, BLOCK_RUNS, MOST_BLOCK_RUNS, Plan, axes_from


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a command says of a study; None where it says nothing.

    Attributes:
        experiment: what is swept.
        grids: each as `range_from` reads it; empty for the article's own study.
        n_random: draw so many points.
        seed: of the study.
        block_runs: runs in a block.
        common: whether all points start from the same random numbers.
        adaptive: whether later passes go where the relative standard error is largest.
        engine: numpy, numba or auto.
    """

    experiment: Experiment
    grids: tuple[str, ...] = ()
    n_random: int | None = None
    seed: int = 0
    block_runs: int | None = None
    common: bool = False
    adaptive: bool = False
    engine: str = "auto"


def plan_of(wanted: Wanted, existing: Plan | None, *, n_runs: int | None, n_passes: int | None) -> tuple[Plan, int]:
    """The plan of a study, every experiment of it checked, and how many runs it shall have.

    Args:
        wanted: what the command says.
        existing: the plan in the store, if there is one: it says what the command leaves open.
        n_runs: runs in all.
        n_passes: or passes over all points.

    Raises:
        UsageError: something that is wanted cannot be; or neither or both of the numbers.
    """
    if wanted.seed < 0:
        raise UsageError(f"--seed must be 0 or more; got {wanted.seed!r}.")
    grids = wanted.grids or ARTICLE_GRIDS.get(wanted.experiment.name, ())
    axes, is_random = axes_from(wanted.experiment, grids, n_random=wanted.n_random, seed=wanted.seed)
    plan = Plan(
        # As a store gives it back, which knows no tuples.
        experiment=msgspec.json.decode(msgspec.json.encode(wanted.experiment.to_builtins())),
        axes=axes,
        is_random=is_random,
        seed=wanted.seed,
        common=wanted.common,
        adaptive=wanted.adaptive,
    )
    n_runs, block_runs = _sizes(plan.n_points, wanted.block_runs, existing, n_runs, n_passes)
    experiments = plan.experiments()
    name = existing.engine if existing is not None and wanted.engine == "auto" else wanted.engine
    engine = engine_for(experiments[0], name)
    for experiment, values in zip(experiments, plan.points(), strict=True):
        if reason := engine.supports(experiment):
            raise UsageError(f"--engine must be one that can train every point; {engine.name} {reason}, at {values}.")
    return msgspec.structs.replace(plan, block_runs=block_runs, engine=engine.name), n_runs


def _sizes(
    n_points: int, block_runs: int | None, existing: Plan | None, n_runs: int | None, n_passes: int | None
) -> tuple[int, int]:
    """How many runs in all, and in a block."""
    if (n_runs is None) == (n_passes is None):
        raise UsageError("--runs must be given, or --passes, and not both.")
    for name, value, most in (
        ("--runs", n_runs, None),
        ("--passes", n_passes, None),
        ("--block", block_runs, MOST_BLOCK_RUNS),
    ):
        if value is not None and (value < 1 or (most is not None and value > most)):
            raise UsageError(f"{name} must be 1 or more{f', at most {most:,}' if most else ''}; got {value!r}.")
    if block_runs is None and existing is not None:
        block_runs = existing.block_runs
    if n_runs is not None:
        return n_runs, block_runs or min(BLOCK_RUNS, -(-n_runs // n_points))
    assert n_passes is not None
    block_runs = block_runs or BLOCK_RUNS
    return n_passes * n_points * block_runs, block_runs
