"""sRGB and Oklab: the space in which mixing two colours looks even."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LAB_TO_LMS = np.linalg.inv(_LMS_TO_LAB)
_LMS_TO_RGB = np.linalg.inv(_RGB_TO_LMS)


def rgb_from_hex(color: str) -> NDArray[np.float64]:
    """``"#1f66cc"`` as a float64 array of shape (3,), each component in 0..1."""
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0


def linear_from_srgb(rgb: ArrayLike) -> NDArray[np.float64]:
    """Light of gamma-encoded sRGB components, 0..1 of 0..1: float64 array of the same shape.

    References:
        IEC 61966-2-1.
    """
    encoded = np.asarray(rgb, dtype=np.float64)
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def oklab_from_srgb(rgb: ArrayLike) -> NDArray[np.float64]:
    """Oklab lightness, green–red and blue–yellow of gamma-encoded sRGB.

    Args:
        rgb (array-like of shape (..., 3)): components in 0..1.

    Returns:
        float64 array of shape (..., 3).

    References:
        B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    lab: NDArray[np.float64] = np.cbrt(linear_from_srgb(rgb) @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T
    return lab


def srgb_from_oklab(lab: ArrayLike) -> NDArray[np.float64]:
    """The inverse of `oklab_from_srgb`, clipped to the sRGB gamut.

    Args:
        lab (array-like of shape (..., 3)): Oklab coordinates.

    Returns:
        float64 array of shape (..., 3), components in 0..1.
    """
    linear = np.clip((np.asarray(lab) @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0.0, 1.0)
    rgb: NDArray[np.float64] = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return rgb


def ramp(stops: list[tuple[float, str]], n_colors: int = 256) -> NDArray[np.uint8]:
    """Colours between named stops, mixed in Oklab.

    Args:
        stops: ``(position, "#rrggbb")`` pairs with positions rising from 0 to 1.
        n_colors: length of the table.

    Returns:
        uint8 array of shape (n_colors, 4): RGBA, opaque.
    """
    positions = [position for position, _ in stops]
    labs = oklab_from_srgb(np.array([rgb_from_hex(color) for _, color in stops]))
    at = np.linspace(0.0, 1.0, n_colors)
    mixed = np.stack([np.interp(at, positions, labs[:, i]) for i in range(3)], axis=-1)
    table = np.full((n_colors, 4), 255, dtype=np.uint8)
    table[:, :3] = np.rint(srgb_from_oklab(mixed) * 255)
    return table
