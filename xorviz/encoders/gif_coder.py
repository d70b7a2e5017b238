"""Who turns indices into the LZW data of a GIF: Pillow, or code of our own that numba compiles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from importlib.util import find_spec
from typing import final

import numpy as np
import numpy.typing as npt
from PIL import Image

from xorviz.errors import XorvizError

Indices = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class GifCoder(ABC):
    """Writes a rectangle of pixels whose indices are not all settled: a still pixel may be transparent, too."""

    @abstractmethod
    def data(self, own: Indices, still: Mask, bits: int) -> bytes:
        """Returns LZW data in sub-blocks, the empty one that ends them included.

        Args:
            own (uint8 of shape (height_px, width_px)): an index of each pixel.
            still (bool of the same shape): whether it may be 0, transparent, because it shows that index.
            bits: that an index takes, 2 to 8.
        """


@final
class PillowCoder(GifCoder):
    """Pillow's LZW, which is given one index for every pixel."""

    def data(self, own: Indices, still: Mask, bits: int) -> bytes:
        """See `GifCoder.data`."""
        indices = own * _without_short_gaps(~still)
        # Straight to bytes: data sub-blocks without the closing empty one.
        return Image.fromarray(indices).tobytes("gif", "L", bits, 0) + b"\0"


@final
class ChoosingCoder(GifCoder):
    """Gives every pixel the index that makes the repetitions longest which LZW finds; compiled by numba.

    Compiling takes some seconds, once on a machine; numba keeps the result.
    """

    def data(self, own: Indices, still: Mask, bits: int) -> bytes:
        """See `GifCoder.data`."""
        try:
            kernel = import_module("xorviz.encoders._lzw_kernel")
        except ImportError as error:
            remedy = "Install it wherever frames are drawn: pip install 'xorviz[fast]'."
            raise XorvizError(f"numba must be importable in every process of one GIF; got {error}. {remedy}") from error
        codes = np.empty(2 * own.size + 2, np.uint16)
        n_codes = kernel.parse(np.ascontiguousarray(own).ravel(), np.ascontiguousarray(still).ravel(), bits, codes)
        out = np.empty(2 * n_codes, np.uint8)
        packed = out[: kernel.pack(codes[:n_codes], bits, out)].tobytes()
        pieces = (packed[start : start + 255] for start in range(0, len(packed), 255))
        return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def best_coder() -> GifCoder:
    """Returns the coder that makes the smallest files of those whose libraries are installed."""
    return PillowCoder() if find_spec("numba") is None else ChoosingCoder()


def _without_short_gaps(mask: Mask) -> Mask:
    """Returns the mask with every gap of up to three elements of a row filled.

    A still pixel may be stored as transparent or as the index it shows. Between moving pixels the index makes
    the repetitions that LZW looks for longer: up to 3 % fewer bytes, and nothing to see.
    """
    filled = mask.copy()
    # Grow to the right by 1 + 2, then shrink from the right by as much; NumPy minds the overlap.
    for n in (1, 2):
        filled[:, n:] |= filled[:, :-n]
    for n in (1, 2):
        filled[:, :-n] &= filled[:, n:]
    return filled | mask
