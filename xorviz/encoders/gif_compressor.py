"""The changed rectangle of each frame, as indices into one palette, in LZW."""

from __future__ import annotations

import struct
from typing import NamedTuple, final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._few_colours import Colours
from xorviz.encoders.gif_coder import GifCoder, Indices, Mask
from xorviz.encoders.palette import TRANSPARENT, Palette, packed

_LONGEST_WAITING = 4

Box = tuple[slice, slice]


class Block(NamedTuple):
    """An image of a GIF.

    Attributes:
        data: descriptor and pixels.
        is_cleared: whether nothing is left of its rectangle when the next image comes.
    """

    data: bytes
    is_cleared: bool = False


GifPart = list[tuple[Block | None, float]]
"""For each frame its image block, or None if it equals the one before, and its duration in milliseconds."""


@final
class GifCompressor(Compressor):
    """Makes image blocks.

    Only the rectangle that changed is stored, its still pixels transparent or as they are, so what does not change in
    the source cannot change on the screen.

    Args:
        palette: of the whole animation; see there for how long a pixel may wait for a nearer colour.
        bits: that an index takes in the file.
        coder: of the indices.
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
            if self._palette.lag:
                # Whether a pixel still waits there depends on frames before that one, and so is not known here.
                self._shown[self._palette.may_wait(self._last)] = TRANSPARENT

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        self._part.append((self._changes(packed(frame)), duration_ms))

    def end(self) -> GifPart:
        """See `Compressor.end`."""
        return self._part

    def _changes(self, pixels: npt.NDArray[np.uint32]) -> Block | None:
        """Returns the image block of what changed since the last frame, or None."""
        if self._last is None:
            self._last = ~pixels
            self._shown = np.full(pixels.shape, TRANSPARENT, np.uint8)
        changed = np.flatnonzero(pixels != self._last)
        colours = pixels.ravel()[changed]
        self._last.ravel()[changed] = colours
        indices, shown = self._palette.indices(colours), self._shown.ravel()
        is_seen = indices != shown[changed]
        # Where everything changes, as at first, nothing waits.
        if self._palette.lag and len(changed) < pixels.size:
            seen = np.flatnonzero(is_seen)
            is_seen[seen[self._waits(changed[seen], colours[seen], indices[seen])]] = False
        seen = changed[is_seen]
        shown[seen] = indices[is_seen]
        still = np.ones(pixels.shape, bool)
        still.ravel()[seen] = False
        box = bounds(~still)
        if box is None:
            return None
        return Block(image_data(box, self._shown[box], still[box], self._bits, self._coder))

    def _waits(self, at: npt.NDArray[np.intp], colours: Colours, nearest: Indices) -> Mask:
        """Which of some pixels, in order, keep the colour that they show: runs of a row in which no pixel is due.

        What moves slowly then moves by a few pixels at a time. Longer runs are parts of areas, which cost few bytes.
        """
        starts = np.flatnonzero(np.diff(at, prepend=-2) != 1)
        lengths = np.diff(starts, append=len(at))
        is_due = np.repeat(lengths > _LONGEST_WAITING, lengths)
        short = np.flatnonzero(~is_due)
        is_due[short] = ~self._palette.is_near(colours[short], self._shown.ravel()[at[short]], nearest[short])
        return ~np.repeat(np.logical_or.reduceat(is_due, starts), lengths) if len(at) else is_due


def image_data(box: Box, own: Indices, still: Mask, bits: int, coder: GifCoder) -> bytes:
    """Returns a rectangle as GIF stores it: its place and size, no table of its own, bits of an index, LZW data.

    Args:
        box: rows and columns.
        own: see `GifCoder.data`.
        still: likewise.
        bits: likewise.
        coder: of the indices.
    """
    height_px, width_px = own.shape
    place = struct.pack("<BHHHHBB", 0x2C, box[1].start, box[0].start, width_px, height_px, 0, bits)
    return place + coder.data(own, still, bits)


def bounds(mask: Mask) -> Box | None:
    """Returns the smallest rectangle that holds every true element, as rows and columns, or None."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    across = slice(int(rows[0]), int(rows[-1]) + 1)
    columns = np.flatnonzero(mask[across].any(axis=0))
    return across, slice(int(columns[0]), int(columns[-1]) + 1)
