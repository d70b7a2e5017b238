"""Filled regions between two curves, cut off at the edges of a box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox, IdentityTransform
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, rgba, stroke

_IDENTITY = IdentityTransform()
Array = NDArray[np.float64]


class Areas(Artist):
    """Any number of regions of one colour.

    Args:
        box_px: left, bottom, right, top of the box in pixels from the lower left of the frame.
        color: ``"#rrggbb"``.
        alpha: opacity in 0..1.
    """

    def __init__(self, box_px: tuple[int, int, int, int], color: str, *, alpha: float = 1.0) -> None:
        self.color = rgba(color, alpha)
        self._stroke = stroke(self.color, 0.0)
        self._stroke.set_clip_rectangle(Bbox.from_extents(*box_px))
        self.edges: Sequence[Array] = ()

    def draw(self, renderer: Renderer) -> None:
        """Fill every region; ``edges`` holds float64 arrays of shape (n, 2), the way around each in pixels."""
        edges = [edge for edge in self.edges if len(edge) > 2]
        if not edges:
            return
        vertices = np.concatenate(edges)
        codes = np.full(len(vertices), Path.LINETO, dtype=Path.code_type)
        codes[np.cumsum([0, *(len(edge) for edge in edges[:-1])])] = Path.MOVETO
        renderer.draw_path(self._stroke, Path(vertices, codes), _IDENTITY, self.color)


def between(
    xs: NDArray[np.float64], lows: NDArray[np.float64], highs: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """The ways around what lies between two curves over the same positions, one for each run of finite points.

    Args:
        xs (float64 array of shape (n,)): positions.
        lows (float64 array of shape (n,)): the lower curve.
        highs (float64 array of shape (n,)): the upper curve.
    """
    finite = np.isfinite(lows) & np.isfinite(highs)
    found = []
    for piece in np.split(np.arange(len(xs)), np.flatnonzero(finite[1:] != finite[:-1]) + 1):
        if len(piece) > 1 and finite[piece[0]]:
            there = np.stack([xs[piece], highs[piece]], axis=-1)
            back = np.stack([xs[piece], lows[piece]], axis=-1)[::-1]
            found.append(np.concatenate([there, back]))
    return found
