"""The share of points that are classified correctly, over steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.trace import VALIDATION_TONE, Trace, TraceMeasured, measured_traces
from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores

#: Room above 1 for the curve's width.
_LIMITS = (0.0, 1.04)


@dataclass(frozen=True)
class AccuracyPanel(TracePanel):
    """Share of the points that are correct, at every snapshot; of a regression R², the share of variance explained.

    A point is correct whose every output is strictly on its target's side of 0.5, or, of several classes, whose own
    class has the largest output.
    """

    kind: ClassVar[str] = "accuracy"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        n_points, at = len(recording.inputs), recording.steps.astype(np.float64)
        has_scores = recording.task == "regression" or len(recording.validation_inputs) > 0
        traces = []
        if has_scores:
            scores = Scores(recording)
            own = scores.r_squared if len(scores.r_squared) else recording.n_correct(slice(None)) / n_points
            name = "training" if len(scores.validation_score) else ""
            is_stepped = recording.task != "regression"
            traces.append(Trace(name, at, own, own, stepped=is_stepped))
            if name:
                other = scores.validation_score
                traces.append(Trace("validation", at, other, other, tone=VALIDATION_TONE, stepped=is_stepped))
        if recording.task == "regression":
            traces = [replace(one, values=np.maximum(one.values, 0.0)) for one in traces]
            traces = [replace(one, at_snapshots=np.maximum(one.at_snapshots, 0.0)) for one in traces]
            return measured_traces(("R²",), traces, recording, snapshots, "linear", limits=_LIMITS)
        if traces:
            return measured_traces(("accuracy",), traces, recording, snapshots, "linear", limits=_LIMITS, n_parts=100)
        shares = recording.n_correct(slice(None)) / n_points
        trace = Trace("", at, shares, shares, stepped=True)
        return measured_traces(("accuracy",), [trace], recording, snapshots, "linear", limits=_LIMITS, n_parts=n_points)
