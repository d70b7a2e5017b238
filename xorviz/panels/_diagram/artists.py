"""What a network diagram is drawn with: lines for weights, medallions for units, and the key that explains them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.bands import Bands
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.medallions import Medallions
from xorviz.artists.place import Place
from xorviz.panels._diagram.layout import WIDEST_PT, Layout
from xorviz.panels.axes import TITLE_PT
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
# Every weight is seen, or the network would be invisible before it has learned.
_THINNEST_PT = 1.0
_HALO_WIDER = 1.3
_HALO_ALPHA = 0.16
_DASH_PT = (7.0, 4.0)
_DECADES = 3.0
_OUTLINE_PT = 1.5
#: Halos of more lines would run into each other; they have none.
MOST_HALOS = 40


class WeightLines:
    """A line a weight: positive ones whole, negative ones dashed, a halo around each of a few.

    Args:
        starts_px (float64 array of shape (n_edges, 2)): where they start.
        ends_px (float64 array of shape (n_edges, 2)): where they end.
        widest_px: width of the strongest weight's line.
        theme: colours.
        pt: pixels per point.
    """

    def __init__(self, starts_px: Array, ends_px: Array, widest_px: float, theme: Theme, pt: float) -> None:
        self._widest_px, self._thinnest_px = widest_px, min(_THINNEST_PT * pt, 0.3 * widest_px)
        dash = (_DASH_PT[0] * pt, _DASH_PT[1] * pt)
        self.halo = Bands(starts_px, ends_px, theme.ink, alpha=_HALO_ALPHA)
        self.positive = Bands(starts_px, ends_px, theme.classes[1])
        self.negative = Bands(starts_px, ends_px, theme.classes[0], dash_px=dash)
        lines = (self.negative, self.positive)
        self.artists: tuple[Artist, ...] = (self.halo, *lines) if len(starts_px) <= MOST_HALOS else lines

    def update(self, weights: Array, gradients: Array) -> None:
        """Show these.

        Args:
            weights (float64 array of shape (n_edges,)): in units of the strongest.
            gradients (float64 array of shape (n_edges,)): likewise.
        """
        shares = np.clip(np.nan_to_num(np.abs(weights)), 0.0, 1.0)
        widths = self._thinnest_px + (self._widest_px - self._thinnest_px) * shares
        self.positive.widths_px = np.where(weights > 0, widths, 0.0)
        self.negative.widths_px = np.where(weights < 0, widths, 0.0)
        sizes = np.clip(np.nan_to_num(np.abs(gradients)), 10.0**-_DECADES, 1.0)
        levels = 1.0 + np.log10(sizes) / _DECADES
        self.halo.widths_px = np.where(levels > 0.0, widths + _HALO_WIDER * self._widest_px * levels, 0.0)


class UnitPictures:
    """A medallion a unit, by layer.

    Args:
        layout: where they stand.
        theme: colours.
        pt: pixels per point.
        is_round: circles instead of squares with round corners.
    """

    def __init__(self, layout: Layout, theme: Theme, pt: float, *, is_round: bool) -> None:
        layers, palette = [], theme.field_palette()
        for centers, half in zip(layout.centers, layout.halves_px, strict=True):
            side = max(round(2 * half), 2)
            corner = side / 2 if is_round else 0.28 * side
            layers.append(
                Medallions(
                    centers[0, 0],
                    centers[:, 1],
                    side,
                    corner,
                    palette,
                    outline=theme.ink,
                    outline_px=_OUTLINE_PT * pt,
                )
            )
        self.artists: tuple[Medallions, ...] = tuple(layers)

    def update(self, pictures: Sequence[NDArray[np.floating]]) -> None:
        """Show these; a single value below 0.5 has a dashed outline.

        Args:
            pictures (sequence of float arrays of shape (n_shown, k, k)): one per layer, the input first.
        """
        for medallions, of_layer in zip(self.artists, pictures, strict=True):
            medallions.set_values(of_layer, of_layer[:, 0, 0] < 0.5 if of_layer.shape[1] == 1 else None)


def key(place: Place, theme: Theme, *, n_samples: int) -> list[Artist]:
    """Title, and samples of lines and the halo with their names, as many as wanted and as there is room for."""
    pt, above = place.pt, place.top + 9 * place.pt
    title = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    artists: list[Artist] = [Label(place.left, above, title, "weights")]
    samples = (
        ("positive", theme.class_texts[1], (0.5, 0.0)),
        ("negative", theme.class_texts[0], (-0.5, 0.0)),
        ("gradient", theme.muted, (0.14, 1.0)),
    )[:n_samples]
    style = TextStyle(0.88 * TITLE_PT * pt, theme.ink, "Semibold")
    wide, gap, between = 22 * pt, 6 * pt, 13 * pt
    left, widths = place.left + text_width_px("weights", title) + between, []
    for name, _, _ in samples:
        widths.append(wide + gap + text_width_px(name, style) + between)
    while samples and left + sum(widths[: len(samples)]) - between > place.right:
        samples = samples[:-1]
    # One sign alone would puzzle.
    samples = samples if len(samples) > 1 else ()
    x = place.right - sum(widths[: len(samples)]) + between
    for (name, color, (weight, gradient)), width in zip(samples, widths, strict=False):
        y = above + 0.32 * style.size_px
        lines = WeightLines(np.array([[x, y]]), np.array([[x + wide, y]]), WIDEST_PT * pt, theme, pt)
        lines.update(np.array([weight]), np.array([gradient]))
        artists += lines.artists
        artists.append(Label(x + wide + gap, above, TextStyle(style.size_px, color, "Semibold"), name))
        x += width
    return artists
