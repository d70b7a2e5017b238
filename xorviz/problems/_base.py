"""A task: points to learn from, points to check with, and the part of the plane worth drawing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.problems.planes import Bounds, Plane, Units, bounds_around, feature_plane
from xorviz.problems.tasks import Task, check_task

Array: TypeAlias = NDArray[Any]
#: In the place of bounds: those around all points. Known by what it is, not by its numbers, which enclose nothing.
AROUND_POINTS: Final[Bounds] = ((0.0, 0.0), (0.0, 0.0))


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Points with the outputs a network should give there.

    The arrays are copied and made read-only, so a problem is a value: compared by content, usable as a key.

    Attributes:
        name: as a title would say it: ``"XOR"``.
        inputs (float64 array of shape (n_points, n_inputs)): the points.
        targets (float64 array of shape (n_points, n_outputs)): what the outputs should be; for classes 1 in the column
            of the point's class and 0 elsewhere, or one column of 0 and 1 for two of them.
        bounds: ``((x_min, x_max), (y_min, y_max))``, the part of the plane to draw; around all points if not given.
        task: ``"binary"``, ``"multiclass"`` or ``"regression"``; see `xorviz.problems.tasks.Task`.
        class_names: of the classes, in order; numbers if not given.
        feature_names: of the inputs; x₁, x₂ … if not given.
        target_name: of what is predicted; none if not given.
        validation_inputs (float64 array of shape (n_validation, n_inputs)): points that are only looked at.
        validation_targets (float64 array of shape (n_validation, n_outputs)): what the outputs should be there.
        units: mean and standard deviation by which each input was standardised, ``input = (value − mean) / std``; empty
            where inputs are as they were measured.
        plane: the plane to draw; that of the first two inputs, the rest held at their lower medians, if not given.

    Raises:
        UsageError: arrays that are not two-dimensional, finite and equally long, or empty bounds.
    """

    name: str
    inputs: Array
    targets: Array
    bounds: Bounds = AROUND_POINTS
    task: Task = "binary"
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    validation_inputs: Array = field(default_factory=lambda: np.empty((0, 0)))
    validation_targets: Array = field(default_factory=lambda: np.empty((0, 0)))
    units: Units = ()
    plane: Plane | None = None

    def __post_init__(self) -> None:
        """Check and copy the arrays."""
        for name in ("inputs", "targets"):
            self._keep(name, checked_rows(name, getattr(self, name)))
        for name, like in (("validation_inputs", self.inputs), ("validation_targets", self.targets)):
            given = getattr(self, name)
            rows = checked_rows(name, given) if len(given) else np.empty((0, like.shape[1]))
            if rows.shape[1] != like.shape[1]:
                raise UsageError(f"{name} must have {like.shape[1]} columns; got {rows.shape[1]}.")
            self._keep(name, rows)
        for prefix in ("", "validation_"):
            n_points, n_targets = (len(getattr(self, prefix + of)) for of in ("inputs", "targets"))
            if n_points != n_targets:
                raise UsageError(f"{prefix}targets must have one row per point, here {n_points}; got {n_targets}.")
        check_task(self.task, self.targets, self.class_names)
        n_inputs = self.inputs.shape[1]
        if self.feature_names and len(self.feature_names) != n_inputs:
            raise UsageError(f"feature_names must be {n_inputs}, one an input; got {list(self.feature_names)!r}.")
        if self.units and len(self.units) != n_inputs:
            raise UsageError(f"units must be {n_inputs}, one an input; got {len(self.units)}.")
        if self.plane is not None and len(self.plane.origin) != n_inputs:
            raise UsageError(f"plane must be in a space of {n_inputs} inputs; got {len(self.plane.origin)}.")
        if self.bounds is AROUND_POINTS:
            everything = np.concatenate([self.inputs, self.validation_inputs])
            object.__setattr__(self, "bounds", bounds_around(self.drawn_plane, everything))
        if any(not low < high for low, high in self.bounds):
            raise UsageError(f"bounds must be ((x_min, x_max), (y_min, y_max)); got {self.bounds!r}.")

    def _keep(self, name: str, array: Array) -> None:
        array.flags.writeable = False
        object.__setattr__(self, name, array)

    @property
    def drawn_plane(self) -> Plane:
        """`plane`, or what stands for it."""
        return self.plane or feature_plane(self.inputs, feature_names=self.feature_names, units=self.units)

    def split(self, validation: float, *, seed: int = 0) -> Problem:
        """The same problem with a share of its points, drawn by chance, only looked at.

        Args:
            validation: share of the points that become validation points, above 0 and below 1; at least one point
                stays on either side.
            seed: of the draw.

        Returns:
            The problem; what it draws does not change.

        Raises:
            UsageError: another share, a single point, or a problem that is split already.
        """
        n_points = len(self.inputs)
        if not 0 < validation < 1 or n_points < 2 or len(self.validation_inputs):
            raise UsageError(
                "validation must be a share above 0 and below 1 of two or more points that are not split yet; "
                f"got {validation!r}."
            )
        n_validation = min(max(round(validation * n_points), 1), n_points - 1)
        order = np.random.default_rng(seed).permutation(n_points)
        held, kept = np.sort(order[:n_validation]), np.sort(order[n_validation:])
        return replace(
            self,
            inputs=self.inputs[kept],
            targets=self.targets[kept],
            validation_inputs=self.inputs[held],
            validation_targets=self.targets[held],
            plane=self.plane or (self.drawn_plane if self.inputs.shape[1] > 2 else None),
        )

    def _key(self) -> tuple[object, ...]:
        arrays = (self.inputs, self.targets, self.validation_inputs, self.validation_targets)
        words = (
            self.name,
            self.bounds,
            self.task,
            self.class_names,
            self.feature_names,
            self.target_name,
            self.units,
            self.plane,
        )
        return (*words, *((array.shape, array.tobytes()) for array in arrays))

    def __eq__(self, other: object) -> bool:
        """Equal in every field, arrays by content."""
        return isinstance(other, Problem) and self._key() == other._key()

    def __hash__(self) -> int:
        """By content."""
        return hash(self._key())


def checked_rows(field: str, values: Any) -> Array:
    """A copy of numbers in rows.

    Raises:
        UsageError: they are not that.
    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{field} must be numbers in rows of equal length; {error}.") from None
    if array.ndim != 2 or array.size == 0 or not np.isfinite(array).all():
        raise UsageError(
            f"{field} must be finite numbers of shape (n_points, n), at least one of each; "
            f"got shape {array.shape!r}. A single output per point has shape (n_points, 1)."
        )
    return array
