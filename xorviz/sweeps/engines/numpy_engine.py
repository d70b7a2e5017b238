"""NumPy alone: any experiment, every call over a whole row of runs."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.experiment import Experiment
from xorviz.sweeps.engines._aligned import RUNS_A_LINE
from xorviz.sweeps.engines._base import BlockResult, Engine
from xorviz.sweeps.engines._ledger import Ledger
from xorviz.sweeps.engines._plan import Plan

Array: TypeAlias = NDArray[Any]

#: Numbers that a tile's arrays hold together, about: those of one call are at home in the second-level cache; fewer
#: would be mostly calls.
_VALUES_AT_ONCE = 450_000
_FEWEST_RUNS = 16


@final
class NumpyEngine(Engine):
    """Trains any experiment."""

    name: ClassVar[str] = "numpy"
    runs_at_once: ClassVar[int] = 6000

    def supports(self, experiment: Experiment) -> str:
        """See `Engine.supports`: it can train everything."""
        return ""

    def _run(self, experiment: Experiment, parameters: Array) -> BlockResult:
        n_runs = _tile_runs(experiment, len(parameters))
        results = [_train(experiment, parameters[i : i + n_runs]) for i in range(0, len(parameters), n_runs)]
        return BlockResult(
            scores=np.concatenate([result.scores for result in results]),
            final_losses=np.concatenate([result.final_losses for result in results]),
            solved_steps=np.concatenate([result.solved_steps for result in results]),
        )


def _tile_runs(experiment: Experiment, n_runs: int) -> int:
    """How many of some runs are trained at once: of the fewest tiles, and as even as whole cache lines allow."""
    network = experiment.network
    n_values = 3 * network.n_parameters + 4 * sum(network.widths[1:]) * len(experiment.problem.inputs)
    n_tiles = -(-n_runs // max(_FEWEST_RUNS, _VALUES_AT_ONCE // n_values))
    return -(-n_runs // (n_tiles * RUNS_A_LINE)) * RUNS_A_LINE


def _train(experiment: Experiment, parameters: Array) -> BlockResult:
    plan = Plan(experiment, parameters)
    ledger = Ledger(plan.loss, plan.correctness, loss_below=experiment.stopping.loss_below)
    begin = [*plan.forward, *plan.loss.calls, *ledger.calls]
    steps = [[*begin, *update] for update in plan.updates]
    with np.errstate(all="ignore"):
        for step in range(experiment.stopping.n_steps):
            if ledger.is_over():
                break
            for call in steps[step % len(steps)]:
                call()
        for call in (*plan.forward, *plan.loss.calls):
            call()
        return ledger.result()
