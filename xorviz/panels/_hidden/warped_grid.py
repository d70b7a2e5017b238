"""The plane of the inputs as a grid that a layer bends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.place import Place
from xorviz.recordings.header import Bounds
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
_N_LINES, _N_VERTICES, _N_EDGES = 11, 41, 4
_EDGE_PT, _LINE_PT = 1.6, 0.9


def grid_points(bounds: Bounds) -> NDArray[np.float32]:
    """Vertices of the lines along which one input is constant, the four edges of the plane first.

    Returns:
        (float32 array of shape (n_lines * n_vertices, 2)): line by line.
    """
    across, along = np.linspace(0.0, 1.0, _N_LINES), np.linspace(0.0, 1.0, _N_VERTICES)
    upright = np.roll(np.stack(np.meshgrid(across, along, indexing="ij"), axis=-1), 1, axis=0)
    lines = np.stack([upright, upright[..., ::-1]], axis=1).reshape(-1, 2)
    lows, highs = np.array(bounds, dtype=np.float64).T
    points: NDArray[np.float32] = (lows + lines * (highs - lows)).astype(np.float32)
    return points


class BentGrid:
    """The grid's lines wherever a layer takes them, in ink or in the colours of what the network says there.

    Args:
        place: the box in which they are seen.
        theme: colours.
        by_class: draw them in the classes' accents.
    """

    def __init__(self, place: Place, theme: Theme, *, by_class: bool) -> None:
        box, pt = place.box_px, place.pt
        colors = theme.classes[:2] if by_class else (theme.ink,)
        lines, edges = (0.65, 0.9) if by_class else (0.35, 0.55)
        self._lines = [ClippedLines(box, color, _LINE_PT * pt, alpha=lines) for color in colors]
        self._edges = [ClippedLines(box, color, _EDGE_PT * pt, alpha=edges) for color in colors]
        self.artists: tuple[Artist, ...] = (*self._lines, *self._edges)

    def move(self, points: Array, outputs: NDArray[np.floating] | None = None) -> None:
        """To where the vertices of `grid_points` are.

        Args:
            points (float64 array of shape (n_lines * n_vertices, 2)): pixels.
            outputs (float array of shape (n_lines * n_vertices,)): there; not needed for lines in ink.
        """
        lines = points.reshape(-1, _N_VERTICES, 2)
        parts = [lines] if outputs is None else _parted(lines, outputs.reshape(-1, _N_VERTICES) > 0.5)
        for thin, thick, part in zip(self._lines, self._edges, parts, strict=True):
            thick.lines, thin.lines = list(part[:_N_EDGES]), list(part[_N_EDGES:])


def _parted(lines: Array, is_one: NDArray[np.bool_]) -> list[Array]:
    """The vertices of each class and the next one on both sides; not finite elsewhere."""
    parts = []
    for is_class in (~is_one, is_one):
        kept = is_class.copy()
        kept[:, 1:] |= is_class[:, :-1]
        parts.append(np.where(kept[..., None], lines, np.nan))
    return parts
