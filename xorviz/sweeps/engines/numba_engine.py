"""Numba: the common experiments, compiled."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.experiment import Experiment
from xorviz.learning.optimizers import GradientDescent
from xorviz.sweeps.engines._base import BlockResult, Engine

Array: TypeAlias = NDArray[Any]

_CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_MOST_UNITS = 16


@final
class NumbaEngine(Engine):
    """Trains any truth table by 2–n–1 sigmoids, n up to 16, with cross-entropy and gradient descent.

    Both update orders, both reductions and any learning rate; no stopping rule but the number of steps. The loop is
    compiled at the first run on a machine, which takes some seconds, and kept in numba's cache.
    """

    name: ClassVar[str] = "numba"
    runs_at_once: ClassVar[int] = 4096

    def supports(self, experiment: Experiment) -> str:
        """See `Engine.supports`."""
        if find_spec("numba") is None:
            return "is not installed: pip install 'xorviz[fast]' brings it"
        network, problem, stopping = experiment.network, experiment.problem, experiment.stopping
        is_corners = len(problem.inputs) == 4 and np.array_equal(np.unique(problem.inputs, axis=0), _CORNERS)
        is_table = problem.task == "binary" and ((problem.targets == 0) | (problem.targets == 1)).all()
        asked = {
            "the four corners of the unit square with one output of 0 or 1": is_corners and is_table,
            f"one hidden layer of at most {_MOST_UNITS} units": len(network.widths) == 3
            and network.widths[1] <= _MOST_UNITS,
            "one output": network.widths[-1] == 1,
            "sigmoids": set(network.activations) == {"sigmoid"},
            "biases, each with its own gradient": network.biases and experiment.bias_gradient == "per_unit",
            "cross-entropy": experiment.loss.kind == "cross_entropy",
            "gradient descent": isinstance(experiment.optimizer, GradientDescent),
            "all points in every update": experiment.batch == "full",
            "no stopping rule on the loss": stopping.loss_below is None,
        }
        missing = [condition for condition, is_met in asked.items() if not is_met]
        return f"needs {missing[0]}" if missing else ""

    def _run(self, experiment: Experiment, parameters: Array) -> BlockResult:
        kernel = import_module("xorviz.sweeps.engines._corners_kernel")
        problem, loss = experiment.problem, experiment.loss
        n_runs, n_hidden = len(parameters), experiment.network.widths[1]
        # exp(∓z): with a target of 1 it is exp(−z) that surprises.
        order = np.lexsort(problem.inputs.T[::-1])
        signs = np.repeat(1 - 2 * problem.targets[order, 0], kernel.TILE)
        # Runs with parameters too large for the shorter way are put together.
        sizes = np.abs(parameters[:, : 3 * n_hidden]).max(axis=1)
        by_size = np.argsort(sizes, kind="stable")
        rate = experiment.optimizer.learning_rate * loss.scale(len(order))
        scores, final_losses = np.empty(n_runs), np.empty(n_runs)
        solved_steps = np.empty(n_runs, dtype=np.int64)
        kernel.train(
            np.ascontiguousarray(parameters[by_size]),
            signs,
            np.where(signs > 0, *kernel.MOST_SURPRISE),
            experiment.stopping.n_steps,
            rate,
            experiment.update_order == "output_first",
            scores,
            final_losses,
            solved_steps,
        )
        back = np.argsort(by_size)
        factor = 1 / len(order) if loss.reported == "mean" else 1.0
        return BlockResult(
            scores=factor * scores[back], final_losses=factor * final_losses[back], solved_steps=solved_steps[back]
        )
