"""A field as a smooth raster that fills its axes to the pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, pixels

_LEVELS = 255.0


class FieldImage(Artist):
    """Values on a regular grid, coloured through a table and enlarged to a box of pixels.

    The values are enlarged, not the colours, so that the colour scale stays exact between grid points. The first and
    last grid points stand on the box's edges.

    Args:
        box_px: left, bottom, right, top of the box in whole pixels from the lower left of the frame.
        palette (uint8 array of shape (256, 4)): colours of the values 0..1.
        stepped: one flat colour a class instead of a smooth scale: below 0.5 and from 0.5 on.
    """

    def __init__(self, box_px: tuple[int, int, int, int], palette: NDArray[np.uint8], *, stepped: bool = False) -> None:
        self._left, self._bottom, self._right, self._top = box_px
        if stepped:
            palette = np.where(np.arange(256)[:, None] < 128, palette[32], palette[223]).astype(np.uint8)
        self._table = np.ascontiguousarray(palette).view(np.uint32).ravel()
        self._levels: NDArray[np.uint8] = np.zeros((2, 2), dtype=np.uint8)

    def set_values(self, values: NDArray[np.floating]) -> None:
        """Show these values.

        Args:
            values (float array of shape (n_y, n_x)): row 0 at the lower edge; below 0 and above 1 take the scale's
                ends, a non-finite value its middle.
        """
        scaled = np.nan_to_num(values, nan=0.5, posinf=1.0, neginf=0.0)
        self._levels = (np.clip(scaled, 0.0, 1.0) * _LEVELS + 0.5).astype(np.uint8)[::-1]

    def draw(self, renderer: Renderer) -> None:
        """Enlarge, colour and copy into the frame."""
        frame = pixels(renderer)
        height = frame.shape[0]
        n_y, n_x = self._levels.shape
        # Pillow's box is in source pixels; half a pixel in puts the outer grid points on the outer pixels.
        size = (self._right - self._left, self._top - self._bottom)
        enlarged = Image.fromarray(self._levels).resize(
            size, Image.Resampling.BICUBIC, box=(0.5, 0.5, n_x - 0.5, n_y - 0.5)
        )
        target = frame.view(np.uint32)[..., 0]
        target[height - self._top : height - self._bottom, self._left : self._right] = self._table[np.asarray(enlarged)]
