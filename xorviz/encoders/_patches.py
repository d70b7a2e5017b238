"""What changes from frame to frame, each change coded as a picture of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._compressor import Compressor, Frame

Pixels = npt.NDArray[np.uint32]
_OPAQUE = np.uint32(0xFF000000)


@final
@dataclass(frozen=True, slots=True)
class Patch:
    """A rectangle to be drawn over the frame before.

    Attributes:
        left_px: column of its left edge, even.
        top_px: row of its upper edge, even.
        width_px: columns.
        height_px: rows.
        data: its pixels as the format codes them, transparent where nothing changed.
        is_whole: it covers the whole frame and needs no frame before.
        replaces: it takes the place of what it covers, in its transparent pixels, too.
    """

    left_px: int
    top_px: int
    width_px: int
    height_px: int
    data: bytes
    is_whole: bool = False
    replaces: bool = False


PatchPart = list[tuple[Patch | None, float]]
"""For each frame its patch, or None if it equals the one before, and its duration in milliseconds."""


@final
class PatchCompressor(Compressor):
    """Makes patches. What does not change in the source, nor beside it, is not drawn again, so it stays as it is.

    Transparency halves the bytes of plots, whose changes are many and small in one large rectangle.

    Args:
        code: turns RGBA, uint8 of shape (height_px, width_px, 4), into `Patch.data`; a function of a module.
        each_run_whole: the first frame of every run is stored whole, so that showing can begin there.
        grain_px: side of the squares that are drawn again as a whole if anything in them changed. A code with loss
            works in squares, too: pixels drawn one by one would keep what was smeared into them, and whatever moves
            away would leave a trace.
        is_opaque: whether the alpha of frames says nothing.
    """

    def __init__(
        self,
        code: Callable[[npt.NDArray[np.uint8]], bytes],
        *,
        each_run_whole: bool = False,
        grain_px: int = 1,
        is_opaque: bool = True,
    ) -> None:
        self._code, self._each_run_whole, self._grain_px = code, each_run_whole, grain_px
        self._alpha = _OPAQUE if is_opaque else np.uint32(0)

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; durations are the encoder's business, so the time does not matter."""
        del start_ms
        self._part: PatchPart = []
        self._last = None if before is None or self._each_run_whole else self._packed(before)

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        pixels = self._packed(frame)
        self._part.append((self._patch(pixels), duration_ms))
        self._last = pixels

    def end(self) -> PatchPart:
        """See `Compressor.end`."""
        return self._part

    def nothing(self) -> Patch:
        """Returns a patch that changes nothing."""
        return self._coded(0, 0, np.zeros((1, 1), np.uint32))

    def whole(self, frame: Frame) -> Patch:
        """Returns a patch that is the whole of a frame."""
        return self._coded(0, 0, self._packed(frame), is_whole=True)

    def _patch(self, pixels: Pixels) -> Patch | None:
        if self._last is None:
            return self._coded(0, 0, pixels, is_whole=True)
        changed = _in_squares(pixels != self._last, self._grain_px)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if not len(rows):
            return None
        # WebP counts positions in pairs of pixels.
        top_px, left_px = int(rows[0]) & ~1, int(columns[0]) & ~1
        box = slice(top_px, int(rows[-1]) + 1), slice(left_px, int(columns[-1]) + 1)
        # What covers all that was there can be laid over it, with nothing where nothing changed.
        if (pixels[changed] >= _OPAQUE).all():
            return self._coded(left_px, top_px, pixels[box] * changed[box])
        return self._coded(left_px, top_px, pixels[box], replaces=True)

    def _packed(self, frame: Frame) -> Pixels:
        """Returns a copy with one integer per pixel."""
        pixels: Pixels = np.ascontiguousarray(frame).view("<u4")[..., 0] | self._alpha
        return pixels

    def _coded(
        self, left_px: int, top_px: int, pixels: Pixels, *, is_whole: bool = False, replaces: bool = False
    ) -> Patch:
        height_px, width_px = pixels.shape
        picture = np.ascontiguousarray(pixels).view(np.uint8).reshape(height_px, width_px, 4)
        return Patch(left_px, top_px, width_px, height_px, self._code(picture), is_whole, replaces)


def _in_squares(mask: npt.NDArray[np.bool_], side_px: int) -> npt.NDArray[np.bool_]:
    """Returns the mask with every square filled in which an element is true."""
    if side_px == 1:
        return mask
    height_px, width_px = mask.shape
    n_down, n_across = -(-height_px // side_px), -(-width_px // side_px)
    padded = np.zeros((n_down * side_px, n_across * side_px), bool)
    padded[:height_px, :width_px] = mask
    squares = padded.reshape(n_down, side_px, n_across, side_px).any(axis=(1, 3))
    return squares.repeat(side_px, 0).repeat(side_px, 1)[:height_px, :width_px]
