"""The quiet furniture of a study's panels: title, names of curves, grid, numbers, the setting's name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._sweep.setting_axis import SettingAxis
from xorviz.panels.axes import TITLE_PT, grid_lines, tick_style
from xorviz.panels.ticks import linear_ticks, log_ticks, written
from xorviz.styles.themes import Theme

Limits = tuple[float, float]
_NAME_GAP_PT = 10.0
_DROP_PT = 18.0


def furniture(
    place: Place,
    axis: SettingAxis,
    title: str,
    theme: Theme,
    *,
    names: Sequence[tuple[str, str]] = (),
) -> list[Artist]:
    """Title and names above, numbers and the setting's name below.

    Args:
        place: of the data.
        axis: of the setting.
        title: of the quantity.
        theme: colours.
        names: of curves with the colours of their texts, from left to right.
    """
    pt, above = place.pt, place.top + 9 * place.pt
    artists: list[Artist] = [Label(place.left, above, TextStyle(TITLE_PT * pt, theme.ink, "Semibold"), title)]
    right = float(place.right)
    for name, color in reversed(names):
        style = name_style(place, color)
        artists.append(Label(right, above, style, name, "right"))
        right -= text_width_px(name, style) + _NAME_GAP_PT * pt
    return artists + _below(place, axis, theme)


def name_style(place: Place, color: str) -> TextStyle:
    """Of what stands beside a title."""
    return TextStyle(TITLE_PT * 0.88 * place.pt, color, "Semibold")


def _below(place: Place, axis: SettingAxis, theme: Theme) -> list[Artist]:
    pt, style = place.pt, tick_style(place, theme)
    named = TextStyle(style.size_px, theme.muted, "Semibold")
    base, free = place.bottom - _DROP_PT * pt, place.right - text_width_px(axis.setting, named) - 8 * pt
    artists: list[Artist] = [Label(place.right, base, named, axis.setting, "right")]
    ticks = axis.ticks(max(int(place.width / (70 * pt)), 2))
    stubs = Polylines(theme.muted, 1.0 * pt)
    xs = [float(axis.x_px(place, at)) for at, _ in ticks]
    stubs.lines = [np.array([[x, place.bottom], [x, place.bottom - 4 * pt]]) for x in xs]
    for x, (_, text) in zip(xs, ticks, strict=True):
        if x + text_width_px(text, style) / 2 < free:
            artists.append(Label(x, base, style, text, "center"))
    return [stubs, *artists]


def value_axis(
    place: Place, limits: Limits, theme: Theme, *, is_log: bool = False, is_share: bool = False
) -> list[Artist]:
    """Grid lines with their numbers left of the place."""
    pt, style = place.pt, tick_style(place, theme)
    n_rows = max(int(place.height / (40 * pt)), 2)
    ticks = log_ticks(*limits, n_rows) if is_log else linear_ticks(*limits, n_rows)
    rows = value_px(place, ticks, limits, is_log=is_log)
    texts = [f"{written(float(100 * tick))}%" if is_share else written(float(tick)) for tick in ticks]
    numbers = [
        Label(place.left - 7 * pt, y - 0.34 * style.size_px, style, text, "right")
        for y, text in zip(rows, texts, strict=True)
    ]
    return [grid_lines(place, rows, theme), *numbers]


def value_px(place: Place, values: NDArray[np.float64], limits: Limits, *, is_log: bool = False) -> NDArray[np.float64]:
    """Vertical positions of values."""
    if not is_log:
        return place.y_px(values, limits)
    with np.errstate(all="ignore"):
        return place.y_px(np.log(values), (float(np.log(limits[0])), float(np.log(limits[1]))))
