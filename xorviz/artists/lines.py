"""Lines and markers given in pixels, drawn in one Agg call each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, IdentityTransform
from numpy.typing import ArrayLike, NDArray

from xorviz.artists._base import Artist, Renderer, rgba, stroke

_IDENTITY = IdentityTransform()


class Polylines(Artist):
    """Any number of open lines of one colour and width.

    Args:
        color: ``"#rrggbb"``.
        width_px: line width in pixels.
        alpha: opacity in 0..1.
    """

    def __init__(self, color: str, width_px: float, *, alpha: float = 1.0) -> None:
        self.color, self.width_px = rgba(color, alpha), width_px
        self._stroke = stroke(self.color, width_px)
        self.lines: Sequence[NDArray[np.float64]] = ()

    def draw(self, renderer: Renderer) -> None:
        """Stroke every line; ``lines`` holds float64 arrays of shape (n, 2), pixels from the lower left."""
        lines = [line for line in self.lines if len(line) > 1]
        if not lines:
            return
        vertices = np.concatenate(lines)
        codes = np.full(len(vertices), Path.LINETO, dtype=Path.code_type)
        codes[np.cumsum([0, *(len(line) for line in lines[:-1])])] = Path.MOVETO
        renderer.draw_path(self._stroke, Path(vertices, codes), _IDENTITY, None)


class Markers(Artist):
    """Points of one shape and colour with an outline.

    Args:
        shape: a matplotlib marker: ``"o"``, ``"s"`` …
        size_px: width in pixels.
        face: fill, ``"#rrggbb"``.
        edge: outline, ``"#rrggbb"``.
        edge_px: outline width in pixels.
    """

    def __init__(self, shape: str, size_px: float, face: str, edge: str, edge_px: float) -> None:
        marker = MarkerStyle(shape)
        path = marker.get_path().transformed(marker.get_transform() + Affine2D().scale(size_px))
        self._vertices, self._codes = np.asarray(path.vertices), path.codes
        self.face, self.edge, self.edge_px = rgba(face), rgba(edge), edge_px
        self._stroke = stroke(self.edge, edge_px)
        self._stroke.set_joinstyle("miter")
        self.points: ArrayLike = np.empty((0, 2))

    def thin_edge(self, share: float) -> None:
        """Draw the outline with a share of its width, from 0 to 1."""
        self._stroke.set_linewidth(self.edge_px * share)

    def draw(self, renderer: Renderer) -> None:
        """Draw a marker at each of ``points`` (float64 array of shape (n, 2), pixels from the lower left).

        All are one path: Agg's own call for markers would move each to whole pixels, and a dot that creeps along a
        curve would jerk.
        """
        points = np.asarray(self.points, dtype=np.float64)
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return
        vertices = (points[:, None] + self._vertices).reshape(-1, 2)
        codes = None if self._codes is None else np.tile(self._codes, len(points))
        renderer.draw_path(self._stroke, Path(vertices, codes), _IDENTITY, self.face)
