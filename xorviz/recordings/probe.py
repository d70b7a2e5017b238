"""A model of which outputs were sampled: on a grid over its inputs, at the training points, and in named layers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise, product
from math import prod
from typing import Any, Final, TypeAlias, final
from zlib import crc32

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.problems.planes import Bounds, Plane

Array: TypeAlias = NDArray[Any]

#: A grid is wider than its bounds by so much of them, so that rounding a point to float32 does not leave it.
_ROUNDING = 1e-6


@final
class Probe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a model was sampled.

    Attributes:
        name: of the model, for messages: ``"ResNet"``.
        n_inputs: inputs of a point.
        n_outputs: outputs of a point.
        n_points: training and validation points, at each of which the outputs are known exactly.
        sides: grid points along each coordinate of the drawn plane, within its bounds: ``(41, 41)``, or ``(201,)`` for
            a model of one input.
        layers: width of each layer whose activations were kept at those points, by its name.
        n_parameters: how many parameters the model has; they are not recorded.

    Raises:
        UsageError: counts that are not positive, or a grid over another number of inputs than the model has.
    """

    name: str
    n_inputs: int
    n_outputs: int
    n_points: int
    sides: tuple[int, ...]
    layers: dict[str, int] = {}
    n_parameters: int = 0

    def __post_init__(self) -> None:
        """Check the values a damaged file can get wrong."""
        counts = (self.n_inputs, self.n_outputs, self.n_points, *self.layers.values())
        if min(counts) < 1 or min(self.sides, default=0) < 2 or len(self.sides) != min(self.n_inputs, 2):
            raise UsageError(f"probe must have positive counts and a grid over the plane; got {self!r}.")

    def grid(self, plane: Plane, bounds: Bounds) -> Array:
        """The inputs at the points of the grid.

        Returns:
            (float64 array of shape (n_grid, n_inputs)): the last coordinate changes fastest.
        """
        axes = [np.linspace(low, high, side) for (low, high), side in zip(bounds, self.sides, strict=False)]
        coordinates = np.zeros((prod(self.sides), 2))
        coordinates[:, : len(axes)] = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
        return plane.inputs(coordinates)


