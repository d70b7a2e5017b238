"""The share of points that are classified correctly, over steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.trace import Trace, TraceMeasured, measured_traces
from xorviz.recording import Recording

#: Room above 1 for the curve's width.
_LIMITS = (0.0, 1.04)


@dataclass(frozen=True)
class AccuracyPanel(TracePanel):
    """Share of the points whose every output is strictly on its target's side of 0.5, at every snapshot."""

    kind: ClassVar[str] = "accuracy"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        n_points = len(recording.inputs)
        shares = recording.n_correct(slice(None)) / n_points
        trace = Trace("", recording.steps.astype(np.float64), shares, shares, stepped=True)
        return measured_traces(("accuracy",), [trace], recording, snapshots, "linear", limits=_LIMITS, n_parts=n_points)
