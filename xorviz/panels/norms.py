"""Gradients and parameters over steps, as norms of layers or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._base import require_network
from xorviz.panels._tones import layer_tones
from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.parameters import parameter_limits, parameter_traces, share_drawn
from xorviz.panels._traces.trace import Scale, Trace, TraceMeasured, measured_traces
from xorviz.recordings.database import Column
from xorviz.recordings.recording import Recording

_NAMES: dict[Column, tuple[str, str]] = {
    "gradients": ("gradient", "gradient"),
    "parameters": ("parameter", "parameters"),
}


@dataclass(frozen=True)
class GradientPanel(TracePanel):
    """The gradient of the training loss at every snapshot.

    Attributes:
        scale: ``"log"`` or ``"linear"``.
        by: ``"layer"``, the Euclidean norm over each layer's weights and biases, or ``"parameter"``, each single
            one's component: signed on a linear scale, absolute on a logarithmic one.
    """

    kind: ClassVar[str] = "gradients"
    scale: Literal["linear", "log"] = "log"
    by: Literal["layer", "parameter"] = "layer"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        return _measured("gradients", self.by, self.scale, recording, snapshots)


@dataclass(frozen=True)
class ParameterPanel(TracePanel):
    """The parameters at every snapshot.

    Attributes:
        scale: ``"linear"`` or ``"log"``.
        by: ``"layer"``, the Euclidean norm over each layer's weights and biases, or ``"parameter"``, each single one:
            signed on a linear scale, absolute on a logarithmic one.
    """

    kind: ClassVar[str] = "parameters"
    scale: Literal["linear", "log"] = "linear"
    by: Literal["layer", "parameter"] = "layer"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        return _measured("parameters", self.by, self.scale, recording, snapshots)


def _measured(of: Column, by: str, scale: Scale, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
    """One curve a layer, or one a parameter."""
    require_network(recording, of)
    name, short = _NAMES[of]
    if by == "parameter":
        traces, some = parameter_traces(recording, of, scale), share_drawn(recording.network)
        quantity, limits = f"|{short}|" if scale == "log" else short, parameter_limits(traces, scale)
        titles = (f"{quantity}: {some}", some) if some else (quantity,)
        return measured_traces(titles, traces, recording, snapshots, scale, limits=limits)
    norms, steps = recording.layer_norms(of), recording.steps.astype(np.float64)
    traces = [
        Trace(layer, steps, values, values, tone, shade)
        for (layer, values), (tone, shade) in zip(norms.items(), layer_tones(list(norms)), strict=True)
    ]
    return measured_traces((f"{name} norm", short), traces, recording, snapshots, scale)
