"""The words and numbers of a network diagram."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.bands import Bands
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.panels._diagram.layout import Layout
from xorviz.panels.ticks import value_text
from xorviz.styles.themes import Theme

#: Height of a line of text under a unit, in points.
LINE_PT = 15.0
_NAME_PT, _NUMBER_PT = 12.5, 12.0
# Subscripts cannot be read below this.
_LEAST_NAME_PT = 11.0
_HALO_PT, _HALO_INSIDE_PT = 2.0, 1.4


def unit_labels(
    layout: Layout, names: tuple[tuple[str, ...], ...], place: Place, theme: Theme, *, inside: bool
) -> list[Label]:
    """Each unit's name in its middle or below it, where there is room."""
    pt, labels = place.pt, []
    for layer, (centers, half) in enumerate(zip(layout.centers, layout.halves_px, strict=True)):
        of_layer = names[layer][: len(centers)]
        style = TextStyle(_NAME_PT * pt, theme.ink, "Semibold", theme.paper, _HALO_PT * pt)
        if inside:
            widest = max(text_width_px(name, style) for name in of_layer)
            size_px = min(_NAME_PT * pt, 1.3 * half / widest * style.size_px)
            style = TextStyle(size_px, theme.ink, "Semibold", theme.halo, _HALO_INSIDE_PT * pt)
        if style.size_px >= _LEAST_NAME_PT * pt if inside else layout.has_text[layer]:
            drop = 0.32 * style.size_px if inside else half + 0.85 * LINE_PT * pt
            labels += [
                Label(x, y - drop, style, name, "center") for (x, y), name in zip(centers, of_layer, strict=True)
            ]
    return labels


class Numbers:
    """Each weight on a plate on its line, each bias under its unit.

    Args:
        layout: where these are.
        place: for the size of a point.
        theme: colours.
        n_lines_above: lines of text between a unit and its bias.
    """

    def __init__(self, layout: Layout, place: Place, theme: Theme, *, n_lines_above: int) -> None:
        pt, diagram = place.pt, layout.diagram
        size_px = _NUMBER_PT * pt
        style = TextStyle(size_px, theme.ink)
        drop, aside = 0.32 * size_px, np.array([1.35 * size_px, 0.0])
        on_lines = layout.numbers_px(3.0 * size_px, 1.25 * size_px)
        plates = Bands(on_lines - aside, on_lines + aside, theme.paper)
        plates.widths_px = np.full(len(on_lines), 1.1 * size_px)
        labels = [Label(x, y - drop, style, align="center") for x, y in on_lines]
        style = TextStyle(size_px, theme.ink, "Regular", theme.paper, _HALO_PT * pt)
        letter = TextStyle(size_px, theme.muted, "Semibold", theme.paper, _HALO_PT * pt)
        below = (0.85 + n_lines_above) * LINE_PT * pt
        under, letters = layout.under_units_px(below), []
        written = np.isfinite(under[:, 0]) & (len(diagram.biases) > 0)
        for x, y in under[written]:
            letters.append(Label(x - 1.1 * size_px, y, letter, "b", "right"))
            labels.append(Label(x + 1.5 * size_px, y, style, align="right"))
        self._labels, self._of = labels, np.append(diagram.weights, diagram.biases[written[: len(diagram.biases)]])
        self.artists: tuple[Artist, ...] = (plates, *letters, *labels)

    def update(self, parameters: NDArray[np.float64]) -> None:
        """Write these; float64 array of shape (n_parameters,)."""
        for label, value in zip(self._labels, parameters[self._of], strict=True):
            label.text = value_text(float(value))


def count_labels(layout: Layout, place: Place, theme: Theme) -> list[Artist]:
    """Three dots and how many units are not drawn, under the layers that have more."""
    pt, points = place.pt, []
    artists: list[Artist] = []
    dots = Markers("o", 2.6 * pt, theme.muted, theme.muted, 0.0)
    style = TextStyle(_NUMBER_PT * pt, theme.muted)
    for at, width, n_shown in zip(layout.more_px, layout.diagram.widths, layout.diagram.shown, strict=True):
        if at is not None:
            x, y = at
            points += [(x, y + (9.0 - 4.5 * k) * pt) for k in range(3)]
            artists.append(Label(x, y - 13 * pt, style, f"{width - n_shown:,} more", "center"))
    if points:
        dots.points = points
        artists.append(dots)
    return artists
