"""Names at the ends of curves, moved apart where these end close together, each led to by a thin line."""

from __future__ import annotations

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._names.units import SUPERSCRIPTS
from xorviz.panels._tones import toned
from xorviz.panels._traces.positions import Array, x_px, y_px
from xorviz.panels._traces.trace import TraceMeasured
from xorviz.styles.themes import Theme

_NAME_PT, _PITCH_PT = 12.5, 15.0
_GAP_PT = 9.5


def end_names(place: Place, measured: TraceMeasured, theme: Theme) -> list[Artist]:
    """The labels of the traces right of where these end; those that find no room are left out."""
    pt, ends, labelled = place.pt, [], []
    for trace in measured.traces:
        at = np.flatnonzero(np.isfinite(y_px(place, measured, trace.values)))
        if trace.label and len(at):
            labelled.append(trace)
            ends.append([x_px(place, measured, trace.steps[at[-1]]), y_px(place, measured, trace.values[at[-1]])])
    if not ends:
        return []
    ends_px = np.array(ends, dtype=np.float64)
    pitch = _PITCH_PT * pt
    kept = uncrowded(ends_px[:, 1], 1 + int(place.height / pitch))
    heights = apart(ends_px[kept, 1], pitch, low=float(place.bottom), high=float(place.top))
    left, size_px = ends_px[:, 0].max() + _GAP_PT * pt, _NAME_PT * pt
    artists: list[Artist] = []
    for trace, (x, y), height in zip([labelled[i] for i in kept], ends_px[kept], heights, strict=True):
        lead = Polylines(toned(theme, trace.tone, trace.shade), 0.8 * pt, alpha=0.6)
        lead.lines = [np.array([[x + 4 * pt, y], [left - 1.5 * pt, height]])]
        style = TextStyle(size_px, toned(theme, trace.tone, trace.shade, is_text=True), "Semibold")
        artists += [lead, *_name(left, height - 0.34 * size_px, style, trace.label)]
    return artists


def _name(left: float, base: float, style: TextStyle, text: str) -> list[Label]:
    """A name whose superscripts stand above its subscripts, where a plain string would set them one after the other."""
    above = "".join(sign for sign in text[1:] if sign in SUPERSCRIPTS)
    below = text[:1] + "".join(sign for sign in text[1:] if sign not in SUPERSCRIPTS)
    apart_px = 0.07 * style.size_px
    left_above = left + text_width_px(text[:1], style)
    return [Label(left, base, style, below), Label(left_above, base + apart_px, style, above)]


def uncrowded(heights: Array, n_most: int) -> list[int]:
    """Which of some heights to keep so that at most so many remain: the one nearest to its neighbours goes first."""
    order: list[int] = np.argsort(heights, kind="stable").tolist()
    while len(order) > n_most:
        gaps = np.diff(heights[order])
        around = np.append(gaps, np.inf) + np.insert(gaps, 0, np.inf) if len(order) > 2 else gaps
        del order[int(np.argmin(around))]
    return order


def apart(heights: Array, pitch: float, *, low: float, high: float) -> Array:
    """Rising heights at least a pitch apart within limits, moved as little as possible in the mean square.

    Heights less their places in a row of that pitch must not fall: a problem of isotonic regression, solved by
    pooling adjacent violators.

    Args:
        heights (float64 array of shape (n,)): rising; n is at most what fits.
        pitch: least distance.
        low: least height.
        high: largest height.

    Returns:
        (float64 array of shape (n,)): rising.

    References:
        Barlow, Bartholomew, Bremner & Brunk, Statistical Inference under Order Restrictions (1972), chapter 1.
    """
    row = pitch * np.arange(len(heights))
    blocks: list[tuple[float, int]] = []
    for height in heights - row:
        mean, count = float(height), 1
        while blocks and blocks[-1][0] > mean:
            before, n = blocks.pop()
            mean, count = (before * n + mean * count) / (n + count), n + count
        blocks.append((mean, count))
    means, counts = zip(*blocks, strict=True)
    within: Array = np.clip(np.repeat(means, counts), low, max(high - row[-1], low)) + row
    return within
