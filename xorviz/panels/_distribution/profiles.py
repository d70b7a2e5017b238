"""How values are spread along an axis: shares in bins, or a smooth density, on limits that hold for a whole run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xorviz.panels._reading import Array

Limits = tuple[float, float]
_TAIL_PERCENT = 0.5
#: How much farther than the rest the tails may reach and still be shown.
_LONGEST = 2.0
_MOST = 1e300
_BEYOND_READING = 1e6
_FEWEST_BINS, _MOST_BINS, _N_ROWS = 12, 40, 96
_BANDWIDTH = 1 / 30
_TALLEST = 1.5


@dataclass(frozen=True)
class Axis:
    """An axis of values, cut into equal rows.

    Attributes:
        limits: lowest and highest value; what lies beyond counts in the first and the last row.
        n_rows: how many rows.
        is_smooth: whether shares are spread over neighbouring rows.
    """

    limits: Limits
    n_rows: int
    is_smooth: bool

    def profile(self, values: Array) -> Array:
        """The share of the values in each row, lowest first.

        Smooth, it is a kernel density estimate with a Gaussian of a thirtieth of the axis, times the height of a row.

        Args:
            values (float64 array of shape (n,)): finite.

        Returns:
            (float64 array of shape (n_rows,)): sums to 1, or to 0 without values.

        References:
            Silverman, Density Estimation for Statistics and Data Analysis (1986), section 2.4; of rows of values
            instead of each, and cut off at the limits without loss.
        """
        low, high = self.limits
        rows = np.clip((values - low) / (high - low), 0.0, 1.0) * self.n_rows
        counts = np.bincount(np.minimum(rows.astype(np.int64), self.n_rows - 1), minlength=self.n_rows)
        shares: Array = counts / max(len(values), 1)
        return self._kernel @ shares if self.is_smooth else shares

    @cached_property
    def _kernel(self) -> Array:
        """How much of each row's share (second index) comes to each row (first index)."""
        centers = (np.arange(self.n_rows) + 0.5) / self.n_rows
        weights = np.exp(-0.5 * ((centers[:, None] - centers) / _BANDWIDTH) ** 2)
        kernel: Array = weights / weights.sum(axis=0)
        return kernel


def limits_of_columns(
    sampled: Sequence[Sequence[Array]], *, is_smooth: bool, including: tuple[float, ...] = ()
) -> Limits:
    """Limits of the values of a run, some snapshots' columns each, and of some other values.

    They hold everything, or of a column whose outermost half per cents reach more than twice as far as the rest, the
    rest; around it there is room for what is smoothed.
    """
    initial = [float(np.abs(values).max()) for values in sampled[0] if values.size]
    most = _BEYOND_READING * (max(initial, default=0.0) or 1.0)
    ends = list(including)
    for column in zip(*sampled, strict=True):
        values = np.clip(np.concatenate(column), -most, most)
        if values.size:
            inner = np.percentile(values, [_TAIL_PERCENT, 100.0 - _TAIL_PERCENT])
            whole = np.array([values.min(), values.max()])
            ends += (inner if np.ptp(whole) > _LONGEST * np.ptp(inner) > 0 else whole).tolist()
    # Beyond it there would be no room for a margin.
    low, high = max(min(ends, default=0.0), -_MOST), min(max(ends, default=1.0), _MOST)
    margin = (4 * _BANDWIDTH if is_smooth else 0.03) * (high - low) or 0.5 * (abs(low) or 1.0)
    return low - margin, high + margin


def n_rows_for(n_values: int, *, is_smooth: bool) -> int:
    """Rows of a smooth profile, or Rice's number of bins, 2 n^⅓, within what can be seen."""
    return _N_ROWS if is_smooth else int(np.clip(np.ceil(2 * np.cbrt(n_values)), _FEWEST_BINS, _MOST_BINS))


def tallest(axis: Axis, sampled: Sequence[Sequence[Array]]) -> float:
    """The share of a row that fills the room: the run's largest, but at most half as much again as usual.

    Values that all start in one row would else leave no room for what they become.
    """
    largest = [max(float(axis.profile(values).max()) for values in columns) for columns in sampled]
    return min(max(largest), _TALLEST * float(np.median(largest))) or 1.0
