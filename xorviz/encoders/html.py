"""HTML: one page that holds the animation and plays it, forwards, backwards and frame by frame, without a network."""

from __future__ import annotations

import base64
import json
from functools import partial
from html import escape
from io import BufferedWriter
from typing import ClassVar, final

from xorviz.encoders._patch_file import PatchEncoder
from xorviz.encoders._patches import Patch, PatchCompressor
from xorviz.encoders._player import AFTER, BEFORE
from xorviz.encoders._webp_picture import check_quality, webp_picture


@final
class HtmlEncoder(PatchEncoder):
    """Writes frames as WebP pictures in JSON, and a player; see `PatchEncoder`.

    Not an embedded video, because browsers seek those by time and not by frame. Every part begins with a whole picture,
    so that any frame is shown after drawing as many as a part has.
    """

    format_name: ClassVar[str] = "an HTML page"
    longest_side_px: ClassVar[int] = 16383
    # No browser's timer waits longer.
    longest_ms: ClassVar[int] = 0x7FFFFFFF

    def __init__(self, *, quality: float | None = None, alt: str = "How a neural network learned") -> None:
        """Sets the quality and what the page says of itself.

        Args:
            quality: of the pictures, as in `WebpEncoder`; without loss if not given.
            alt: what the animation shows, in words, for the page's title and for those who cannot see it.

        Raises:
            UsageError: ``quality`` is out of range.
        """
        check_quality(quality)
        self._quality, self._alt = quality, alt

    def _patches(self) -> PatchCompressor:
        return PatchCompressor(partial(webp_picture, quality=self._quality), each_run_whole=True)

    def _head(self, n_loops: int) -> bytes:
        height_px, width_px, _ = self._shape
        return BEFORE.format(width_px=width_px, height_px=height_px, n_loops=n_loops, alt=escape(self._alt)).encode()

    def _patch(self, patch: Patch, duration_ms: int) -> bytes:
        line = {
            "ms": duration_ms,
            "whole": patch.is_whole,
            "x": patch.left_px,
            "y": patch.top_px,
            "webp": base64.b64encode(patch.data).decode(),
        }
        return (",\n" if self._clock.n_patches else "").encode() + json.dumps(line).encode()

    def _close(self, file: BufferedWriter) -> None:
        file.write(AFTER.encode())
