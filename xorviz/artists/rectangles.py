"""Filled rectangles of one colour in one Agg call."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, rgba, stroke

_IDENTITY = IdentityTransform()
_CODES = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO)


class Rectangles(Artist):
    """Any number of upright rectangles that do not overlap.

    Args:
        color: ``"#rrggbb"``.
    """

    def __init__(self, color: str) -> None:
        self.color = rgba(color)
        self._stroke = stroke(self.color, 0.0)
        self.boxes: NDArray[np.float64] = np.empty((0, 4))

    def draw(self, renderer: Renderer) -> None:
        """Fill ``boxes`` (float64 array of shape (n, 4)): left, bottom, right, top, pixels from the lower left."""
        if not len(self.boxes):
            return
        # Lower left, lower right, upper right, upper left.
        vertices = self.boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2)
        codes = np.tile(np.array(_CODES, dtype=Path.code_type), len(self.boxes))
        renderer.draw_path(self._stroke, Path(vertices, codes), _IDENTITY, self.color)
