"""Animated AVIF: AV1 that plays like a picture, in an ``img`` of every current browser."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, final

from xorviz.encoders._av1 import av1
from xorviz.encoders._video import VideoEncoder
from xorviz.errors import UsageError


@final
class AvifEncoder(VideoEncoder):
    """Writes an AVIF image sequence, exactly timed; see `VideoEncoder`.

    Pillow writes such files too, at 0.7 of the bytes for six times the time, but in one process: no run could be
    compressed apart. What is kept until the end here is the coded animation, a few kilobytes a second.
    """

    format_name: ClassVar[str] = "an AVIF"
    muxer: ClassVar[str] = "avif"

    def __init__(self, *, crf: int = 28) -> None:
        """Sets the quality.

        Args:
            crf: SVT-AV1's constant rate factor, 0 (largest file) to 63.

        Raises:
            UsageError: ``crf`` is out of range.
        """
        if not 0 <= crf <= 63:
            raise UsageError(f"crf must be 0 to 63; got {crf!r}.")
        super().__init__(av1(crf))

    def _layout(self, rate: Fraction, n_loops: int) -> Mapping[str, str]:
        return {"movie_timescale": str(rate.numerator), "loop": str(n_loops)}
