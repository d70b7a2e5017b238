"""The output as a height over the input plane, with the boundary on it and the data points' residuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists.camera import Camera, along_keys
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.surface import HeightField
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, check_bounds, output_index, require_plane
from xorviz.panels._box import Box
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._points.data import all_inputs, all_targets, on_slice, target_span
from xorviz.panels._points.markers import DataMarkers
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
Degrees = Annotated[float, msgspec.Meta(ge=-3600, le=3600)]
Elevation = Annotated[float, msgspec.Meta(ge=1, le=90)]
_SAMPLED_SNAPSHOTS = 40
_SAMPLED_DIRECTIONS = 361
_MOST_SHOWN = (-1.0, 2.0)
_MANY_POINTS, _LONGEST = 24, 12


@dataclass(frozen=True)
class SurfaceMeasured:
    """What a surface shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        heights: lowest and highest output of the box, the same for the whole animation.
        span: outputs at the ends of the colour scale.
        output: which output is shown, from 0.
    """

    recording: Recording
    bounds: Bounds
    heights: tuple[float, float]
    span: tuple[float, float]
    output: int

    def boxed(self, x: Array, y: Array, z: Array) -> Array:
        """Inputs and outputs as positions in the box [-½, ½]³: float64 array of shape (n, 3)."""
        limits = (*self.bounds, self.heights)
        return np.stack(
            [(np.asarray(v) - low) / (high - low) - 0.5 for v, (low, high) in zip((x, y, z), limits, strict=True)], -1
        )


@dataclass(frozen=True)
class SurfacePanel(Panel):
    """One output of the network as a surface in a box of its own.

    Attributes:
        output: which one, counted from 1.
        bounds: (lowest, highest) first input, (lowest, highest) second input; the problem's own if not given.
        elevation_deg: angle of the viewer above the floor, in degrees, from 1 to 90.
        azimuth_deg: direction of the viewer around the vertical axis, in degrees from the first input's axis.
        orbit_deg: how far the viewer goes round from the first frame to the last, in degrees; 0 stands still.
        path: where the viewer goes instead: ``[fraction, azimuth_deg, elevation_deg]`` keys, fractions of the
            animation rising within 0..1; smooth between them, at rest at both ends.
    """

    kind: ClassVar[str] = "surface"
    headroom_pt: ClassVar[float] = 0.0
    output: Annotated[int, msgspec.Meta(ge=1)] = 1
    bounds: Bounds | None = None
    elevation_deg: Elevation = 30.0
    azimuth_deg: Degrees = -60.0
    orbit_deg: Degrees = 0.0
    path: tuple[tuple[Annotated[float, msgspec.Meta(ge=0, le=1)], Degrees, Elevation], ...] = ()

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing, and a path that goes nowhere or back in time."""
        check_bounds(self.bounds)
        times = [time for time, _, _ in self.path]
        if len(times) == 1 or any(later <= time for time, later in pairwise(times)):
            raise UsageError(
                "path must be two or more [fraction, azimuth_deg, elevation_deg] with rising fractions; got "
                f"{[list(key) for key in self.path]!r}"
            )

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> SurfaceMeasured:
        """Find the height of the box: 0..1, or up to -1..2 where the outputs leave it; see `Panel.measure`.

        Of a regression it is in spans of its targets.
        """
        del snapshots
        require_plane(recording, self.kind)
        bounds = self.bounds or recording.bounds
        some = even_choice(recording.n_snapshots, _SAMPLED_SNAPSHOTS)
        output = output_index(recording, self.kind, self.output) or 0
        points = recording.plane.inputs(plane_grid(bounds, 21))
        outputs = recording.outputs(points, snapshot=some)[..., output]
        span = least, most = target_span(recording)
        lowest, highest = (least + share * (most - least) for share in _MOST_SHOWN)
        outputs = np.clip(outputs[np.isfinite(outputs)], lowest, highest)
        low, high = (min(least, outputs.min()), max(most, outputs.max())) if outputs.size else span
        return SurfaceMeasured(recording, bounds, (float(low), float(high)), span, output)

    def together(self, measured: Sequence[SurfaceMeasured]) -> Sequence[SurfaceMeasured]:
        """Boxes of one height; see `Panel.together`."""
        lows, highs = zip(*(one.heights for one in measured), strict=True)
        return [replace(one, heights=(min(lows), max(highs))) for one in measured]

    def direction_deg(self, fraction: float) -> tuple[float, float]:
        """Azimuth and elevation of the viewer at a fraction of the animation."""
        if not self.path:
            return self.azimuth_deg + self.orbit_deg * fraction, self.elevation_deg
        azimuth, elevation = along_keys(self.path, fraction).tolist()
        return azimuth, elevation

    def _way(self, place: Place) -> list[Camera]:
        """Cameras all along the way, one if the viewer stands; the box fits the place from each, at one scale."""
        moves = self.path or self.orbit_deg
        seen = [self.direction_deg(at) for at in np.linspace(0.0, 1.0, _SAMPLED_DIRECTIONS if moves else 1)]
        extents = np.array([Camera(elevation, azimuth).extent() for azimuth, elevation in seen]).max(axis=0)
        scale = float(min(place.width / extents[0], place.height / extents[1]))
        center = ((place.left + place.right) / 2, (place.bottom + place.top) / 2)
        return [Camera(elevation, azimuth, center, scale) for azimuth, elevation in seen]

    def attach(self, place: Place, measured: SurfaceMeasured, theme: Theme) -> Paint:
        """Box, surface, boundary, points; see `Panel.attach`."""
        recording, (low, high), way = measured.recording, measured.heights, self._way(place)
        (least, most), column = measured.span, measured.output
        colored = (low - least) / (most - least), (high - least) / (most - least)
        surface = HeightField(place.box_px, theme.field_palette(), colored)
        boundary = Polylines(theme.boundary, 2.0 * place.pt)
        residuals = Polylines(theme.ink, 1.2 * place.pt, alpha=0.75)
        plane, inputs = recording.plane, all_inputs(recording)
        at = plane.coordinates(inputs)
        belongs = on_slice(recording)
        many = len(inputs) > _MANY_POINTS
        markers = DataMarkers(recording, theme, (6.5 if many else 10.5) * place.pt, belongs)
        box = Box(place, measured.bounds, measured.heights, at, way, theme, _brief(plane.names))
        targets, middle = all_targets(recording)[:, column], (least + most) / 2
        is_shown = slice(None) if belongs is None else belongs
        spans = np.array([limits[1] - limits[0] for limits in measured.bounds], dtype=np.float32)
        middles = np.array([(limits[0] + limits[1]) / 2 for limits in measured.bounds], dtype=np.float32)
        at_targets = measured.boxed(at[:, 0], at[:, 1], np.clip(targets, low, high))
        floor = np.empty((0, inputs.shape[1]), dtype=np.float32)

        def look(camera: Camera) -> None:
            nonlocal floor
            surface.set_camera(camera)
            box.set_camera(camera)
            floor = plane.inputs((surface.floor * spans + middles).reshape((-1, 2)))
            markers.move(camera.project(at_targets))

        def update(frame: Frame) -> None:
            if len(way) > 1:
                azimuth, elevation = self.direction_deg(frame.fraction)
                look(replace(way[0], azimuth_deg=azimuth, elevation_deg=elevation))
            outputs = recording.outputs(floor, snapshot=frame.snapshot)[:, column].reshape(surface.floor.shape[:2])
            outputs = np.clip(np.nan_to_num(outputs, nan=middle), low, high).astype(np.float32, copy=False)
            surface.set_values((outputs - np.float32(low)) / np.float32(high - low) - np.float32(0.5))
            if recording.task != "regression":
                boundary.lines = surface.on_surface(level_lines(outputs), (0.5 - low) / (high - low) - 0.5)
            current = recording.outputs(inputs, snapshot=frame.snapshot)[:, column]
            ends = np.clip(np.nan_to_num(current, nan=middle), low, high)
            top = measured.boxed(at[:, 0], at[:, 1], ends)
            residuals.lines = list(surface.camera.project(np.stack([at_targets, top], axis=1)[is_shown]))

        look(way[0])
        moving = (surface, boundary, residuals, *markers.artists)
        if len(way) > 1:
            return Paint((), (box, *moving), update)
        return Paint((box,), moving, update, "snapshot")


def _brief(names: tuple[str, str]) -> tuple[str, str]:
    """Names that find room beside a box: without what stands in brackets, and no longer than twelve letters."""
    bare = [name.split(" (")[0] for name in names]
    first, second = (name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in bare)
    return first, second
