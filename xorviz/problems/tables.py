"""A table of one's own, CSV or NPZ, as a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.problems._base import AROUND_POINTS, Problem
from xorviz.problems.columns import Column, read_columns
from xorviz.problems.planar_sets import one_hot
from xorviz.problems.tasks import MOST_CLASSES, TASKS

Float64 = NDArray[np.float64]
_LEAST_POINTS = 2


def read_table(
    path: str | PathLike[str],
    *,
    target: str = "",
    features: Sequence[str] = (),
    task: str = "",
    standardize: bool = True,
) -> Problem:
    """The columns of a CSV or NPZ file as a problem.

    A CSV file begins with a line of column names. Of an NPZ file every array of one dimension is a column, and every
    array of two is as many, ``x1``, ``x2`` … of an array ``x``. Nothing is unpickled.

    Text in the target column makes classes, in alphabetical order. Numbers make classes where they are whole and take
    at most 10 values, and a regression otherwise. ``task`` decides instead: ``"classification"`` or ``"regression"``.
    Two classes have one output, 3 to 10 have one each.

    Args:
        path: the file, ``*.csv``, ``*.tsv`` or ``*.npz``.
        target: column to predict; the last one if not given.
        features: columns to predict it from; all others if not given.
        task: ``"classification"`` or ``"regression"``; by the rule above if not given.
        standardize: bring every input, and the target of a regression, to mean 0 and standard deviation 1, which a
            network learns from more easily. What is drawn keeps the units of the inputs.

    Returns:
        The problem, in the plane of the first two features.

    Raises:
        UsageError: a file that cannot be read, a cell that is no number where one is needed, or a column that is not
            there; the message names file, line and column.
    """
    path = Path(path)
    columns = read_columns(path)
    target = target or list(columns)[-1]
    if target not in columns:
        raise unknown(f"target of {str(path)!r}", target, columns)
    chosen = list(features) or [name for name in columns if name != target]
    for name in chosen:
        if name not in columns:
            raise unknown(f"features of {str(path)!r}", name, columns)
    if target in chosen or len(set(chosen)) != len(chosen) or not chosen:
        raise UsageError(f"features of {str(path)!r} must be different columns, without the target; got {chosen!r}.")
    inputs = np.stack([columns[name].numbers(f"Choose others by --features, or {_ENCODE}.") for name in chosen], -1)
    if len(inputs) < _LEAST_POINTS:
        raise UsageError(f"{str(path)!r} must have {_LEAST_POINTS} rows or more; got {len(inputs)}.")
    wanted = _target(columns[target], task, str(path))
    problem = Problem(name=path.stem, inputs=inputs, feature_names=tuple(chosen), **wanted)
    return standardized(problem) if standardize else problem


_ENCODE = "write its values as numbers"


def _target(column: Column, task: str, path: str) -> dict[str, Any]:
    """Targets, task and names that a column asks for."""
    if task not in ("", "classification", "regression"):
        raise unknown("task", task, ("classification", "regression"))
    values = column.as_numbers()
    is_whole = values is not None and len(np.unique(values)) <= MOST_CLASSES and bool((values == values.round()).all())
    if task == "regression" or (not task and values is not None and not is_whole):
        numbers = column.numbers("Text can only be classes: leave out --task regression.")
        return {"targets": numbers[:, None], "task": "regression", "target_name": column.name}
    found, classes = np.unique(column.texts if values is None else values, return_inverse=True)
    names = tuple(str(one) if values is None else f"{one:g}" for one in found)
    if not 2 <= len(names) <= MOST_CLASSES:
        remedy = "Choose another --target" + ("" if values is None else ", or --task regression")
        raise UsageError(
            f"target {column.name!r} of {path!r} must have 2 to {MOST_CLASSES} classes; got {len(names)}. {remedy}."
        )
    kind = TASKS[0] if len(names) == 2 else TASKS[1]
    targets = one_hot(classes.reshape(-1), len(names))
    return {"targets": targets, "task": kind, "class_names": names, "target_name": column.name}


@dataclass(frozen=True)
class _Scale:
    """Mean and standard deviation of each column; 1 where nothing varies."""

    mean: Float64
    std: Float64

    @classmethod
    def of(cls, values: Float64) -> _Scale:
        std = values.std(axis=0)
        return cls(values.mean(axis=0), np.where(std > 0, std, 1.0))

    def apply(self, values: Float64) -> Float64:
        scaled: Float64 = (values - self.mean) / self.std
        return scaled


def standardized(problem: Problem) -> Problem:
    """The same problem with inputs, and targets of a regression, of mean 0 and standard deviation 1.

    Args:
        problem: not split yet, because training and validation points are to be scaled alike.

    Returns:
        The problem; it remembers the scale of its inputs, in whose units it is drawn.
    """
    scale = _Scale.of(problem.inputs)
    changes: dict[str, Any] = {"bounds": AROUND_POINTS}
    if problem.task == "regression":
        changes["targets"] = _Scale.of(problem.targets).apply(problem.targets)
        changes["target_name"] = f"{problem.target_name or 'y'}, standardized"
    units = tuple(zip(scale.mean.tolist(), scale.std.tolist(), strict=True))
    return replace(problem, inputs=scale.apply(problem.inputs), units=units, **changes)
