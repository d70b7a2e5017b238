"""What each unit of the first layer tells apart: its straight boundary over the input plane, and its positive side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel, check_bounds, require_network, require_plane
from xorviz.panels._field.region_lines import region_lines
from xorviz.panels._names.units import unit_names
from xorviz.panels._plane.input_plane import plane_grid, soft_palette, to_px
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._plane.line_names import LineNames
from xorviz.panels._plane.straight_lines import lines_across
from xorviz.panels._points.data import all_inputs, on_slice, target_span
from xorviz.panels._points.markers import DataMarkers
from xorviz.panels._reading import readable_snapshots
from xorviz.panels.axes import TITLE_PT, frame_lines, names_inside, plane_ticks, tick_labels
from xorviz.problems.planes import aspect
from xorviz.problems.tasks import Task
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_MOST_NAMED = 16
_FEW = 6
_MOST_LINES = 256
_SAMPLED_SNAPSHOTS = 100
_MANY_POINTS = 24
_NAME_PT = 14.0
_HACHURE_PT = (9.0, 6.0)


@dataclass(frozen=True)
class UnitLinesMeasured:
    """What the boundaries of units show.

    Attributes:
        recording: whose weights they are.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        n_units: how many units have their line drawn.
        names: of these units; empty where they are too many to be read.
        sampled (int64 array of shape (n_sampled,)): an even choice of snapshots.
    """

    recording: Recording
    bounds: Bounds
    n_units: int
    names: tuple[str, ...]
    sampled: NDArray[np.int64]

    def boundaries(self, snapshot: int) -> tuple[Array, Array]:
        """Weights and bias of every unit, whose boundary is where ``weights · x + bias`` is 0.

        Returns:
            (float64 array of shape (n_units, 2)): weights.
            (float64 array of shape (n_units,)): biases.
        """
        network = self.recording.network
        named = network.views(self.recording.parameter_vectors([snapshot])[0])
        weights = named["W1"].T[: self.n_units]
        biases = named["b1"][: self.n_units] if network.biases else np.zeros(len(weights))
        return self.recording.plane.restricted(weights, biases)


@dataclass(frozen=True)
class UnitLinesPanel(Panel):
    """Where each unit of the first layer changes sides, with short strokes on the side where it is active.

    That is where its weighted input is 0: a sigmoid unit is at 0.5 there, a tanh unit at 0, and a ReLU unit starts.
    Up to 16 lines have names and strokes; of more, the first 256 are drawn without.

    Attributes:
        bounds: (lowest, highest) first input, (lowest, highest) second input; the problem's own if not given.
        field: draw the network's output faintly below.
        boundary: draw the line along which the output is 0.5.
        n_grid: points a side at which the network is evaluated for these two.
    """

    kind: ClassVar[str] = "unit-lines"
    bounds: Bounds | None = None
    field: bool = True
    boundary: bool = True
    n_grid: Annotated[int, msgspec.Meta(ge=2, le=2000)] = 65

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing."""
        check_bounds(self.bounds)

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> UnitLinesMeasured:
        """Name the units; see `Panel.measure`."""
        del snapshots
        require_plane(recording, self.kind)
        require_network(recording, self.kind)
        names = unit_names(recording.network)[1]
        sampled = readable_snapshots(recording, n_most=_SAMPLED_SNAPSHOTS)
        n_units, bounds = min(len(names), _MOST_LINES), self.bounds or recording.bounds
        return UnitLinesMeasured(recording, bounds, n_units, names if len(names) <= _MOST_NAMED else (), sampled)

    def attach(self, place: Place, measured: UnitLinesMeasured, theme: Theme) -> Paint:
        """Faint field, lines, strokes, points, names; see `Panel.attach`."""
        bounds, recording, pt = measured.bounds, measured.recording, place.pt
        place = place.shape_to(aspect(bounds))
        plane = recording.plane
        inputs = plane.coordinates(all_inputs(recording))
        static = [
            *tick_labels(place, bounds, plane_ticks(inputs, bounds), theme, names=plane.names),
            *_key(place, measured, theme, with_boundary=self.boundary),
        ]
        is_multiclass = recording.task == "multiclass"
        if not self.field or is_multiclass:
            static.append(frame_lines(place, theme))
        image, output_line = FieldImage(place.box_px, soft_palette(theme)), _output_line(theme, pt, len(measured.names))
        lines, strokes = _unit_lines(place, theme, len(measured.names))
        at_px = np.floor(to_px(place, bounds, inputs)) + 0.5
        size_px = min((9.0 if len(inputs) > _MANY_POINTS else 15.0) * pt, 0.1 * place.width)
        markers = DataMarkers(recording, theme, size_px, on_slice(recording))
        markers.move(at_px)
        style = TextStyle(_NAME_PT * pt, theme.ink, "Semibold", theme.halo, 2.5 * pt)
        labels = [Label(0, 0, style, align="center") for _ in measured.names]
        names = _settled(place, measured, style, at_px)
        grid, shape = plane.inputs(plane_grid(bounds, self.n_grid)), (self.n_grid, self.n_grid, -1)
        span = target_span(recording)
        to_grid = np.array([place.width, place.height]) / (self.n_grid - 1)
        corner = np.array([place.left, place.bottom])

        def update(frame: Frame) -> None:
            if self.field or self.boundary:
                outputs = recording.outputs(grid, snapshot=frame.snapshot).reshape(shape)
                if not is_multiclass:
                    image.set_values((outputs[..., 0] - span[0]) / (span[1] - span[0]))
                output_line.lines = [corner + line * to_grid for line in _boundary_lines(outputs, recording.task)]
            across = lines_across(place, bounds, *measured.boundaries(frame.snapshot))
            ends = np.stack([across.at(0.0), across.at(1.0)], axis=1)
            lines.lines = list(ends[np.isfinite(ends).all(axis=(1, 2))])
            if labels:
                strokes.lines = list(across.hachures(*(n * pt for n in _HACHURE_PT)))
                for label, name, (x, y) in zip(labels, measured.names, names.at(across), strict=True):
                    label.text = name if np.isfinite(x) else ""
                    if label.text:
                        label.x_px, label.y_px = float(x), float(y) - 0.3 * style.size_px

        below: list[Artist] = [image] * (self.field and not is_multiclass) + [output_line] * self.boundary
        return Paint(
            tuple(static),
            (*below, strokes, lines, *markers.artists, *labels, *names_inside(place, theme, plane.names)),
            update,
            "snapshot",
        )


