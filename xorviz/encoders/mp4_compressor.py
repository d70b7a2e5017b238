"""H.264 pictures of a run of frames, by a coder of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, final

import numpy as np

from xorviz.encoders._compressor import Compressor, Frame

Mp4Part = list[tuple[bytes, int, bool]]
"""In order of decoding: a picture's H.264 data, its position in the run, and whether decoding can start there."""

_BT709 = 1
_LIMITED_RANGE = 1


def padded_shape(shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns the shape with even sides."""
    height_px, width_px, n_channels = shape
    return height_px + height_px % 2, width_px + width_px % 2, n_channels


def configure(context: Any, shape: tuple[int, int, int], rate: Fraction) -> None:
    """Gives an H.264 coder everything but its options; the stream of the file and the coders of its parts are equal."""
    context.height, context.width, _ = padded_shape(shape)
    context.pix_fmt = "yuv420p"
    context.time_base = 1 / rate
    context.framerate = rate
    # One thread: the bytes then depend on the frames alone.
    context.thread_count = 1
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED_RANGE


@final
class Mp4Compressor(Compressor):
    """Makes H.264 pictures, repeating a frame for as long as it is held.

    Args:
        shape: (height_px, width_px, 4) of the frames.
        rate: pictures per second.
        options: of libx264.
    """

    def __init__(self, shape: tuple[int, int, int], rate: Fraction, options: Mapping[str, str]) -> None:
        self._shape, self._rate, self._options = shape, rate, dict(options)

    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """See `Compressor.begin`; a run starts with a picture of its own, so what was shown before does not matter."""
        import av
        from av.codec.context import Flags
        from av.video.reformatter import VideoReformatter

        del before
        padded = padded_shape(self._shape)
        self._padded = np.empty(padded, np.uint8) if padded != self._shape else None
        self._context: Any = av.CodecContext.create("libx264", "w")
        configure(self._context, self._shape, self._rate)
        self._context.options = self._options
        # What describes the coder stands once, at the head of the file.
        self._context.flags |= Flags.global_header
        # Kept for the run: a frame's own would set up its filters anew, a third of the conversion.
        self._reformatter: Any = VideoReformatter()
        self._elapsed_ms = start_ms
        self._n_frames = self._due() if start_ms > 0 else 0
        self._n_pictures = 0
        self._part: Mp4Part = []

    def add(self, frame: Frame, duration_ms: float) -> None:
        """See `Compressor.add`."""
        self._elapsed_ms += duration_ms
        n_more = self._due() - self._n_frames
        self._n_frames += n_more
        if n_more > 0:
            picture = self._converted(frame)
            for _ in range(n_more):
                self._encode(picture)

    def end(self) -> Mp4Part:
        """See `Compressor.end`."""
        if self._n_pictures:
            self._keep(self._context.encode(None))
        return self._part

    def _due(self) -> int:
        """Pictures that the time until now takes; the first frame is shown however short it is."""
        return max(1, math.floor(Fraction(self._elapsed_ms) * self._rate / 1000 + Fraction(1, 2)))

    def _encode(self, picture: Any) -> None:
        picture.pts = self._n_pictures
        picture.time_base = 1 / self._rate
        self._n_pictures += 1
        self._keep(self._context.encode(picture))

    def _keep(self, packets: list[Any]) -> None:
        self._part += [(bytes(packet), packet.pts, bool(packet.is_keyframe)) for packet in packets]

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
        # One thread: two cost half as much again, and the other core has a run of its own.
        return self._reformatter.reformat(
            picture, format="yuv420p", dst_colorspace="itu709", interpolation="AREA", threads=1
        )
