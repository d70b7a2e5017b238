"""What is written in and around a layer's space: title, axes, and which point is which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._hidden.axes import HiddenAxes
from xorviz.panels.axes import TITLE_PT, frame_lines, tick_labels
from xorviz.panels.ticks import linear_ticks, written
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
_MOST_NAMED = 8
_NAME_PT, _TICKS_APART_PT = 13.0, 130.0


class PointNames:
    """The inputs of each point beside it, on the side where it lies in the plane of the inputs.

    So two points that a layer no longer tells apart keep names of their own. Many points have none.

    Args:
        place: the box that names stay in.
        inputs (float64 array of shape (n_points, n_inputs)): what is written.
        size_px: width of a point's marker.
        theme: colours.
    """

    def __init__(self, place: Place, inputs: Array, size_px: float, theme: Theme) -> None:
        pt, inputs = place.pt, inputs if len(inputs) <= _MOST_NAMED else inputs[:0]
        style = TextStyle(_NAME_PT * pt, theme.ink, "Semibold", theme.halo, 2.0 * pt)
        self._texts = [",".join(written(float(value)) for value in values) for values in inputs]
        self.labels = tuple(Label(0, 0, style, align="center") for _ in self._texts)
        half = 0.5 * np.array([[text_width_px(text, style), 0.7 * style.size_px] for text in self._texts]).reshape(
            -1, 2
        )
        self._aside = _directions(inputs) * (half + 0.5 * size_px + 3.5 * pt)
        self._low = np.array([place.left, place.bottom]) + half + 3.0 * pt
        self._high = np.array([place.right, place.top]) - half - 3.0 * pt
        self._drop = half[:, 1]

    def move(self, points: Array) -> None:
        """To points (float64 array of shape (n_points, 2)) in pixels."""
        middles = np.clip(points[: len(self.labels)] + self._aside, self._low, self._high)
        for label, text, (x, y), drop in zip(self.labels, self._texts, middles, self._drop, strict=True):
            is_somewhere = bool(np.isfinite(x) and np.isfinite(y))
            label.text = text if is_somewhere else ""
            if is_somewhere:
                label.x_px, label.y_px = float(x), float(y - drop)


def _directions(inputs: Array) -> Array:
    """Unit vectors: where each point lies from the middle of all, or all round if there are not two inputs."""
    turns = 2 * np.pi * (np.arange(len(inputs)) + 0.5) / max(len(inputs), 1)
    directions = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    if len(inputs) and inputs.shape[1] == 2:
        from_middle = inputs - (inputs.min(axis=0) + inputs.max(axis=0)) / 2
        lengths = np.hypot(from_middle[:, 0], from_middle[:, 1])
        directions[lengths > 0] = (from_middle / np.where(lengths > 0, lengths, 1.0)[:, None])[lengths > 0]
    return directions


def furniture(place: Place, axes: HiddenAxes, title: str, theme: Theme) -> list[Artist]:
    """Frame, ticks, title, and the axes' names: between ticks, or inside at the ends if they are long."""
    pt = place.pt
    n_ticks = max(int(place.width / (_TICKS_APART_PT * pt)), 2)
    ticks = tuple(linear_ticks(*limits, n_ticks) for limits in axes.bounds)
    x_name, y_name = axes.names
    is_short = "PC" not in x_name
    artists: list[Artist] = [
        frame_lines(place, theme),
        *tick_labels(place, axes.bounds, (ticks[0], ticks[1]), theme, axes.names if is_short else ("", "")),
        Label(place.left, place.top + 9 * pt, TextStyle(TITLE_PT * pt, theme.ink, "Semibold"), title),
    ]
    if not is_short:
        style = TextStyle(_NAME_PT * pt, theme.muted, "Semibold", theme.halo, 2.0 * pt)
        artists.append(Label(place.right - 7 * pt, place.bottom + 8 * pt, style, f"{x_name} →", "right"))
        artists.append(Label(place.left + 7 * pt, place.top - 17 * pt, style, f"↑ {y_name}"))
    return artists
