"""The changed rectangle of each frame, as indices into one palette, in LZW."""

from __future__ import annotations

import struct
from typing import final

import numpy as np
import numpy.typing as npt
from PIL import Image

from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders.palette import TRANSPARENT, Palette, packed

GifPart = list[tuple[bytes | None, float]]
"""For each frame its image block, or None if it equals the one before, and its duration in milliseconds."""


@final
class GifCompressor(Compressor):
    """Makes image blocks.

    Only the rectangle that changed is stored, its still pixels transparent or as they are, so what does not change in
    the source cannot change on the screen.

    Args:
        palette: of the whole animation.
        bits: that an index takes in the file.
    """

    def __init__(self, palette: Palette, bits: int) -> None:
        self._palette, self._bits = palette, bits

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; delays are the encoder's business, so the time does not matter."""
        del start_ms
        self._part: GifPart = []
        self._last: npt.NDArray[np.uint32] | None = None
        if before is not None:
            self._last = packed(before).copy()
            self._shown = self._palette.indices(self._last)
            if self._palette.tolerance:
                # Which of two entries is shown depends on frames before that one, and so is not known here.
                self._shown.fill(TRANSPARENT)

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        self._part.append((self._changes(packed(frame)), duration_ms))

    def end(self) -> GifPart:
        """See `Compressor.end`."""
        return self._part

    def _changes(self, pixels: npt.NDArray[np.uint32]) -> bytes | None:
        """Returns the image block of what changed since the last frame, or None."""
        if self._last is None:
            self._last = ~pixels
            self._shown = np.full(pixels.shape, TRANSPARENT, np.uint8)
        changed = np.flatnonzero(pixels != self._last)
        colours = pixels.ravel()[changed]
        self._last.ravel()[changed] = colours
        indices, shown = self._palette.indices(colours), self._shown.ravel()
        is_seen = indices != shown[changed]
        if self._palette.tolerance:
            is_seen &= self._palette.second_indices(colours) != shown[changed]
        seen = changed[is_seen]
        shown[seen] = indices[is_seen]
        differs = np.zeros(pixels.shape, bool)
        differs.ravel()[seen] = True
        box = _bounds(differs)
        if box is None:
            return None
        delta = self._shown[box] * _without_short_gaps(differs[box])
        return image_block(box[1].start, box[0].start, delta, self._bits)


def image_block(left_px: int, top_px: int, indices: npt.NDArray[np.uint8], bits: int) -> bytes:
    """Returns a rectangle of indices as GIF stores it: descriptor and LZW data."""
    height_px, width_px = indices.shape
    # Pillow's encoder for this format, straight to bytes: data sub-blocks without the closing empty one.
    data = Image.fromarray(np.ascontiguousarray(indices)).tobytes("gif", "L", bits, 0)
    return struct.pack("<BHHHHBB", 0x2C, left_px, top_px, width_px, height_px, 0, bits) + data + b"\0"


def _bounds(mask: npt.NDArray[np.bool_]) -> tuple[slice, slice] | None:
    """Returns the smallest rectangle that holds every true element, as rows and columns, or None."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    across = slice(int(rows[0]), int(rows[-1]) + 1)
    columns = np.flatnonzero(mask[across].any(axis=0))
    return across, slice(int(columns[0]), int(columns[-1]) + 1)


def _without_short_gaps(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Returns the mask with every gap of up to three elements of a row filled.

    A still pixel may be stored as transparent or as the index it shows. Between moving pixels the index makes
    the repetitions that LZW looks for longer: up to 3 % fewer bytes, and nothing to see.
    """
    filled = mask.copy()
    # Grow to the right by 1 + 2, then shrink from the right by as much; NumPy minds the overlap.
    for n in (1, 2):
        filled[:, n:] |= filled[:, :-n]
    for n in (1, 2):
        filled[:, :-n] &= filled[:, n:]
    return filled | mask
