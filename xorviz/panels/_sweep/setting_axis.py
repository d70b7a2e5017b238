"""The horizontal axis of a study: one swept setting, and which points lie on each curve over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.errors import UsageError, unknown
from xorviz.panels.ticks import linear_ticks, log_ticks, written
from xorviz.sweeps.axes import Axis, short
from xorviz.sweeps.growth import Growth

Array = NDArray[np.float64]
_MOST_CURVES = 6


@dataclass(frozen=True)
class Curve:
    """Points that differ in the setting alone.

    Attributes:
        name: what the other settings are; empty where there are none.
        points (int64 array of shape (n,)): from left to right.
        at (float64 array of shape (n,)): where they lie on the axis, rising.
    """

    name: str
    points: NDArray[np.int64]
    at: Array


@dataclass(frozen=True)
class SettingAxis:
    """An axis of setting values; on a logarithmic one positions are natural logarithms.

    Attributes:
        setting: its name.
        is_log: whether it is logarithmic.
        limits: positions of its ends.
        words: names of the positions 0, 1, … where values are no numbers.
        curves: the points of the study.
    """

    setting: str
    is_log: bool
    limits: tuple[float, float]
    words: tuple[str, ...]
    curves: tuple[Curve, ...]

    def x_px(self, place: Place, at: Any) -> Array:
        """Where positions lie in a place."""
        return place.x_px(at, self.limits)

    def position(self, value: float) -> float:
        """Where a value of the setting lies."""
        return float(np.log(value)) if self.is_log else value

    def value(self, position: float) -> float:
        """The value of the setting at a position."""
        return float(np.exp(position)) if self.is_log else position

    def ticks(self, n_about: int) -> list[tuple[float, str]]:
        """Positions with their names."""
        low, high = (self.value(end) for end in self.limits)
        if self.words:
            return [(float(i), word) for i, word in enumerate(self.words)]
        values = log_ticks(low, high, n_about) if self.is_log else linear_ticks(low, high, n_about)
        return [(self.position(float(value)), written(float(value))) for value in values]


def setting_axis(growth: Growth, by: str, kind: str) -> SettingAxis:
    """The axis that a panel of a study has.

    Args:
        growth: the study.
        by: the setting; the one of most values if empty.
        kind: of the panel, for messages.

    Raises:
        UsageError: no such setting, or more than 6 curves over it.
    """
    plan, points = growth.study.plan, growth.study.points
    names = [axis.setting for axis in plan.axes]
    if by and by not in names:
        raise unknown(f"by of panel {kind!r}", by, names)
    index = names.index(by) if by else int(np.argmax([len(set(axis.values)) for axis in plan.axes]))
    positions, is_log, words = _positions(plan.axes[index], [values[index] for values in points])
    groups: dict[tuple[Any, ...], list[int]] = {}
    for point, values in enumerate(points):
        others = () if plan.is_random else tuple(value for i, value in enumerate(values) if i != index)
        groups.setdefault(others, []).append(point)
    if len(groups) > _MOST_CURVES:
        raise UsageError(
            f"panel {kind!r} must have at most {_MOST_CURVES} curves over {names[index]}; the study has {len(groups)}. "
            f"Set by to another of {', '.join(names)}."
        )
    curves = []
    for others, found in groups.items():
        order = np.array(found)[np.argsort(positions[found], kind="stable")]
        curves.append(Curve(", ".join(short(value) for value in others), order, positions[order]))
    low, high = float(positions.min()), float(positions.max())
    margin = 0.5 if words or high == low else 0.0
    return SettingAxis(names[index], is_log, (low - margin, high + margin), words, tuple(curves))


def _positions(axis: Axis, values: list[Any]) -> tuple[Array, bool, tuple[str, ...]]:
    """Where the values of points lie, whether logarithmically, and their names if they are no numbers."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        numbers = np.array(values, dtype=np.float64)
        is_log = axis.scale == "log" or (axis.scale == "list" and numbers.min() > 0 and _is_wide(numbers))
        return (np.log(numbers) if is_log else numbers), is_log, ()
    distinct = list(dict.fromkeys(axis.values))
    return np.array([float(distinct.index(value)) for value in values]), False, tuple(map(short, distinct))


def _is_wide(numbers: Array) -> bool:
    return bool(numbers.max() > 20 * numbers.min())
