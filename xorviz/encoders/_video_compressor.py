"""Video pictures of a run of frames, by a coder of its own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final, final

import numpy as np

from xorviz.encoders._coding import Coding
from xorviz.encoders._compressor import RGB, Compressor, Frame
from xorviz.encoders._constant_rate import ConstantRate
from xorviz.encoders._underpaint import underpainted

BESIDE: Final = "matroska_block_additional"
"""FFmpeg's name of what a coder puts beside a picture: that of its opacities."""

VideoPart = list[tuple[bytes, int, bool, bytes]]
"""In order of decoding: a picture's data, its position in the run, whether decoding can start there, and the data of
its opacities, empty where it is opaque."""


@final
class VideoCompressor(Compressor):
    """Makes pictures at a constant rate, repeating a frame for as long as it is held.

    Args:
        shape: (height_px, width_px, 4) of the frames.
        rate: pictures per second.
        coding: of the format.
        matte: under what is see-through, where pictures have opacities; see `underpainted`.
    """

    def __init__(self, shape: tuple[int, int, int], rate: Fraction, coding: Coding, matte: RGB | None = None) -> None:
        self._shape, self._rate, self._coding, self._matte = shape, rate, coding, matte

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; a run starts with a picture of its own, so what was shown before does not matter."""
        import av
        from av.video.reformatter import VideoReformatter

        del before
        padded = self._coding.padded(self._shape)
        self._padded = np.empty(padded, np.uint8) if padded != self._shape else None
        self._context: Any = av.CodecContext.create(self._coding.codec, "w")
        self._coding.open(self._context, self._shape, self._rate)
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
        # Before the coder of the next run takes as much.
        del self._context, self._reformatter
        return self._part

    def _encode(self, picture: Any) -> None:
        picture.pts = self._n_pictures
        picture.time_base = 1 / self._rate
        self._n_pictures += 1
        self._keep(self._context.encode(picture))

    def _keep(self, packets: list[Any]) -> None:
        for packet in packets:
            opacities = bytes(packet.get_sidedata(BESIDE)) if self._matte else b""
            self._part.append((bytes(packet), packet.pts, bool(packet.is_keyframe), opacities))

    def _converted(self, frame: Frame) -> Any:
        """Returns the frame as a picture of its own memory, its pixels as they are coded."""
        from av import VideoFrame

        if self._matte:
            frame = underpainted(frame, self._matte)
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
            picture, format=self._coding.pix_fmt, dst_colorspace="itu709", interpolation="AREA", threads=1
        )
