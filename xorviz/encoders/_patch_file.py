"""What the formats share that store a picture per change: a file, a clock, and when to write what."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from io import BufferedWriter
from pathlib import Path
from typing import ClassVar, final

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Frame
from xorviz.encoders._patch_clock import PatchClock
from xorviz.encoders._patches import Patch, PatchCompressor, PatchPart
from xorviz.errors import UsageError


class PatchEncoder(Encoder):
    """Writes patches with whole milliseconds; a frame equal to the one before only makes that one last longer.

    Pillow writes such files too, but in one process, keeping until the end what it has, and in over twice the bytes:
    it stores changed rectangles whole, still pixels included.

    Attributes:
        format_name: with its article, for messages.
        longest_side_px: of a frame.
        longest_ms: that one patch can be shown.
    """

    n_samples: ClassVar[int] = 0
    format_name: ClassVar[str]
    longest_side_px: ClassVar[int]
    longest_ms: ClassVar[int]

    _file: BufferedWriter | None = None

    @final
    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses sides that the format has no bits for, and rates that players slow down.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= self.longest_side_px:
                raise UsageError(f"{name} must be 1 to {self.longest_side_px} in {self.format_name}; got {side!r}.")
        # Chromium and Firefox show what lasts 10 ms or less for 100 ms.
        if not 1 <= fps <= 60:
            raise UsageError(f"fps must be 1 to 60 in {self.format_name}; got {fps!r}. Lower it, or write an .mp4.")

    @abstractmethod
    def _patches(self) -> PatchCompressor:
        """Returns what makes this format's patches."""

    @abstractmethod
    def _head(self, n_loops: int) -> bytes:
        """Returns what stands before the patches."""

    @abstractmethod
    def _patch(self, patch: Patch, duration_ms: int) -> bytes:
        """Returns what the file says of one patch, which ``_clock.frame`` is the first to show.

        ``_clock.n_patches`` have been written before it.
        """

    @abstractmethod
    def _close(self, file: BufferedWriter) -> None:
        """Writes the end, and into the head what was not known there."""

    @final
    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        self._samples = samples
        self._clock = PatchClock(longest_ms=self.longest_ms, nothing=self._patches().nothing())
        self._file = part.open("wb")
        self._file.write(self._head(n_loops))

    @final
    def _compressor(self, *, alone: bool) -> PatchCompressor:
        del alone
        return self._patches()

    @final
    def _append(self, part: PatchPart) -> None:
        assert self._file is not None
        for patch, duration_ms in part:
            for ended, shown_ms in self._clock.add(patch, duration_ms):
                self._file.write(self._patch(ended, shown_ms))

    @final
    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        assert self._file is not None
        for ended, shown_ms in self._clock.finish():
            self._file.write(self._patch(ended, shown_ms))
        self._close(self._file)
        self._file.close()
        return self._clock.n_patches, self._clock.total_ms / 1000, ()

    @final
    def _abort(self) -> None:
        if self._file is not None:
            # The raw file: flushing what is left would meet the full disk again.
            self._file.raw.close()
