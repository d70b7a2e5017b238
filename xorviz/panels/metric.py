"""Numbers that a training loop reported, over steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.panels._tones import even_shades
from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.trace import Trace, TraceMeasured, measured_traces
from xorviz.recordings.recording import Recording
from xorviz.recordings.traces import LOSS

_LOG_FROM_RATIO = 200.0


@dataclass(frozen=True)
class MetricPanel(TracePanel):
    """Every recorded number of some names, such as ``val_loss``; see `Recording.metrics`.

    Attributes:
        names: which ones; ``"loss"`` is the training loss. All but the loss if not given.
        scale: ``"linear"``, ``"log"``, or ``"auto"``: logarithmic where all are positive and differ more than 200-fold.
    """

    kind: ClassVar[str] = "metric"
    names: tuple[str, ...] = ()
    scale: Literal["auto", "linear", "log"] = "auto"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`.

        Raises:
            UsageError: no number was recorded, or none of that name.
        """
        names = self.names or tuple(recording.metrics)
        if not names:
            raise UsageError(
                "panel 'metric' must have recorded numbers to draw; the recording has none but the loss. "
                "Report some, recorder.step(loss=loss, accuracy=accuracy), or ask for names = ['loss']."
            )
        for name in names:
            if name not in (LOSS, *recording.metrics):
                raise unknown("names of panel 'metric'", name, (LOSS, *recording.metrics))
        # Two are told apart best by the two accents; more are shades of one.
        tones = [(0, 0.0), (1, 0.0)] if len(names) == 2 else [(0, shade) for shade in even_shades(len(names))]
        traces = [_trace(recording, name, *tone) for name, tone in zip(names, tones, strict=True)]
        values = np.concatenate([trace.values for trace in traces])
        finite = values[np.isfinite(values)]
        is_wide = finite.size > 0 and finite.min() > 0 and finite.max() > _LOG_FROM_RATIO * finite.min()
        scale = ("log" if is_wide else "linear") if self.scale == "auto" else self.scale
        title = names if len(names) == 1 else ("metrics",)
        return measured_traces(title, traces if len(names) > 1 else [_unnamed(traces[0])], recording, snapshots, scale)


def _trace(recording: Recording, name: str, tone: int, shade: float) -> Trace:
    """One curve; its dot stays at the latest value until there is another."""
    if name == LOSS:
        steps, values = recording.loss_steps, recording.loss
    else:
        series = recording.series(name)
        steps, values = series.steps, series.values
    latest = np.searchsorted(steps, recording.steps, side="right") - 1
    at_snapshots = np.append(np.nan, values)[latest + 1].astype(np.float64)
    return Trace(name, steps.astype(np.float64), values, at_snapshots, tone, shade)


def _unnamed(trace: Trace) -> Trace:
    """The only curve needs no name and no colour: the title has it."""
    return Trace("", trace.steps, trace.values, trace.at_snapshots)
