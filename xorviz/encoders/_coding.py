"""How a video format's pictures are coded: by which coder of FFmpeg, with which settings, in which sizes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from xorviz.encoders._own_priority import own_priority

_RGB, _BT709 = 0, 1
_LIMITED_RANGE, _FULL_RANGE = 1, 2
_SRGB = 13
_GLOBAL_HEADER = 1 << 22


@final
@dataclass(frozen=True)
class Coding:
    """One codec and its settings; pictures are YUV 4:2:0 in BT.709, or RGB where nothing may be lost.

    Attributes:
        codec: FFmpeg's name of the coder.
        options: of the coder.
        multiple_px: of which every side must be a multiple.
        smallest_px: the shortest side.
        caution: what whoever asked for these settings has to know, as a note; empty for nothing.
        rule: what the codec asks of sides, for the note on a padded picture.
        n_ahead: pictures by which decoding runs ahead of showing.
        pix_fmt: FFmpeg's name of how pixels are stored.
        environment: variables that the coder reads; those set already stay.
    """

    codec: str
    options: Mapping[str, str]
    multiple_px: int = 1
    smallest_px: int = 1
    caution: str = ""
    rule: str = ""
    n_ahead: int = 0
    pix_fmt: str = "yuv420p"
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_rgb(self) -> bool:
        """Whether colours are stored as they are drawn."""
        return not self.pix_fmt.startswith("yuv")

    def padded(self, shape: tuple[int, int, int]) -> tuple[int, int, int]:
        """Returns the shape with sides that the codec takes."""
        height_px, width_px, n_channels = shape
        return self._side_px(height_px), self._side_px(width_px), n_channels

    def open(self, context: Any, shape: tuple[int, int, int], rate: Fraction) -> None:
        """Opens a coder with all its settings; the stream of the file and the coders of its parts are equal.

        Args:
            context: of PyAV, not opened.
            shape: (height_px, width_px, 4) of the frames.
            rate: pictures per second.
        """
        for name, value in self.environment.items():
            os.environ.setdefault(name, value)
        context.height, context.width, _ = self.padded(shape)
        context.pix_fmt = self.pix_fmt
        context.time_base = 1 / rate
        context.framerate = rate
        # One thread: the bytes then depend on the frames alone.
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED_RANGE
        if self.is_rgb:
            context.color_trc, context.colorspace, context.color_range = _SRGB, _RGB, _FULL_RANGE
        context.options = dict(self.options)
        # What describes the coder stands once, at the head of the file.
        context.flags |= _GLOBAL_HEADER
        with own_priority():
            context.open()

    def _side_px(self, side_px: int) -> int:
        return max(self.smallest_px, -(-side_px // self.multiple_px) * self.multiple_px)
