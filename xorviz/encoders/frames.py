"""A folder of PNG files, one per frame, for whoever goes on with another program."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, final

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._constant_rate import ConstantRate
from xorviz.encoders._folder_target import FolderTarget
from xorviz.encoders._png_chunks import png_file
from xorviz.encoders._target import Target
from xorviz.errors import UsageError

FramesPart = list[tuple[bytes, int]]
"""The file of each frame, and for how many pictures it is shown."""


@final
class FramesCompressor(Compressor):
    """Makes PNG files.

    Args:
        rate: pictures per second.
        is_opaque: whether the alpha of frames says nothing.
    """

    def __init__(self, rate: Fraction, *, is_opaque: bool) -> None:
        self._rate, self._is_opaque = rate, is_opaque

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; every picture is whole, so what was shown before does not matter."""
        del before
        self._clock = ConstantRate(self._rate, start_ms)
        self._part: FramesPart = []

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        n_pictures = self._clock.n_more(duration_ms)
        if n_pictures:
            self._part.append((png_file(frame[..., :3] if self._is_opaque else frame), n_pictures))

    def end(self) -> FramesPart:
        """See `Compressor.end`."""
        return self._part


@final
class FramesEncoder(Encoder):
    """Writes ``frame-00000.png`` and so on at a constant rate; a frame held longer is repeated."""

    n_samples: ClassVar[int] = 0
    sees_through = True
    target_type: ClassVar[type[Target] | type[FolderTarget]] = FolderTarget

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses what no screen shows.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= 65535:
                raise UsageError(f"{name} must be 1 to 65535 in a folder of frames; got {side!r}.")
        if not 1 <= fps <= 240:
            raise UsageError(f"fps must be 1 to 240 in a folder of frames; got {fps!r}.")

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        self._folder = part
        self._rate = Fraction(fps).limit_denominator(1001)
        self._n_frames = 0

    def _compressor(self, *, alone: bool) -> FramesCompressor:
        del alone
        return FramesCompressor(self._rate, is_opaque=self._matte is None)

    def _append(self, part: FramesPart) -> None:
        for picture, n_times in part:
            for _ in range(n_times):
                (self._folder / f"frame-{self._n_frames:05}.png").write_bytes(picture)
                self._n_frames += 1

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        return self._n_frames, float(self._n_frames / self._rate), ()

    def _abort(self) -> None:
        """No file is open."""
