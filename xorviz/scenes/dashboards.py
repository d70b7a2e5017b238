"""The dashboard that suits what is shown: its task, how many inputs there are, how many points."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.problems.tasks import Task
from xorviz.scenes.scene import DASHBOARD, Scene

_FEW_POINTS = 16


class Shown(Protocol):
    """A problem, or a recording of one."""

    @property
    def task(self) -> Task:
        """What is asked of the outputs."""

    @property
    def inputs(self) -> NDArray[np.float64]:
        """The training points."""

    @property
    def validation_inputs(self) -> NDArray[np.float64]:
        """The points that are only looked at."""


def suited(scene: Scene, shown: Shown) -> Scene:
    """A scene that is laid out as the XOR dashboard, laid out as suits what is shown; any other scene as it is.

    - One input: the curve, the loss, and R² or the accuracy.
    - Several classes: the regions, a hidden layer's space, its units, the loss and the accuracy.
    - More than 16 points, a regression, or validation points: accuracy, or R², in the place of gradients.
    """
    if scene.rows != DASHBOARD.rows or scene.each:
        return scene
    rows, weights = _layout(shown)
    if rows == scene.rows:
        return scene
    kept = {name: options for name, options in scene.panels.items() if any(name in row.split() for row in rows)}
    layout: dict[str, Any] = {"rows": rows, "row_weights": weights[0], "column_weights": weights[1]}
    return msgspec.structs.replace(scene, panels=kept, **layout)


def _layout(shown: Shown) -> tuple[tuple[str, ...], tuple[tuple[float, ...], tuple[float, ...]]]:
    """Rows, and the weights of rows and columns."""
    if shown.inputs.shape[1] == 1:
        return ("curve curve loss", "curve curve accuracy"), ((168, 168), (250, 250, 240))
    if shown.task == "multiclass":
        return ("field hidden unit-maps", "field loss accuracy"), ((216, 120), (384, 188, 188))
    has_few = len(shown.inputs) <= _FEW_POINTS and not len(shown.validation_inputs)
    if has_few and shown.task == "binary":
        return DASHBOARD.rows, (DASHBOARD.row_weights, DASHBOARD.column_weights)
    return ("field surface surface", "field loss accuracy"), (DASHBOARD.row_weights, DASHBOARD.column_weights)
