"""The plane of a network's two inputs: points all over it, and where points of it stand in a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.place import Place
from xorviz.recordings.header import Bounds
from xorviz.styles.themes import Theme

_SOFT = 0.45


def plane_grid(bounds: Bounds, n_grid: int) -> NDArray[np.float32]:
    """Points all over the bounds, row by row from the lowest: float32 array of shape (n_grid², 2)."""
    xs, ys = (np.linspace(low, high, n_grid, dtype=np.float32) for low, high in bounds)
    return np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)


def to_px(place: Place, bounds: Bounds, points: NDArray[np.floating]) -> NDArray[np.float64]:
    """Points (float array of shape (..., 2)) in pixels of the frame: float64 array of the same shape."""
    x_bounds, y_bounds = bounds
    with np.errstate(all="ignore"):
        return np.stack([place.x_px(points[..., 0], x_bounds), place.y_px(points[..., 1], y_bounds)], axis=-1)


def soft_palette(theme: Theme) -> NDArray[np.uint8]:
    """The colours of outputs, faint enough to draw on: uint8 array of shape (256, 4), RGBA."""
    paper = np.array([int(theme.paper[i : i + 2], 16) for i in (1, 3, 5)] + [255])
    palette: NDArray[np.uint8] = np.rint(paper + _SOFT * (theme.field_palette() - paper)).astype(np.uint8)
    return palette
