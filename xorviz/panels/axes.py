"""The quiet furniture around data: tick labels, grid lines, the colour scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels.ticks import linear_ticks, written
from xorviz.recordings.header import Bounds
from xorviz.styles.themes import Theme

TICK_PT = 12.5
TITLE_PT = 14.0
#: Letters of a name that finds no room between two ticks.
_LONG = 4


def tick_style(place: Place, theme: Theme) -> TextStyle:
    """How tick labels look everywhere."""
    return TextStyle(TICK_PT * place.pt, theme.muted)


def plane_ticks(inputs: NDArray[np.float64], bounds: Bounds) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ticks of the two inputs: the values the points take where these are few, round numbers otherwise."""
    chosen = []
    for axis, (low, high) in enumerate(bounds):
        values = np.unique(inputs[:, axis])
        values = values[(values >= low) & (values <= high)]
        chosen.append(values if 1 < len(values) <= 3 else linear_ticks(low, high, 4))
    return chosen[0], chosen[1]


def tick_labels(
    place: Place,
    bounds: Bounds,
    ticks: tuple[NDArray[np.float64], NDArray[np.float64]],
    theme: Theme,
    names: tuple[str, str],
) -> list[Artist]:
    """Numbers below and left of a plane; short names of the axes stand between the two last ticks."""
    style = tick_style(place, theme)
    name_style = TextStyle(style.size_px, theme.muted, "Semibold")
    below = place.bottom - 17 * place.pt
    beside = place.left - 9 * place.pt
    drop = 0.34 * style.size_px
    xs, ys = place.x_px(ticks[0], bounds[0]), place.y_px(ticks[1], bounds[1])
    labels = [Label(x, below, style, written(tick), "center") for x, tick in zip(xs, ticks[0], strict=True)]
    labels += [Label(beside, y - drop, style, written(tick), "right") for y, tick in zip(ys, ticks[1], strict=True)]
    if is_long(names):
        return list(labels)
    if len(xs) > 1:
        labels.append(Label((xs[-2] + xs[-1]) / 2, below, name_style, names[0], "center"))
    if len(ys) > 1:
        labels.append(Label(beside, (ys[-2] + ys[-1]) / 2 - drop, name_style, names[1], "right"))
    return list(labels)


def is_long(names: tuple[str, str]) -> bool:
    """Whether a name finds no room between two ticks."""
    return max(map(len, names)) > _LONG


def names_inside(place: Place, theme: Theme, names: tuple[str, str]) -> list[Artist]:
    """Long names of a plane's axes in its corners, over what fills it; none where `tick_labels` has them."""
    if not is_long(names):
        return []
    pt = place.pt
    style = TextStyle(TICK_PT * pt, theme.ink, "Semibold", theme.halo, 2.5 * pt)
    x_name = Label(place.right - 8 * pt, place.bottom + 8 * pt, style, f"{names[0]} →", "right")
    return [x_name, Label(place.left + 8 * pt, place.top - 18 * pt, style, f"↑ {names[1]}")]


def scale_bar(place: Place, theme: Theme) -> list[Artist]:
    """The colours of the outputs 0..1 as a slim bar right of the plane."""
    image, *texts = color_bar(place, theme, theme.field_palette(), [(0.0, "0"), (0.5, "0.5"), (1.0, "1")], "output")
    half, bar = Polylines(theme.boundary, 2.4 * place.pt), _bar(place)
    middle = (bar.bottom + bar.top) / 2
    half.lines = [np.array([[bar.left, middle], [bar.right, middle]])]
    return [image, half, *texts]


def color_bar(
    place: Place, theme: Theme, palette: NDArray[np.uint8], ticks: Sequence[tuple[float, str]], name: str
) -> list[Artist]:
    """Colours as a slim bar right of a plane.

    Args:
        place: of the plane.
        theme: colours of the text.
        palette (uint8 array of shape (256, 4)): from the bar's lower end to its upper end.
        ticks: how far up each number stands, 0..1, and the number.
        name: written above; empty for none.
    """
    bar, style = _bar(place), tick_style(place, theme)
    image = FieldImage(bar.box_px, palette)
    image.set_values(np.linspace(0, 1, 256, dtype=np.float32)[:, None].repeat(2, axis=1))
    title = Label(bar.right, place.top + 9 * place.pt, style, name, "right")
    lowest, highest, drop = bar.bottom, bar.top - 0.66 * style.size_px, 0.34 * style.size_px
    rows = [min(max(bar.bottom + share * bar.height - drop, lowest), highest) for share, _ in ticks]
    beside = bar.right + 6 * place.pt
    return [image, title, *(Label(beside, y, style, text) for y, (_, text) in zip(rows, ticks, strict=True))]


def _bar(place: Place) -> Place:
    """Where the bar of a plane's colours stands."""
    pt, left = place.pt, place.right + round(9 * place.pt)
    return Place(left, place.bottom, left + max(round(7 * pt), 3), place.top, pt)


def frame_lines(place: Place, theme: Theme) -> Polylines:
    """The four sides of a place."""
    lines = Polylines(theme.faint, 1.0 * place.pt)
    left, bottom, right, top = place.box_px
    lines.lines = [np.array([[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]], float)]
    return lines


def grid_lines(place: Place, rows_px: NDArray[np.float64], theme: Theme) -> Polylines:
    """Horizontal lines across a place."""
    lines = Polylines(theme.faint, 1.0 * place.pt)
    lines.lines = [np.array([[place.left, y], [place.right, y]]) for y in rows_px]
    return lines
