"""A column of small pictures with round corners and outlines, at the cost of three copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, image
from xorviz.styles.color import rgb_from_hex

Array = NDArray[np.float64]
_LEVELS = 255.0
_DASHES = 12


class Medallions(Artist):
    """Square pictures of one size above each other, coloured through a table and clipped to round corners.

    Args:
        x_px: their common middle from the left, moved to whole pixels.
        ys_px (float64 array of shape (n,)): their middles from below, falling, moved to whole pixels.
        side_px: width and height in whole pixels.
        corner_px: radius of the corners; half the side makes circles.
        palette (uint8 array of shape (256, 4)): colours of the values 0..1.
        outline: colour of the line around each, ``"#rrggbb"``.
        outline_px: its width.
    """

    def __init__(
        self,
        x_px: float,
        ys_px: Array,
        side_px: int,
        corner_px: float,
        palette: NDArray[np.uint8],
        *,
        outline: str,
        outline_px: float,
    ) -> None:
        # One number a colour is looked up faster than four.
        self._palette = np.ascontiguousarray(palette).view(np.uint32)[:, 0]
        self._outline = (*np.rint(rgb_from_hex(outline) * _LEVELS).astype(int).tolist(), 255)
        self._box = side_px + 2 * int(np.ceil(outline_px))
        tops = np.floor(ys_px + self._box / 2 + 0.5).astype(np.int64)
        self._left, self._top = round(x_px - self._box / 2), int(tops[0])
        self._rows = (self._top - tops)[:, None] + np.arange(self._box)
        distance, turn = _distance(self._box, side_px, corner_px), _turn(self._box)
        ring = np.clip(0.5 + 0.5 * outline_px - np.abs(distance), 0.0, 1.0)
        # Two thirds of each twelfth of the way round, its ends as soft as the line's sides.
        gaps = np.abs((turn * _DASHES) % 1.0 - 0.5) * side_px * np.pi / _DASHES
        dashes = ring * np.clip(0.5 + side_px * np.pi / _DASHES / 3.0 - gaps, 0.0, 1.0)
        self._rings = np.rint(np.stack([ring, dashes]) * _LEVELS).astype(np.uint8)
        inside = np.rint(np.clip(0.5 - distance, 0.0, 1.0) * _LEVELS).astype(np.uint8)
        self._mask = self._column(np.broadcast_to(inside, (len(ys_px), *inside.shape)))
        self.set_values(np.full((len(ys_px), 1, 1), 0.5))

    def set_values(self, values: NDArray[np.floating], dashed: NDArray[np.bool_] | None = None) -> None:
        """Show these values.

        Args:
            values (float array of shape (n, k, k)): a picture for each place, row 0 at its lower edge; below 0 and
                above 1 take the scale's ends, a non-finite value its middle. A single value colours all of it.
            dashed (bool array of shape (n,)): which outlines are; None for none.
        """
        scaled = np.nan_to_num(values, nan=0.5, posinf=1.0, neginf=0.0)
        self._levels = (np.clip(scaled, 0.0, 1.0) * _LEVELS + 0.5).astype(np.uint8)[:, ::-1]
        self._dashed = np.zeros(len(values), dtype=np.int64) if dashed is None else dashed.astype(np.int64)

    def _column(self, boxes: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Squares at their rows of one tall picture: uint8 array of shape (height, width)."""
        column = np.zeros((int(self._rows.max()) + 1, self._box), dtype=np.uint8)
        column[self._rows] = boxes
        return column

    def draw(self, renderer: Renderer) -> None:
        """Enlarge, colour and paste the pictures, then their outlines."""
        n, k, _ = self._levels.shape
        levels = self._levels
        if k > 1:
            # All at once, one on the other: what they mix at their edges is under the outlines.
            strip = Image.fromarray(levels.reshape(n * k, k))
            strip = strip.resize((self._box, n * self._box), Image.Resampling.BILINEAR)
            levels = np.asarray(strip).reshape(n, self._box, self._box)
        frame = image(renderer)
        corner = (self._left, frame.height - self._top)
        colors = self._palette.take(self._column(levels)).view(np.uint8).reshape(*self._mask.shape, 4)
        frame.paste(Image.fromarray(colors), corner, Image.fromarray(self._mask))
        frame.paste(self._outline, corner, Image.fromarray(self._column(self._rings[self._dashed])))


def _distance(box: int, side: int, corner: float) -> Array:
    """How far each pixel of a box is outside a square with round corners in its middle, in pixels."""
    offsets = np.abs(np.arange(box) - (box - 1) / 2) - (side / 2 - corner)
    x, y = np.meshgrid(offsets, offsets)
    outside = np.hypot(np.maximum(x, 0.0), np.maximum(y, 0.0))
    distance: Array = outside + np.minimum(np.maximum(x, y), 0.0) - corner
    return distance


def _turn(box: int) -> Array:
    """Direction of each pixel of a box from its middle, as a share of a full turn."""
    offsets = np.arange(box) - (box - 1) / 2
    x, y = np.meshgrid(offsets, offsets)
    turn: Array = np.arctan2(y, x) / (2.0 * np.pi)
    return turn
