"""A rectangle of the frame that a panel draws its data in, and straight maps from data into it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Place:
    """Whole pixels from the lower left corner of the frame.

    Labels may hang outside, into the gutters around it.

    Attributes:
        left, bottom, right, top: edges of the rectangle.
        pt: pixels per point; 1 on a frame 540 px high. Everything a reader sees is sized in points.
    """

    left: int
    bottom: int
    right: int
    top: int
    pt: float = 1.0

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels up."""
        return self.top - self.bottom

    @property
    def box_px(self) -> tuple[int, int, int, int]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    def x_px(self, values: ArrayLike, limits: tuple[float, float]) -> NDArray[np.float64]:
        """Horizontal positions of values when the rectangle spans ``limits``."""
        low, high = limits
        return self.left + (np.asarray(values, dtype=np.float64) - low) / (high - low) * self.width

    def y_px(self, values: ArrayLike, limits: tuple[float, float]) -> NDArray[np.float64]:
        """Vertical positions of values when the rectangle spans ``limits``."""
        low, high = limits
        return self.bottom + (np.asarray(values, dtype=np.float64) - low) / (high - low) * self.height

    def shape_to(self, aspect: float) -> Place:
        """The largest rectangle of this width-to-height ratio inside, at the top left."""
        if self.width > self.height * aspect:
            return replace(self, right=self.left + round(self.height * aspect))
        return replace(self, bottom=self.top - round(self.width / aspect))
