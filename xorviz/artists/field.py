"""A field as a smooth raster that fills its axes to the pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, image
from xorviz.pages import Page

_LEVELS = 255.0
# Straight lines between points no farther apart than this look like curves, and cost half as much; where the grid is
# coarser, curves are laid through it at so many times its density first.
_FINE_PX = 8
_FINER = 4


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
        self._palette = palette.tobytes()
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
        """Enlarge, colour and paste into the frame."""
        frame = image(renderer)
        frame.paste(self._picture(), (self._left, frame.height - self._top))

    def vector(self, page: Page) -> None:
        """One picture of as many pixels: programs that enlarge would mix colours instead of values."""
        page.image(np.asarray(self._picture()), self._left, self._bottom)

    def _picture(self) -> Image.Image:
        """The values enlarged to the box, then coloured."""
        n_y, n_x = self._levels.shape
        size = (self._right - self._left, self._top - self._bottom)
        levels = Image.fromarray(self._levels)
        if size[0] > _FINE_PX * n_x or size[1] > _FINE_PX * n_y:
            # Every grid point stays a pixel of its own.
            edge = 0.5 - 0.5 / _FINER
            finer = (_FINER * (n_x - 1) + 1, _FINER * (n_y - 1) + 1)
            levels = levels.resize(finer, Image.Resampling.BICUBIC, box=(edge, edge, n_x - edge, n_y - edge))
        # Half a pixel in puts the outer grid points on the outer edges.
        box = (0.5, 0.5, levels.width - 0.5, levels.height - 0.5)
        enlarged = levels.resize(size, Image.Resampling.BILINEAR, box=box)
        enlarged.putpalette(self._palette, "RGBA")
        return enlarged.convert("RGBA")
