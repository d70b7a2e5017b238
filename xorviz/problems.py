"""A task: points, targets, and the part of the plane worth drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError

Array: TypeAlias = NDArray[Any]
Bounds: TypeAlias = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Points with the outputs a network should give there.

    The arrays are copied and made read-only, so a problem is a value: compared by content, usable as a key.

    Attributes:
        name: as a title would say it: ``"XOR"``.
        inputs (float64 array of shape (n_points, n_inputs)): the points.
        targets (float64 array of shape (n_points, n_outputs)): what the outputs should be.
        bounds: ``((x_min, x_max), (y_min, y_max))`` of the first two inputs, the part of the plane to draw.

    Raises:
        UsageError: arrays that are not two-dimensional, finite and equally long, or empty bounds.
    """

    name: str
    inputs: Array
    targets: Array
    bounds: Bounds

    def __post_init__(self) -> None:
        """Check and copy the arrays."""
        for field in ("inputs", "targets"):
            try:
                array = np.array(getattr(self, field), dtype=np.float64)
            except (TypeError, ValueError) as error:
                raise UsageError(f"{field} must be numbers in rows of equal length; {error}.") from None
            if array.ndim != 2 or array.size == 0 or not np.isfinite(array).all():
                raise UsageError(
                    f"{field} must be finite numbers of shape (n_points, n), at least one of each; "
                    f"got shape {array.shape!r}. A single output per point has shape (n_points, 1)."
                )
            array.flags.writeable = False
            object.__setattr__(self, field, array)
        if len(self.inputs) != len(self.targets):
            raise UsageError(f"targets must have one row per point, here {len(self.inputs)}; got {len(self.targets)}.")
        if any(not low < high for low, high in self.bounds):
            raise UsageError(f"bounds must be ((x_min, x_max), (y_min, y_max)); got {self.bounds!r}.")

    def _key(self) -> tuple[object, ...]:
        arrays = (self.inputs, self.targets)
        return (self.name, self.bounds, *((array.shape, array.tobytes()) for array in arrays))

    def __eq__(self, other: object) -> bool:
        """Equal in every field, arrays by content."""
        return isinstance(other, Problem) and self._key() == other._key()

    def __hash__(self) -> int:
        """By content."""
        return hash(self._key())


def xor() -> Problem:
    """The truth table of exclusive or, in the order (0,0) (0,1) (1,0) (1,1).

    Returns:
        Four points at the corners of the unit square, drawn with a margin of 0.35 around it.
    """
    return Problem(
        name="XOR",
        inputs=np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64),
        targets=np.array([[0], [1], [1], [0]], dtype=np.float64),
        bounds=((-0.35, 1.35), (-0.35, 1.35)),
    )
