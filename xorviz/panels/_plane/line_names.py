"""Where along a moving line its name stands, the same share of the way for the whole run, so that it never jumps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.label import TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._plane.straight_lines import LinesAcross

Array = NDArray[np.float64]
_CANDIDATES = np.linspace(0.06, 0.94, 23)


class LineNames:
    """Positions of the names of some lines in a box.

    A name stands beside its line, on the negative side, and is moved inside where it would reach over the edge.

    Args:
        place: the box.
        names: one for each line.
        style: how they look.
    """

    def __init__(self, place: Place, names: tuple[str, ...], style: TextStyle) -> None:
        half = 0.5 * max((text_width_px(name, style) for name in names), default=0.0) + 3.0 * place.pt
        # Above and below the middle of a letter with a number below it.
        self._margin = np.array([half, 0.62 * style.size_px + 2.0 * place.pt])
        self._low = np.array([place.left, place.bottom]) + self._margin
        self._high = np.array([place.right, place.top]) - self._margin
        self._shares = np.full(len(names), 0.5)

    def at(self, lines: LinesAcross) -> Array:
        """The middle of each name: float64 array of shape (n, 2), pixels; not finite for a line out of the box."""
        return self._beside(lines, self._shares)

    def _beside(self, lines: LinesAcross, shares: Array | float) -> Array:
        # As far from a slanted line as from a level or an upright one.
        away = (np.abs(lines.normals) * self._margin).sum(axis=-1, keepdims=True)
        inside: Array = np.clip(lines.at(shares) - away * lines.normals, self._low, self._high)
        return inside

    def settle(self, lines: LinesAcross, obstacles: Array) -> None:
        """Choose the shares at which names are, summed over a run, least in the way.

        Args:
            lines: at ``n_snapshots`` moments of the run, arrays of shape (n_snapshots, n, ...).
            obstacles (float64 array of shape (n_obstacles, 2)): what no name should cover, in pixels.
        """
        taken: list[Array] = []
        tried = np.stack([self._beside(lines, share) for share in _CANDIDATES], axis=-2)
        for line in range(len(self._shares)):
            spots = tried[:, line]
            costs = self._overlap(spots[:, :, None] - obstacles).sum(axis=(0, 2))
            for other in range(len(self._shares)):
                if other != line:
                    costs += 0.3 * self._overlap(_nearest(spots, lines, other)).sum(axis=0)
            for names in taken:
                costs += self._overlap(spots - names[:, None]).sum(axis=0)
            best = int(np.argmin(costs + 1e-3 * len(spots) * np.abs(_CANDIDATES - 0.5)))
            self._shares[line] = _CANDIDATES[best]
            taken.append(spots[:, best])

    def _overlap(self, apart: Array) -> Array:
        """1 for what stands on a name, 0 for what is clear of it by as much as a name again; 0 for what is nowhere."""
        distances = np.hypot(*np.moveaxis(apart / (2.2 * self._margin), -1, 0))
        overlap: Array = np.square(np.clip(1.0 - np.nan_to_num(distances, nan=1.0), 0.0, 1.0))
        return overlap


def _nearest(spots: Array, lines: LinesAcross, other: int) -> Array:
    """From the nearest point of another line to each spot (n_snapshots, n_spots, 2): float64 array of that shape."""
    normals = lines.normals[:, other, None]
    distances = ((spots - lines.feet[:, other, None]) * normals).sum(axis=-1, keepdims=True)
    apart: Array = distances * normals
    return apart
