"""Where regions of classes meet: one line for each pair of neighbours."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._plane.level_lines import level_lines

Array = NDArray[np.float64]


def region_lines(values: NDArray[np.floating]) -> dict[tuple[int, int], list[Array]]:
    """The lines between every two regions that meet.

    Between classes i and j runs the line on which their values are equal, as far as no third value is larger there.
    Three lines meet where three values are equal.

    Args:
        values (float array of shape (n_y, n_x, n_classes)): of every class on a regular grid.

    Returns:
        By pair, the lower class first: float64 arrays of shape (n, 2), column and row in grid units.
    """
    found = {}
    clean = np.nan_to_num(values.astype(np.float64), nan=0.0)
    for i, j in combinations(np.unique(clean.argmax(axis=-1)).tolist(), 2):
        others = [k for k in range(values.shape[-1]) if k not in (i, j)]
        lead = clean[..., i] - clean[..., others].max(axis=-1) if others else None
        pieces = [
            piece
            for line in level_lines(clean[..., i] - clean[..., j], 0.0)
            for piece in ([line] if lead is None else _where_positive(line, lead))
        ]
        if pieces:
            found[i, j] = pieces
    return found


def _where_positive(line: Array, lead: Array) -> list[Array]:
    """The parts of a line along which a field, linear between the line's points, is positive."""
    at = _interpolated(lead, line)
    pieces: list[list[Array]] = [[]]
    for k, (point, value) in enumerate(zip(line, at.tolist(), strict=True)):
        if k and (value > 0) != (at[k - 1] > 0):
            share = at[k - 1] / (at[k - 1] - value)
            crossing = line[k - 1] + share * (point - line[k - 1])
            pieces[-1].append(crossing)
            if value > 0:
                pieces.append([crossing])
        if value > 0:
            pieces[-1].append(point)
    return [np.array(piece) for piece in pieces if len(piece) > 1]


def _interpolated(field: Array, points: Array) -> Array:
    """A field between its grid points, bilinearly: float64 array of shape (n,)."""
    n_y, n_x = field.shape
    x, y = points[:, 0], points[:, 1]
    column, row = np.clip(x.astype(int), 0, n_x - 2), np.clip(y.astype(int), 0, n_y - 2)
    u, v = x - column, y - row
    low = (1 - u) * field[row, column] + u * field[row, column + 1]
    high = (1 - u) * field[row + 1, column] + u * field[row + 1, column + 1]
    between: Array = (1 - v) * low + v * high
    return between
