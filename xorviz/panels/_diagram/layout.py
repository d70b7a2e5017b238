"""Where the units and numbers of a network diagram stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.panels._diagram.diagram import Diagram

Array = NDArray[np.float64]
#: Width of the strongest weight's line, in points, where there is room for it.
WIDEST_PT = 7.0
_FEW_EDGES = 24
_LEAST_HALF_PT = 12.0
# A number stands a third of the way, or nearest to there where it covers no other.
_SHARES = np.array([1 / 3, 0.28, 0.39, 0.23, 0.45, 0.18, 0.52, 0.6])


@dataclass(frozen=True)
class Layout:
    """Positions in pixels of the frame.

    Attributes:
        centers (tuple of float64 arrays of shape (n_shown, 2)): of each layer's units, the first on top.
        halves_px: half the width of each layer's units.
        more_px: by layer, where the number of the units that are not drawn is centred; None where all are.
        has_text: whether there is room under the units of each layer.
        diagram: what is laid out.
    """

    centers: tuple[Array, ...]
    halves_px: tuple[float, ...]
    more_px: tuple[tuple[float, float] | None, ...]
    has_text: tuple[bool, ...]
    diagram: Diagram

    def widest_px(self, pt: float) -> float:
        """Width of the strongest weight's line: less where there are many."""
        crowd = min(1.0, float(np.sqrt(_FEW_EDGES / len(self.diagram.weights))))
        return min(WIDEST_PT * pt * crowd, 0.6 * min(self.halves_px))

    def ends_px(self) -> tuple[Array, Array]:
        """Where each weight's line starts and ends: two float64 arrays of shape (n_edges, 2)."""
        layers, sources, targets = self.diagram.edges.T
        starts = [self.centers[layer][unit] for layer, unit in zip(layers, sources, strict=True)]
        ends = [self.centers[layer + 1][unit] for layer, unit in zip(layers, targets, strict=True)]
        return np.array(starts), np.array(ends)

    def under_units_px(self, below_px: float) -> Array:
        """Points this far below each unit after the input: float64 array of shape (n, 2), NaN without room."""
        by_layer = zip(self.centers, self.halves_px, self.has_text, strict=True)
        under = [c - [0.0, half + below_px] if has else np.full_like(c, np.nan) for c, half, has in by_layer]
        return np.concatenate(under[1:])

    def numbers_px(self, width_px: float, height_px: float) -> Array:
        """Where a number of this size is centred on each line, so that none covers another: shape (n_edges, 2)."""
        starts, ends = self.ends_px()
        along = (ends - starts) / np.hypot(*(ends - starts).T)[:, None]
        halves = np.array(self.halves_px)[np.stack([self.diagram.edges[:, 0], self.diagram.edges[:, 0] + 1])]
        starts, ends = starts + along * halves[0][:, None], ends - along * halves[1][:, None]
        placed: list[Array] = []
        for start, end in zip(starts, ends, strict=True):
            tried = start + _SHARES[:, None] * (end - start)
            apart = np.abs(tried[:, None] - np.array(placed).reshape(1, -1, 2)) / (width_px, height_px)
            # Largest of both directions: at 1 two boxes touch.
            nearest = apart.max(axis=2).min(axis=1, initial=1.0)
            placed.append(tried[int(np.argmax(nearest))])
        return np.array(placed)


def laid_out(diagram: Diagram, place: Place, *, largest_px: float, below_px: float) -> Layout:
    """Layers in even columns, each layer's units in even rows.

    Args:
        diagram: which units there are.
        place: the rectangle to fill.
        largest_px: half the width of a unit where there is room for it.
        below_px: height of what is written under a unit.
    """
    n_rows = [n_shown + (n_shown < width) for n_shown, width in zip(diagram.shown, diagram.widths, strict=True)]
    spacing = place.width / (len(n_rows) - 0.5)
    halves, has_text = [], []
    for n in n_rows:
        pitch = place.height / n
        room = 0.5 * (0.94 * pitch - below_px)
        has_text.append(room >= _LEAST_HALF_PT * place.pt)
        halves.append(min(largest_px, 0.42 * pitch, 0.24 * spacing, room if has_text[-1] else np.inf))
    xs = np.linspace(place.left + halves[0], place.right - halves[-1], len(n_rows))
    centers, more = [], []
    for layer, (n, n_shown) in enumerate(zip(n_rows, diagram.shown, strict=True)):
        x, pitch = float(xs[layer]), place.height / n
        ys = place.top - pitch * (np.arange(n) + 0.5)
        # What is written below belongs to the unit's row.
        lift = min(0.5 * below_px, 0.5 * pitch - halves[layer]) if has_text[layer] else 0.0
        centers.append(np.stack([np.full(n_shown, x), ys[:n_shown] + lift], axis=-1))
        more.append((x, float(ys[-1])) if n_shown < n else None)
    return Layout(tuple(centers), tuple(halves), tuple(more), tuple(has_text), diagram)
