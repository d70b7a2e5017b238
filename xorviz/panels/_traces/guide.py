"""A dashed line across curves at a value to compare with."""

from __future__ import annotations

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._traces.positions import Array, curve_px, y_px
from xorviz.panels._traces.trace import Guide, TraceMeasured
from xorviz.styles.themes import Theme

_DASH_PT, _SPACE_PT = 4.0, 4.0
_TEXT_PT = 12.0


def guide_line(place: Place, measured: TraceMeasured, guide: Guide, theme: Theme) -> list[Artist]:
    """The line, and its text above or below it at that end where the fewest curves pass."""
    pt = place.pt
    (y,) = y_px(place, measured, [guide.value])
    starts = np.arange(place.left, place.right, (_DASH_PT + _SPACE_PT) * pt)
    line = Polylines(theme.muted, 1.0 * pt)
    line.lines = [np.array([[x, y], [min(x + _DASH_PT * pt, place.right), y]]) for x in starts]
    style = TextStyle(_TEXT_PT * pt, theme.muted, "Regular", theme.paper, 2.0 * pt)
    text = next((text for text in guide.texts if text_width_px(text, style) < 0.7 * place.width), guide.texts[-1])
    width, height = text_width_px(text, style), _TEXT_PT * pt
    pieces = [piece for trace in measured.traces for piece in curve_px(place, measured, trace)]
    points = np.concatenate([_dense(piece) for piece in pieces] or [np.empty((0, 2))])
    spots = [
        (left, bottom)
        for bottom in (y + 4 * pt, y - 4 * pt - 0.75 * height)
        for left in (place.right - width - 3 * pt, place.left + 4 * pt)
        if place.bottom <= bottom <= place.top - height
    ] or [(place.right - width - 3 * pt, y + 4 * pt)]
    crossed = [
        np.count_nonzero(np.all((points >= spot) & (points <= np.add(spot, (width, height))), axis=1)) for spot in spots
    ]
    left, bottom = spots[int(np.argmin(crossed))]
    return [line, Label(left, bottom, style, text)]


def _dense(piece: Array) -> Array:
    """A curve's points and three more on each of its straight parts."""
    shares = np.array([0.0, 0.25, 0.5, 0.75])[:, None, None]
    dense: Array = ((1 - shares) * piece[:-1] + shares * piece[1:]).reshape(-1, 2)
    return dense
