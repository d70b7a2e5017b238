"""An orthographic camera on the unit box of a surface plot, and the way it goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the box [-½, ½]³ is seen from and where it lands on the frame.

    Attributes:
        elevation_deg: angle above the floor, in degrees, between 0 and 90.
        azimuth_deg: direction of the viewer around the vertical axis, in degrees, counted from the x axis.
        center_px: where the centre of the box lands, in pixels from the lower left of the frame.
        scale_px: pixels per unit of the floor.
        height: length of the vertical axis in units of the floor.
    """

    elevation_deg: float
    azimuth_deg: float
    center_px: tuple[float, float] = (0.0, 0.0)
    scale_px: float = 1.0
    height: float = 0.54

    @property
    def toward(self) -> tuple[float, float]:
        """Unit vector on the floor toward the viewer."""
        azimuth = np.deg2rad(self.azimuth_deg)
        return float(np.cos(azimuth)), float(np.sin(azimuth))

    @property
    def sin_elevation(self) -> float:
        """How much farther points rise on the frame."""
        return float(np.sin(np.deg2rad(self.elevation_deg)))

    @property
    def cos_elevation(self) -> float:
        """How much of a height is seen."""
        return float(np.cos(np.deg2rad(self.elevation_deg)))

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """Frame positions of points in the box.

        Args:
            points (float array of shape (..., 3)): x, y, z in [-½, ½].

        Returns:
            float64 array of shape (..., 2): pixels from the lower left of the frame.
        """
        x, y, z = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        toward_x, toward_y = self.toward
        right = y * toward_x - x * toward_y
        away = -(x * toward_x + y * toward_y)
        up = z * self.height * self.cos_elevation + away * self.sin_elevation
        return np.stack([self.center_px[0] + self.scale_px * right, self.center_px[1] + self.scale_px * up], axis=-1)

    def extent(self) -> tuple[float, float]:
        """Width and height of the projected box, in units of the floor."""
        toward_x, toward_y = np.abs(self.toward)
        across = float(toward_x + toward_y)
        return across, across * self.sin_elevation + self.height * self.cos_elevation


def along_keys(keys: ArrayLike, fractions: ArrayLike) -> NDArray[np.float64]:
    """Values that pass through keys smoothly: speed does not jump, and nothing leaves the range of its two keys.

    Args:
        keys (float array of shape (n_keys, 1 + n_values)): when, strictly rising, and the values then; two or more.
        fractions (float array of shape (...,)): when values are wanted; before the first and after the last key they
            rest, and they leave and arrive there at no speed.

    Returns:
        float64 array of shape (..., n_values).

    References:
        F. N. Fritsch and J. Butland, "A method for constructing local monotone piecewise cubic interpolants", SIAM
        Journal on Scientific and Statistical Computing 5 (1984), with Brodlie's weights; unlike there, the speed at
        both ends is 0.
    """
    keys = np.asarray(keys, dtype=np.float64)
    times, values = keys[:, 0], keys[:, 1:]
    spans = np.diff(times)[:, None]
    steps = np.diff(values, axis=0)
    before, after = steps[:-1] / spans[:-1], steps[1:] / spans[1:]
    weights = (spans[:-1] + 2 * spans[1:], 2 * spans[:-1] + spans[1:])
    speeds = np.zeros_like(values)
    goes_on = before * after > 0
    denominator = np.where(goes_on, weights[0] * after + weights[1] * before, 1.0)
    speeds[1:-1] = np.where(goes_on, (weights[0] + weights[1]) * before * after / denominator, 0.0)
    at = np.clip(np.asarray(fractions, dtype=np.float64), times[0], times[-1])
    i = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 2)
    share = ((at - times[i]) / spans[i, 0])[..., None]
    eased = share * share * (3 - 2 * share)
    leaving, arriving = share * (1 - share) ** 2, share * share * (share - 1)
    bend = spans[i] * (leaving * speeds[i] + arriving * speeds[i + 1])
    reached: NDArray[np.float64] = values[i] + eased * steps[i] + bend
    return reached
