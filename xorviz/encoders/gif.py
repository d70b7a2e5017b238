"""GIF: one palette, changed rectangles only, true total time."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from io import BufferedWriter
from pathlib import Path
from typing import ClassVar, final

import numpy as np

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._samples import Samples
from xorviz.encoders.gif_coder import PillowCoder, best_coder
from xorviz.encoders.gif_compressor import Block, GifCompressor, GifPart, image_data
from xorviz.encoders.gif_see_through import SeeThroughGifCompressor, matted
from xorviz.encoders.palette import TRANSPARENT, Palette
from xorviz.errors import UsageError

_SCREEN_BYTES = 13
_SHORTEST_CS = 2
_LONGEST_CS = 65535
_KEPT, _CLEARED = 1, 2
_ONE_PIXEL = np.full((1, 1), TRANSPARENT, np.uint8)


@final
class GifEncoder(Encoder):
    """Writes GIF89a.

    Delays are whole centiseconds, so 30 fps becomes 3, 4, 3 …: the total is exact. A frame equal to the one
    before it only makes that one last longer. See `GifCompressor` for what is stored of the others. Where numba is
    installed, `ChoosingCoder` stores the same pictures in fewer bytes.
    """

    # Of a turning surface 12 miss colours that are worth 1 dB, of a field so do 24.
    n_samples: ClassVar[int] = 36
    sees_through = True

    def __init__(self, *, n_colors: int = 255, error: float = 0.0) -> None:
        """Sets what bytes are saved with.

        Args:
            n_colors: of the palette at most, 2 to 255. Half the colours cost 3 to 5 dB and save 15 to 30 % of the
                bytes.
            error (distance in sRGB, 0 to 0.2): how far pixels may be from their colours, by root mean square, those
                that keep theirs not counted. The palette gets no more colours than that takes, and a pixel that
                changes keeps its colour while a nearer one is nearer by less than 0.7 of it. 0 for the nearest
                of all colours.

        Raises:
            UsageError: ``n_colors`` or ``error`` is out of range.
        """
        if isinstance(n_colors, bool) or not isinstance(n_colors, int) or not 2 <= n_colors <= 255:
            raise UsageError(f"n_colors must be a whole number from 2 to 255; got {n_colors!r}.")
        if not 0 <= error <= 0.2:
            raise UsageError(f"error must be 0 to 0.2, a distance in sRGB; got {error!r}.")
        self._n_colors, self._error = n_colors, float(error)
        self._coder = best_coder()
        self._file: BufferedWriter | None = None

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses sides that do not fit 16 bits, and rates whose frames players slow down.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= 65535:
                raise UsageError(f"{name} must be 1 to 65535 in a GIF; got {side!r}.")
        # A delay of 1 cs is played as 10 cs by Chromium and Firefox, so 2 cs is the shortest that works.
        if not 1 <= fps <= 50:
            raise UsageError(f"fps must be 1 to 50 in a GIF; got {fps!r}. Lower it, or write an .mp4.")

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        height_px, width_px, _ = self._shape
        if (matte := self._matte) is not None:
            seen = samples
            samples = Samples(range(len(seen)), lambda i: matted(seen[i], matte))
        self._palette = Palette.of(samples, n_colors=self._n_colors, error=self._error)
        # The table has a power of two entries, and the transparent one is among them.
        self._bits = max(2, self._palette.n_most.bit_length())
        self._file = part.open("wb")
        self._file.write(_screen(width_px, height_px, self._bits))
        # The palette may still grow, so the table is filled in at the end.
        self._file.write(bytes(3 << self._bits))
        self._file.write(_loop(n_loops) + _comment(self._about.alt))
        self._notes = _rounding(fps)
        self._pending: Block | None = None
        self._pending_cs = 0
        self._n_frames = 0
        self._elapsed_ms = 0.0
        self._spent_cs = 0

    def _compressor(self, *, alone: bool) -> Compressor:
        # A palette that grows as frames come would depend on who drew which first.
        palette = self._palette if alone else self._palette.frozen()
        if self._matte is not None:
            return SeeThroughGifCompressor(palette, self._bits, self._coder, self._matte)
        return GifCompressor(palette, self._bits, self._coder)

    def _append(self, part: GifPart) -> None:
        for image, duration_ms in part:
            self._elapsed_ms += duration_ms
            delay_cs = max(_SHORTEST_CS, math.floor(self._elapsed_ms / 10 + 0.5) - self._spent_cs)
            self._spent_cs += delay_cs
            if image is None:
                self._pending_cs += delay_cs
            else:
                self._flush()
                self._pending, self._pending_cs = image, delay_cs

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        assert self._file is not None
        self._flush()
        self._file.write(b";")
        table = self._palette.colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]
        self._file.seek(_SCREEN_BYTES + 3 * (TRANSPARENT + 1))
        self._file.write(table.tobytes())
        self._file.close()
        return self._n_frames, self._spent_cs / 100, self._notes

    def _abort(self) -> None:
        if self._file is not None:
            # The raw file: flushing what is left would meet the full disk again.
            self._file.raw.close()

    def _flush(self) -> None:
        """Writes the pending image with the delay it has gathered."""
        assert self._file is not None
        data, is_cleared = self._pending or Block(b"")
        while data:
            delay_cs = min(self._pending_cs, _LONGEST_CS)
            self._pending_cs -= delay_cs
            disposal = _CLEARED if is_cleared and not self._pending_cs else _KEPT
            self._file.write(struct.pack("<BBBBHBB", 0x21, 0xF9, 4, disposal << 2 | 1, delay_cs, TRANSPARENT, 0))
            self._file.write(data)
            self._n_frames += 1
            # A delay beyond 16 bits goes on under an image that changes nothing, or the same again, to be cleared.
            again = data if is_cleared else self._nothing()
            data = again if self._pending_cs else b""

    def _nothing(self) -> bytes:
        """An image block of one pixel that changes nothing."""
        corner = slice(0, 1), slice(0, 1)
        return image_data(corner, _ONE_PIXEL, _ONE_PIXEL == TRANSPARENT, self._bits, PillowCoder())


def _rounding(fps: float) -> tuple[str, ...]:
    """Returns what is to be said of a rate whose frames do not last whole centiseconds."""
    interval_cs = 100 / fps
    if abs(interval_cs - round(interval_cs)) < 1e-6:
        return ()
    shorter = math.floor(interval_cs)
    cs = f"{shorter} or {shorter + 1}"
    return (f"at {fps:.4g} fps a frame of a GIF lasts {cs} hundredths of a second; together they take the true time",)


def _screen(width_px: int, height_px: int, bits: int) -> bytes:
    flags = 0x80 | 7 << 4 | bits - 1
    return b"GIF89a" + struct.pack("<HHBBB", width_px, height_px, flags, TRANSPARENT, 0)


def _loop(n_loops: int) -> bytes:
    """Returns the block that makes players repeat.

    Players read its number as repetitions after the first play, 0 as for ever (Chromium issue 592735, Firefox
    bug 1255497), and play a file without the block once. So once is the absence of the block, not a 1.
    """
    if n_loops == 1:
        return b""
    return b"\x21\xff\x0bNETSCAPE2.0" + struct.pack("<BBHB", 3, 1, max(0, n_loops - 1), 0)


def _comment(text: str) -> bytes:
    """Returns the block that players pass over and people may read, in UTF-8; nothing for no text."""
    data = text.encode(errors="replace")
    pieces = (data[start : start + 255] for start in range(0, len(data), 255))
    blocks = b"".join(bytes([len(piece)]) + piece for piece in pieces)
    return b"\x21\xfe" + blocks + b"\0" if blocks else b""
