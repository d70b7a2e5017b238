"""The plane that is drawn: two coordinates, and the inputs that stand for each point of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError

Bounds: TypeAlias = tuple[tuple[float, float], tuple[float, float]]
#: Mean and standard deviation of each input before it was standardised; empty where none was.
Units: TypeAlias = tuple[tuple[float, float], ...]
AnyFloat = TypeVar("AnyFloat", bound=NDArray[Any])

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MARGIN = 0.15
#: Sides that differ by more than this have coordinates of different units, and no common scale.
_MOST_UNLIKE = 2.0


class Plane(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A plane in the space of a network's inputs: input = origin + u · directions[0] + v · directions[1].

    Attributes:
        origin: the input at which both coordinates are 0, one number an input.
        directions: two vectors at right angles, one number an input each, as long as a unit of the coordinate is;
            of a network of one input the second is 0.
        names: of the two coordinates.
        explained: shares of the inputs' variance along the two directions, where these are principal components.

    Raises:
        UsageError: vectors of different lengths.
    """

    origin: tuple[float, ...]
    directions: tuple[tuple[float, ...], tuple[float, ...]]
    names: tuple[str, str]
    explained: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Check the lengths."""
        lengths = {len(self.origin), *map(len, self.directions)}
        if len(lengths) != 1 or not self.origin:
            raise UsageError(f"plane must have an origin and directions of one length; got {sorted(lengths)!r}.")

    @property
    def is_whole(self) -> bool:
        """Whether the two coordinates are the network's two inputs."""
        return self.origin == (0.0, 0.0) and self.directions == ((1.0, 0.0), (0.0, 1.0))

    @property
    def features(self) -> tuple[int, int] | None:
        """The two inputs along which the coordinates run, from 0; None where they run along none."""
        found = [[k for k, part in enumerate(vector) if part] for vector in self.directions]
        return (found[0][0], found[1][0]) if all(len(one) == 1 for one in found) else None

    def held(self, units: Units = ()) -> dict[int, float]:
        """The inputs that are not drawn and their values, in their own units; none where no two inputs are drawn."""
        if self.features is None:
            return {}
        means, stds = zip(*(units or [(0.0, 1.0)] * len(self.origin)), strict=True)
        every = range(len(self.origin))
        return {k: self.origin[k] * stds[k] + means[k] for k in every if k not in self.features}

    def inputs(self, coordinates: AnyFloat) -> AnyFloat:
        """The inputs at points of the plane.

        Args:
            coordinates (float array of shape (..., 2)): u and v.

        Returns:
            (float array of shape (..., n_inputs)): in the same type.
        """
        if self.is_whole:
            return coordinates
        origin, directions = (np.array(one, dtype=coordinates.dtype) for one in (self.origin, self.directions))
        found: AnyFloat = coordinates @ directions + origin
        return found

    def coordinates(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Where inputs (float array of shape (..., n_inputs)) fall on the plane: float array of shape (..., 2)."""
        if self.is_whole:
            return inputs
        directions = np.array(self.directions)
        squares = np.square(directions).sum(axis=1)
        found: NDArray[Any] = (inputs - np.array(self.origin)) @ directions.T / np.where(squares > 0, squares, 1.0)
        return found

    def restricted(self, weights: NDArray[Any], biases: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """What weights (n_units, n_inputs) and biases (n_units,) of a layer are as functions of u and v.

        Returns:
            (float array of shape (n_units, 2)): weights of the coordinates.
            (float array of shape (n_units,)): biases.
        """
        if self.is_whole:
            return weights, biases
        return weights @ np.array(self.directions).T, biases + weights @ np.array(self.origin)


def input_names(n_inputs: int, feature_names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of the inputs: x₁, x₂ … where none are given."""
    return feature_names or tuple(f"x{str(k + 1).translate(_SUBSCRIPTS)}" for k in range(n_inputs))


def feature_plane(
    inputs: NDArray[np.float64],
    pair: tuple[int, int] = (0, 1),
    *,
    feature_names: tuple[str, ...] = (),
    held: Mapping[int, float] | None = None,
    units: Units = (),
) -> Plane:
    """The plane of two inputs, the rest held.

    Args:
        inputs (float64 array of shape (n_points, n_inputs)): the data.
        pair: which two, from 0.
        feature_names: names of all inputs; x₁, x₂ … if not given.
        held: values of some of the others; the lower median of the data, a value that occurs, of those not given.
        units: by which inputs were standardised; coordinates and held values are those before.

    Raises:
        UsageError: inputs that are not there or the same one twice, or a held one that is drawn.
    """
    n_inputs = inputs.shape[1]
    names, held = input_names(n_inputs, feature_names), dict(held or {})
    means, stds = np.array(units or [(0.0, 1.0)] * n_inputs).T
    if n_inputs == 1:
        origin, along = float(-means[0] / stds[0]), float(1 / stds[0])
        return Plane(origin=(origin,), directions=((along,), (0.0,)), names=(names[0], ""))
    if pair[0] == pair[1] or not all(0 <= one < n_inputs for one in (*pair, *held)):
        raise UsageError(f"plane must be of two different inputs from 0 to {n_inputs - 1}; got {list(pair)!r}.")
    if taken := set(pair) & set(held):
        raise UsageError(f"held must name inputs that the plane does not show; got {names[min(taken)]!r}.")
    values = np.quantile(inputs, 0.5, axis=0, method="lower") * stds + means
    values[list(held)] = list(held.values())
    values[list(pair)] = 0.0
    directions = np.zeros((2, n_inputs))
    directions[[0, 1], pair] = 1 / stds[list(pair)]
    first, second = (tuple(vector) for vector in directions.tolist())
    at_zero = tuple(((values - means) / stds).tolist())
    return Plane(origin=at_zero, directions=(first, second), names=(names[pair[0]], names[pair[1]]))


def principal_plane(inputs: NDArray[np.float64]) -> Plane:
    """The plane of the first two principal components of the inputs, through their mean.

    Of each direction the sign is such that its largest component is positive.

    Args:
        inputs (float64 array of shape (n_points, n_inputs)): the data, two inputs at least.

    Raises:
        UsageError: one input only, or inputs that do not vary.

    References:
        I. T. Jolliffe, Principal Component Analysis (2002), section 3.5: the singular value decomposition.
    """
    mean = inputs.mean(axis=0)
    _, singular, directions = np.linalg.svd(inputs - mean, full_matrices=True)
    if inputs.shape[1] < 2 or not singular[0] > 0:
        raise UsageError("plane 'pca' must have two inputs or more, and points that differ. Leave it out.")
    shares = np.zeros(inputs.shape[1])
    shares[: len(singular)] = singular**2 / (singular**2).sum()
    chosen = directions[:2]
    chosen = chosen * np.sign(chosen[np.arange(2), np.abs(chosen).argmax(axis=1)])[:, None]
    return Plane(
        origin=tuple(mean.tolist()),
        directions=(tuple(chosen[0].tolist()), tuple(chosen[1].tolist())),
        names=(f"PC1 ({shares[0]:.0%} of variance)", f"PC2 ({shares[1]:.0%})"),
        explained=(float(shares[0]), float(shares[1])),
    )


def bounds_around(plane: Plane, inputs: NDArray[np.float64]) -> Bounds:
    """The part of a plane worth drawing: around the points, with a margin; as high as wide where units are alike.

    Args:
        plane: what is drawn.
        inputs (float64 array of shape (n_points, n_inputs)): the data.
    """
    at = plane.coordinates(inputs)
    low, high = at.min(axis=0), at.max(axis=0)
    spans = np.where(high > low, high - low, 0.0)
    spans = np.where(spans > 0, spans, spans.max() or 1.0)
    if spans.max() <= _MOST_UNLIKE * spans.min():
        spans[:] = spans.max()
    middles, halves = (low + high) / 2, (0.5 + _MARGIN) * spans
    (x, y), (dx, dy) = middles.tolist(), halves.tolist()
    return (x - dx, x + dx), (y - dy, y + dy)


def aspect(bounds: Bounds) -> float:
    """Width to height of a place in which both coordinates have one scale; 1 where that would make it a strip."""
    (x_low, x_high), (y_low, y_high) = bounds
    ratio = (x_high - x_low) / (y_high - y_low)
    return ratio if 1 / _MOST_UNLIKE <= ratio <= _MOST_UNLIKE else 1.0
