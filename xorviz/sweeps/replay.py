"""Runs of a study by their addresses, each trained again alone."""

from __future__ import annotations

import re

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.sweeps.seeds import experiment_at
from xorviz.sweeps.study import Study

_FORM = re.compile(r"(\d{1,9}):(\d{1,9}):(\d{1,9})(?:-(\d{1,9}))?")
_MOST_RUNS = 1_000


def runs_at(study: Study, address: str, *, argument: str) -> list[Experiment]:
    """The experiments that train some runs of a study again.

    Args:
        study: of which only the plan is looked at; a run need not have been trained before.
        address: ``"POINT:BLOCK:INDEX"``, or ``"POINT:BLOCK:FIRST-LAST"`` for neighbours in a block.
        argument: what the caller calls it, for messages.

    Raises:
        UsageError: it is no address, or no run of this study has it.
    """
    match = _FORM.fullmatch(address.strip())
    if not match:
        raise UsageError(f"{argument} must be POINT:BLOCK:INDEX, or POINT:BLOCK:FIRST-LAST; got {address!r}.")
    point, block, first = (int(word) for word in match.groups()[:3])
    last, plan = int(match[4] or first), study.plan
    if point >= study.n_points:
        raise UsageError(f"{argument} must have a point from 0 to {study.n_points - 1}; got {address!r}.")
    if not first <= last < plan.block_runs:
        raise UsageError(f"{argument} must have an index from 0 to {plan.block_runs - 1}; got {address!r}.")
    if last - first >= _MOST_RUNS:
        raise UsageError(f"{argument} must name at most {_MOST_RUNS:,} runs; got {address!r}.")
    return [
        experiment_at(
            study.experiments[point],
            study_seed=plan.seed,
            point=point,
            block=block,
            index=index,
            n_runs=plan.block_runs,
            common=plan.common,
        )
        for index in range(first, last + 1)
    ]
