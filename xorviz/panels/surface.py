"""The output as a height over the input plane, with the boundary on it and the data points' residuals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer
from xorviz.artists.camera import Camera
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.surface import HeightField
from xorviz.header import Bounds
from xorviz.panels._base import Paint, Panel, check_bounds, require_plane
from xorviz.panels.axes import plane_ticks, tick_style
from xorviz.panels.field import level_lines, point_markers
from xorviz.panels.ticks import linear_ticks, written
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame

Array = NDArray[np.float64]
_SAMPLED_SNAPSHOTS = 40
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
    """

    kind: ClassVar[str] = "surface"
    bounds: Bounds | None = None
    elevation_deg: Annotated[float, msgspec.Meta(ge=1, le=90)] = 30.0
    azimuth_deg: Annotated[float, msgspec.Meta(ge=-3600, le=3600)] = -60.0
    orbit_deg: Annotated[float, msgspec.Meta(ge=-3600, le=3600)] = 0.0

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing."""
        check_bounds(self.bounds)

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> SurfaceMeasured:
        """Find the height of the box: 0..1, or up to -1..2 where the outputs leave it; see `Panel.measure`."""
        require_plane(recording, self.kind)
        bounds = self.bounds or recording.bounds
        xs, ys = (np.linspace(low, high, 21) for low, high in bounds)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2).astype(np.float32)
        some = np.unique(snapshots)[:: max(len(np.unique(snapshots)) // _SAMPLED_SNAPSHOTS, 1)]
        outputs = recording.outputs(points, snapshot=np.union1d(some, snapshots[-1:]))[..., 0]
        outputs = np.clip(outputs[np.isfinite(outputs)], *_MOST_SHOWN)
        low, high = (min(0.0, outputs.min()), max(1.0, outputs.max())) if outputs.size else (0.0, 1.0)
        return SurfaceMeasured(recording, bounds, (float(low), float(high)), recording.targets[:, 0] > 0.5)

    def _camera(self, place: Place) -> Camera:
        """The first camera; its box fits the place, the same size from every side that the orbit passes."""
        seen = np.linspace(self.azimuth_deg, self.azimuth_deg + self.orbit_deg, 37)
        extents = np.array([Camera(self.elevation_deg, float(angle)).extent() for angle in seen]).max(axis=0)
        scale = min(place.width / extents[0], place.height / extents[1])
        center = ((place.left + place.right) / 2, (place.bottom + place.top) / 2)
        return Camera(self.elevation_deg, self.azimuth_deg, center, float(scale))

    def attach(self, place: Place, measured: SurfaceMeasured, theme: Theme) -> Paint:
        """Box, surface, boundary, points; see `Panel.attach`."""
        surface = HeightField(place.box_px, theme.field_palette(), measured.heights)
        boundary = Polylines(theme.boundary, 2.0 * place.pt)
        residuals = Polylines(theme.ink, 1.2 * place.pt, alpha=0.75)
        markers = point_markers(np.empty((0, 2)), measured.classes[:0], theme, 10.5 * place.pt)
        box = Box(measured, place, theme)
        orbits = self.orbit_deg != 0
        recording, (low, high) = measured.recording, measured.heights
        inputs, targets = recording.inputs, recording.targets[:, 0]
        spans = np.array([limits[1] - limits[0] for limits in measured.bounds], dtype=np.float32)
        middles = np.array([(limits[0] + limits[1]) / 2 for limits in measured.bounds], dtype=np.float32)
        at_targets = measured.boxed(inputs[:, 0], inputs[:, 1], np.clip(targets, low, high))
        first, floor = self._camera(place), np.empty((0, 2), dtype=np.float32)

        def look(camera: Camera) -> None:
            nonlocal floor
            surface.set_camera(camera)
            box.set_camera(camera)
            floor = (surface.floor * spans + middles).reshape((-1, 2))
            for marker, a_class in zip(markers, (False, True), strict=True):
                marker.points = camera.project(at_targets[measured.classes == a_class])

        def update(frame: Frame) -> None:
            if orbits:
                look(replace(first, azimuth_deg=self.azimuth_deg + self.orbit_deg * frame.fraction))
            outputs = recording.outputs(floor, snapshot=frame.snapshot)[:, 0].reshape(surface.floor.shape[:2])
            outputs = np.clip(np.nan_to_num(outputs, nan=0.5), low, high).astype(np.float32, copy=False)
            surface.set_values((outputs - np.float32(low)) / np.float32(high - low) - np.float32(0.5))
            boundary.lines = surface.on_surface(level_lines(outputs), (0.5 - low) / (high - low) - 0.5)
            current = recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
            ends = np.clip(np.nan_to_num(current, nan=0.5), low, high)
            top = measured.boxed(inputs[:, 0], inputs[:, 1], ends)
            residuals.lines = list(surface.camera.project(np.stack([at_targets, top], axis=1)))

        look(first)
        moving = (surface, boundary, residuals, *markers)
        if orbits:
            return Paint((), (box, *moving), update)
        return Paint((box,), moving, update)


class Box(Artist):
    """The floor, two back walls and the axes' numbers of a surface's box.

    Args:
        measured: the limits.
        place: where the box stands.
        theme: colours.
    """

    def __init__(self, measured: SurfaceMeasured, place: Place, theme: Theme) -> None:
        self._measured, self._place, self._theme = measured, place, theme
        self._members: list[Artist] = []

    def set_camera(self, camera: Camera) -> None:
        """Lay lines and labels as this camera sees them."""
        place, theme, measured = self._place, self._theme, self._measured
        toward = camera.toward
        near_x, near_y = (0.5 if toward[0] > 0 else -0.5), (0.5 if toward[1] > 0 else -0.5)
        (x_low, x_high), (y_low, y_high) = measured.bounds
        x_ticks, y_ticks = plane_ticks(measured.recording.inputs, measured.bounds)
        z_ticks = linear_ticks(*measured.heights, 2)
        x_at, y_at = (x_ticks - x_low) / (x_high - x_low) - 0.5, (y_ticks - y_low) / (y_high - y_low) - 0.5
        z_at = (z_ticks - measured.heights[0]) / (measured.heights[1] - measured.heights[0]) - 0.5
        segments = [[(x, -0.5, -0.5), (x, 0.5, -0.5)] for x in (-0.5, *x_at, 0.5)]
        segments += [[(-0.5, y, -0.5), (0.5, y, -0.5)] for y in (-0.5, *y_at, 0.5)]
        for z in z_at:
            segments.append([(-near_x, -near_y, z), (near_x, -near_y, z)])
            segments.append([(-near_x, -near_y, z), (-near_x, near_y, z)])
        segments.append([(-near_x, -near_y, -0.5), (-near_x, -near_y, 0.5)])
        lines = Polylines(theme.faint, 1.0 * place.pt)
        lines.lines = list(camera.project(np.array(segments)))
        self._members = [lines]
        style = tick_style(place, theme)
        name_style = TextStyle(style.size_px, theme.muted, "Semibold")
        out = 0.5 + 13 * place.pt / camera.scale_px
        sign_x, sign_y = np.sign(near_x), np.sign(near_y)
        rows = [((x, sign_y * out, -0.5), written(t), style) for x, t in zip(x_at, x_ticks, strict=True)]
        rows += [((sign_x * out, y, -0.5), written(t), style) for y, t in zip(y_at, y_ticks, strict=True)]
        if len(x_at) > 1 and len(y_at) > 1:
            rows.append((((x_at[-2] + x_at[-1]) / 2, sign_y * out, -0.5), "x₁", name_style))
            rows.append(((sign_x * out, (y_at[-2] + y_at[-1]) / 2, -0.5), "x₂", name_style))
        drop = 0.34 * style.size_px
        for at, text, text_style in rows:
            x, y = camera.project(at)
            self._members.append(Label(x, y - drop, text_style, text, "center"))
        corners = [(-near_x, near_y), (near_x, -near_y)]
        left = min(corners, key=lambda corner: camera.project((*corner, 0.0))[0])
        for z, tick in zip(z_at, z_ticks, strict=True):
            x, y = camera.project((*left, z))
            self._members.append(Label(x - 7 * place.pt, y - drop, style, written(tick), "right"))

    def draw(self, renderer: Renderer) -> None:
        """Draw lines, then labels."""
        for member in self._members:
            member.draw(renderer)
