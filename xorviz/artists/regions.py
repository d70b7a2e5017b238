"""Regions of classes as a raster: the class of the largest value, paler where it leads by little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, image
from xorviz.pages import Page

Float32 = NDArray[np.float32]


class RegionImage(Artist):
    """Values of several classes on a regular grid, enlarged to a box of pixels; the largest one gives the colour.

    The values are enlarged, not the colours, so that regions meet in smooth lines. The first and last grid points stand
    on the box's edges.

    Args:
        box_px: left, bottom, right, top of the box in whole pixels from the lower left of the frame.
        palettes (uint8 array of shape (n_classes, n_tones, 4)): colours of each class from no lead to certainty.
        flat: one colour a class, whatever the lead.
    """

    def __init__(self, box_px: tuple[int, int, int, int], palettes: NDArray[np.uint8], *, flat: bool = False) -> None:
        self._left, self._bottom, self._right, self._top = box_px
        n_classes, self._n_tones = palettes.shape[:2]
        if flat:
            palettes = np.repeat(palettes[:, 3 * self._n_tones // 4, None], self._n_tones, axis=1)
        self._colors = np.ascontiguousarray(palettes.reshape(-1, 4)).view(np.uint32)[:, 0]
        self._values: Float32 = np.full((2, 2, n_classes), 1.0 / n_classes, dtype=np.float32)

    def set_values(self, values: NDArray[np.floating]) -> None:
        """Show these values.

        Args:
            values (float array of shape (n_y, n_x, n_classes)): row 0 at the lower edge; probabilities. Where one is
                not finite no class leads.
        """
        n_classes = values.shape[-1]
        bad = ~np.isfinite(values).all(axis=-1, keepdims=True)
        self._values = np.where(bad, 1.0 / n_classes, values).astype(np.float32)

    def draw(self, renderer: Renderer) -> None:
        """Enlarge, decide, colour and paste into the frame."""
        frame = image(renderer)
        frame.paste(Image.fromarray(self._picture()), (self._left, frame.height - self._top))

    def vector(self, page: Page) -> None:
        """One picture of as many pixels."""
        page.image(self._picture(), self._left, self._bottom)

    def _picture(self) -> NDArray[np.uint8]:
        """RGBA of every pixel, the upper row first."""
        n_y, n_x, n_classes = self._values.shape
        size = (self._right - self._left, self._top - self._bottom)
        best = np.full(size[::-1], -np.inf, dtype=np.float32)
        winner = np.zeros(size[::-1], dtype=np.int32)
        for k in range(n_classes):
            grid = Image.fromarray(np.ascontiguousarray(self._values[::-1, :, k]))
            # Half a pixel in puts the outer grid points on the outer edges.
            box = (0.5, 0.5, n_x - 0.5, n_y - 0.5)
            value = np.asarray(grid.resize(size, Image.Resampling.BILINEAR, box=box))
            leads = value > best
            winner[leads] = k
            np.maximum(best, value, out=best)
        share = np.clip((best - 1.0 / n_classes) / (1.0 - 1.0 / n_classes), 0.0, 1.0)
        tones = winner * self._n_tones + (share * (self._n_tones - 1) + 0.5).astype(np.int32)
        pixels: NDArray[np.uint8] = self._colors[tones].view(np.uint8).reshape(*size[::-1], 4)
        return pixels
