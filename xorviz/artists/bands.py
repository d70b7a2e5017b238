"""Straight lines of many widths in one Agg call: what a stroke cannot do, whose width is one."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, rgba, stroke

Array = NDArray[np.float64]
_IDENTITY = IdentityTransform()
_CORNERS = 4


class Bands(Artist):
    """Lines between fixed points, each as wide as it is told, as the union of filled rectangles.

    Args:
        starts_px (float64 array of shape (n, 2)): pixels from the lower left.
        ends_px (float64 array of shape (n, 2)): other points.
        color: ``"#rrggbb"``.
        alpha: opacity in 0..1; where bands cross it does not add up.
        dash_px: lengths of a dash and of the gap after it; whole lines where the gap is 0.
    """

    def __init__(
        self,
        starts_px: Array,
        ends_px: Array,
        color: str,
        *,
        alpha: float = 1.0,
        dash_px: tuple[float, float] = (1.0, 0.0),
    ) -> None:
        self.color = rgba(color, alpha)
        self._stroke = stroke(self.color, 0.0)
        along = ends_px - starts_px
        lengths = np.hypot(along[:, 0], along[:, 1])
        self._normals = np.stack([-along[:, 1], along[:, 0]], axis=-1) / lengths[:, None]
        self._band, first, last = _pieces(lengths, *dash_px)
        # A dash's two ends, each twice: left and right of the line.
        low, high = (
            starts_px[self._band] + along[self._band] * (at / lengths[self._band])[:, None] for at in (first, last)
        )
        self._middles = np.stack([low, high, high, low], axis=1)
        self.widths_px: Array = np.zeros(len(starts_px))

    def draw(self, renderer: Renderer) -> None:
        """Fill the bands whose width in ``widths_px`` (float64 array of shape (n,)) is above 0."""
        kept = self.widths_px[self._band] > 0.0
        if not kept.any():
            return
        bands = self._band[kept]
        aside = self._normals[bands] * (0.5 * self.widths_px[bands])[:, None]
        vertices = self._middles[kept] + np.stack([aside, aside, -aside, -aside], axis=1)
        codes = np.full((len(bands), _CORNERS), Path.LINETO, dtype=Path.code_type)
        codes[:, 0] = Path.MOVETO
        renderer.draw_path(self._stroke, Path(vertices.reshape(-1, 2), codes.ravel()), _IDENTITY, self.color)


def _pieces(lengths: Array, dash: float, gap: float) -> tuple[NDArray[np.int64], Array, Array]:
    """Which line each dash belongs to, and where on it the dash starts and ends, in pixels."""
    if gap == 0.0:
        return np.arange(len(lengths)), np.zeros(len(lengths)), lengths
    counts = np.ceil(lengths / (dash + gap)).astype(np.int64)
    lines = np.repeat(np.arange(len(lengths)), counts)
    ordinals = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = ordinals * (dash + gap)
    return lines, starts, np.minimum(starts + dash, lengths[lines])
