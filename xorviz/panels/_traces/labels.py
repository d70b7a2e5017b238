"""The furniture of curves over steps: title, names, grid, numbers, guide, the mark of a divergence."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._tones import toned
from xorviz.panels._traces.end_names import end_names
from xorviz.panels._traces.guide import guide_line
from xorviz.panels._traces.positions import x_px, y_px
from xorviz.panels._traces.trace import Trace, TraceMeasured
from xorviz.panels.axes import TITLE_PT, grid_lines, tick_style
from xorviz.panels.ticks import linear_ticks, log_ticks, written
from xorviz.styles.themes import Theme

_MOST_COUNTED = 12
_NAME_GAP_PT = 8.0


def furniture(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """Everything around the curves, drawn below them."""
    pt, style = place.pt, tick_style(place, theme)
    artists = _value_axis(place, measured, theme)
    n_columns = max(int(place.width / (70 * pt)), 1)
    last = measured.last_step
    ticks = linear_ticks(0.0, last, n_columns) if measured.steps == "linear" else log_ticks(1.0, last, n_columns + 2)
    for tick in ticks:
        x = float(x_px(place, measured, tick))
        artists.append(Label(x, place.bottom - 18 * pt, style, written(float(tick)), "center"))
    artists.append(Label(place.left - 7 * pt, place.bottom - 18 * pt, style, "step", "right"))
    artists += _titles(place, measured, theme)
    artists += end_names(place, measured, theme)
    if measured.guide is not None:
        artists += guide_line(place, measured, measured.guide, theme)
    if measured.diverged_at is not None:
        artists += _divergence(place, measured, theme)
    return artists


def _value_axis(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """Grid lines with their numbers, and a stronger line at 0 where values lie on both sides of it."""
    pt, style = place.pt, tick_style(place, theme)
    n_rows = max(int(place.height / (34 * pt)), 2)
    low, high = measured.limits
    if measured.n_parts:
        ticks, texts = _part_ticks(measured.n_parts, n_rows)
    else:
        ticks = linear_ticks(low, high, n_rows) if measured.scale == "linear" else log_ticks(low, high, n_rows)
        texts = [written(float(tick)) for tick in ticks]
    rows = y_px(place, measured, ticks)
    artists: list[Artist] = [grid_lines(place, rows, theme)]
    if low < 0 < high and measured.scale == "linear":
        zero = Polylines(theme.muted, 1.0 * pt)
        zero.lines = [np.array([[place.left, y], [place.right, y]]) for y in y_px(place, measured, [0.0])]
        artists.append(zero)
    artists += [
        Label(place.left - 7 * pt, y - 0.34 * style.size_px, style, text, "right")
        for y, text in zip(rows, texts, strict=True)
    ]
    return artists


def _part_ticks(n_parts: int, n_about: int) -> tuple[NDArray[np.float64], list[str]]:
    """Shares of a whole as counts, ``2/4``, where there are few parts, else in per cent."""
    if n_parts > _MOST_COUNTED:
        shares = linear_ticks(0.0, 100.0, n_about)
        return shares / 100.0, [f"{written(float(share))}%" for share in shares]
    every = next(n for n in range(1, n_parts + 1) if n_parts % n == 0 and n_parts // n <= n_about + 1)
    counts = range(0, n_parts + 1, every)
    return np.array(counts) / n_parts, [f"{count}/{n_parts}" for count in counts]


def _titles(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """The quantity on the left, the curves' names in their colours on the right, all above the place."""
    pt, right, above = place.pt, float(place.right), place.top + 9 * place.pt
    style = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    narrowest = place.left + text_width_px(measured.titles[-1], style)
    names = _names(measured.traces, theme, TITLE_PT * 0.88 * pt, brief=False)
    if right - sum(text_width_px(*name) + _NAME_GAP_PT * pt for name in names) < narrowest:
        names = _names(measured.traces, theme, TITLE_PT * 0.88 * pt, brief=True)
    labels: list[Artist] = []
    for text, its_style in reversed(names):
        labels.append(Label(right, above, its_style, text, "right"))
        right -= text_width_px(text, its_style) + _NAME_GAP_PT * pt
    fitting = [title for title in measured.titles if place.left + text_width_px(title, style) <= right]
    return [Label(place.left, above, style, (fitting or measured.titles[-1:])[0]), *labels]


def _names(traces: tuple[Trace, ...], theme: Theme, size_px: float, *, brief: bool) -> list[tuple[str, TextStyle]]:
    """What the curves are called, each name once; briefly ``hidden 1 … 6 output``, shades between go from 1 to 6."""
    first: dict[str, Trace] = {}
    for trace in traces:
        if trace.name:
            first.setdefault(trace.name, trace)
    named = list(first.items())
    if brief and len(named) > 2:
        (name, trace), output = named[-2:]
        dots = [("…", named[0][1])] if len(named) > 3 else []
        named = [named[0], *dots, (name.split()[-1], trace), output]
    return [
        (name, TextStyle(size_px, toned(theme, trace.tone, trace.shade, is_text=True), "Semibold"))
        for name, trace in named
    ]


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
