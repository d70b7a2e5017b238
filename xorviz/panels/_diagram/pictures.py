"""What fills the units of a network diagram: their biases, or their activations over the plane of the inputs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._diagram.diagram import Diagram, ceiling
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.recordings.recording import Recording

Array = NDArray[np.float64]
Spans = tuple[tuple[float, float], ...]
_COARSE, _FINE = 9, 40
# Products a frame, a few milliseconds' worth: the pictures of a very wide network are coarser.
_MOST_PRODUCTS = 1 << 25


def plane(recording: Recording, n: int) -> NDArray[np.float32]:
    """Inputs at ``n`` times ``n`` points of the drawn plane, row 0 lowest: float32 array of shape (n², n_inputs)."""
    return recording.plane.inputs(plane_grid(recording.bounds, n))


def activation_spans(recording: Recording, snapshots: NDArray[np.int64], *, diverged: bool) -> Spans:
    """Lowest and highest activation on the colour scale of each layer after the input.

    Outputs are shown from 0 to 1, as in the field; hidden sigmoids over all they can be; what has no bounds over the
    largest activation in some snapshots, 0 in the middle.
    """
    network, spans = recording.network, []
    points = plane(recording, _COARSE)
    for layer, name in enumerate(network.activations[:-1]):
        if name == "sigmoid":
            spans.append((0.0, 1.0))
            continue
        largest = 1.0
        if name != "tanh":
            found = [np.abs(recording.hidden(points, int(k))[layer]).max() for k in snapshots]
            largest = ceiling(np.array(found, dtype=np.float64), diverged=diverged)
        spans.append((-largest, largest))
    return (*spans, (0.0, 1.0))


class BiasFills:
    """Every unit's bias as one flat colour; the middle of the scale where there is none.

    Args:
        diagram: which units are drawn.
        strongest: size of the bias at the ends of the scale.
    """

    def __init__(self, diagram: Diagram, strongest: float) -> None:
        self._biases, self._strongest = diagram.biases, strongest
        self._n_inputs, self._ends = diagram.shown[0], np.cumsum(diagram.shown)[:-1]
        self._fills = np.full(sum(diagram.shown), 0.5)

    def of(self, parameters: Array) -> list[NDArray[np.floating]]:
        """Pictures of every layer, the input first: float64 arrays of shape (n_shown, 1, 1), 0..1.

        Args:
            parameters (float64 array of shape (n_parameters,)): the flat vector.
        """
        fills = self._fills.copy()
        if len(self._biases):
            fills[self._n_inputs :] += 0.5 * parameters[self._biases] / self._strongest
        return np.split(fills[:, None, None], self._ends)


class ActivationMaps:
    """Every unit's activation over the plane of the two inputs.

    Args:
        recording: whose network is evaluated.
        diagram: which units are drawn.
        spans: of each layer after the input; see `activation_spans`.
    """

    def __init__(self, recording: Recording, diagram: Diagram, spans: Spans) -> None:
        self._network, self._shown, self._spans = recording.network, diagram.shown, spans
        self._n = int(np.clip(np.sqrt(_MOST_PRODUCTS / recording.network.n_parameters), _COARSE, _FINE))
        self._points = plane(recording, self._n)
        lows, highs = self._points.min(axis=0), self._points.max(axis=0)
        widths = np.where(highs > lows, highs - lows, 1.0)
        self._inputs = self._pictures((self._points - lows) / widths, diagram.shown[0])

    def _pictures(self, values: NDArray[np.floating], n_shown: int) -> NDArray[np.floating]:
        return values.T[:n_shown].reshape(-1, self._n, self._n)

    def of(self, parameters: Array) -> list[NDArray[np.floating]]:
        """Pictures of every layer, the input first: float arrays of shape (n_shown, n, n), 0..1 on the colour scale.

        Args:
            parameters (float64 array of shape (n_parameters,)): the flat vector.
        """
        layers = self._network.layers(parameters.astype(np.float32), self._points)
        pictures = [
            self._pictures((layer - low) / (high - low), n_shown)
            for layer, (low, high), n_shown in zip(layers, self._spans, self._shown[1:], strict=True)
        ]
        return [self._inputs, *pictures]
