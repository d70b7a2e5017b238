"""Norms of gradients and parameters, layer by layer, over steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.panels._trace import Trace, TraceMeasured, attach_traces, measured_traces
from xorviz.recording import Recording
from xorviz.themes import Theme

Array = NDArray[np.float64]


@dataclass(frozen=True)
class GradientPanel(Panel):
    """Euclidean norm of the gradient of each layer's weights and biases, at every snapshot.

    Attributes:
        scale: ``"log"`` or ``"linear"``.
    """

    kind: ClassVar[str] = "gradients"
    scale: Literal["linear", "log"] = "log"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        norms = layer_norms(recording, recording.gradient_vectors())
        titles = ("gradient norm", "gradient")
        return measured_traces(titles, _traces(recording, norms), recording, snapshots, self.scale)

    def attach(self, place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        return attach_traces(place, measured, theme)


@dataclass(frozen=True)
class ParameterPanel(Panel):
    """Euclidean norm of each layer's weights and biases, at every snapshot.

    Attributes:
        scale: ``"linear"`` or ``"log"``.
    """

    kind: ClassVar[str] = "parameters"
    scale: Literal["linear", "log"] = "linear"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        norms = layer_norms(recording, recording.parameter_vectors())
        titles = ("parameter norm", "parameters")
        return measured_traces(titles, _traces(recording, norms), recording, snapshots, self.scale)

    def attach(self, place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        return attach_traces(place, measured, theme)


def layer_norms(recording: Recording, vectors: Array) -> dict[str, Array]:
    """Euclidean norm over a layer's weights and biases.

    Args:
        recording: whose layout the vectors have.
        vectors (float64 array of shape (n_snapshots, n_parameters)): parameters or gradients.

    Returns:
        float64 arrays of shape (n_snapshots,) by name: ``hidden`` and ``output``, or ``hidden 1`` … where there are
        several hidden layers.
    """
    views = recording.network.views(vectors)
    n_layers = len(recording.network.widths) - 1
    norms = {}
    for layer in range(1, n_layers + 1):
        squares = np.zeros(len(vectors))
        for name in (f"W{layer}", f"b{layer}"):
            if name in views:
                with np.errstate(over="ignore"):
                    squares += np.square(views[name].reshape(len(vectors), -1)).sum(axis=1)
        hidden = "hidden" if n_layers == 2 else f"hidden {layer}"
        norms["output" if layer == n_layers else hidden] = np.sqrt(squares)
    return norms


def _traces(recording: Recording, norms: dict[str, Array]) -> list[Trace]:
    """One curve a layer: the output layer in the accent of class 1, the hidden ones in that of class 0."""
    steps = recording.steps.astype(np.float64)
    return [Trace(name, steps, values, values, tone=1 if name == "output" else 0) for name, values in norms.items()]
