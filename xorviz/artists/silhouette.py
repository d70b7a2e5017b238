"""A shape whose outline changes from frame to frame, in one Agg call."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, rgba, stroke

_IDENTITY = IdentityTransform()


class Silhouette(Artist):
    """One polygon, its inside translucent, its outline opaque.

    Args:
        color: ``"#rrggbb"``.
        alpha: opacity of the inside in 0..1.
        edge_px: width of the outline in pixels.
    """

    def __init__(self, color: str, *, alpha: float, edge_px: float) -> None:
        self.color, self.face = rgba(color), rgba(color, alpha)
        self._stroke = stroke(self.color, edge_px)
        # Else the outline's opacity would be the inside's too.
        self._stroke.let_inside_be()
        self.vertices: NDArray[np.float64] = np.empty((0, 2))

    def draw(self, renderer: Renderer) -> None:
        """Fill and outline ``vertices`` (float64 array of shape (n, 2), pixels from the lower left)."""
        if len(self.vertices) > 2:
            renderer.draw_path(self._stroke, Path(self.vertices, closed=False), _IDENTITY, self.face)
