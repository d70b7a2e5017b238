"""How outputs over a plane are drawn: two sides, the regions of several classes, or values on a scale."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.field import FieldImage
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.regions import RegionImage
from xorviz.panels._field.region_lines import region_lines
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._points.data import target_span
from xorviz.panels.axes import color_bar, scale_bar
from xorviz.panels.ticks import linear_ticks, written
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
Floats = NDArray[np.floating]


class Look(ABC):
    """Outputs over a plane as a raster with lines on it.

    Args:
        place: what it fills.
        n_grid: points a side.
        theme: colours.
    """

    artists: tuple[Artist, ...]

    def __init__(self, place: Place, n_grid: int, theme: Theme) -> None:
        self._place, self._theme = place, theme
        self._to_px = np.array([place.width, place.height]) / (n_grid - 1)
        self._corner = np.array([place.left, place.bottom])

    def _px(self, lines: list[Array]) -> list[Array]:
        """Lines in grid units as lines in pixels of the frame."""
        return [self._corner + line * self._to_px for line in lines]

    @abstractmethod
    def show(self, outputs: Floats) -> None:
        """Show outputs (float array of shape (n_grid, n_grid, n_outputs)), row 0 at the lower edge."""

    @abstractmethod
    def scale(self) -> list[Artist]:
        """What colours mean, right of the place; nothing where a legend says it."""


class SidesLook(Look):
    """One output from 0 to 1, and the line on which it is 0.5."""

    def __init__(self, place: Place, n_grid: int, theme: Theme, output: int, *, flat: bool) -> None:
        super().__init__(place, n_grid, theme)
        self._output = output
        self._image = FieldImage(place.box_px, theme.field_palette(), stepped=flat)
        self._boundary = Polylines(theme.boundary, 2.4 * place.pt)
        self.artists = (self._image, self._boundary)

    def show(self, outputs: Floats) -> None:
        """See `Look.show`."""
        field = outputs[..., self._output]
        self._image.set_values(field)
        self._boundary.lines = self._px(level_lines(field))

    def scale(self) -> list[Artist]:
        """See `Look.scale`."""
        return scale_bar(self._place, self._theme)


class RegionsLook(Look):
    """The class with the largest output, paler where it leads by little, and a line between every two regions."""

    def __init__(self, place: Place, n_grid: int, theme: Theme, n_classes: int, *, flat: bool) -> None:
        super().__init__(place, n_grid, theme)
        self._image = RegionImage(place.box_px, theme.region_palettes(n_classes), flat=flat)
        self._boundary = Polylines(theme.boundary, 2.0 * place.pt)
        self.artists = (self._image, self._boundary)

    def show(self, outputs: Floats) -> None:
        """See `Look.show`."""
        self._image.set_values(outputs)
        found = region_lines(outputs)
        self._boundary.lines = self._px([line for lines in found.values() for line in lines])

    def scale(self) -> list[Artist]:
        """See `Look.scale`."""
        return []


class ValuesLook(Look):
    """One output between the lowest and the highest target, and level lines at the numbers of its scale."""

    def __init__(self, place: Place, n_grid: int, theme: Theme, recording: Recording, output: int) -> None:
        super().__init__(place, n_grid, theme)
        self._output, self._name = output, recording.target_name or "output"
        self._low, self._high = target_span(recording)
        self._ticks = linear_ticks(self._low, self._high, 5)
        self._image = FieldImage(place.box_px, theme.field_palette())
        self._levels = Polylines(theme.boundary, 0.9 * place.pt, alpha=0.45)
        self.artists = (self._image, self._levels)

    def show(self, outputs: Floats) -> None:
        """See `Look.show`."""
        field = outputs[..., self._output]
        self._image.set_values((field - self._low) / (self._high - self._low))
        self._levels.lines = self._px([line for tick in self._ticks for line in level_lines(field, float(tick))])

    def scale(self) -> list[Artist]:
        """See `Look.scale`."""
        ticks = [((tick - self._low) / (self._high - self._low), written(float(tick))) for tick in self._ticks]
        return color_bar(self._place, self._theme, self._theme.field_palette(), ticks, self._name)


def look_for(recording: Recording, place: Place, n_grid: int, theme: Theme, *, output: int | None, flat: bool) -> Look:
    """The look that suits a task.

    Args:
        recording: the run.
        place: what it fills.
        n_grid: points a side.
        theme: colours.
        output: from 0, the only one that is shown; None for all classes at once.
        flat: one colour a class.
    """
    if recording.task == "regression":
        return ValuesLook(place, n_grid, theme, recording, output or 0)
    if recording.task == "multiclass" and output is None:
        return RegionsLook(place, n_grid, theme, recording.targets.shape[1], flat=flat)
    return SidesLook(place, n_grid, theme, output or 0, flat=flat)
