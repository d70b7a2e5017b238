"""Frames of any duration as pictures at a constant rate."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import final


@final
class ConstantRate:
    """Says how many pictures each frame of a run becomes, so that the total stays true.

    Args:
        rate: pictures per second.
        start_ms (float, milliseconds): when the run begins.
    """

    def __init__(self, rate: Fraction, start_ms: float) -> None:
        self._rate, self._elapsed_ms, self._n_pictures = rate, start_ms, 0
        if start_ms > 0:
            self._n_pictures = self._due()

    def n_more(self, duration_ms: float) -> int:
        """Returns for how many pictures the next frame is shown; none if it falls between two."""
        self._elapsed_ms += duration_ms
        n_more = max(0, self._due() - self._n_pictures)
        self._n_pictures += n_more
        return n_more

    def _due(self) -> int:
        """Pictures that the time until now takes; the first frame is shown however short it is."""
        return max(1, math.floor(Fraction(self._elapsed_ms) * self._rate / 1000 + Fraction(1, 2)))
