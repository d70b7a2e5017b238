"""Lines along which a field takes a value."""

from __future__ import annotations

from functools import lru_cache

import contourpy
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def level_lines(field: NDArray[np.floating], level: float = 0.5) -> list[Array]:
    """Lines along which a field takes a value, in grid units: float64 arrays of shape (n, 2), column and row."""
    columns, rows = _grid_units(field.shape)
    # A mask costs more than the lines.
    z = field if np.isfinite(field).all() else np.ma.masked_invalid(field)
    found = contourpy.contour_generator(columns, rows, z, line_type=contourpy.LineType.Separate).lines(level)
    return [np.asarray(line) for line in found]


@lru_cache(maxsize=8)
def _grid_units(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Column and row of every grid point; a few shapes, because a surface's changes while the viewer goes round it."""
    rows, columns = np.indices(shape, dtype=np.float64)
    return columns, rows
