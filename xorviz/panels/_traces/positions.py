"""Where the steps and values of curves lie in a place."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.artists.place import Place
from xorviz.panels._traces.trace import Trace, TraceMeasured

Array = NDArray[np.float64]


def x_px(place: Place, measured: TraceMeasured, steps: ArrayLike) -> Array:
    """Horizontal positions of steps; a logarithmic axis counts from step 1, so that step 0 has a place."""
    if measured.steps == "log":
        return place.x_px(np.log10(np.asarray(steps) + 1.0), (0.0, float(np.log10(measured.last_step + 1.0))))
    return place.x_px(steps, (0.0, measured.last_step))


def y_px(place: Place, measured: TraceMeasured, values: ArrayLike) -> Array:
    """Vertical positions, at an edge beyond the limits; not finite where the scale cannot show a value."""
    low, high = measured.limits
    values = np.asarray(values, dtype=np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    if measured.scale == "linear":
        return place.y_px(np.clip(values, low, high), (low, high))
    logs = np.log10(np.clip(np.where(values > 0, values, np.nan), low, high))
    return place.y_px(logs, (float(np.log10(low)), float(np.log10(high))))


def curve_px(place: Place, measured: TraceMeasured, trace: Trace) -> list[Array]:
    """A curve as lines in pixels, broken at gaps, with at most the extremes of each quarter pixel column."""
    xs, ys = x_px(place, measured, trace.steps), y_px(place, measured, trace.values)
    if len(xs) > 16 * place.width:
        xs, ys = _extremes(xs, ys, 4 * place.width)
    if trace.stepped:
        xs, ys = np.repeat(xs, 2)[1:], np.repeat(ys, 2)[:-1]
    finite = np.isfinite(ys)
    pieces = np.split(np.stack([xs, ys], axis=-1), np.flatnonzero(finite[1:] != finite[:-1]) + 1)
    return [piece for piece in pieces if len(piece) > 1 and np.isfinite(piece[0, 1])]


def _extremes(xs: Array, ys: Array, n_bins: int) -> tuple[Array, Array]:
    """First, lowest, highest and last of each of ``n_bins`` runs of neighbours: what a pixel column can show."""
    n = len(xs) // n_bins * n_bins
    bins = ys[:n].reshape(n_bins, -1)
    filled_low, filled_high = np.where(np.isfinite(bins), bins, np.inf), np.where(np.isfinite(bins), bins, -np.inf)
    width = bins.shape[1]
    columns = np.stack(
        [np.zeros(n_bins, int), filled_low.argmin(1), filled_high.argmax(1), np.full(n_bins, width - 1)], axis=1
    )
    chosen = np.sort(columns, axis=1) + np.arange(n_bins)[:, None] * width
    kept = np.concatenate([np.unique(chosen), np.arange(n, len(xs))])
    return xs[kept], ys[kept]
