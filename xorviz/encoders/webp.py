"""Animated WebP: true colour without loss, in 0.7 to 1.3 of the bytes of a GIF."""

from __future__ import annotations

import struct
from functools import partial
from io import BufferedWriter
from typing import ClassVar, final

from xorviz.encoders._patch_file import PatchEncoder
from xorviz.encoders._patches import Patch, PatchCompressor
from xorviz.encoders._webp_picture import check_quality, grain_px, webp_picture

_ANIMATION, _ALPHA = 0x02, 0x10
_OVER, _REPLACING = 0x00, 0x02
_RIFF_BYTES = 12


@final
class WebpEncoder(PatchEncoder):
    """Writes the WebP container around pictures that libwebp codes one by one; see `PatchEncoder`.

    libwebp's own animation writer, which Pillow and FFmpeg use, gives nothing before it has seen every frame.

    References:
        WebP Container Specification, https://developers.google.com/speed/webp/docs/riff_container.
    """

    sees_through = True
    format_name: ClassVar[str] = "a WebP"
    longest_side_px: ClassVar[int] = 16383
    longest_ms: ClassVar[int] = 0xFFFFFF

    def __init__(self, *, quality: float | None = None) -> None:
        """Sets the quality.

        Args:
            quality: 0 (smallest file) to 100; 80 costs 0.4 of the bytes of no loss. Without loss if not given.

        Raises:
            UsageError: ``quality`` is out of range.
        """
        check_quality(quality)
        self._quality = quality

    def _patches(self) -> PatchCompressor:
        code = partial(webp_picture, quality=self._quality)
        return PatchCompressor(code, grain_px=grain_px(self._quality), is_opaque=self._matte is None)

    def _head(self, n_loops: int) -> bytes:
        height_px, width_px, _ = self._shape
        canvas = struct.pack("<I", _ANIMATION | _ALPHA) + _in_24_bits(width_px - 1) + _in_24_bits(height_px - 1)
        ground = bytes(4)
        return b"RIFF\0\0\0\0WEBP" + _chunk(b"VP8X", canvas) + _chunk(b"ANIM", ground + struct.pack("<H", n_loops))

    def _patch(self, patch: Patch, duration_ms: int) -> bytes:
        numbers = patch.left_px // 2, patch.top_px // 2, patch.width_px - 1, patch.height_px - 1, duration_ms
        how = bytes([_REPLACING if patch.replaces else _OVER])
        return _chunk(b"ANMF", b"".join(map(_in_24_bits, numbers)) + how + _pixels(patch.data))

    def _close(self, file: BufferedWriter) -> None:
        size = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", size - 8))


def _pixels(picture: bytes) -> bytes:
    """Returns the chunks of a picture's file that hold pixels; what the first says of it stands in the frame's."""
    chunks = picture[_RIFF_BYTES:]
    if not chunks.startswith(b"VP8X"):
        return chunks
    (size,) = struct.unpack_from("<I", chunks, 4)
    return chunks[8 + size :]


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _in_24_bits(number: int) -> bytes:
    return number.to_bytes(3, "little")
