"""What columns of pixels see of a surface: the visible pieces of each, laid end to end and smoothed where they part."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: Rows are counted in these parts of a pixel: 2³, so that a shift rounds them.
PARTS = 8
_HALF_BYTES = np.uint32(0x00FF00FF)
_ALL_BUT_LAST_BITS = np.uint32(0xFEFEFEFE)

Rows = NDArray[np.signedinteger[Any]]
Colors = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The highest and the lowest row that the surface has reached so far, column by column, going away.

    Attributes:
        upper (integer array of shape (n_depths, n_columns)): highest row up to each depth, in parts of a pixel.
        lower (integer array of shape (n, n_columns)): lowest row; it falls no more after these n depths.
    """

    upper: Rows
    lower: Rows

    @classmethod
    def of(cls, rows: Rows) -> Horizon:
        """The horizon of samples.

        Args:
            rows (integer array of shape (n_depths, n_columns)): row of every sample in parts of a pixel, front to back.
        """
        upper = rows.copy()
        for nearer, here in pairwise(upper):
            np.maximum(nearer, here, out=here)
        # Most of what falls below the front edge does so near it.
        falling = np.flatnonzero((rows < rows[0]).any(axis=1))
        lower = rows[: falling[-1] + 1 if len(falling) else 1].copy()
        for nearer, here in pairwise(lower):
            np.minimum(nearer, here, out=here)
        return cls(upper, lower)

    def part(self, columns: slice) -> Horizon:
        """That of some columns."""
        return Horizon(self.upper[:, columns], self.lower[:, columns])

    def sees(
        self, depth: NDArray[np.intp], column: NDArray[np.intp], row: NDArray[np.float64], *, slack: float
    ) -> NDArray[np.bool_]:
        """Whether points just behind some samples are seen, or hidden by no more than the slack.

        Args:
            depth (intp array of shape (n,)): of the sample in front of each.
            column (intp array of shape (n,)): of the sample.
            row (float64 array of shape (n,)): of the point, in parts of a pixel.
            slack: in parts of a pixel.
        """
        lower = self.lower[np.minimum(depth, len(self.lower) - 1), column]
        seen: NDArray[np.bool_] = (row >= self.upper[depth, column] - slack) | (row <= lower + slack)
        return seen

    def picture(self, above: Colors, below: Colors) -> tuple[Colors, int]:
        """The pieces of all columns, two columns a pixel.

        Args:
            above (uint32 array of shape (n_columns / 2, n_depths - 1)): RGBA of the upper side from each depth on.
            below (uint32 array of shape (n_columns / 2, n - 1)): RGBA of the underside where `lower` falls.

        Returns:
            uint32 array of shape (n_rows, n_columns / 2): premultiplied RGBA, row 0 at the top.
            The row of the frame at its lower edge.
        """
        # Upward: the underside's pieces from the farthest to the nearest, then the upper side's from the nearest on.
        n_below = len(self.lower) - 1
        ends = np.concatenate([self.lower[:0:-1], self.upper])
        first, last = int(ends[0].min()) // PARTS, -(-int(ends[-1].max()) // PARTS)
        ends -= first * PARTS
        colors = np.zeros((len(above), 2, len(ends) + 1), dtype=np.uint32)
        colors[:, :, 1 : n_below + 1] = below[:, None, ::-1]
        colors[:, :, n_below + 1 : -1] = above[:, None]
        # A row of nothing below and above, so that every piece has neighbours.
        n_rows = last - first + 2
        whole = np.ascontiguousarray(_rounded(ends).T)
        lengths = np.empty((ends.shape[1], len(ends) + 1), dtype=np.intp)
        lengths[:, 0] = whole[:, 0] + 1
        lengths[:, 1:-1] = whole[:, 1:] - whole[:, :-1]
        lengths[:, -1] = n_rows - 1 - whole[:, -1]
        columns = np.repeat(colors.ravel(), lengths.ravel())
        _soften(columns, n_rows, ends, n_below)
        left, right = columns.reshape(-1, 2, n_rows).transpose(1, 0, 2)
        mean = (left & right) + (((left ^ right) & _ALL_BUT_LAST_BITS) >> np.uint32(1))
        return np.ascontiguousarray(mean[:, -2:0:-1].T), first


def _soften(columns: Colors, n_rows: int, ends: Rows, n_below: int) -> None:
    """Share the pixels in which one part of the surface ends before another, or before nothing, among the two.

    Inside a part neighbours have nearly the same colour. Where a piece is seen and the one below it is not, another
    part begins; so do the lowest, the highest, and the two that meet at the front edge.
    """
    is_hidden = ends[1:] == ends[:-1]
    # What a single sample hides is no more than rounding.
    begins = np.flatnonzero(is_hidden[:-2] & is_hidden[1:-1] & ~is_hidden[2:])
    every = np.arange(ends.shape[1])
    at, column = np.divmod(begins, len(every))
    rows = np.concatenate([ends[at + 2, column], ends[n_below], ends[0], ends[-1]]).astype(np.intp)
    start = np.concatenate([column, every, every, every]) * n_rows + 1
    upper = start + _rounded(rows)
    share = (rows % PARTS).astype(np.uint32)
    columns[start + rows // PARTS] = _mixed(columns[upper - 1], columns[upper], share)


def _rounded(rows: Rows) -> Rows:
    """Whole pixels from parts."""
    whole: Rows = (rows + PARTS // 2) >> 3
    return whole


def _mixed(a: Colors, b: Colors, eighths: Colors) -> Colors:
    """Colours between, with so many eighths of the first; two channels at a time."""
    rest = np.uint32(PARTS) - eighths
    even = ((a & _HALF_BYTES) * eighths + (b & _HALF_BYTES) * rest) >> np.uint32(3)
    odd = ((a >> np.uint32(8)) & _HALF_BYTES) * eighths + ((b >> np.uint32(8)) & _HALF_BYTES) * rest
    mixed: Colors = (even & _HALF_BYTES) | ((odd << np.uint32(5)) & ~_HALF_BYTES)
    return mixed
