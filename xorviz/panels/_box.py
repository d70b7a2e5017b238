"""The box that a surface stands in: its floor, two back walls, and the numbers of its axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer
from xorviz.artists.camera import Camera
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.pages import Page
from xorviz.panels.axes import is_long, plane_ticks, tick_style
from xorviz.panels.ticks import linear_ticks, written
from xorviz.recordings.header import Bounds
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
# What is within this sine of changing sides is on its way out or in.
_TURNING = 0.12
_N_TONES = 8


class Box(Artist):
    """A box [-½, ½]³ as a camera sees it.

    When the viewer passes a side, the wall that was behind becomes the near one and gives way to its opposite, with the
    numbers along it: both fade around that moment, so that nothing jumps.

    Args:
        place: where the box stands.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        heights: lowest and highest output.
        inputs (float64 array of shape (n_points, 2)): the data points, whose values the ticks take where they are few.
        way: the cameras that will look at it.
        theme: colours.
        names: of the two inputs.
    """

    def __init__(
        self,
        place: Place,
        bounds: Bounds,
        heights: tuple[float, float],
        inputs: Array,
        way: Sequence[Camera],
        theme: Theme,
        names: tuple[str, str] = ("x₁", "x₂"),
    ) -> None:
        self._names = names
        self._place, self._faint, style = place, theme.faint, tick_style(place, theme)
        self._ticks = (*plane_ticks(inputs, bounds), linear_ticks(*heights, 2))
        self._at = [
            ((ticks - low) / (high - low) - 0.5).tolist()
            for ticks, (low, high) in zip(self._ticks, (*bounds, heights), strict=True)
        ]
        near = np.array([camera.toward for camera in way]) > 0
        self._is_passed = (near != near[0]).any(axis=0)
        tones = ramp([(0.0, theme.paper), (1.0, theme.muted)], _N_TONES + 1)[:, :3]
        colors = ["#" + bytes(tone).hex() for tone in tones]
        self._plain = [TextStyle(style.size_px, color) for color in colors]
        self._strong = [TextStyle(style.size_px, color, "Semibold") for color in colors]
        self._members: list[Artist] = []

    def set_camera(self, camera: Camera) -> None:
        """Lay lines and labels as this camera sees them."""
        near = tuple(0.5 if t > 0 else -0.5 for t in camera.toward)
        clear = [
            float(np.clip(abs(t) / _TURNING, 0.0, 1.0)) if passed else 1.0
            for t, passed in zip(camera.toward, self._is_passed, strict=True)
        ]
        self._members = [*self._lines(camera, near, clear), *self._numbers(camera, near, clear)]

    def _lines(self, camera: Camera, near: tuple[float, ...], clear: list[float]) -> Iterator[Artist]:
        x_at, y_at, z_at = self._at
        far_x, far_y = -near[0], -near[1]
        floor = [[(x, -0.5, -0.5), (x, 0.5, -0.5)] for x in (-0.5, *x_at, 0.5)]
        floor += [[(-0.5, y, -0.5), (0.5, y, -0.5)] for y in (-0.5, *y_at, 0.5)]
        corner = [[(far_x, far_y, -0.5), (far_x, far_y, 0.5)]]
        wall_x = [[(far_x, -0.5, z), (far_x, 0.5, z)] for z in z_at]
        wall_y = [[(-0.5, far_y, z), (0.5, far_y, z)] for z in z_at]
        for segments, alpha in ((floor, 1.0), (wall_x, clear[0]), (wall_y, clear[1]), (corner, min(clear))):
            lines = Polylines(self._faint, 1.0 * self._place.pt, alpha=alpha)
            lines.lines = list(camera.project(np.array(segments)))
            yield lines

    def _numbers(self, camera: Camera, near: tuple[float, ...], clear: list[float]) -> Iterator[Artist]:
        """Numbers and names along the two near edges of the floor, and heights along the leftmost edge."""
        x_at, y_at, z_at = self._at
        (near_x, near_y), pt, drop = near, self._place.pt, 0.34 * self._plain[0].size_px
        out = 1 + 26 * pt / camera.scale_px
        below = [(x, near_y * out, -0.5) for x in x_at], [(near_x * out, y, -0.5) for y in y_at]
        named = len(x_at) > 1 and len(y_at) > 1
        # Numbers along one axis stand on the near side of the other, and go when that changes.
        for axis, (points, share) in enumerate(zip(below, reversed(clear), strict=True)):
            ends = camera.project(points)
            for x, y, text, style in self._written(ends, axis, share):
                yield Label(x, y - drop, style, text, "center")
            if is_long(self._names):
                # Beyond the numbers, which leave no room between them.
                farther = 1 + 62 * pt / camera.scale_px
                at = (0.0, near_y * farther, -0.5) if not axis else (near_x * farther, 0.0, -0.5)
                ends = np.repeat(camera.project(np.array([at])), 2, axis=0)
            if named and (tone := round(share * _N_TONES)):
                x, y = ends[-2:].mean(axis=0)
                yield Label(x, y - drop, self._strong[tone], self._names[axis], "center")
        left = min([(-near_x, near_y), (near_x, -near_y)], key=lambda corner: camera.project((*corner, 0.0))[0])
        ends = camera.project([(*left, z) for z in z_at])
        # Seen from above they would lie on one another.
        room = float(np.diff(ends[:, 1]).min(initial=np.inf)) / self._plain[0].size_px
        for x, y, text, style in self._written(ends, 2, min(*clear, float(np.clip(3 * room - 2, 0.0, 1.0)))):
            yield Label(x - 7 * pt, y - drop, style, text, "right")

    def _written(self, ends: Array, axis: int, share: float) -> Iterator[tuple[float, float, str, TextStyle]]:
        """An axis's numbers in pixels, as clear as wanted; nothing where they have faded altogether."""
        if tone := round(share * _N_TONES):
            for (x, y), tick in zip(ends, self._ticks[axis], strict=True):
                yield x, y, written(float(tick)), self._plain[tone]

    def draw(self, renderer: Renderer) -> None:
        """Draw lines, then labels."""
        for member in self._members:
            member.draw(renderer)

    def vector(self, page: Page) -> None:
        """The same lines and labels."""
        for member in self._members:
            member.vector(page)
