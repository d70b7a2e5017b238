"""The changed rectangle of each frame, as indices into one palette, in LZW."""

from __future__ import annotations

import struct
from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders.gif_coder import GifCoder, Indices, Mask
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
        coder: of the indices; one that ``settles`` if the palette has a tolerance.
    """

    def __init__(self, palette: Palette, bits: int, coder: GifCoder) -> None:
        self._palette, self._bits, self._coder = palette, bits, coder

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
        indices = self._palette.indices(colours)
        if self._palette.tolerance:
            return self._choice(changed, indices, self._palette.second_indices(colours))
        shown = self._shown.ravel()
        is_seen = indices != shown[changed]
        seen = changed[is_seen]
        shown[seen] = indices[is_seen]
        still = np.ones(pixels.shape, bool)
        still.ravel()[seen] = False
        box = _bounds(~still)
        if box is None:
            return None
        block, _ = self._block(box, self._shown[box], None, still[box])
        return block

    def _choice(self, changed: npt.NDArray[np.intp], nearest: Indices, second: Indices) -> bytes | None:
        """The same where a changed pixel may be either of two indices, and stay if it shows one of them."""
        shown = self._shown.ravel()
        is_seen = (nearest != shown[changed]) & (second != shown[changed])
        own, still = self._shown.copy(), np.ones(self._shown.shape, bool)
        own.ravel()[changed] = nearest
        other = own.copy()
        other.ravel()[changed] = second
        still.ravel()[changed[is_seen]] = False
        box = _bounds(~still)
        if box is None:
            return None
        block, taken = self._block(box, own[box], other[box], still[box])
        np.copyto(self._shown[box], taken, where=taken != TRANSPARENT)
        return block

    def _block(
        self, box: tuple[slice, slice], own: Indices, other: Indices | None, still: Mask
    ) -> tuple[bytes, Indices]:
        """Returns a rectangle as GIF stores it, descriptor and LZW data, and what each pixel became."""
        data, taken = self._coder.data(own, other, still, self._bits)
        return image_descriptor(box[1].start, box[0].start, own.shape, self._bits) + data, taken


def image_descriptor(left_px: int, top_px: int, shape: tuple[int, ...], bits: int) -> bytes:
    """Returns what stands before the data of an image: its place and size, no table of its own, bits of an index."""
    height_px, width_px = shape
    return struct.pack("<BHHHHBB", 0x2C, left_px, top_px, width_px, height_px, 0, bits)


def _bounds(mask: npt.NDArray[np.bool_]) -> tuple[slice, slice] | None:
    """Returns the smallest rectangle that holds every true element, as rows and columns, or None."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    across = slice(int(rows[0]), int(rows[-1]) + 1)
    columns = np.flatnonzero(mask[across].any(axis=0))
    return across, slice(int(columns[0]), int(columns[-1]) + 1)
