"""Video pictures of a run of frames, by a coder of its own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, final

import numpy as np

from xorviz.encoders._coding import Coding
from xorviz.encoders._compressor import Compressor, Frame
from xorviz.encoders._constant_rate import ConstantRate

VideoPart = list[tuple[bytes, int, bool]]
"""In order of decoding: a picture's data, its position in the run, and whether decoding can start there."""


@final
class VideoCompressor(Compressor):
    """Makes pictures at a constant rate, repeating a frame for as long as it is held.

    Args:
        shape: (height_px, width_px, 4) of the frames.
        rate: pictures per second.
        coding: of the format.
    """

    def __init__(self, shape: tuple[int, int, int], rate: Fraction, coding: Coding) -> None:
        self._shape, self._rate, self._coding = shape, rate, coding

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; a run starts with a picture of its own, so what was shown before does not matter."""
        import av
        from av.codec.context import Flags
        from av.video.reformatter import VideoReformatter

        del before
        padded = self._coding.padded(self._shape)
        self._padded = np.empty(padded, np.uint8) if padded != self._shape else None
        self._context: Any = av.CodecContext.create(self._coding.codec, "w")
        self._coding.configure(self._context, self._shape, self._rate)
        # What describes the coder stands once, at the head of the file.
        self._context.flags |= Flags.global_header
        # Kept for the run: a frame's own would set up its filters anew, a third of the conversion.
        self._reformatter: Any = VideoReformatter()
        self._clock = ConstantRate(self._rate, start_ms)
        self._n_pictures = 0
        self._part: VideoPart = []

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        n_more = self._clock.n_more(duration_ms)
        if n_more:
            picture = self._converted(frame)
            for _ in range(n_more):
                self._encode(picture)

    def end(self) -> VideoPart:
        """See `Compressor.end`."""
        if self._n_pictures:
            self._keep(self._context.encode(None))
        return self._part

    def _encode(self, picture: Any) -> None:
        picture.pts = self._n_pictures
        picture.time_base = 1 / self._rate
        self._n_pictures += 1
        self._keep(self._context.encode(picture))

    def _keep(self, packets: list[Any]) -> None:
        self._part += [(bytes(packet), packet.pts, bool(packet.is_keyframe)) for packet in packets]

    def _converted(self, frame: Frame) -> Any:
        """Returns the frame as a picture of its own memory, its pixels as they are coded."""
        from av import VideoFrame

        if self._padded is not None:
            height_px, width_px, _ = self._shape
            self._padded[:height_px, :width_px] = frame
            self._padded[height_px:, :width_px] = frame[-1:]
            self._padded[:, width_px:] = self._padded[:, width_px - 1 : width_px]
            frame = self._padded
        picture = VideoFrame.from_numpy_buffer(np.ascontiguousarray(frame), "rgba")
        # One thread: two cost half as much again, and the other core has a run of its own.
        if self._coding.is_rgb:
            return self._reformatter.reformat(picture, format=self._coding.pix_fmt, threads=1)
        return self._reformatter.reformat(
            picture, format="yuv420p", dst_colorspace="itu709", interpolation="AREA", threads=1
        )
