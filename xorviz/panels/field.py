"""The decision field: the outputs over the input plane, their boundaries, and the data points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel, check_bounds, output_index, require_plane, still
from xorviz.panels._field.looks import look_for
from xorviz.panels._plane.input_plane import plane_grid, to_px
from xorviz.panels._points.data import all_inputs, all_targets, on_slice
from xorviz.panels._points.legend import legend
from xorviz.panels._points.markers import DataMarkers
from xorviz.panels.axes import frame_lines, names_inside, plane_ticks, tick_labels
from xorviz.panels.ticks import value_text, written
from xorviz.problems.planes import aspect
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_MANY_POINTS = 24
#: Right of a plane with several hundred points these are smaller still.
_CROWD = 150


@dataclass(frozen=True)
class FieldMeasured:
    """What a decision field shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        bounds: (lowest, highest) first coordinate, (lowest, highest) second coordinate.
        grid (float32 array of shape (n_grid, n_grid, 2)): points of the plane, row 0 at the lowest second coordinate.
        inputs (float32 array of shape (n_grid², n_inputs)): the network's inputs there.
        output: from 0, the only one that is shown; None for all classes at once.
    """

    recording: Recording
    bounds: Bounds
    grid: NDArray[np.float32]
    inputs: NDArray[np.float32]
    output: int | None

    def outputs(self, snapshot: int) -> NDArray[np.float32]:
        """The outputs on the grid: float32 array of shape (n_grid, n_grid, n_outputs)."""
        flat = self.recording.outputs(self.inputs, snapshot=snapshot)
        return flat.reshape((*self.grid.shape[:2], -1)).astype(np.float32, copy=False)


@dataclass(frozen=True)
class FieldPanel(Panel):
    """The outputs as colour over the plane: two sides, the regions of several classes, or a regression's values.

    Attributes:
        style: ``"probability"``, a smooth scale; ``"classes"``, one flat colour a class; ``"points"``, the data alone,
            with what the targets are in place of outputs.
        output: the only output that is shown, counted from 1; the first, or all classes at once, if not given.
        bounds: (lowest, highest) first coordinate, (lowest, highest) second coordinate; the problem's own if not given.
        n_grid: points a side at which the network is evaluated.
        values: write each point's current output beside it (only where there are few points).
        scale: draw the colour scale, or the names of classes.
        ticks: write numbers along the sides.
    """

    kind: ClassVar[str] = "field"
    headroom_pt: ClassVar[float] = 0.0
    style: Literal["probability", "classes", "points"] = "probability"
    output: Annotated[int, msgspec.Meta(ge=1)] | None = None
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
        output = output_index(recording, self.kind, self.output)
        bounds = self.bounds or recording.bounds
        flat = plane_grid(bounds, self.n_grid)
        grid = flat.reshape(self.n_grid, self.n_grid, 2)
        return FieldMeasured(recording, bounds, grid, recording.plane.inputs(flat), output)

    def attach(self, place: Place, measured: FieldMeasured, theme: Theme) -> Paint:
        """Raster, boundary, points and their outputs; see `Panel.attach`."""
        recording, bounds = measured.recording, measured.bounds
        if self.scale and recording.task == "regression":
            # Numbers of a scale of one's own are wider than 0, 0.5 and 1.
            place = replace(place, right=place.right - round(16 * place.pt))
        place = place.shape_to(aspect(bounds))
        inputs, plane = all_inputs(recording), recording.plane
        at = plane.coordinates(inputs)
        is_data = self.style == "points"
        look = look_for(recording, place, self.n_grid, theme, output=measured.output, flat=self.style == "classes")
        static: list[Artist] = []
        if self.ticks:
            static += tick_labels(place, bounds, plane_ticks(at, bounds), theme, names=plane.names)
        names = names_inside(place, theme, plane.names) if self.ticks else []
        if self.scale:
            scale = [] if is_data else look.scale()
            ends = [
                label.x_px - text_width_px(label.text, label.style) for label in scale[1:] if isinstance(label, Label)
            ]
            right = min(ends[:1] or [float(place.right)]) - 14 * place.pt * bool(scale)
            static += [*scale, *legend(place, recording, theme, right_px=right)]
        # Squares that stand still are sharp on whole pixels.
        points = np.floor(to_px(place, bounds, at)) + 0.5
        many = len(points) > _MANY_POINTS
        size_pt = 19.0 if not many else 9.0 if len(points) <= _CROWD else 7.5
        markers = DataMarkers(recording, theme, min(size_pt * place.pt, 0.1 * place.width), on_slice(recording))
        markers.move(points)
        labels = [] if many or not self.values else _value_labels(points, place, theme)
        belongs = on_slice(recording)
        if belongs is not None:
            labels = [label for label, is_there in zip(labels, belongs, strict=False) if is_there]
        written_at = np.arange(len(inputs)) if belongs is None else np.flatnonzero(belongs)

        if is_data:
            for label, target in zip(
                labels, _said(recording, all_targets(recording)[written_at], None, written_at), strict=False
            ):
                label.text = written(target)
            return Paint((*static, frame_lines(place, theme), *markers.artists, *labels, *names), (), still)

        def update(frame: Frame) -> None:
            look.show(measured.outputs(frame.snapshot))
            if labels:
                outputs = recording.outputs(inputs[written_at], snapshot=frame.snapshot)
                for label, output in zip(labels, _said(recording, outputs, measured.output, written_at), strict=True):
                    label.text = value_text(output)

        return Paint(tuple(static), (*look.artists, *markers.artists, *labels, *names), update, "snapshot")


def _said(
    recording: Recording, outputs: NDArray[np.floating], output: int | None, points: NDArray[np.int64]
) -> list[float]:
    """The number of each point: its first or chosen output, or, of all classes, that of its own class."""
    if recording.task == "multiclass" and output is None:
        own: list[float] = outputs[np.arange(len(outputs)), all_targets(recording)[points].argmax(axis=1)].tolist()
        return own
    chosen: list[float] = outputs[:, output or 0].tolist()
    return chosen


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
