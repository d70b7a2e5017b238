"""Where the mean score of a study is lowest, as more and more of its runs are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.sweeps.curve import fit_curve
from xorviz.sweeps.report import WINDOW

Array = NDArray[np.float64]
_FEWEST_POINTS = 12
#: Of each point: the standard errors that the curve is weighted by are themselves estimates.
_FEWEST_RUNS = 30
#: Part of the points that the curve is laid through.
_PART = 0.25


@dataclass(frozen=True)
class Minimum:
    """An estimated minimum.

    Attributes:
        at: where it is.
        low, high: the central 95 % of where it could be.
    """

    at: float
    low: float
    high: float


def window(positions: Array, means: Array) -> NDArray[np.int64]:
    """The points around the lowest mean of neighbours: a quarter of all, 12 at least, or all if they are fewer.

    Args:
        positions (float64 array of shape (n,)): rising.
        means (float64 array of shape (n,)): NaN where there is none.

    Returns:
        (int64 array of shape (n_inside,)): indices.
    """
    known = np.flatnonzero(np.isfinite(means))
    n = min(max(_FEWEST_POINTS, round(_PART * len(known))), len(known))
    if not n:
        return known
    kernel = np.ones(max(n // 4, 1))
    smooth = np.convolve(means[known], kernel, "same") / np.convolve(np.ones(len(known)), kernel, "same")
    start = int(np.clip(int(np.argmin(smooth)) - n // 2, 0, len(known) - n))
    return known[start : start + n]


def window_of_article(positions: Array) -> NDArray[np.int64]:
    """The points that `report` looks at, so that a picture says what it says; positions are logarithms."""
    return np.flatnonzero((positions >= np.log(WINDOW[0])) & (positions <= np.log(WINDOW[1])))


def minimum(positions: Array, scores: list[Array], *, common: bool) -> Minimum | None:
    """The minimum of the smooth curve that `fit_curve` lays through the mean scores of some points.

    Args:
        positions (float64 array of shape (n,)): rising; logarithms of a setting that is swept on a logarithmic axis.
        scores: of the runs of each point.
        common: whether all points start from the same random numbers.

    Returns:
        The minimum, within these points; None where they are fewer than 12, or one has fewer than 30 runs with a
        score, of whose spread too little is known.
    """
    if len(scores) < _FEWEST_POINTS or min(np.isfinite(one).sum() for one in scores) < _FEWEST_RUNS:
        return None
    curve = fit_curve(positions, scores, common=common)
    low, high = np.quantile(curve.minima, (0.025, 0.975))
    return Minimum(curve.minimum, float(low), float(high))
