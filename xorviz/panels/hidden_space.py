"""What a hidden layer makes of the inputs: the data, and the inputs' plane bent, in the space of its activations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.field import FieldImage
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.activations import ACTIVATIONS, ActivationName, run
from xorviz.panels._base import Paint, Panel, require_network
from xorviz.panels._field.region_lines import region_lines
from xorviz.panels._hidden.axes import HiddenAxes, hidden_axes, layer_space
from xorviz.panels._hidden.warped_grid import BentGrid, grid_points
from xorviz.panels._hidden.words import PointNames, furniture
from xorviz.panels._plane.half_output import HALF_AT
from xorviz.panels._plane.input_plane import plane_grid, soft_palette, to_px
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._plane.straight_lines import lines_across
from xorviz.panels._points.data import all_inputs
from xorviz.panels._points.markers import DataMarkers
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
Unit = Annotated[int, msgspec.Meta(ge=1)]
_REGION_SIDE, _BOUNDARY_SIDE = 49, 65
_MANY_POINTS = 24
# Beyond these Agg's integers end.
_FARTHEST_PX = 1e5


@dataclass(frozen=True)
class HiddenMeasured:
    """What a layer's space shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        layer: 0 for the inputs.
        axes: how its space is looked at.
        is_plane: whether the output depends on nothing but the two coordinates, through one weighted sum.
    """

    recording: Recording
    layer: int
    axes: HiddenAxes
    is_plane: bool

    def coordinates(self, points: NDArray[np.floating], snapshot: int) -> Array:
        """Where inputs (float array of shape (n_points, n_inputs)) are: float64 array of shape (n_points, 2)."""
        return self.axes.coordinates(layer_space(self.recording, self.layer, points, snapshot))

    def readout(self, snapshot: int) -> tuple[Array, float, ActivationName]:
        """How the first output comes from the coordinates, where it depends on nothing else.

        Returns:
            (float64 array of shape (2,)): weights.
            The bias.
            The activation, which makes the output of ``weights · coordinates + bias``.
        """
        network = self.recording.network
        if network.widths[self.layer] == 1:
            return np.array([0.0, 1.0]), 0.0, "linear"
        named, last = network.views(self.recording.parameter_vectors([snapshot])[0]), len(network.activations)
        bias = float(named[f"b{last}"][0]) if network.biases else 0.0
        return named[f"W{last}"][:, 0] @ self.axes.directions, bias, network.activations[-1]

    def boundary(self, snapshot: int) -> list[Array]:
        """Where the output is 0.5 over the plane of the inputs: float64 arrays of shape (n, 2), coordinates."""
        recording, bounds = self.recording, np.array(self.recording.bounds)
        grid = recording.plane.inputs(plane_grid(recording.bounds, _BOUNDARY_SIDE))
        outputs = recording.outputs(grid, snapshot=snapshot).reshape((_BOUNDARY_SIDE, _BOUNDARY_SIDE, -1))
        if recording.task == "multiclass":
            lines = [line for lines in region_lines(outputs).values() for line in lines]
        else:
            lines = level_lines(outputs[..., 0]) if recording.task == "binary" else []
        if not lines:
            return []
        points = bounds[:, 0] + np.concatenate(lines) / (_BOUNDARY_SIDE - 1) * (bounds[:, 1] - bounds[:, 0])
        ends = np.cumsum([len(line) for line in lines])[:-1]
        return np.split(self.coordinates(recording.plane.inputs(points), snapshot), ends)


@dataclass(frozen=True)
class HiddenSpacePanel(Panel):
    """The data and the grid lines of the inputs' plane as a layer's activations, and the output's boundary there.

    The axes are the layer's two units; of more units, the two principal components of the whole run; of one unit, that
    and the output. They stay the same for the whole animation.

    Attributes:
        layer: 1 for the first hidden layer; the last one if not given.
        units: two units to be the axes, counted from 1.
    """

    kind: ClassVar[str] = "hidden"
    layer: Annotated[int, msgspec.Meta(ge=1)] | None = None
    units: tuple[Unit, Unit] | None = None

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> HiddenMeasured:
        """Find the axes; see `Panel.measure`.

        Raises:
            UsageError: a layer or a unit that the network does not have.
        """
        del snapshots
        require_network(recording, self.kind)
        network = recording.network
        n_hidden = len(network.activations) - 1
        layer = n_hidden if self.layer is None else self.layer
        if layer > n_hidden:
            raise UsageError(
                f"layer of panel 'hidden' must be at most {n_hidden} for a {network.describe()} network; got {layer}."
            )
        width = network.widths[layer]
        if self.units is not None and (self.units[0] == self.units[1] or max(self.units) > width):
            raise UsageError(
                f"units of panel 'hidden' must be two different ones from 1 to {width}; got {list(self.units)!r}."
            )
        units = self.units and (self.units[0] - 1, self.units[1] - 1)
        is_plane = recording.task == "binary" and (width == 1 or (width == 2 and layer == n_hidden))
        return HiddenMeasured(recording, layer, hidden_axes(recording, layer, units), is_plane)

    def together(self, measured: Sequence[HiddenMeasured]) -> Sequence[HiddenMeasured]:
        """Common limits for common axes; see `Panel.together`."""
        if len({one.axes.names for one in measured}) > 1 or "PC" in measured[0].axes.names[0]:
            return measured
        limits = np.array([one.axes.bounds for one in measured])
        (x_low, y_low), (x_high, y_high) = limits[..., 0].min(axis=0).tolist(), limits[..., 1].max(axis=0).tolist()
        bounds = ((x_low, x_high), (y_low, y_high))
        return [replace(one, axes=replace(one.axes, bounds=bounds)) for one in measured]

    def attach(self, place: Place, measured: HiddenMeasured, theme: Theme) -> Paint:
        """Regions, bent grid, boundary, points and their names; see `Panel.attach`."""
        recording, bounds, pt = measured.recording, measured.axes.bounds, place.pt
        place = place.shape_to(1.0)
        regions = FieldImage(place.box_px, soft_palette(theme))
        by_class = recording.task == "binary" and not measured.is_plane
        bent = BentGrid(place, theme, by_class=by_class)
        # Where the plane is bent to a thread, the boundary on it is a dot.
        halo = ClippedLines(place.box_px, theme.paper, 6.5 * pt)
        boundary = ClippedLines(place.box_px, theme.boundary, (2.4 if measured.is_plane else 3.4) * pt)
        inputs = all_inputs(recording)
        size_px = min((9.0 if len(inputs) > _MANY_POINTS else 15.0) * pt, 0.1 * place.width)
        markers = DataMarkers(recording, theme, size_px)
        names = PointNames(place, inputs, size_px, theme)
        grid = recording.plane.inputs(grid_points(recording.bounds)) if inputs.shape[1] > 1 else None
        box = plane_grid(bounds, _REGION_SIDE).astype(np.float64)

        def px(coordinates: Array) -> Array:
            return np.clip(to_px(place, bounds, coordinates), -_FARTHEST_PX, _FARTHEST_PX)

        def update(frame: Frame) -> None:
            at = px(measured.coordinates(inputs, frame.snapshot))
            markers.move(at)
            names.move(at)
            if grid is not None:
                said = None if not by_class else recording.outputs(grid, snapshot=frame.snapshot)[:, 0]
                bent.move(px(measured.coordinates(grid, frame.snapshot)), said)
            if measured.is_plane:
                weights, bias, activation = measured.readout(frame.snapshot)
                regions.set_values(_outputs(box, weights, bias, activation))
                across = lines_across(place, bounds, weights[None], np.array([bias - HALF_AT[activation]]))
                ends = np.concatenate([across.at(0.0), across.at(1.0)])
                boundary.lines = [ends] if np.isfinite(ends).all() else []
            elif grid is not None:
                halo.lines = boundary.lines = [px(line) for line in measured.boundary(frame.snapshot)]

        lines: list[Artist] = [regions, *bent.artists] if measured.is_plane else [*bent.artists, halo]
        moving = (*lines, boundary, *markers.artists, *names.labels)
        return Paint(tuple(furniture(place, measured.axes, _title(measured), theme)), moving, update, "snapshot")


def _outputs(coordinates: Array, weights: Array, bias: float, activation: ActivationName) -> Array:
    """The first output all over the box: float64 array of shape (side, side)."""
    with np.errstate(all="ignore"):
        outputs: Array = coordinates @ weights + bias
    run(ACTIVATIONS[activation].activate(outputs))
    return outputs.reshape(_REGION_SIDE, _REGION_SIDE)


def _title(measured: HiddenMeasured) -> str:
    """What the space is called, with the layer's number where there are several hidden ones."""
    if measured.layer == 0:
        return "input space"
    return f"hidden space, layer {measured.layer}" if len(measured.recording.network.widths) > 3 else "hidden space"
