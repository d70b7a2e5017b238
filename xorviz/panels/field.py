"""The decision field: the output over the input plane, its 0.5 boundary, and the data points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

import contourpy
import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.header import Bounds
from xorviz.panels._base import Paint, Panel, check_bounds, require_plane, still
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels.axes import frame_lines, plane_ticks, scale_bar, tick_labels
from xorviz.panels.ticks import value_text, written
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame

Array = NDArray[np.float64]
MARKERS = ("s", "o")
_MANY_POINTS = 24


@dataclass(frozen=True)
class FieldMeasured:
    """What a decision field shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        grid (float32 array of shape (n_grid, n_grid, 2)): points of the field, row 0 at the lowest second input.
        classes (bool array of shape (n_points,)): whether the target is above 0.5.
    """

    recording: Recording
    bounds: Bounds
    grid: NDArray[np.float32]
    classes: NDArray[np.bool_]

    def field(self, snapshot: int) -> NDArray[np.float32]:
        """First output on the grid: float32 array of shape (n_grid, n_grid)."""
        flat = self.recording.outputs(self.grid.reshape(-1, 2), snapshot=snapshot)
        return flat[:, 0].reshape(self.grid.shape[:2]).astype(np.float32, copy=False)


@dataclass(frozen=True)
class FieldPanel(Panel):
    """The network's first output as colour over the plane of its two inputs.

    Attributes:
        style: ``"probability"``, a smooth scale centred on 0.5; ``"classes"``, one flat colour a side; ``"points"``,
            the data alone, with what the targets are in place of outputs.
        bounds: (lowest, highest) first input, (lowest, highest) second input; the problem's own if not given.
        n_grid: points a side at which the network is evaluated.
        values: write each point's current output beside it (only where there are few points).
        scale: draw the colour scale.
        ticks: write numbers along the sides.
    """

    kind: ClassVar[str] = "field"
    headroom_pt: ClassVar[float] = 0.0
    style: Literal["probability", "classes", "points"] = "probability"
    bounds: Bounds | None = None
    n_grid: Annotated[int, msgspec.Meta(ge=2, le=2000)] = 103
    values: bool = True
    scale: bool = True
    ticks: bool = True

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing."""
        check_bounds(self.bounds)

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> FieldMeasured:
        """Lay the grid; see `Panel.measure`."""
        del snapshots
        require_plane(recording, self.kind)
        bounds = self.bounds or recording.bounds
        grid = plane_grid(bounds, self.n_grid).reshape(self.n_grid, self.n_grid, 2)
        return FieldMeasured(recording, bounds, grid, recording.targets[:, 0] > 0.5)

    def attach(self, place: Place, measured: FieldMeasured, theme: Theme) -> Paint:
        """Raster, boundary, points and their outputs; see `Panel.attach`."""
        (x_low, x_high), (y_low, y_high) = measured.bounds
        place = place.shape_to((x_high - x_low) / (y_high - y_low))
        inputs = measured.recording.inputs
        ticks = plane_ticks(inputs, measured.bounds)
        static: list[Artist] = []
        if self.ticks:
            static += tick_labels(place, measured.bounds, ticks, theme, names=("x₁", "x₂"))
        is_data = self.style == "points"
        if self.scale and not is_data:
            static += scale_bar(place, theme)
        image = FieldImage(place.box_px, theme.field_palette(), stepped=self.style == "classes")
        boundary = Polylines(theme.boundary, 2.4 * place.pt)
        points = np.stack([place.x_px(inputs[:, 0], (x_low, x_high)), place.y_px(inputs[:, 1], (y_low, y_high))], -1)
        # Squares that stand still are sharp on whole pixels.
        points = np.floor(points) + 0.5
        many = len(points) > _MANY_POINTS
        size_px = min((9.0 if many else 19.0) * place.pt, 0.1 * place.width)
        markers = point_markers(points, measured.classes, theme, size_px)
        labels = [] if many or not self.values else _value_labels(points, place, theme)
        to_px = np.array([place.width, place.height]) / (self.n_grid - 1)
        origin = np.array([place.left, place.bottom])

        if is_data:
            for label, target in zip(labels, measured.recording.targets[:, 0], strict=False):
                label.text = written(float(target))
            return Paint((*static, frame_lines(place, theme), *markers, *labels), (), still)

        def update(frame: Frame) -> None:
            field = measured.field(frame.snapshot)
            image.set_values(field)
            boundary.lines = [origin + line * to_px for line in level_lines(field)]
            if labels:
                outputs = measured.recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
                for label, output in zip(labels, outputs, strict=True):
                    label.text = value_text(float(output))

        return Paint(tuple(static), (image, boundary, *markers, *labels), update, "snapshot")


def level_lines(field: NDArray[np.floating], level: float = 0.5) -> list[Array]:
    """Lines along which a field takes a value, in grid units: float64 arrays of shape (n, 2), column and row."""
    columns, rows = _grid_units(field.shape)
    # A mask costs more than the lines.
    z = field if np.isfinite(field).all() else np.ma.masked_invalid(field)
    found = contourpy.contour_generator(columns, rows, z, line_type=contourpy.LineType.Separate).lines(level)
    return [np.asarray(line) for line in found]


@lru_cache(maxsize=8)
def _grid_units(shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Column and row of every grid point; a few shapes, because a surface's changes while the viewer goes round it."""
    rows, columns = np.indices(shape, dtype=np.float64)
    return columns, rows


def point_markers(points: Array, classes: NDArray[np.bool_], theme: Theme, size_px: float) -> list[Markers]:
    """Squares for class 0 and circles for class 1, in the classes' accents."""
    markers = []
    for a_class in (0, 1):
        marker = Markers(MARKERS[a_class], size_px, theme.classes[a_class], theme.marker_edge, max(size_px * 0.13, 1.0))
        marker.points = points[classes == bool(a_class)]
        markers.append(marker)
    return markers


def _value_labels(points: Array, place: Place, theme: Theme) -> list[Label]:
    """A label below each point, or above it where there is no room below."""
    style = TextStyle(13.5 * place.pt, theme.ink, "Semibold", theme.halo, 2.0 * place.pt)
    labels = []
    for x, y in points:
        below = y - 27 * place.pt
        fits = below > place.bottom + 8 * place.pt
        left = min(max(x, place.left + 18 * place.pt), place.right - 18 * place.pt)
        labels.append(Label(left, below if fits else y + 17 * place.pt, style, align="center"))
    return labels
