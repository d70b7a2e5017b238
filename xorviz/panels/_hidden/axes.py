"""Two directions in the space of a layer's activations, the same for a whole run, and how far the run goes in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._diagram.diagram import ceiling
from xorviz.panels._names.units import unit_names
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels._reading import readable_snapshots
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice

Array = NDArray[np.float64]
_RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
_MARGIN = 0.1
_SAMPLED_SNAPSHOTS, _SAMPLED_POINTS, _SAMPLED_SIDE = 60, 120, 9
_MOST_VALUES = 1 << 22
_FEW_UNITS = 512


@dataclass(frozen=True)
class HiddenAxes:
    """A plane to look at a layer's space in.

    Attributes:
        origin (float64 array of shape (n_units,)): activations at which both coordinates are 0.
        directions (float64 array of shape (n_units, 2)): orthonormal columns.
        names: of the two coordinates.
        bounds: limits of the two coordinates.
    """

    origin: Array
    directions: Array
    names: tuple[str, str]
    bounds: Bounds

    def coordinates(self, activations: NDArray[np.floating]) -> Array:
        """Of activations (float array of shape (..., n_units)): float64 array of shape (..., 2)."""
        with np.errstate(all="ignore"):
            found: Array = (activations - self.origin) @ self.directions
        return found


def layer_space(recording: Recording, layer: int, points: NDArray[np.floating], snapshot: int) -> NDArray[np.floating]:
    """Activations of a layer, 0 for the inputs: float array of shape (n_points, n_units).

    A layer of one unit has the output as a second one beside it, of which the network makes nothing more.
    """
    values = points if layer == 0 else recording.hidden(points, snapshot=snapshot)[layer - 1]
    if values.shape[1] > 1:
        return values
    return np.concatenate([values, recording.outputs(points, snapshot=snapshot)[:, :1]], axis=1)


def hidden_axes(recording: Recording, layer: int, units: tuple[int, int] | None) -> HiddenAxes:
    """The axes of two units, or the two directions in which activations differ most over the run.

    Args:
        recording: the run.
        layer: 0 for the inputs.
        units: which two, counted from 0; None for the principal components where there are more than two.

    References:
        K. Pearson, Philosophical Magazine 2 (1901): principal components, here of the activations at the data and at
        points all over the inputs' plane, at an even choice of snapshots. One decomposition for the whole run, because
        axes that follow each snapshot would hide how the points move.
    """
    network = recording.network
    names = unit_names(network)[layer]
    if len(names) == 1:
        names = (*names, unit_names(network)[-1][0])
    values = _sampled(recording, layer)
    width = values.shape[-1]
    if units is None and width > 2:
        return _principal(values.reshape(-1, width))
    first, second = units or (0, 1)
    directions = np.zeros((width, 2))
    directions[[first, second], [0, 1]] = 1.0
    activation = "" if layer == 0 else network.activations[layer - 1]
    if network.widths[layer] == 1:
        separate = [_RANGES.get(activation) or _range(values[..., 0]), _range(values[..., 1], (0.0, 1.0))]
    else:
        separate = [_RANGES.get(activation) or _range(values[..., [first, second]])] * 2
    bounds = _wider(*separate[0]), _wider(*separate[1])
    if layer == 0 and width == 2:
        bounds = recording.bounds[first], recording.bounds[second]
    return HiddenAxes(np.zeros(width), directions, (names[first], names[second]), bounds)


def _sampled(recording: Recording, layer: int) -> Array:
    """Activations all over the run: float64 array of shape (n_snapshots, n_points, n_units), without diverged ones."""
    points = recording.inputs[even_choice(len(recording.inputs), _SAMPLED_POINTS)]
    if points.shape[1] > 1:
        on_plane = recording.plane.inputs(plane_grid(recording.bounds, _SAMPLED_SIDE))
        points = np.concatenate([points, on_plane])
    n_most = max(_MOST_VALUES // (len(points) * recording.network.widths[layer]), 2)
    chosen = readable_snapshots(recording, n_most=min(_SAMPLED_SNAPSHOTS, n_most))
    values = np.array([layer_space(recording, layer, points, int(k)) for k in chosen], dtype=np.float64)
    sizes = np.abs(values).max(axis=(1, 2))
    # What diverges is shown to ten times its first size.
    kept = values[sizes <= ceiling(sizes, diverged=recording.diverged_at is not None)]
    return kept if len(kept) else np.zeros_like(values[:1])


def _principal(values: Array) -> HiddenAxes:
    """Of activations (float64 array of shape (n, n_units)); both coordinates have one scale."""
    origin = values.mean(axis=0)
    centred = values - origin
    if values.shape[1] <= max(len(values), _FEW_UNITS):
        sizes, vectors = np.linalg.eigh(centred.T @ centred)
        directions = vectors[:, :-3:-1]
    else:
        # The products of the points with each other are fewer.
        sizes, vectors = np.linalg.eigh(centred @ centred.T)
        directions = np.linalg.qr(centred.T @ vectors[:, :-3:-1])[0]
    # A sign of its own would be chance.
    directions = directions * np.where(directions[np.abs(directions).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    total = float(np.square(centred).sum())
    shares = [float(size) / total if total else 0.0 for size in sizes[:-3:-1]]
    along = centred @ directions
    low, high = along.min(axis=0), along.max(axis=0)
    half = 0.5 * float((high - low).max()) or 1.0
    x, y = (_wider(at - half, at + half) for at in (0.5 * (low + high)).tolist())
    return HiddenAxes(origin, directions, (f"PC 1 ({shares[0]:.0%})", f"PC 2 ({shares[1]:.0%})"), (x, y))


def _range(values: Array, least: tuple[float, float] = (0.0, 0.0)) -> tuple[float, float]:
    """The smallest and the largest, and at least these."""
    return float(values.min(initial=least[0])), float(values.max(initial=least[1]))


def _wider(low: float, high: float) -> tuple[float, float]:
    """With a margin on both sides."""
    margin = _MARGIN * (high - low) if high > low else 1.0
    return low - margin, high + margin
