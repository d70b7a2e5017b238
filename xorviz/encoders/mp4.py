"""MP4: H.264 that plays in every browser, slide program and phone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar, final

from xorviz.encoders._coding import Coding
from xorviz.encoders._video import VideoEncoder
from xorviz.errors import UsageError

# Plots are not films. Adaptive quantisation takes bits from sharp edges for the grain of flat ground, of which a plot
# has none: off, it is worth 3 dB at equal bytes. With that, and a fixed pattern of B-frames instead of a look ahead,
# this preset costs 0.6 of "veryfast" as it comes, at more dB and less error in the worst pixels: benchmarks/encoders.
# The filter against blocks is off too: at this quality it smears more than it mends, 0.4 dB and a sixth of the error
# of ramps.
_OPTIONS = {
    "preset": "superfast",
    "x264-params": "aq-mode=0:weightp=0:scenecut=0:bframes=2:b-adapt=0:b-pyramid=none:no-deblock=1",
}


_CAUTION = "lossless H.264 is RGB: VLC, mpv and video editors show it, browsers, phones and slide programs do not"
_LOSSLESS = Coding("libx264rgb", {"qp": "0", "preset": "veryfast", "bf": "0"}, pix_fmt="rgb24", caution=_CAUTION)


@final
class Mp4Encoder(VideoEncoder):
    """Writes H.264 in MP4, the index first; see `VideoEncoder`. Sides must be even."""

    format_name: ClassVar[str] = "an MP4"
    muxer: ClassVar[str] = "mp4"

    def __init__(self, *, crf: float = 23, lossless: bool = False) -> None:
        """Sets the quality.

        Args:
            crf: libx264's constant rate factor, 0 (largest file) to 51; 23 looks like the source (52 dB), every 6
                more halve the size. Without meaning if lossless.
            lossless: exact colours, which H.264 stores as RGB: players and editors built on FFmpeg show it, browsers,
                phones and slide programs do not.

        Raises:
            UsageError: ``crf`` is out of range.
        """
        if not 0 <= crf <= 51:
            raise UsageError(f"crf must be 0 to 51; got {crf!r}.")
        super().__init__(_LOSSLESS if lossless else _coding(crf))

    def _layout(self, rate: Fraction, n_loops: int) -> Mapping[str, str]:
        del n_loops
        # The file's own clock is in milliseconds by default, which cuts the last frame at 30 fps short.
        clock_hz = rate.numerator * math.ceil(1000 / rate.numerator)
        return {"movflags": "+faststart", "movie_timescale": str(clock_hz)}


def _coding(crf: float) -> Coding:
    # With B-frames that nothing is predicted from, decoding runs one picture ahead.
    options = {"crf": f"{crf:g}", **_OPTIONS}
    return Coding("libx264", options, multiple_px=2, rule="H.264 needs even sides", n_ahead=1)
