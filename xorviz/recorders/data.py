"""The points that a model is recorded on: anybody's arrays, checked and brought into one form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xorviz.errors import UsageError
from xorviz.problems.tasks import Task
from xorviz.recorders._base import Array, as_array, as_matrix
from xorviz.recorders.options import Options


@dataclass(frozen=True)
class Data:
    """Points with targets.

    Attributes:
        inputs (float64 array of shape (n_points, n_inputs)): copied.
        targets (float64 array of shape (n_points, n_outputs)): copied; one column a class where classes were counted.
        validation_inputs, validation_targets: the same of points that are not trained on; None without them.
        task: what is asked of the outputs.
    """

    inputs: Array
    targets: Array
    validation_inputs: Array | None
    validation_targets: Array | None
    task: Task

    @property
    def points(self) -> Array:
        """All points, those of the training first."""
        return self.inputs if self.validation_inputs is None else np.concatenate([self.inputs, self.validation_inputs])


def data_of(inputs: Any, targets: Any, n_outputs: int, options: Options) -> Data:
    """Points for a model of so many outputs.

    Args:
        inputs: rows of numbers; NumPy's, PyTorch's, Keras' or JAX' array, a list.
        targets: a row of numbers for each, or one number, or the number of its class.
        n_outputs: of the model.
        options: which task, and validation points.

    Raises:
        UsageError: they are no such rows, or do not fit the model or each other.
    """
    parts = [(inputs, targets), *([options.validation] if options.validation is not None else [])]
    found = [(_rows("inputs", one), _targets(other, n_outputs)) for one, other in parts]
    for one, other in found:
        if len(one) != len(other):
            raise UsageError(f"targets must have one row per point, here {len(one)}; got {len(other)}.")
    (x, y), (validation_x, validation_y) = found[0], found[1] if len(found) > 1 else (None, None)
    return Data(x, y, validation_x, validation_y, options.task or _task(y))


def _rows(name: str, values: Any) -> Array:
    try:
        rows = np.array(as_matrix(values), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{name} must be rows of numbers; {error}.") from None
    if not rows.size or not np.isfinite(rows).all():
        raise UsageError(f"{name} must be finite numbers of shape (n_points, n); got shape {rows.shape!r}.")
    return rows


def _targets(values: Any, n_outputs: int) -> Array:
    array = as_array(values)
    if n_outputs > 1 and array.dtype.kind in "iub" and array.size == len(array):
        classes = array.reshape(-1).astype(np.int64)
        if classes.min() < 0 or classes.max() >= n_outputs:
            raise UsageError(f"targets must be classes from 0 to {n_outputs - 1}; got {classes.max()}.")
        return np.eye(n_outputs)[classes]
    rows = _rows("targets", array)
    if rows.shape[1] != n_outputs:
        raise UsageError(f"targets must have {n_outputs} columns, as the model has outputs; got {rows.shape[1]}.")
    return rows


def _task(targets: Array) -> Task:
    is_binary = bool(((targets == 0) | (targets == 1)).all())
    if is_binary and targets.shape[1] > 1 and (targets.sum(axis=1) == 1).all():
        return "multiclass"
    return "binary" if is_binary else "regression"
