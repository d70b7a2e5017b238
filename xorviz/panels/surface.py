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
from xorviz.header import Bounds
from xorviz.panels._base import Paint, Panel, check_bounds, require_plane
from xorviz.panels._box import Box
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels.field import level_lines, point_markers
from xorviz.recording import Recording
from xorviz.schedule import even_choice
from xorviz.themes import Theme
from xorviz.timeline import Frame

Array = NDArray[np.float64]
Degrees = Annotated[float, msgspec.Meta(ge=-3600, le=3600)]
Elevation = Annotated[float, msgspec.Meta(ge=1, le=90)]
_SAMPLED_SNAPSHOTS = 40
_SAMPLED_DIRECTIONS = 361
_MOST_SHOWN = (-1.0, 2.0)


@dataclass(frozen=True)
class SurfaceMeasured:
    """What a surface shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        heights: lowest and highest output of the box, the same for the whole animation.
        classes (bool array of shape (n_points,)): whether the target is above 0.5.
    """

    recording: Recording
    bounds: Bounds
    heights: tuple[float, float]
    classes: NDArray[np.bool_]

    def boxed(self, x: Array, y: Array, z: Array) -> Array:
        """Inputs and outputs as positions in the box [-½, ½]³: float64 array of shape (n, 3)."""
        limits = (*self.bounds, self.heights)
        return np.stack(
            [(np.asarray(v) - low) / (high - low) - 0.5 for v, (low, high) in zip((x, y, z), limits, strict=True)], -1
        )


@dataclass(frozen=True)
class SurfacePanel(Panel):
    """The network's first output as a surface in a box of its own.

    Attributes:
        bounds: (lowest, highest) first input, (lowest, highest) second input; the problem's own if not given.
        elevation_deg: angle of the viewer above the floor, in degrees, from 1 to 90.
        azimuth_deg: direction of the viewer around the vertical axis, in degrees from the first input's axis.
        orbit_deg: how far the viewer goes round from the first frame to the last, in degrees; 0 stands still.
        path: where the viewer goes instead: ``[fraction, azimuth_deg, elevation_deg]`` keys, fractions of the
            animation rising within 0..1; smooth between them, at rest at both ends.
    """

    kind: ClassVar[str] = "surface"
    headroom_pt: ClassVar[float] = 0.0
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
        """Find the height of the box: 0..1, or up to -1..2 where the outputs leave it; see `Panel.measure`."""
        del snapshots
        require_plane(recording, self.kind)
        bounds = self.bounds or recording.bounds
        some = even_choice(recording.n_snapshots, _SAMPLED_SNAPSHOTS)
        outputs = recording.outputs(plane_grid(bounds, 21), snapshot=some)[..., 0]
        outputs = np.clip(outputs[np.isfinite(outputs)], *_MOST_SHOWN)
        low, high = (min(0.0, outputs.min()), max(1.0, outputs.max())) if outputs.size else (0.0, 1.0)
        return SurfaceMeasured(recording, bounds, (float(low), float(high)), recording.targets[:, 0] > 0.5)

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
        surface = HeightField(place.box_px, theme.field_palette(), measured.heights)
        boundary = Polylines(theme.boundary, 2.0 * place.pt)
        residuals = Polylines(theme.ink, 1.2 * place.pt, alpha=0.75)
        markers = point_markers(np.empty((0, 2)), measured.classes[:0], theme, 10.5 * place.pt)
        recording, (low, high), way = measured.recording, measured.heights, self._way(place)
        box = Box(place, measured.bounds, measured.heights, recording.inputs, way, theme)
        inputs, targets = recording.inputs, recording.targets[:, 0]
        spans = np.array([limits[1] - limits[0] for limits in measured.bounds], dtype=np.float32)
        middles = np.array([(limits[0] + limits[1]) / 2 for limits in measured.bounds], dtype=np.float32)
        at_targets = measured.boxed(inputs[:, 0], inputs[:, 1], np.clip(targets, low, high))
        floor = np.empty((0, 2), dtype=np.float32)

        def look(camera: Camera) -> None:
            nonlocal floor
            surface.set_camera(camera)
            box.set_camera(camera)
            floor = (surface.floor * spans + middles).reshape((-1, 2))
            for marker, a_class in zip(markers, (False, True), strict=True):
                marker.points = camera.project(at_targets[measured.classes == a_class])

        def update(frame: Frame) -> None:
            if len(way) > 1:
                azimuth, elevation = self.direction_deg(frame.fraction)
                look(replace(way[0], azimuth_deg=azimuth, elevation_deg=elevation))
            outputs = recording.outputs(floor, snapshot=frame.snapshot)[:, 0].reshape(surface.floor.shape[:2])
            outputs = np.clip(np.nan_to_num(outputs, nan=0.5), low, high).astype(np.float32, copy=False)
            surface.set_values((outputs - np.float32(low)) / np.float32(high - low) - np.float32(0.5))
            boundary.lines = surface.on_surface(level_lines(outputs), (0.5 - low) / (high - low) - 0.5)
            current = recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
            ends = np.clip(np.nan_to_num(current, nan=0.5), low, high)
            top = measured.boxed(inputs[:, 0], inputs[:, 1], ends)
            residuals.lines = list(surface.camera.project(np.stack([at_targets, top], axis=1)))

        look(way[0])
        moving = (surface, boundary, residuals, *markers)
        if len(way) > 1:
            return Paint((), (box, *moving), update)
        return Paint((box,), moving, update, "snapshot")
