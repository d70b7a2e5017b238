"""Losses as a map: greys and level lines, on a logarithmic scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.field import FieldImage
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels.axes import color_bar
from xorviz.panels.ticks import log_ticks, written
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme

_N_LEVELS = 16


def terrain_palette(theme: Theme) -> NDArray[np.uint8]:
    """Colours of heights that are no outputs, from low to high: uint8 array of shape (256, 4), RGBA.

    Greys, because blue and orange speak of classes.
    """
    return ramp([(0.0, theme.muted), (0.5, theme.faint), (1.0, theme.paper)])


def terrain(place: Place, losses: NDArray[np.float64], limits: tuple[float, float], theme: Theme) -> list[Artist]:
    """A map of losses and its colour scale.

    Args:
        place: what the map fills.
        losses (float64 array of shape (n_y, n_x)): row 0 at the lower edge.
        limits: losses at the ends of the scale; positive.
        theme: colours.
    """
    low, high = np.log10(limits)
    heights = (np.log10(np.where(losses < limits[0], limits[0], losses)) - low) / (high - low)
    image = FieldImage(place.box_px, terrain_palette(theme))
    image.set_values(heights)
    levels = Polylines(theme.ink, 0.8 * place.pt, alpha=0.28)
    to_px = np.array([place.width, place.height]) / (np.array(losses.shape[::-1]) - 1)
    corner = np.array([place.left, place.bottom])
    levels.lines = [corner + line * to_px for k in range(1, _N_LEVELS) for line in level_lines(heights, k / _N_LEVELS)]
    ticks = [((np.log10(tick) - low) / (high - low), written(float(tick))) for tick in log_ticks(*limits, 5)]
    return [image, levels, *color_bar(place, theme, terrain_palette(theme), ticks, "")]
