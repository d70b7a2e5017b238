"""A plane in parameter space and the loss on it: where it lies, how far a run strays from it, what it costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.network import Network
from xorviz.recordings.recording import Recording

Array = NDArray[np.float64]
# A direction that carries less of the path than this is rounding.
_NOTHING = 1e-12
# Numbers of one array that are computed at once.
_PIECE = 1 << 20


@dataclass(frozen=True)
class ParameterPlane:
    """All parameters that are an origin plus multiples of two directions.

    Attributes:
        origin (float64 array of shape (n_parameters,)): where both coordinates are 0.
        directions (float64 array of shape (2, n_parameters)): what a coordinate of 1 adds to it.
        names: of the two directions.
        zeros: what the axes read at the origin.
    """

    origin: Array
    directions: Array
    names: tuple[str, str]
    zeros: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def _inverse(self) -> Array:
        """Takes a vector to the coordinates of the nearest point of the plane: (n_parameters, 2)."""
        inverse: Array = np.linalg.pinv(self.directions @ self.directions.T, hermitian=True) @ self.directions
        return inverse.T

    def coordinates(self, parameters: Array) -> Array:
        """Of the nearest points of the plane.

        Args:
            parameters (float64 array of shape (..., n_parameters)): anywhere.

        Returns:
            (float64 array of shape (..., 2)): not finite where the parameters are not.
        """
        with np.errstate(all="ignore"):
            found: Array = (parameters - self.origin) @ self._inverse
        return found

    def points(self, coordinates: Array) -> Array:
        """Parameters at coordinates (float64 array of shape (..., 2)): float64 array of shape (..., n_parameters)."""
        with np.errstate(all="ignore"):
            points: Array = self.origin + coordinates @ self.directions
        return points

    def shares(self, parameters: Array) -> tuple[float, float] | None:
        """How much of the squared distances from the origin lies along each direction.

        Args:
            parameters (float64 array of shape (n, n_parameters)): a path.

        Returns:
            Two shares of 1, both 0 for a path that stays at the origin; None where the directions are not orthonormal
            and shares would not add up.
        """
        if not np.allclose(self.directions @ self.directions.T, np.eye(2), atol=1e-6):
            return None
        total = float(np.square(parameters - self.origin).sum())
        along = np.square(self.coordinates(parameters)).sum(axis=0)
        first, second = (along / total).tolist() if total > 0 else (0.0, 0.0)
        return first, second


def principal_plane(parameters: Array) -> ParameterPlane:
    """The plane through the last of some parameters that comes nearest to all of them.

    The path goes through its origin and lies, at its farthest, left of and below it.

    Args:
        parameters (float64 array of shape (n, n_parameters)): a path, finite; two or more parameters.

    References:
        H. Li, Z. Xu, G. Taylor, C. Studer & T. Goldstein, "Visualizing the loss landscape of neural nets", NeurIPS
        (2018), section 7.2: principal components of the differences to the final parameters. The differences are not
        centred, so that the plane holds the final parameters, and every snapshot counts the same. The components come
        from the n by n products of the differences, which are few where parameters are many.
    """
    path = parameters - parameters[-1]
    sizes, vectors = np.linalg.eigh(path @ path.T)
    directions = np.empty((0, path.shape[1]))
    for size, vector in zip(sizes[:-3:-1], vectors.T[:-3:-1], strict=False):
        if size > _NOTHING * sizes[-1]:
            direction = vector @ path / np.sqrt(size)
            along = path @ direction
            directions = np.vstack([directions, -np.sign(along[np.abs(along).argmax()]) * direction])
    while len(directions) < 2:
        directions = np.vstack([directions, _another(directions)])
    return ParameterPlane(parameters[-1], directions, ("PC 1", "PC 2"))


def _another(directions: Array) -> Array:
    """A unit vector at right angles to orthonormal ones, near the parameter that they use least."""
    used = np.square(directions).sum(axis=0)
    direction = np.zeros(directions.shape[1])
    direction[used.argmin()] = 1.0
    direction -= directions.T @ (directions @ direction)
    another: Array = direction / np.linalg.norm(direction)
    return another


def coordinate_plane(network: Network, origin: Array, names: Sequence[str]) -> ParameterPlane:
    """The plane of two parameters, the others as they are at the origin.

    Args:
        network: whose parameters they are.
        origin (float64 array of shape (n_parameters,)): a point of the plane.
        names: two different ones, as ``"W1[0,1]"`` or ``"b2[0]"``.

    Raises:
        UsageError: a name that is no parameter of the network.
    """
    indices = [_index(network, name) for name in names]
    first, second = names
    zeros = float(origin[indices[0]]), float(origin[indices[1]])
    directions = np.zeros((2, len(origin)))
    directions[[0, 1], indices] = 1.0
    return ParameterPlane(origin, directions, (first, second), zeros)


def _index(network: Network, name: str) -> int:
    """Where a named parameter stands in the flat vector."""
    match = re.fullmatch(r"([Wb]\d+)\[(\d+)(?:, ?(\d+))?\]", name)
    array, *at = [part for part in match.groups() if part] if match else [""]
    shape, where = network.shapes.get(array, ()), tuple(map(int, at))
    if not shape or len(where) != len(shape) or any(i >= n for i, n in zip(where, shape, strict=True)):
        arrays = ", ".join(f"{known} of shape {list(shape)}" for known, shape in network.shapes.items())
        raise UsageError(f"parameters must be elements such as 'W1[0,1]', counted from 0, of {arrays}; got {name!r}.")
    return int(network.views(np.arange(network.n_parameters))[array][where])


def filter_normalised(plane: ParameterPlane, network: Network) -> ParameterPlane:
    """The same plane's directions with every unit's part as long as that unit's parameters at the origin.

    References:
        Li et al. (2018), section 4. A unit's filter is the weights that feed it; here its bias is scaled with them.
        The paper normalises random directions, these are any. A unit whose parameters or direction are 0 stands still,
        and directions at right angles may end up at others.
    """
    scaled = plane.directions.copy()
    for part, n_units in zip(network.layer_ranges.values(), network.widths[1:], strict=True):
        wanted = np.linalg.norm(plane.origin[part].reshape(-1, n_units), axis=0)
        units = scaled[:, part].reshape(2, -1, n_units)
        lengths = np.linalg.norm(units, axis=1, keepdims=True)
        factors = np.divide(wanted, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        scaled[:, part] = (units * factors).reshape(2, -1)
    return ParameterPlane(plane.origin, scaled, plane.names, plane.zeros)


def losses_at(recording: Recording, plane: ParameterPlane, coordinates: Array) -> Array:
    """The recorded loss, over all training points, at points of a plane.

    Args:
        recording: whose network, points and loss they are.
        plane: in its parameters' space.
        coordinates (float64 array of shape (..., 2)): on the plane.

    Returns:
        (float64 array of shape (...,)): not finite where the network's outputs are not.
    """
    network, inputs = recording.network, recording.inputs
    flat = coordinates.reshape(-1, 2)
    n_at_once = max(_PIECE // max(network.n_parameters, len(inputs) * max(network.widths)), 1)
    losses = np.empty(len(flat))
    with np.errstate(all="ignore"):
        for start in range(0, len(flat), n_at_once):
            piece = slice(start, start + n_at_once)
            outputs = network.forward(plane.points(flat[piece]), inputs)
            losses[piece] = recording.objective.value(outputs, recording.targets)
    return losses.reshape(coordinates.shape[:-1])
