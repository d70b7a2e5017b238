"""The loss over steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.trace import VALIDATION_TONE, Trace, TraceMeasured, measured_traces
from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores

_LOG_FROM_RATIO = 200.0


@dataclass(frozen=True)
class LossPanel(TracePanel):
    """The reported loss of every step, and of the validation points at every snapshot.

    Attributes:
        scale: ``"linear"``, ``"log"``, or ``"auto"``: logarithmic once the loss falls or rises more than
            200-fold.
    """

    kind: ClassVar[str] = "loss"
    scale: Literal["auto", "linear", "log"] = "auto"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """Every step's loss and the final state's; see `Panel.measure`."""
        losses = np.append(recording.loss, recording.snapshot_losses[-1])
        positive = losses[np.isfinite(losses) & (losses > 0)]
        spread = max(positive[0] / positive.min(), positive.max() / positive[0]) if positive.size else 1.0
        scale = ("log" if spread > _LOG_FROM_RATIO else "linear") if self.scale == "auto" else self.scale
        steps = np.append(recording.loss_steps, recording.steps[-1]).astype(np.float64)
        validation = Scores(recording).validation_loss if len(recording.validation_inputs) else np.empty(0)
        name = "training" if len(validation) else ""
        traces = [Trace(name, steps, losses, recording.snapshot_losses)]
        if len(validation):
            at = recording.steps.astype(np.float64)
            traces.append(Trace("validation", at, validation, validation, tone=VALIDATION_TONE))
        return measured_traces(("loss",), traces, recording, snapshots, scale)
