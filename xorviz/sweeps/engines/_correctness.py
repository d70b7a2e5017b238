"""Which of many runs have every point correct, in calls over rows of runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import Call
from xorviz.problems import Problem
from xorviz.sweeps.engines._aligned import aligned

Array: TypeAlias = NDArray[Any]


@final
class Correctness:
    """What `xorviz.problems.tasks.is_correct` says of all points together, kept for every run.

    Attributes:
        calls: fill `is_wrong` from the outputs.
        is_wrong (bool array of shape (n_runs,)): whether any point is not correct.
    """

    def __init__(self, problem: Problem, outputs: Array) -> None:
        """Bind the calls.

        Args:
            problem: its task and targets.
            outputs (float64 array of shape (n_outputs, n_points, n_runs)): read whenever the calls run.
        """
        n_runs = outputs.shape[-1]
        self.is_wrong: Array = np.ones(n_runs, dtype=bool)
        self.calls: list[Call] = []
        calls, pairs = _pairs(problem, outputs)
        if not pairs:
            return
        is_larger: Array = np.empty(n_runs, dtype=bool)
        (larger, smaller), *others = pairs
        self.calls = [*calls, partial(np.greater, larger, smaller, self.is_wrong)]
        for larger, smaller in others:
            self.calls.append(partial(np.greater, larger, smaller, is_larger))
            self.calls.append(partial(np.logical_and, self.is_wrong, is_larger, self.is_wrong))
        self.calls.append(partial(np.logical_not, self.is_wrong, self.is_wrong))


def _pairs(problem: Problem, outputs: Array) -> tuple[list[Call], list[tuple[Array, Array]]]:
    """Calls, and the pairs of rows after them whose first must be the larger one; none if no run is ever correct."""
    targets = problem.targets.T
    if problem.task == "regression" or (problem.task == "binary" and (targets == 0.5).any()):
        return [], []
    if problem.task == "multiclass":
        own = targets.argmax(axis=0)
        n_outputs, n_points = targets.shape
        return [], [
            (outputs[own[point], point], outputs[unit, point])
            for point in range(n_points)
            for unit in range(n_outputs)
            if unit != own[point]
        ]
    half = np.array(0.5)
    calls, pairs = [], []
    if high := [outputs[index] for index in zip(*np.nonzero(targets > 0.5), strict=True)]:
        more, least = _folded(np.minimum, high)
        calls += more
        pairs.append((least, half))
    if low := [outputs[index] for index in zip(*np.nonzero(targets < 0.5), strict=True)]:
        more, largest = _folded(np.maximum, low)
        calls += more
        pairs.append((half, largest))
    return calls, pairs


def _folded(ufunc: np.ufunc, rows: Sequence[Array]) -> tuple[list[Call], Array]:
    """Calls that join rows by a function of two, and where the result is."""
    first, *others = rows
    if not others:
        return [], first
    into = aligned(*first.shape)
    calls: list[Call] = [partial(ufunc, first, others[0], out=into)]
    calls += [partial(ufunc, into, row, out=into) for row in others[1:]]
    return calls, into
