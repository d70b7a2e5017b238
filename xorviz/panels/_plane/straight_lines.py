"""Straight lines w·x + b = 0 across the box of a plane, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.recordings.header import Bounds

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LinesAcross:
    """Where lines cross a box; not finite for a line that does not.

    Attributes:
        feet (float64 array of shape (..., n, 2)): the line's point nearest to the middle of the box, in pixels.
        normals (float64 array of shape (..., n, 2)): unit vectors to the side where w·x + b is positive.
        first, last (float64 arrays of shape (..., n)): where the line enters and leaves the box, in pixels from its
            foot along the normal turned left.
    """

    feet: Array
    normals: Array
    first: Array
    last: Array

    def at(self, shares: Array | float) -> Array:
        """Points at shares of the way from entering the box to leaving it.

        Args:
            shares (float64 array of shape (..., n)): 0 to 1.

        Returns:
            (float64 array of shape (..., n, 2)): in pixels. They move smoothly while the lines do.
        """
        along = self.first + shares * (self.last - self.first)
        points: Array = self.feet + along[..., None] * turned(self.normals)
        return points

    def hachures(self, every_px: float, length_px: float) -> Array:
        """Short lines at right angles to the others, on their positive side.

        They are counted from each line's foot, so that they go along with it.

        Returns:
            (float64 array of shape (n_hachures, 2, 2)): start and end in pixels.
        """
        farthest = np.nanmax(np.abs([self.first, self.last]), initial=0.0, where=np.isfinite(self.first))
        n = int(farthest / every_px) + 1
        along = np.arange(-n, n + 1) * every_px
        is_in = (along > self.first[:, None]) & (along < self.last[:, None])
        line, position = np.nonzero(is_in)
        starts = self.feet[line] + along[position, None] * turned(self.normals[line])
        return np.stack([starts, starts + length_px * self.normals[line]], axis=1)


def turned(vectors: Array) -> Array:
    """Vectors (float64 array of shape (..., 2)) turned left by a right angle."""
    return np.stack([-vectors[..., 1], vectors[..., 0]], axis=-1)


def lines_across(place: Place, bounds: Bounds, weights: Array, biases: Array) -> LinesAcross:
    """Lines on which ``weights · x + biases`` is 0.

    Args:
        place: the box.
        bounds: the coordinates at its edges.
        weights (float64 array of shape (..., n, 2)): a line with two zeros is nowhere.
        biases (float64 array of shape (..., n)): of as many lines.
    """
    lows, highs = np.array(bounds, dtype=np.float64).T
    half_px = np.array([place.width, place.height]) / 2.0
    middle_px = np.array([place.left, place.bottom]) + half_px
    with np.errstate(all="ignore"):
        slopes = weights * (highs - lows) / (2.0 * half_px)
        sizes = np.hypot(slopes[..., 0], slopes[..., 1])
        normals = slopes / sizes[..., None]
        distances = (biases + weights @ ((lows + highs) / 2.0)) / sizes
        feet = -distances[..., None] * normals
        along = turned(normals)
        # A line parallel to two sides divides by 0, and is between them everywhere or nowhere.
        ends = np.sort((np.array([-1.0, 1.0])[:, None] * half_px - feet[..., None, :]) / along[..., None, :], axis=-2)
        first, last = ends[..., 0, :].max(axis=-1), ends[..., 1, :].min(axis=-1)
        is_in = first < last
    return LinesAcross(middle_px + feet, normals, np.where(is_in, first, np.nan), np.where(is_in, last, np.nan))
