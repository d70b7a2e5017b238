"""Curves over steps as artists: the whole faint, the part already reached strong, a dot at the present."""

from __future__ import annotations

from collections import Counter

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.reveal import Reveal
from xorviz.panels._base import Paint
from xorviz.panels._tones import toned
from xorviz.panels._traces.labels import furniture
from xorviz.panels._traces.positions import curve_px, x_px, y_px
from xorviz.panels._traces.trace import TraceMeasured
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_FEW, _SEVERAL = 4, 24
# Where many curves lie on each other, what most of them share is to be stronger than what a single one passes.
_OPACITY, _LEAST_OPACITY = 4.0, 0.1


def attach_traces(place: Place, measured: TraceMeasured, theme: Theme) -> Paint:
    """The artists of a trace panel; beyond 24 curves these are thin, translucent and without dots."""
    faint, strong = _curves(place, measured, theme)
    reveal = Reveal(strong, left_px=place.left - round(3 * place.pt), right_px=place.right + round(3 * place.pt))
    dots = _dots(place, measured, theme)
    at_x = x_px(place, measured, measured.snapshot_steps)
    at_y = [y_px(place, measured, trace.at_snapshots) for trace in measured.traces]

    def update(frame: Frame) -> None:
        reveal.edge_px = float(at_x[frame.snapshot])
        for dot, ys in zip(dots, at_y, strict=False):
            dot.points = [[at_x[frame.snapshot], ys[frame.snapshot]]]

    return Paint((*furniture(place, measured, theme), *faint), (reveal, *dots), update, "snapshot")


def _curves(place: Place, measured: TraceMeasured, theme: Theme) -> tuple[list[Artist], list[Artist]]:
    """Every curve twice: as it will have been, and as it has been."""
    pt, n = place.pt, len(measured.traces)
    widths_pt = (1.4, 2.6) if n <= _FEW else (1.2, 2.0) if n <= _SEVERAL else (0.8, 1.0)
    of_name = Counter(trace.name for trace in measured.traces)
    faint: list[Artist] = []
    strong: list[Artist] = []
    # A layer of few is not hidden by one of many.
    for trace in sorted(measured.traces, key=lambda trace: -of_name[trace.name]):
        color = toned(theme, trace.tone, trace.shade)
        share = max(min(_OPACITY / float(np.sqrt(of_name[trace.name])), 1.0), _LEAST_OPACITY)
        opacity = 1.0 if n <= _SEVERAL else share
        under = Polylines(color, widths_pt[0] * pt, alpha=0.25 * opacity)
        over = Polylines(color, widths_pt[1] * pt, alpha=opacity)
        under.lines = over.lines = curve_px(place, measured, trace)
        faint.append(under)
        strong.append(over)
    return faint, strong


def _dots(place: Place, measured: TraceMeasured, theme: Theme) -> list[Markers]:
    """A dot for every curve where they are few enough to be told apart."""
    n, pt = len(measured.traces), place.pt
    if n > _SEVERAL:
        return []
    size_px, edge_px = (8.0 * pt, 1.5 * pt) if n <= _FEW else (6.5 * pt, 1.2 * pt)
    return [
        Markers("o", size_px, toned(theme, trace.tone, trace.shade), theme.paper, edge_px) for trace in measured.traces
    ]
