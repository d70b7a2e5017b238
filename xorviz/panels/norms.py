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
        norms = recording.layer_norms("gradients")
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
        norms = recording.layer_norms("parameters")
        titles = ("parameter norm", "parameters")
        return measured_traces(titles, _traces(recording, norms), recording, snapshots, self.scale)

    def attach(self, place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        return attach_traces(place, measured, theme)


def _traces(recording: Recording, norms: dict[str, Array]) -> list[Trace]:
    """One curve a layer: the output layer in the accent of class 1, the hidden ones in that of class 0."""
    steps = recording.steps.astype(np.float64)
    return [Trace(name, steps, values, values, tone=1 if name == "output" else 0) for name, values in norms.items()]
