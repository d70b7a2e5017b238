"""The furniture of columns of values: title, axis, names of the columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._distribution.value_columns import ValueColumns
from xorviz.panels._tones import toned
from xorviz.panels.axes import TITLE_PT, grid_lines, tick_style
from xorviz.panels.ticks import linear_ticks, written
from xorviz.styles.themes import Theme

_GUTTER_PT = 32.0
Edges = Sequence[tuple[float, float]]


def distribution_labels(
    place: Place,
    tails: tuple[bool, bool],
    limits: tuple[float, float],
    columns: ValueColumns,
    edges: Edges,
    theme: Theme,
    *,
    mirrored: bool,
) -> list[Artist]:
    """Everything around the columns, drawn below them."""
    pt = place.pt
    style = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    title = f"distribution of {columns.of}"
    if text_width_px(title, style) > place.width:
        title = columns.of
    above = Label(place.left, place.top + 9 * pt, style, title)
    return [*_axis(place, tails, limits, theme), *_names(place, columns, edges, theme, mirrored=mirrored), above]


def _axis(place: Place, tails: tuple[bool, bool], limits: tuple[float, float], theme: Theme) -> list[Artist]:
    """Grid lines with numbers, a stronger one at 0; an end that holds what lies beyond says so."""
    pt, style = place.pt, tick_style(place, theme)
    low, high = limits
    ticks = linear_ticks(low, high, max(int(place.height / (34 * pt)), 2))
    rows = place.y_px(ticks, limits)
    zero = Polylines(theme.muted, 1.0 * pt)
    zero.lines = [np.array([[place.left, y], [place.right, y]]) for y in rows[ticks == 0]]
    ends = [(place.bottom, f"≤ {_short(low)}"), (place.top, f"≥ {_short(high)}")]
    ends = [(y, text if text_width_px(text, style) <= _GUTTER_PT * pt else text[:1]) for y, text in ends]
    ends = [end for end, has_tail in zip(ends, tails, strict=True) if has_tail]
    marks = [(y, written(float(tick))) for y, tick in zip(rows, ticks, strict=True)]
    marks = [(y, text) for y, text in marks if all(abs(y - end) > style.size_px for end, _ in ends)]
    left, drop = place.left - 7 * pt, 0.34 * style.size_px
    numbers = [Label(left, y - drop, style, text, "right") for y, text in (*marks, *ends)]
    return [grid_lines(place, rows, theme), zero, *numbers]


def _short(value: float) -> str:
    """A limit in two significant figures."""
    return written(float(f"{value:.2g}"))


def _names(place: Place, columns: ValueColumns, edges: Edges, theme: Theme, *, mirrored: bool) -> list[Artist]:
    """Each column's name below it, of hidden layers only the number where names have no room, and its base line."""
    pt = place.pt
    pitch, size_px = edges[0][1] - place.left, TITLE_PT * 0.88 * pt
    styles = [TextStyle(size_px, toned(theme, *tone, is_text=True), "Semibold") for tone in columns.tones]
    names = columns.names
    if any(text_width_px(name, style) > pitch for name, style in zip(names, styles, strict=True)):
        names = tuple(name.split()[-1] for name in names)
    labels = [
        Label((left + right) / 2, place.bottom - 18 * pt, style, name, "center")
        for name, style, (left, right) in zip(names, styles, edges, strict=True)
    ]
    bases = Polylines(theme.muted, 1.0 * pt)
    xs = [(left + right) / 2 if mirrored else left for left, right in edges]
    bases.lines = [np.array([[x, place.bottom], [x, place.top]]) for x in xs]
    return [bases, *labels]
