"""MP4: H.264 that plays in every browser, slide program and phone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any, final

import numpy as np

from xorviz.encoders._base import Encoder, Frame
from xorviz.errors import UsageError

_BT709 = 1
_LIMITED_RANGE = 1


@final
class Mp4Encoder(Encoder):
    """Writes H.264 in MP4: yuv420p, BT.709 converted and tagged, constant rate, index first, no sound.

    A frame held longer is repeated. Sides must be even; an odd one gets its last row or column twice.
    """

    def __init__(self, *, crf: int = 18) -> None:
        """Sets the quality.

        Args:
            crf: libx264's constant rate factor, 0 (largest file) to 51; 18 looks like the source, 23 is half
                the size.

        Raises:
            UsageError: ``crf`` is out of range.
        """
        if not 0 <= crf <= 51:
            raise UsageError(f"crf must be 0 to 51; got {crf!r}.")
        # Slower presets take twice the time for 0.5 dB and no fewer bytes; faster ones double the bytes. The
        # tuning takes a sixth off the largest errors, which are at thin lines, for 3 % more bytes.
        self._options = {"crf": str(crf), "preset": "veryfast", "tune": "animation"}
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

        height_px, width_px, _ = self._shape
        self._rate = Fraction(fps).limit_denominator(1001)
        self._padded_shape = (height_px + height_px % 2, width_px + width_px % 2, 4)
        self._padded = np.empty(self._padded_shape, np.uint8) if self._padded_shape != self._shape else None
        # The file's own clock is in milliseconds by default, which cuts the last frame at 30 fps short.
        clock_hz = self._rate.numerator * math.ceil(1000 / self._rate.numerator)
        layout = {"movflags": "+faststart", "movie_timescale": str(clock_hz)}
        self._container = av.open(str(part), "w", format="mp4", container_options=layout)
        stream = self._container.add_stream("libx264", rate=self._rate, options=self._options)
        stream.height, stream.width, _ = self._padded_shape
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        # One thread: the bytes then depend on the frames alone.
        context.thread_count = 1
        context.time_base = 1 / self._rate
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED_RANGE
        self._stream = stream
        self._n_frames = 0
        self._elapsed_ms = 0.0

    def _add(self, frame: Frame, duration_ms: float) -> None:
        self._elapsed_ms += duration_ms
        n_more = math.floor(Fraction(self._elapsed_ms) * self._rate / 1000 + Fraction(1, 2)) - self._n_frames
        if self._n_frames == 0:
            n_more = max(1, n_more)
        if n_more <= 0:
            return
        picture = self._converted(frame)
        for _ in range(n_more):
            self._encode(picture)

    def _finish(self) -> tuple[int, float, tuple[str, ...]]:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._n_frames, float(self._n_frames / self._rate), self._notes()

    def _abort(self) -> None:
        if self._container is not None:
            from av import FFmpegError

            # Closing writes an index, which a full disk refuses again; the first failure is what to report.
            with suppress(FFmpegError):
                self._container.close()

    def _encode(self, picture: Any) -> None:
        picture.pts = self._n_frames
        picture.time_base = 1 / self._rate
        self._container.mux(self._stream.encode(picture))
        self._n_frames += 1

    def _converted(self, frame: Frame) -> Any:
        """Returns the frame as a yuv420p picture of its own memory."""
        from av import VideoFrame

        if self._padded is not None:
            height_px, width_px, _ = self._shape
            self._padded[:height_px, :width_px] = frame
            self._padded[height_px:, :width_px] = frame[-1:]
            self._padded[:, width_px:] = self._padded[:, width_px - 1 : width_px]
            frame = self._padded
        picture = VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame), "rgba")
        return picture.reformat(format="yuv420p", dst_colorspace="itu709", interpolation="AREA")

    def _notes(self) -> tuple[str, ...]:
        if self._padded is None:
            return ()
        height_px, width_px, _ = self._shape
        new_height_px, new_width_px, _ = self._padded_shape
        return (f"padded {width_px}×{height_px} to {new_width_px}×{new_height_px}: H.264 needs even sides",)
