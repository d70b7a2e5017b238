"""The colour of a surface at a height in a light: a table, and the way to look many samples up at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_N_SHADES = 64
_AMBIENT = 0.92
_DIM_BELOW = 0.72

Float32 = NDArray[np.float32]


def shaded(palette: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Colours by level and shade, seen from above and from below.

    Args:
        palette (uint8 array of shape (256, 4)): colours of the levels.

    Returns:
        uint32 array of shape (2, 256 * 64): RGBA.
    """
    shade = _AMBIENT + (1 - _AMBIENT) * np.linspace(0, 1, _N_SHADES)
    table = np.empty((2, len(palette), _N_SHADES, 4), dtype=np.uint8)
    for side, dim in enumerate((1.0, _DIM_BELOW)):
        table[side, ..., :3] = np.rint(palette[:, None, :3] * (shade * dim)[:, None])
    table[..., 3] = 255
    return table.view(np.uint32)[..., 0].reshape(2, -1)


def light(slope_right: Float32, slope_away: Float32) -> Float32:
    """Lambert's cosine for a light above the viewer's left shoulder, 0..1."""
    cosine: Float32 = (0.82 + 0.42 * slope_right + 0.38 * slope_away) / np.sqrt(1 + slope_right**2 + slope_away**2)
    return np.clip(cosine, 0.0, 1.0, out=cosine)


def indices(level: Float32, shade: Float32, n_pieces: int) -> NDArray[np.intp]:
    """Where a table made by `shaded` has the colours of the pieces between samples along the last axis.

    Level and shade are interpolated together, as the two halves of one integer that never overflow into each other:
    a quarter of the cost of doing it in floats one after the other.

    Args:
        level (float32 array of shape (n, n_samples)): 0..1.
        shade (float32 array of the same shape): 0..1.
        n_pieces: between one sample and the next; each has the colour of its middle.

    Returns:
        intp array of shape (n, (n_samples - 1) * n_pieces).
    """
    halves = np.empty((*level.shape, 2), dtype=np.uint16)
    # What the weights 1, 3 … add up to is 2 n_pieces.
    halves[..., 1] = level * np.float32(255 * 128 / n_pieces) + np.float32(64 / n_pieces)
    halves[..., 0] = shade * np.float32((_N_SHADES - 1) * 512 / n_pieces)
    samples = halves.view(np.uint32)[..., 0]
    fine = np.empty((len(samples), samples.shape[1] - 1, n_pieces), dtype=np.uint32)
    for k in range(n_pieces):
        weight = 2 * k + 1
        fine[..., k] = samples[:, :-1] * np.uint32(2 * n_pieces - weight) + samples[:, 1:] * np.uint32(weight)
    index = ((fine >> np.uint32(24)) << np.uint32(6)) | ((fine >> np.uint32(10)) & np.uint32(_N_SHADES - 1))
    return index.astype(np.intp).reshape(len(samples), -1)
