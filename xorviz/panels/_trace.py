"""Curves over steps: the whole faint, the part already drawn strong, a dot at the present; every trace panel is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.reveal import Reveal
from xorviz.panels._base import Paint
from xorviz.panels.axes import TITLE_PT, grid_lines, tick_style
from xorviz.panels.ticks import linear_ticks, log_ticks, written
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame

Array = NDArray[np.float64]
Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class Trace:
    """One curve.

    Attributes:
        name: written above the curves; empty for a curve that needs no name.
        steps (float64 array of shape (n_values,)): rising.
        values (float64 array of shape (n_values,)): non-finite where there is a gap.
        at_snapshots (float64 array of shape (n_snapshots,)): the value that the dot shows for each snapshot.
        tone: index of the class accent it is drawn in, or None for ink.
    """

    name: str
    steps: Array
    values: Array
    at_snapshots: Array
    tone: int | None = None


@dataclass(frozen=True)
class TraceMeasured:
    """What a trace panel shows.

    Attributes:
        titles: names of the quantity, the longest first; the first that fits is drawn.
        traces: the curves, drawn in order.
        snapshot_steps (float64 array of shape (n_snapshots,)): step of each snapshot.
        steps: ``"linear"``, or ``"log"`` where half of the animation is over within a twelfth of the steps.
        limits: lowest and highest value; positive for a logarithmic scale.
        scale: ``"linear"`` or ``"log"``.
        diverged_at: first step with a non-finite loss, or None.
    """

    titles: tuple[str, ...]
    traces: tuple[Trace, ...]
    snapshot_steps: Array
    steps: Scale
    limits: tuple[float, float]
    scale: Scale
    diverged_at: int | None


def measured_traces(
    titles: tuple[str, ...], traces: Sequence[Trace], recording: Recording, snapshots: NDArray[np.int64], scale: Scale
) -> TraceMeasured:
    """Traces with the limits that show all of them, over steps spaced so that the animation's middle is not crowded."""
    low, high = _limits(np.concatenate([trace.values for trace in traces]), scale)
    steps = recording.steps.astype(np.float64)
    crowded = steps[snapshots[len(snapshots) // 2]] * 12 < steps[-1]
    return TraceMeasured(
        titles,
        tuple(traces),
        steps,
        "log" if crowded else "linear",
        (low, high),
        scale,
        recording.diverged_at,
    )


def _limits(values: Array, scale: Scale) -> tuple[float, float]:
    """Limits that show every finite value, but for what is beyond reading.

    A run that diverges passes a hundred powers of ten; what lies a million times above the first value is drawn at the
    upper edge, what lies twelve powers of ten below it at the lower.
    """
    values = values[np.isfinite(values) & ((values > 0) | (scale == "linear"))]
    if not values.size:
        return (0.1, 1.0) if scale == "log" else (0.0, 1.0)
    first = abs(float(values[0])) or 1.0
    low, high = float(values.min()), min(float(values.max()), 1e6 * first)
    if scale == "linear":
        low = max(min(low, 0.0), -1e6 * first)
        return (low, high + 0.04 * (high - low)) if high > low else (low, low + 1.0)
    low = min(max(low, 1e-12 * first), high)
    return (low / 1.15, high * 1.15) if high < 10 * low else (low, high * 1.1)


def attach_traces(place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
    """The artists of a trace panel."""
    pt = place.pt
    static, dots = _furniture(place, measured, theme), []
    strong = []
    for trace in measured.traces:
        color = theme.ink if trace.tone is None else theme.classes[trace.tone]
        lines = curve_px(place, measured, trace.steps, trace.values)
        faint = Polylines(color, 1.4 * pt, alpha=0.25)
        bold = Polylines(color, 2.6 * pt)
        faint.lines = bold.lines = lines
        static.append(faint)
        strong.append(bold)
        dots.append(Markers("o", 8.0 * pt, color, theme.paper, 1.5 * pt))
    reveal = Reveal(strong, left_px=place.left - round(3 * pt), right_px=place.right + round(3 * pt))
    at_x = x_px(place, measured, measured.snapshot_steps)
    at_y = [y_px(place, measured, trace.at_snapshots) for trace in measured.traces]

    def update(frame: Frame) -> None:
        reveal.edge_px = float(at_x[frame.snapshot])
        for dot, ys in zip(dots, at_y, strict=True):
            dot.points = [[at_x[frame.snapshot], ys[frame.snapshot]]]

    return Paint(tuple(static), (reveal, *dots), update)


def x_px(place: Place, measured: TraceMeasured, steps: ArrayLike) -> Array:
    """Horizontal positions of steps; a logarithmic axis counts from step 1, so that step 0 has a place."""
    last = max(float(measured.snapshot_steps[-1]), 1.0)
    if measured.steps == "log":
        return place.x_px(np.log10(np.asarray(steps) + 1.0), (0.0, float(np.log10(last + 1.0))))
    return place.x_px(steps, (0.0, last))


def y_px(place: Place, measured: TraceMeasured, values: Array) -> Array:
    """Vertical positions, at an edge beyond the limits; not finite where the scale cannot show a value."""
    low, high = measured.limits
    values = np.where(np.isfinite(values), values, np.nan)
    if measured.scale == "linear":
        return place.y_px(np.clip(values, low, high), (low, high))
    logs = np.log10(np.clip(np.where(values > 0, values, np.nan), low, high))
    return place.y_px(logs, (float(np.log10(low)), float(np.log10(high))))


def curve_px(place: Place, measured: TraceMeasured, steps: Array, values: Array) -> list[Array]:
    """A curve as lines in pixels, broken at gaps, with at most the extremes of each quarter pixel column."""
    xs, ys = x_px(place, measured, steps), y_px(place, measured, values)
    if len(xs) > 16 * place.width:
        xs, ys = _extremes(xs, ys, 4 * place.width)
    finite = np.isfinite(ys)
    pieces = np.split(np.stack([xs, ys], axis=-1), np.flatnonzero(finite[1:] != finite[:-1]) + 1)
    return [piece for piece in pieces if np.isfinite(piece[0, 1]) and len(piece) > 1]


def _extremes(xs: Array, ys: Array, n_bins: int) -> tuple[Array, Array]:
    """First, lowest, highest and last of each of ``n_bins`` runs of neighbours: what a pixel column can show."""
    n = len(xs) // n_bins * n_bins
    bins = ys[:n].reshape(n_bins, -1)
    filled_low, filled_high = np.where(np.isfinite(bins), bins, np.inf), np.where(np.isfinite(bins), bins, -np.inf)
    width = bins.shape[1]
    columns = np.stack(
        [np.zeros(n_bins, int), filled_low.argmin(1), filled_high.argmax(1), np.full(n_bins, width - 1)], axis=1
    )
    chosen = np.sort(columns, axis=1) + np.arange(n_bins)[:, None] * width
    kept = np.concatenate([np.unique(chosen), np.arange(n, len(xs))])
    return xs[kept], ys[kept]


def _furniture(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """Title, names of the curves, grid lines, tick labels, the mark of a divergence."""
    pt, style = place.pt, tick_style(place, theme)
    n_rows = max(int(place.height / (34 * pt)), 2)
    low, high = measured.limits
    ticks = linear_ticks(low, high, n_rows) if measured.scale == "linear" else log_ticks(low, high, n_rows)
    rows = y_px(place, measured, ticks)
    artists: list[Artist] = [grid_lines(place, rows, theme)]
    artists += [
        Label(place.left - 7 * pt, y - 0.34 * style.size_px, style, written(float(tick)), "right")
        for y, tick in zip(rows, ticks, strict=True)
    ]
    n_columns = max(int(place.width / (70 * pt)), 1)
    last = max(float(measured.snapshot_steps[-1]), 1.0)
    ticks = linear_ticks(0.0, last, n_columns) if measured.steps == "linear" else log_ticks(1.0, last, n_columns + 2)
    for tick in ticks:
        x = float(x_px(place, measured, tick))
        artists.append(Label(x, place.bottom - 18 * pt, style, written(float(tick)), "center"))
    artists.append(Label(place.left - 7 * pt, place.bottom - 18 * pt, style, "step", "right"))
    artists += _titles(place, measured, theme)
    if measured.diverged_at is not None:
        artists += _divergence(place, measured, theme)
    return artists


def _titles(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """The quantity on the left, the curves' names in their colours on the right, all above the place."""
    pt, right, above = place.pt, float(place.right), place.top + 9 * place.pt
    names: list[Artist] = []
    for trace in reversed([trace for trace in measured.traces if trace.name]):
        color = theme.ink if trace.tone is None else theme.class_texts[trace.tone]
        style = TextStyle(TITLE_PT * pt * 0.88, color, "Semibold")
        names.append(Label(right, above, style, trace.name, "right"))
        right -= text_width_px(trace.name, style) + 8 * pt
    style = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    fitting = [title for title in measured.titles if place.left + text_width_px(title, style) <= right]
    return [Label(place.left, above, style, (fitting or measured.titles[-1:])[0]), *names]


def _divergence(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """A line and a sentence where the loss stops being a number."""
    x = float(x_px(place, measured, measured.diverged_at or 0))
    mark = Polylines(theme.classes[1], 1.6 * place.pt)
    mark.lines = [np.array([[x, place.bottom], [x, place.top]])]
    style = TextStyle(12.5 * place.pt, theme.class_texts[1], "Semibold", theme.paper, 2.0 * place.pt)
    text = f"diverged at step {measured.diverged_at}"
    room = x + text_width_px(text, style) + 6 * place.pt <= place.right
    align: Literal["left", "right"] = "left" if room else "right"
    offset = 6 * place.pt if room else -6 * place.pt
    return [mark, Label(x + offset, place.top - 16 * place.pt, style, text, align)]
