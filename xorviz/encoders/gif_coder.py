"""Who turns indices into the LZW data of a GIF: Pillow, or code of our own that numba compiles."""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar, final

import numpy as np
import numpy.typing as npt
from PIL import Image

from xorviz.errors import XorvizError

Indices = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


class GifCoder(ABC):
    """Writes a rectangle of pixels whose indices are not all settled: a still pixel may be transparent, too.

    Attributes:
        settles: whether it chooses between two colours of a pixel. If not, it is given one.
    """

    settles: ClassVar[bool]

    @abstractmethod
    def data(self, own: Indices, other: Indices | None, still: Mask, bits: int) -> tuple[bytes, Indices]:
        """Returns LZW data in sub-blocks, the empty one that ends them included, and the index that each pixel became.

        What it became matters, and is told, only if there were others.

        Args:
            own (uint8 of shape (height_px, width_px)): an index of each pixel.
            other (uint8 of the same shape): another that it may have, or the same; None if no pixel has one.
            still (bool of the same shape): whether it may be 0, transparent, because it shows one of the two.
            bits: that an index takes, 2 to 8.
        """


@final
class PillowCoder(GifCoder):
    """Pillow's LZW, which is given one index for every pixel."""

    settles: ClassVar[bool] = False

    def data(self, own: Indices, other: Indices | None, still: Mask, bits: int) -> tuple[bytes, Indices]:
        """See `GifCoder.data`."""
        del other
        indices = own * _without_short_gaps(~still)
        # Straight to bytes: data sub-blocks without the closing empty one.
        return Image.fromarray(indices).tobytes("gif", "L", bits, 0) + b"\0", indices


@final
class ChoosingCoder(GifCoder):
    """Gives every pixel the index that makes the repetitions longest which LZW finds; compiled by numba.

    Compiling takes some seconds, once on a machine; numba keeps the result.
    """

    settles: ClassVar[bool] = True

    def data(self, own: Indices, other: Indices | None, still: Mask, bits: int) -> tuple[bytes, Indices]:
        """See `GifCoder.data`."""
        try:
            kernel = import_module("xorviz.encoders._lzw_kernel")
        except ImportError as error:
            remedy = "Install it wherever frames are drawn: pip install 'xorviz[fast]'."
            raise XorvizError(f"numba must be importable in every process of one GIF; got {error}. {remedy}") from error
        codes, taken = np.empty(2 * own.size + 2, np.uint16), np.zeros(own.shape, np.uint8)
        traced = other is not None
        flat = [np.ascontiguousarray(one).ravel() for one in (own, still)]
        others = np.ascontiguousarray(other).ravel() if traced else flat[0]
        n_codes = kernel.parse(flat[0], others, flat[1], bits, codes, traced, taken.ravel())
        out = np.empty(2 * n_codes, np.uint8)
        packed = out[: kernel.pack(codes[:n_codes], bits, out)].tobytes()
        pieces = (packed[start : start + 255] for start in range(0, len(packed), 255))
        return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0", taken


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
