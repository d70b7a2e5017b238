"""HTML: one page that holds the animation and plays it, forwards, backwards and frame by frame, without a network."""

from __future__ import annotations

import base64
from functools import partial
from html import escape
from io import BufferedWriter
from typing import ClassVar, final

from xorviz.encoders._patch_file import PatchEncoder
from xorviz.encoders._patches import Patch, PatchCompressor
from xorviz.encoders._webp_picture import check_quality, grain_px, webp_picture
from xorviz.web.document import Document, as_data, colors, part, style

_PACKAGE = "xorviz.encoders"


@final
class HtmlEncoder(PatchEncoder):
    """Writes frames as WebP pictures in JSON, and a player; see `PatchEncoder`.

    Not an embedded video, because browsers seek those by time and not by frame. Every part begins with a whole picture,
    so that any frame is shown after drawing as many as a part has. The last of the samples, the end of training, is the
    poster: it is seen before the program runs, and where none may run. A frame equal to the one before is not stored,
    and its caption is not shown.
    """

    n_samples: ClassVar[int] = 2
    format_name: ClassVar[str] = "an HTML page"
    longest_side_px: ClassVar[int] = 16383
    # No browser's timer waits longer.
    longest_ms: ClassVar[int] = 0x7FFFFFFF

    def __init__(self, *, quality: float | None = None) -> None:
        """Sets the quality.

        Args:
            quality: of the pictures, as in `WebpEncoder`; without loss if not given.

        Raises:
            UsageError: ``quality`` is out of range.
        """
        check_quality(quality)
        self._quality = quality

    def _patches(self) -> PatchCompressor:
        return PatchCompressor(
            partial(webp_picture, quality=self._quality), each_run_whole=True, grain_px=grain_px(self._quality)
        )

    def _head(self, n_loops: int) -> bytes:
        height_px, width_px, _ = self._shape
        about = self._about
        body = part("player.html", _PACKAGE).format(
            width_px=width_px,
            height_px=height_px,
            title=escape(about.title),
            alt=escape(about.alt or about.title),
            poster=_as_url(self._patches().whole(self._samples[-1]).data),
            controls=part("controls.html"),
        )
        # The size is the style's, not an attribute's, which the page's policy would not let pass.
        size = f":root {{ --width: {width_px}; --height: {height_px}; }}\n"
        self._document = Document(
            title=about.title,
            body=body,
            style=style("page.css") + colors(about.theme) + size + part("player.css", _PACKAGE),
            program=part("transport.js") + part("player.js", _PACKAGE),
        )
        numbers = f'{{"loops":{n_loops},"poster":{about.poster},"frames":[\n'
        return (self._document.before() + numbers).encode()

    def _patch(self, patch: Patch, duration_ms: int) -> bytes:
        captions, frame = self._about.captions, self._clock.frame
        line = {
            "ms": duration_ms,
            "frame": frame,
            "whole": patch.is_whole,
            "x": patch.left_px,
            "y": patch.top_px,
            "caption": captions[frame] if frame < len(captions) else "",
            "webp": base64.b64encode(patch.data).decode(),
        }
        return (",\n" if self._clock.n_patches else "").encode() + as_data(line).encode()

    def _close(self, file: BufferedWriter) -> None:
        file.write(f"\n]}}{self._document.after()}".encode())


def _as_url(webp: bytes) -> str:
    return "data:image/webp;base64," + base64.b64encode(webp).decode()