def _boundary_lines(outputs: NDArray[np.floating], task: Task) -> list[Array]:
    """Where regions meet, or the output is 0.5, in grid units: float64 arrays of shape (n, 2)."""
    if task == "multiclass":
        return [line for lines in region_lines(outputs).values() for line in lines]
    return level_lines(outputs[..., 0]) if task == "binary" else []


def _output_line(theme: Theme, pt: float, n_named: int) -> Polylines:
    """Fainter than the units' lines, or stronger where these are a thicket."""
    return Polylines(theme.boundary, 1.3 * pt, alpha=0.5) if n_named else Polylines(theme.boundary, 2.4 * pt)


def _unit_lines(place: Place, theme: Theme, n_named: int) -> tuple[Polylines, Polylines]:
    """Lines for the boundaries of units, and for the strokes on their positive sides."""
    pt, box = place.pt, place.box_px
    if not n_named:
        return ClippedLines(box, theme.ink, 0.9 * pt, alpha=0.5), ClippedLines(box, theme.ink, pt)
    width_px = (2.2 if n_named <= _FEW else 1.5) * pt
    return ClippedLines(box, theme.ink, width_px), ClippedLines(box, theme.ink, 0.5 * width_px)


def _settled(place: Place, measured: UnitLinesMeasured, style: TextStyle, obstacles: Array) -> LineNames:
    """Names at places along their lines that suit the whole run."""
    names = LineNames(place, measured.names, style)
    if measured.names:
        found = [measured.boundaries(int(snapshot)) for snapshot in measured.sampled]
        weights, biases = (np.stack(arrays) for arrays in zip(*found, strict=True))
        obstacles = obstacles if len(obstacles) <= _MANY_POINTS else obstacles[:0]
        names.settle(lines_across(place, measured.bounds, weights, biases), obstacles)
    return names


def _key(place: Place, measured: UnitLinesMeasured, theme: Theme, *, with_boundary: bool) -> list[Artist]:
    """Title, and samples of the lines with what they mean, as far as there is room."""
    pt, above = place.pt, place.top + 9 * place.pt
    title, name = TextStyle(TITLE_PT * pt, theme.ink, "Semibold"), TextStyle(0.88 * TITLE_PT * pt, theme.muted)
    n_all = measured.recording.network.widths[1]
    text = "unit boundaries" if measured.n_units == n_all else f"{measured.n_units} of {n_all:,} unit boundaries"
    found: list[Artist] = [Label(place.left, above, title, text)]
    left, right = place.left + text_width_px(text, title), float(place.right)
    samples = [("active side", Polylines(theme.ink, 2.2 * pt), True)] * bool(measured.names)
    said = "class boundary" if measured.recording.task == "multiclass" else "output 0.5"
    with_boundary = with_boundary and measured.recording.task != "regression"
    samples += [(said, _output_line(theme, pt, len(measured.names)), False)] * with_boundary
    for text, line, has_strokes in samples:
        start = right - text_width_px(text, name) - 30 * pt
        if start < left + 12 * pt:
            break
        low = above + (1.5 if has_strokes else 4) * pt
        line.lines = [np.array([[start, low], [start + 24 * pt, low]])]
        if has_strokes:
            strokes = Polylines(theme.ink, 1.1 * pt)
            xs = start + np.array([3.0, 12.0, 21.0]) * pt
            strokes.lines = [np.array([[x, low], [x, low + _HACHURE_PT[1] * pt]]) for x in xs]
            found.append(strokes)
        found += [line, Label(right, above, name, text, "right")]
        right = start - 14 * pt
    return found
