"""Words: what an animation shows, for whoever places it where it cannot say so itself, as a text file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, final

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Frame
from xorviz.encoders.poster import Still


@final
class WordsEncoder(Encoder):
    """Writes one line of UTF-8."""

    n_samples: ClassVar[int] = 0
    sees_through = True

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses nothing: words have no size."""

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        part.write_text(f"{self._about.alt or self._about.title}\n", encoding="utf-8")

    def _compressor(self, *, alone: bool) -> Still:
        return Still()

    def _append(self, part: None) -> None:
        """Nothing is added."""

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        return 0, 0.0, ()

    def _abort(self) -> None:
        """No file is open."""
