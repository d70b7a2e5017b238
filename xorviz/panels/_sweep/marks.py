"""Vertical lines at settings to compare with, each with its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.dashes import Dashes
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.place import Place
from xorviz.panels._sweep.setting_axis import SettingAxis
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth

MARK_PT, ROW_PT = 13.0, 17.0


@dataclass(frozen=True)
class Mark:
    """A setting to compare with.

    Attributes:
        at: where it lies on the axis.
        name: what it is.
    """

    at: float
    name: str


def marks_of(growth: Growth, axis: SettingAxis, given: Sequence[tuple[float, str]] | None) -> tuple[Mark, ...]:
    """What is marked: what a panel's options say, or what is known of a standard deviation.

    Glorot's normal initialisation has the standard deviation √(2/(fan_in + fan_out)), for two inputs and two hidden
    units 1/√2, where the article `init-scale` draws a line, too; its other line is at 0.6.
    """
    if given is None:
        given = []
        if axis.setting == "hidden_std" and len(growth.network.widths) == 3:
            fans = growth.network.widths[0] + growth.network.widths[1]
            given = [((2 / fans) ** 0.5, "1/√2, Glorot's" if fans == 4 else f"√(2/{fans}), Glorot's")]
            if growth.experiment.get("name") == "init-scale":
                given.append((0.6, "0.6, the article's"))
    low, high = axis.limits
    if axis.words:
        return ()
    found = [Mark(axis.position(value), name) for value, name in given if value > 0 or not axis.is_log]
    return tuple(sorted((mark for mark in found if low <= mark.at <= high), key=lambda mark: mark.at))


def mark_lines(
    place: Place, axis: SettingAxis, marks: Sequence[Mark], theme: Theme, *, first_row: int = 0
) -> list[Artist]:
    """Dashed lines from the bottom to the top, their names beside the last one, each in a row of its own."""
    pt = place.pt
    line = Dashes(theme.muted, 1.2 * pt, (4 * pt, 4 * pt))
    xs = [float(axis.x_px(place, mark.at)) for mark in marks]
    line.lines = [np.array([[x, place.bottom], [x, place.top]]) for x in xs]
    style = TextStyle(MARK_PT * pt, theme.muted, "Semibold", theme.paper, 2.0 * pt)
    is_left = max(xs, default=0.0) < place.left + 0.65 * place.width
    # On one side of all lines: these may lie closer than their names are wide.
    x = max(xs, default=0.0) + 6 * pt if is_left else min(xs) - 6 * pt
    align: Literal["left", "right"] = "left" if is_left else "right"
    labels = [
        Label(x, place.top - (14 + ROW_PT * row) * pt, style, mark.name, align)
        for row, mark in enumerate(reversed(marks))
    ]
    return [line, *labels]
