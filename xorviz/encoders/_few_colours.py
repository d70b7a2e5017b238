"""A few colours that stand for all those of some frames."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._clusters import Points, centres_of, cluster, nearest
from xorviz.styles.color import oklab_from_srgb

Colours = npt.NDArray[np.uint32]
"""Packed colours: red + 256 green + 65536 blue in each uint32."""

_RGB = np.uint32(0xFFFFFF)
_SRGB_SHARE = 0.4  # 0 loses up to 1 dB, 0.8 brings 0.2 dB more and a tenth more error in the worst pixels
# The power of a colour's pixels that it counts for. 1 costs up to 3 % more bytes for 0.1 to 0.5 dB. Where many colours
# are merged, evenly wide groups have the fewest edges at an error of the worst pixels, and edges are what costs bytes:
# a tenth to a fifth fewer.
_EXPONENT, _EVEN_EXPONENT, _EVEN_ERROR = 0.9, 0.35, 0.017
_FEWEST = 8
_MOST_COLOURS_CLUSTERED = 12_000
_MOST_PIXELS_COUNTED = 1_600_000


@final
class Sampled:
    """The colours of a few frames and how often each occurs.

    Args:
        samples: uint8 frames of shape (height_px, width_px, 4).
    """

    def __init__(self, samples: Sequence[npt.NDArray[np.uint8]]) -> None:
        self._colours, counts = _histogram(samples)
        self._weights = counts.astype(np.float64)
        self._points = points_of(self._colours)
        self._cells = _cells(self._colours)
        self._means, self._mass = centres_of(self._points, self._weights, self._cells, int(self._cells.max()) + 1)

    def chosen(self, n: int) -> Colours:
        """At most so many colours for the least squared error."""
        return self._colours if len(self._colours) <= n else self._represented(n, _EXPONENT)

    def fewest(self, n_most: int, error: float) -> Colours:
        """The fewest colours that keep an error, but not more than so many.

        Args:
            n_most: of them.
            error: distance in sRGB, by root mean square over all pixels that do not keep their colour. What keeps it
                is paper for the most part, and a picture with much paper shall not look coarser for it.
        """
        power = _EXPONENT + (_EVEN_EXPONENT - _EXPONENT) * min(1.0, error / _EVEN_ERROR)
        best, low, high = None, _FEWEST - 1, min(n_most, len(self._colours)) + 1
        while high - low > 1:
            middle = (low + high) // 2
            fewer = self._represented(middle, power)
            if self._error(fewer) <= error:
                best, high = fewer, middle
            else:
                low = middle
        return self.chosen(n_most) if best is None else best

    def _error(self, chosen: Colours) -> float:
        """Distance in sRGB, by root mean square over all pixels that do not keep their colour."""
        entries = points_of(chosen)
        off = (self._points - entries[nearest(self._points, entries)])[:, 3:] / _SRGB_SHARE
        squared = np.einsum("ij,ij->i", off, off)
        return math.sqrt(float(self._weights @ squared) / max(float(self._weights[squared > 0].sum()), 1.0))

    def _represented(self, n: int, power: float) -> Colours:
        """A colour for each of at most so many groups: that which makes up most of it, or else the mean."""
        points, weights = self._points, self._weights
        labels = cluster(self._means, self._mass**power, min(n, len(self._means)))[self._cells]
        means, mass = centres_of(points, weights, labels, n)
        rgba = np.zeros((n, 4), np.uint8)
        rgba[:, :3] = np.rint(means[:, 3:] / _SRGB_SHARE * 255.0)
        chosen: Colours = rgba.view("<u4")[:, 0].astype(np.uint32)
        heaviest = np.zeros(n)
        np.maximum.at(heaviest, labels, weights)
        dominant = (weights == heaviest[labels]) & (weights > 0.5 * mass[labels])
        chosen[labels[dominant]] = self._colours[dominant]
        return np.unique(chosen[mass > 0])


def srgb_of(colours: Colours) -> Points:
    """Returns red, green and blue, each 0 to 1: float32 of shape (n, 3)."""
    levels = colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]
    return levels.astype(np.float32) / np.float32(255)


def points_of(colours: Colours) -> Points:
    """Returns the coordinates in which colours are near or far: Oklab, then sRGB made small; float32 of (n, 6)."""
    srgb = colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3] / 255.0
    return np.concatenate([oklab_from_srgb(srgb), _SRGB_SHARE * srgb], axis=1).astype(np.float32)


def _histogram(samples: Sequence[npt.NDArray[np.uint8]]) -> tuple[Colours, npt.NDArray[np.int64]]:
    """Returns the distinct colours of the samples and how often each occurs."""
    seen, times = [], []
    for i, sample in enumerate(samples):
        stride = math.ceil(math.sqrt(len(samples) * sample.shape[0] * sample.shape[1] / _MOST_PIXELS_COUNTED))
        # Another phase for each sample, so that no thin line falls between all of them.
        row, column = i % stride, i // stride % stride
        pixels = np.ascontiguousarray(sample[row::stride, column::stride]).view("<u4")
        # One by one: all pixels together would take the most memory of all that is done for a GIF.
        colours, counts = np.unique(pixels & _RGB, return_counts=True)
        seen.append(colours)
        times.append(counts)
    colours, which = np.unique(np.concatenate(seen), return_inverse=True)
    return colours, np.bincount(which, np.concatenate(times)).astype(np.int64)


def _cells(colours: Colours) -> npt.NDArray[np.intp]:
    """Numbers the colours so that near ones share a number, until few enough numbers are left to cluster."""
    for n_dropped_bits in range(5):
        mask = np.uint32((0xFF << n_dropped_bits & 0xFF) * 0x010101)
        distinct, cells = np.unique(colours & mask, return_inverse=True)
        if len(distinct) <= _MOST_COLOURS_CLUSTERED:
            break
    numbers: npt.NDArray[np.intp] = cells.astype(np.intp)
    return numbers
