"""A poster: the picture that stands for an animation where nothing moves, as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, final

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._png_chunks import png_file
from xorviz.errors import UsageError


@final
class Still(Compressor):
    """Makes nothing of frames: what stands still is written before them."""

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`."""

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""

    def end(self) -> None:
        """See `Compressor.end`."""


@final
class PosterEncoder(Encoder):
    """Writes the last sample, the end of training, with the pixels it has before any encoder."""

    n_samples: ClassVar[int] = 2
    sees_through = True

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses sides that the format has no bits for.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= 65535:
                raise UsageError(f"{name} must be 1 to 65535 in a PNG; got {side!r}.")

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        part.write_bytes(png_file(samples[-1] if self._matte else samples[-1][..., :3]))

    def _compressor(self, *, alone: bool) -> Still:
        return Still()

    def _append(self, part: None) -> None:
        """Nothing is added."""

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        return 1, 0.0, ()

    def _abort(self) -> None:
        """No file is open."""
