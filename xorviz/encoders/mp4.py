"""MP4: H.264 that plays in every browser, slide program and phone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar, final

from xorviz.encoders._base import Encoder
from xorviz.encoders._compressor import Frame
from xorviz.encoders.mp4_compressor import Mp4Compressor, Mp4Part, configure, padded_shape
from xorviz.errors import UsageError

# Plots are not films. Adaptive quantisation takes bits from sharp edges for the grain of flat ground, of which a plot
# has none: off, it is worth 3 dB at equal bytes. With that, and a fixed pattern of B-frames instead of a look ahead,
# this preset costs 0.55 of "veryfast" as it comes, at more dB and less error in the worst pixels: benchmarks/encoders.
_OPTIONS = {
    "preset": "superfast",
    "x264-params": "aq-mode=0:weightp=0:scenecut=0:bframes=2:b-adapt=0:b-pyramid=none",
}
# Pictures by which decoding runs ahead of showing, with B-frames that nothing is predicted from.
_DELAY = 1


@final
class Mp4Encoder(Encoder):
    """Writes H.264 in MP4: yuv420p, BT.709 converted and tagged, constant rate, index first, no sound.

    A frame held longer is repeated. Sides must be even; an odd one gets its last row or column twice. Every part starts
    with a picture of its own, where players can jump to.
    """

    frames_per_part: ClassVar[int] = 30
    n_samples: ClassVar[int] = 0

    def __init__(self, *, crf: int = 23) -> None:
        """Sets the quality.

        Args:
            crf: libx264's constant rate factor, 0 (largest file) to 51; 23 looks like the source (52 dB), every 6
                more halve the size.

        Raises:
            UsageError: ``crf`` is out of range.
        """
        if not 0 <= crf <= 51:
            raise UsageError(f"crf must be 0 to 51; got {crf!r}.")
        self._options = {"crf": str(crf), **_OPTIONS}
        self._container: Any = None

    def check(self, *, width_px: int, height_px: int, fps: float) -> None:
        """Refuses sides beyond what hardware decoders take, and rates that no screen shows.

        Raises:
            UsageError: naming the argument and what is allowed.
        """
        for name, side in (("width_px", width_px), ("height_px", height_px)):
            if not 1 <= side <= 4096:
                raise UsageError(f"{name} must be 1 to 4096 in an MP4; got {side!r}.")
        if not 1 <= fps <= 240:
            raise UsageError(f"fps must be 1 to 240 in an MP4; got {fps!r}.")

    def _begin(self, part: Path, *, fps: float, samples: Sequence[Frame], n_loops: int) -> None:
        import av

        self._rate = Fraction(fps).limit_denominator(1001)
        # The file's own clock is in milliseconds by default, which cuts the last frame at 30 fps short.
        clock_hz = self._rate.numerator * math.ceil(1000 / self._rate.numerator)
        layout = {"movflags": "+faststart", "movie_timescale": str(clock_hz)}
        self._container = av.open(str(part), "w", format="mp4", container_options=layout)
        self._stream = self._container.add_stream("libx264", rate=self._rate, options=self._options)
        configure(self._stream.codec_context, self._shape, self._rate)
        self._container.start_encoding()
        self._n_frames = 0

    def _compressor(self, *, alone: bool) -> Mp4Compressor:
        del alone
        return Mp4Compressor(self._shape, self._rate, self._options)

    def _append(self, part: Mp4Part) -> None:
        from av import Packet

        for n_decoded, (data, position, is_key) in enumerate(part):
            packet: Any = Packet(data)
            packet.stream = self._stream
            packet.pts = self._n_frames + position
            packet.dts = self._n_frames + n_decoded - _DELAY
            packet.time_base = 1 / self._rate
            packet.duration = 1
            packet.is_keyframe = is_key
            self._container.mux_one(packet)
        self._n_frames += len(part)

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        self._container.close()
        return self._n_frames, float(self._n_frames / self._rate), self._notes()

    def _abort(self) -> None:
        if self._container is not None:
            from av import FFmpegError

            # Closing writes an index, which a full disk refuses again; the first failure is what to report.
            with suppress(FFmpegError):
                self._container.close()

    def _notes(self) -> tuple[str, ...]:
        height_px, width_px, _ = self._shape
        new_height_px, new_width_px, _ = padded_shape(self._shape)
        if (height_px, width_px) == (new_height_px, new_width_px):
            return ()
        return (f"padded {width_px}×{height_px} to {new_width_px}×{new_height_px}: H.264 needs even sides",)
