"""Curves over steps in numbers: values, the limits that show them, and limits that several recordings share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.recording import Recording

_LEAST, _MOST = 1e-300, 1e300

Array = NDArray[np.float64]
Scale = Literal["linear", "log"]
Limits = tuple[float, float]
#: Which class accent the curve of validation points is drawn in.
VALIDATION_TONE = 1


@dataclass(frozen=True)
class Trace:
    """One curve.

    Attributes:
        name: written above the curves, once for all that share it; empty for a curve that needs no name.
        steps (float64 array of shape (n_values,)): rising.
        values (float64 array of shape (n_values,)): non-finite where there is a gap.
        at_snapshots (float64 array of shape (n_snapshots,)): the value that the dot shows for each snapshot.
        tone: index of the class accent it is drawn in, or None for ink.
        shade: how much ink is mixed into that accent, from 0 to 1.
        label: written at the curve's end; empty for none.
        stepped: whether each value holds until the next instead of leading to it in a straight line.
    """

    name: str
    steps: Array
    values: Array
    at_snapshots: Array
    tone: int | None = None
    shade: float = 0.0
    label: str = ""
    stepped: bool = False


@dataclass(frozen=True)
class Guide:
    """A value to compare with: a dashed line across the place.

    Attributes:
        value: where it lies.
        texts: what is written on it, the longest first; the first that fits is drawn.
    """

    value: float
    texts: tuple[str, ...]


@dataclass(frozen=True)
class TraceMeasured:
    """What a trace panel shows.

    Attributes:
        titles: names of the quantity, the longest first; the first that fits is drawn.
        traces: the curves, drawn in order.
        snapshot_steps (float64 array of shape (n_snapshots,)): step of each snapshot.
        last_step: where the axis of steps ends, at least 1.
        middle_step: the step that is shown half way through the animation.
        limits: lowest and highest value; positive for a logarithmic scale.
        scale: ``"linear"`` or ``"log"``.
        diverged_at: first step with a non-finite loss, or None.
        guide: a value to compare with, or None.
        n_parts: of how many equal parts values are counts; 0 for values that are none.
    """

    titles: tuple[str, ...]
    traces: tuple[Trace, ...]
    snapshot_steps: Array
    last_step: float
    middle_step: float
    limits: Limits
    scale: Scale
    diverged_at: int | None
    guide: Guide | None = None
    n_parts: int = 0

    @property
    def steps(self) -> Scale:
        """``"linear"``, or ``"log"`` where half of the animation is over within a twelfth of the steps."""
        return "log" if max(self.middle_step, 1.0) * 12 < self.last_step else "linear"


def measured_traces(
    titles: tuple[str, ...],
    traces: Sequence[Trace],
    recording: Recording,
    snapshots: NDArray[np.int64],
    scale: Scale,
    *,
    limits: Limits | None = None,
    guide: Guide | None = None,
    n_parts: int = 0,
) -> TraceMeasured:
    """Traces with limits, those that show all of them if none are given."""
    steps = recording.steps.astype(np.float64)
    middle = float(steps[snapshots[len(snapshots) // 2]])
    limits = limits or limits_of(traces, scale)
    last = max(float(steps[-1]), 1.0)
    return TraceMeasured(
        titles, tuple(traces), steps, last, middle, limits, scale, recording.diverged_at, guide, n_parts
    )


def limits_of(traces: Sequence[Trace], scale: Scale) -> Limits:
    """Limits that show every finite value, and 0 on a linear scale, but for what is beyond reading.

    A run that diverges passes a hundred powers of ten; what lies a million times above the largest initial value is
    drawn at the upper edge, what lies twelve powers of ten below it at the lower. Beyond 1e±300 there would be no room
    for a margin.
    """
    least = _LEAST if scale == "log" else -np.inf
    kept = [trace.values[np.isfinite(trace.values) & (trace.values > least)] for trace in traces]
    kept = [np.clip(values, -_MOST, _MOST) for values in kept if values.size]
    if not kept:
        return (0.1, 1.0) if scale == "log" else (0.0, 1.0)
    first = max(abs(float(values[0])) for values in kept) or 1.0
    low, high = min(float(values.min()) for values in kept), max(float(values.max()) for values in kept)
    high = min(high, 1e6 * first)
    if scale == "log":
        low = min(max(low, 1e-12 * first), high)
        return (low / 1.15, high * 1.15) if high < 10 * low else (low, high * 1.1)
    low, high = max(min(low, 0.0), -1e6 * first), max(high, 0.0)
    margin = 0.04 * (high - low)
    return (low - margin * (low < 0), high + margin * (high > 0)) if high - low > _LEAST else (low, low + 1.0)


def with_common_limits(measured: Sequence[TraceMeasured]) -> list[TraceMeasured]:
    """The same curves over steps and values that show those of all; logarithmic if one of them is."""
    scale: Scale = "log" if any(one.scale == "log" for one in measured) else "linear"
    limits = [one.limits if one.scale == scale else limits_of(one.traces, scale) for one in measured]
    lows, highs = zip(*limits, strict=True)
    last, middle = max(one.last_step for one in measured), min(one.middle_step for one in measured)
    shown = (min(lows), max(highs))
    return [replace(one, scale=scale, limits=shown, last_step=last, middle_step=middle) for one in measured]
