"""What a task asks of the outputs, and at which points they give it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown

#: ``"binary"``: every output by itself is to be on its target's side of 0.5; ``"multiclass"``: one output a class, the
#: largest one decides; ``"regression"``: outputs are to be near their targets, and no point is simply correct.
Task: TypeAlias = Literal["binary", "multiclass", "regression"]
TASKS: tuple[Task, ...] = get_args(Task)
MOST_CLASSES = 10


def is_correct(task: Task, outputs: NDArray[Any], targets: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points are correct.

    Args:
        task: ``"binary"``: every output is strictly on its target's side of 0.5; ``"multiclass"``: the output of the
            target's class is strictly the largest; ``"regression"``: none is.
        outputs (float array of shape (..., n_points, n_outputs)): outputs that are not finite are not correct.
        targets (float64 array of shape (n_points, n_outputs)): what they should be.

    Returns:
        (bool array of shape (..., n_points)): for each point.
    """
    if task == "regression":
        return np.zeros(outputs.shape[:-1], dtype=np.bool_)
    if task == "binary":
        right: NDArray[np.bool_] = (np.isfinite(outputs) & ((outputs - 0.5) * (targets - 0.5) > 0)).all(axis=-1)
        return right
    of_class = targets.argmax(axis=-1)[..., np.newaxis]
    own = np.take_along_axis(outputs, np.broadcast_to(of_class, (*outputs.shape[:-1], 1)), axis=-1)
    others = np.arange(outputs.shape[-1]) != of_class
    largest: NDArray[np.bool_] = ((own > outputs) | ~others).all(axis=-1) & np.isfinite(outputs).all(axis=-1)
    return largest


def check_task(task: str, targets: NDArray[np.float64], class_names: tuple[str, ...]) -> None:
    """Refuse targets and names that do not belong to the task.

    Raises:
        UsageError: no such task, targets that are not one class a point, or a wrong number of names.
    """
    if task not in TASKS:
        raise unknown("task", task, TASKS)
    n_outputs = targets.shape[1]
    if task == "multiclass":
        one_hot = ((targets == 0) | (targets == 1)).all() and (targets.sum(axis=1) == 1).all()
        if not one_hot or not 2 <= n_outputs <= MOST_CLASSES:
            raise UsageError(
                f"targets must be one column for each of 2 to {MOST_CLASSES} classes, 1 in the column of a point's "
                f"class and 0 elsewhere, for task 'multiclass'; got {n_outputs} columns."
            )
    n_names = {"binary": 2, "multiclass": n_outputs, "regression": 0}[task]
    if class_names and len(class_names) != n_names:
        raise UsageError(f"class_names must be {n_names} for task {task!r} here; got {list(class_names)!r}.")
