"""One palette for a whole animation, and the nearest entry for every colour.

A palette per frame would make still parts of the picture change with every frame, and cost 768 bytes each;
dither makes plots larger and less faithful. So there is one palette, without dither, chosen with care.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.color import oklab_from_srgb
from xorviz.encoders._clusters import centres_of, cluster, nearest

Colours = npt.NDArray[np.uint32]
"""Packed colours: red + 256 green + 65536 blue in each uint32."""

TRANSPARENT = 0
"""The index that shows nothing; 0, so that a table fresh from the system already says 'not looked up yet'."""

_RGB = np.uint32(0xFFFFFF)
_VISIBLE = 0.005  # a quarter of a just noticeable difference in Oklab
_EXPONENT = 0.9  # below 1 a rare colour counts for more; 1 costs up to 3 % more bytes for 0.1 to 0.5 dB
_SRGB_SHARE = 0.4  # 0 loses up to 1 dB, 0.8 brings 0.2 dB more and a tenth more error in the worst pixels
_MOST_COLOURS_CLUSTERED = 12_000
_MOST_PIXELS_COUNTED = 1_600_000


def packed(frame: npt.NDArray[np.uint8]) -> Colours:
    """Returns a frame as one integer per pixel, without a copy where its memory allows.

    Args:
        frame (uint8 of shape (height_px, width_px, 4)): RGBA.

    Returns:
        uint32 of shape (height_px, width_px): red + 256 green + 65536 blue + 16777216 alpha.
    """
    pixels: Colours = np.ascontiguousarray(frame).view("<u4")[..., 0]
    return pixels


@final
class Palette:
    """At most 255 colours and the map from any colour to the nearest of them.

    Near is meant in Oklab and a little in sRGB: Oklab alone makes much of near-blacks that no screen tells apart.

    While there is room, colours unlike all entries become entries themselves: the samples may have missed the
    colours of a fade or a marker. The index of a colour, once given, stays.

    Attributes:
        colours (uint32 of shape (n,)): packed; entry i has the index i + 1, index 0 is transparent.
        tolerance (float): distance in Oklab up to which the second nearest entry is as good.
    """

    def __init__(self, colours: Colours, *, n_colors: int = 255, tolerance: float = 0.0) -> None:
        """Keeps the colours; looks nothing up yet.

        Args:
            colours (uint32 of shape (n,)): packed; at least one.
            n_colors: to how many the palette may grow, at most 255.
            tolerance: distance in Oklab up to which the second nearest entry is as good.
        """
        self.colours, self.tolerance = colours, tolerance
        self._n_colors = n_colors
        self._points = _points_of(colours)
        # 16 MiB of addresses each; the system gives memory only to the pages of colours that occur.
        self._table = np.zeros(1 << 24, np.uint8)
        self._second = np.zeros(1 << 24 if tolerance else 0, np.uint8)

    @classmethod
    def of(cls, samples: Sequence[npt.NDArray[np.uint8]], *, n_colors: int = 255, tolerance: float = 0.0) -> Palette:
        """Chooses the palette of an animation from a few of its frames.

        Colours that make up most of their group are kept exactly, so backgrounds, lines and text keep theirs.

        Args:
            samples: uint8 frames of shape (height_px, width_px, 4).
            n_colors: at most 255.
            tolerance: of the palette.

        Returns:
            A palette of at most ``n_colors``.
        """
        colours, counts = _histogram(samples)
        if len(colours) <= n_colors:
            return cls(colours, n_colors=n_colors, tolerance=tolerance)
        points = _points_of(colours)
        weights = counts.astype(np.float64)
        cells = _cells(colours)
        means, mass = centres_of(points, weights, cells, int(cells.max()) + 1)
        labels = cluster(means, mass**_EXPONENT, n_colors)[cells]
        chosen = _representatives(colours, points, weights, labels, n_colors)
        return cls(chosen, n_colors=n_colors, tolerance=tolerance)

    def frozen(self) -> Palette:
        """Returns a palette of the same colours that does not grow, and so depends on nothing it is asked."""
        return Palette(self.colours, n_colors=len(self.colours), tolerance=self.tolerance)

    def __reduce__(self) -> tuple[partial[Palette], tuple[Colours]]:
        """Pickles the colours; what was looked up is looked up again."""
        return partial(Palette, n_colors=self._n_colors, tolerance=self.tolerance), (self.colours,)

    def indices(self, pixels: Colours) -> npt.NDArray[np.uint8]:
        """Returns the index of the nearest palette entry for every pixel.

        Args:
            pixels (uint32 of any shape): packed colours; the top byte is ignored.

        Returns:
            uint8 of the same shape: 1 to n.
        """
        colours = pixels & _RGB
        found = self._table.take(colours)
        if not found.all():
            self._look_up(np.unique(colours[found == TRANSPARENT]))
            found = self._table.take(colours)
        return found

    def second_indices(self, pixels: Colours) -> npt.NDArray[np.uint8]:
        """Returns the index of the second nearest entry where that is within the tolerance, else of the nearest.

        Args:
            pixels (uint32 of any shape): packed colours that ``indices`` was asked for.

        Returns:
            uint8 of the same shape.
        """
        return self._second.take(pixels & _RGB)

    def _look_up(self, colours: Colours) -> None:
        points = _points_of(colours)
        found = nearest(points, self._points)
        if len(self.colours) < self._n_colors:
            distance = np.linalg.norm((points - self._points[found])[:, :3], axis=1)
            furthest = np.argsort(-distance, kind="stable")[: self._n_colors - len(self.colours)]
            new = furthest[distance[furthest] > _VISIBLE]
            self.colours = np.concatenate([self.colours, colours[new]])
            self._points = np.concatenate([self._points, points[new]])
            found = nearest(points, self._points)
        self._table[colours] = found + 1
        if self.tolerance:
            second = nearest(points, self._points, but=found)
            distance = np.linalg.norm((points - self._points[second])[:, :3], axis=1)
            self._second[colours] = np.where(distance <= self.tolerance, second, found) + 1


def _histogram(samples: Sequence[npt.NDArray[np.uint8]]) -> tuple[Colours, npt.NDArray[np.int64]]:
    """Returns the distinct colours of the samples and how often each occurs."""
    kept = []
    for i, sample in enumerate(samples):
        stride = math.ceil(math.sqrt(len(samples) * sample.shape[0] * sample.shape[1] / _MOST_PIXELS_COUNTED))
        # Another phase for each sample, so that no thin line falls between all of them.
        row, column = i % stride, i // stride % stride
        kept.append((packed(sample)[row::stride, column::stride] & _RGB).ravel())
    colours, counts = np.unique(np.concatenate(kept), return_counts=True)
    return colours, counts


def _cells(colours: Colours) -> npt.NDArray[np.intp]:
    """Numbers the colours so that near ones share a number, until few enough numbers are left to cluster."""
    for n_dropped_bits in range(5):
        mask = np.uint32((0xFF << n_dropped_bits & 0xFF) * 0x010101)
        distinct, cells = np.unique(colours & mask, return_inverse=True)
        if len(distinct) <= _MOST_COLOURS_CLUSTERED:
            break
    numbers: npt.NDArray[np.intp] = cells.astype(np.intp)
    return numbers


def _representatives(
    colours: Colours,
    points: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float64],
    labels: npt.NDArray[np.intp],
    n: int,
) -> Colours:
    means, mass = centres_of(points, weights, labels, n)
    rgba = np.zeros((n, 4), np.uint8)
    rgba[:, :3] = np.rint(means[:, 3:] / _SRGB_SHARE * 255.0)
    chosen: Colours = rgba.view("<u4")[:, 0].astype(np.uint32)
    heaviest = np.zeros(n)
    np.maximum.at(heaviest, labels, weights)
    dominant = (weights == heaviest[labels]) & (weights > 0.5 * mass[labels])
    chosen[labels[dominant]] = colours[dominant]
    return np.unique(chosen[mass > 0])


def _points_of(colours: Colours) -> npt.NDArray[np.float32]:
    """Returns the coordinates in which colours are near or far: Oklab, then sRGB made small."""
    srgb = colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3] / 255.0
    return np.concatenate([oklab_from_srgb(srgb), _SRGB_SHARE * srgb], axis=1).astype(np.float32)
