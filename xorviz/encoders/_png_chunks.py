"""The chunks that PNG files are made of."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE = {3: 2, 4: 6}
# On dashboards level 6 takes 0.6 of the bytes of 1 in 1.5 of its time; 9 saves 4 % more for another 1.8.
_LEVEL = 6


def chunk(name: bytes, content: bytes) -> bytes:
    """Returns a chunk: length, name, content, checksum."""
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def header(width_px: int, height_px: int, n_channels: int) -> bytes:
    """Returns the first chunk of a picture of RGB or RGBA with 8 bits a channel."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width_px, height_px, 8, _COLOUR_TYPE[n_channels], 0, 0, 0))


def deflated(picture: npt.NDArray[np.uint8]) -> bytes:
    """Returns what the data chunks hold.

    Without a filter: in plots, repeated pixels are worth more than small differences. Pillow, which chooses a filter
    for every row, takes a third more bytes and twice the time.

    Args:
        picture (uint8 of shape (height_px, width_px, 3 or 4)): RGB or RGBA.
    """
    height_px = len(picture)
    rows = np.zeros((height_px, 1 + picture[0].size), np.uint8)
    rows[:, 1:] = picture.reshape(height_px, -1)
    return zlib.compress(rows.data, _LEVEL)


def png_file(picture: npt.NDArray[np.uint8]) -> bytes:
    """Returns a whole file.

    Args:
        picture (uint8 of shape (height_px, width_px, 3 or 4)): RGB or RGBA.
    """
    height_px, width_px, n_channels = picture.shape
    head = SIGNATURE + header(width_px, height_px, n_channels)
    return head + chunk(b"IDAT", deflated(picture)) + chunk(b"IEND", b"")