@final
class SampledModel:
    """A `Model` that gives back what was sampled, and between the points of the grid what lies between their outputs.

    A vector holds the outputs at the points that are known, then those on the grid, then each layer's activations at
    the known points.

    Args:
        probe: where it was sampled.
        plane: that of the grid.
        bounds: of the grid.
        inputs (float64 array of shape (n_points, n_inputs)): training and validation points.
    """

    def __init__(self, probe: Probe, plane: Plane, bounds: Bounds, inputs: Array) -> None:
        self.probe: Final = probe
        self.plane: Final = plane
        self.bounds: Final = bounds
        self.inputs: Final = inputs
        self.n_inputs: Final = probe.n_inputs
        self.n_outputs: Final = probe.n_outputs
        self.layer_names: Final = tuple(probe.layers)
        widths = [probe.n_outputs, *probe.layers.values()]
        self.widest: Final = max(widths)
        self.n_multiplications: Final = 4 * probe.n_outputs
        self.n_activations: Final = 0
        self.n_gradients: Final = 0
        sizes = [probe.n_points * probe.n_outputs, prod(probe.sides) * probe.n_outputs]
        sizes += [probe.n_points * width for width in probe.layers.values()]
        ends = np.cumsum([0, *sizes]).tolist()
        self._parts = [slice(start, stop) for start, stop in pairwise(ends)]
        self.n_values: Final[int] = ends[-1]
        self._placed = lru_cache(maxsize=8)(self._place)

    def __reduce__(self) -> tuple[type[SampledModel], tuple[object, ...]]:
        """For another process: what places were found is found again there."""
        return SampledModel, (self.probe, self.plane, self.bounds, self.inputs)

    def describe(self) -> str:
        """In words: ``"ResNet, outputs on 41×41"``."""
        return f"{self.probe.name}, outputs on {'×'.join(map(str, self.probe.sides))}"

    def layer_norms(self, flat: Array) -> Array:
        """None: no parameters are recorded. Shape (..., 0)."""
        return np.empty((*flat.shape[:-1], 0))

    def vector(self, at_points: Array, on_grid: Array, layers: Mapping[str, Array]) -> Array:
        """The vector of what was sampled; the inverse of reading it.

        Args:
            at_points (float array of shape (n_points, n_outputs)): outputs at the training points.
            on_grid (float array of shape (n_grid, n_outputs)): outputs on the grid.
            layers (mapping of float arrays of shape (n_points, width)): activations by layer.
        """
        parts = [at_points, on_grid, *(layers[name] for name in self.probe.layers)]
        return np.concatenate([part.reshape(-1) for part in parts])

    def forward(self, parameters: Array, inputs: Array) -> Array:
        """Outputs at some points: exact at known points, else bilinear between those of the grid.

        Raises:
            UsageError: a point that is neither a known one nor within the grid.
        """
        points = np.ascontiguousarray(inputs)
        corners, weights, exact, known = self._placed(_Points(points))
        leading = parameters.shape[:-1]
        at_points = parameters[..., self._parts[0]].reshape((*leading, -1, self.n_outputs))
        on_grid = parameters[..., self._parts[1]].reshape((*leading, -1, self.n_outputs))
        outputs = np.zeros((*leading, len(points), self.n_outputs), points.dtype)
        for corner, weight in zip(corners, weights, strict=True):
            outputs += weight[:, np.newaxis].astype(points.dtype) * on_grid[..., corner, :]
        outputs[..., exact, :] = at_points[..., known, :]
        return outputs

    def hidden(self, parameters: Array, inputs: Array) -> list[Array]:
        """Activations of the layers that were recorded, at known points only.

        Raises:
            UsageError: no layer was recorded, or a point is not known.
        """
        if not self.probe.layers:
            raise UsageError(
                f"hidden layers must have been recorded; the recording of {self.probe.name} has none. "
                'Record with layers=["name"].'
            )
        exact, known = self._known(inputs)
        if len(exact) < len(inputs):
            raise UsageError("points must be known ones where hidden layers were sampled; got others.")
        leading, layers = parameters.shape[:-1], []
        for part, width in zip(self._parts[2:], self.probe.layers.values(), strict=True):
            layers.append(parameters[..., part].reshape((*leading, -1, width))[..., known, :].astype(inputs.dtype))
        return layers

    def _known(self, points: Array) -> tuple[Array, Array]:
        """Which of some points are known, and which ones: two int64 arrays of one length."""
        rows = {row.tobytes(): k for k, row in reversed(list(enumerate(self.inputs.astype(points.dtype))))}
        pairs = [(i, rows[key]) for i, row in enumerate(points) if (key := row.tobytes()) in rows]
        exact, known = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return exact, known

    def _place(self, points: _Points) -> tuple[list[Array], list[Array], Array, Array]:
        """Corners around each point and their weights; which points are known."""
        array = points.array
        exact, known = self._known(array)
        placed = array.astype(np.float64)
        lows, highs = np.array(self.bounds, dtype=np.float64)[: len(self.probe.sides)].T
        coordinates = self.plane.coordinates(placed)
        at = (coordinates[:, : len(lows)] - lows) / (highs - lows)
        is_outside = ~((at > -_ROUNDING) & (at < 1 + _ROUNDING)).all(axis=1)
        off = np.abs(self.plane.inputs(coordinates) - placed).max(axis=1)
        is_outside |= off > _ROUNDING * (1.0 + np.abs(placed).max(axis=1))
        is_outside[exact] = False
        if is_outside.any():
            self._refuse(array[is_outside])
        cells = np.array(self.probe.sides) - 1
        scaled = np.clip(np.nan_to_num(at), 0.0, 1.0) * cells
        first = np.minimum(scaled.astype(np.int64), cells - 1)
        part = scaled - first
        corners, weights = [], []
        for steps in product((0, 1), repeat=len(cells)):
            corners.append(np.ravel_multi_index(tuple((first + steps).T), self.probe.sides))
            weights.append(np.where(steps, part, 1.0 - part).prod(axis=1))
        return corners, weights, exact, known

    def _refuse(self, points: Array) -> None:
        where = [list(bound) for bound in self.bounds[: len(self.probe.sides)]]
        names = " and ".join(self.plane.names[: len(where)])
        raise UsageError(
            f"points must lie within {where!r} of the plane of {names}, where {self.probe.name} was sampled; "
            f"got {points[0].tolist()!r}. Record with other bounds."
        )


@final
class _Points:
    """Points by their content, so that places found once are found again."""

    def __init__(self, array: Array) -> None:
        self.array: Final = array
        self._key: Final = (array.shape, array.dtype.str, crc32(array.tobytes()))

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Points) and self._key == other._key and np.array_equal(self.array, other.array)
