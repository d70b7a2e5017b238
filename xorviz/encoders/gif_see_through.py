"""Image blocks of a GIF without a ground: what moves away is cleared, because nothing can be drawn over it."""

from __future__ import annotations

from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._compressor import RGB, Compressor, Frame
from xorviz.encoders._few_colours import Colours
from xorviz.encoders.gif_coder import GifCoder, Indices
from xorviz.encoders.gif_compressor import Block, GifPart, bounds, image_data
from xorviz.encoders.palette import TRANSPARENT, Palette, packed

# A tenth: the thinnest that panels draw on purpose, such as what a curve will have been, has 0.16 of its colour.
_LEAST_OPACITY = 26


@final
class SeeThroughGifCompressor(Compressor):
    """Makes image blocks of frames that are not opaque; a pixel is there or not.

    Only what changed is stored, as in `GifCompressor`. Where a pixel vanishes, the block before is made to cover it and
    to be cleared after it was shown; that is known one frame late, so a block is written when the next frame is there.
    The last block of a run clears everything: the next run begins on nothing, whoever compresses it.

    Args:
        palette: of the whole animation, laid over the matte.
        bits: that an index takes in the file.
        coder: of the indices.
        matte: what is under pixels that are covered in part.
    """

    def __init__(self, palette: Palette, bits: int, coder: GifCoder, matte: RGB) -> None:
        self._palette, self._bits, self._coder, self._matte = palette, bits, coder, matte

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; a run begins on nothing, so neither time nor frame matters."""
        del start_ms, before
        self._part: GifPart = []
        self._at = -1
        self._under: Indices | None = None
        self._shown: Indices | None = None
        self._last: Colours | None = None

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        indices = self._indices(frame)
        if self._shown is None:
            self._under = np.zeros_like(indices)
        elif (indices == self._shown).all():
            self._part.append((None, duration_ms))
            return
        else:
            self._settle((self._shown != TRANSPARENT) & (indices == TRANSPARENT))
        self._shown, self._at = indices, len(self._part)
        # Its place is kept; what is there is known when the next frame is.
        self._part.append((None, duration_ms))

    def _indices(self, frame: Frame) -> Indices:
        """Returns what is to be shown; only what changed is looked up."""
        pixels = packed(frame)
        if self._last is None or self._shown is None:
            self._last, indices = ~pixels, np.zeros(pixels.shape, np.uint8)
        else:
            indices = self._shown.copy()
        changed = np.flatnonzero(pixels != self._last)
        colours = frame.reshape(-1, 4)[changed]
        found = self._palette.indices(packed(matted(colours, self._matte)))
        found[colours[:, 3] < _LEAST_OPACITY] = TRANSPARENT
        indices.ravel()[changed] = found
        self._last = pixels.copy()
        return indices

    def end(self) -> GifPart:
        """See `Compressor.end`."""
        if self._shown is not None:
            self._settle(self._shown != TRANSPARENT)
        return self._part

    def _settle(self, vanishing: npt.NDArray[np.bool_]) -> None:
        """Write the block that waits, now that it is known what is to be cleared after it."""
        assert self._under is not None
        assert self._shown is not None
        still = self._shown == self._under
        is_cleared = bool(vanishing.any())
        # Where nothing is shown and nothing was, one pixel keeps the time.
        box = bounds(~still | vanishing) or (slice(0, 1), slice(0, 1))
        data = image_data(box, self._shown[box], still[box], self._bits, self._coder)
        self._part[self._at] = (Block(data, is_cleared=is_cleared), self._part[self._at][1])
        self._under = self._shown.copy()
        if is_cleared:
            self._under[box] = TRANSPARENT


def matted(frame: Frame, matte: RGB) -> Frame:
    """Returns a frame, or some of its pixels, laid over one colour.

    Args:
        frame (uint8 of shape (…, 4)): RGBA, not premultiplied.
        matte: the colour.
    """
    found = frame.copy()
    opacity = frame[..., 3]
    found[opacity == 0, :3] = matte
    mixed = (opacity > 0) & (opacity < 255)
    share = opacity[mixed, None] / 255.0
    found[mixed, :3] = np.rint(frame[mixed, :3] * share + np.array(matte) * (1 - share))
    return found
