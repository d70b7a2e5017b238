"""A height field drawn column by column, front to back, as Wright's floating horizon.

Each column of pixels looks along one line of the floor. Going away from the viewer, whatever rises above everything
nearer is seen (and whatever falls below everything nearer is seen from underneath); the rest is hidden. The visible
pieces of a column lie end to end, so a whole picture is one ``np.repeat`` of colours by piece lengths: no polygons, no
sorting, no seams. Two columns a pixel are averaged, and where one part of the surface ends before another the pixel is
shared by how much of it each covers, which smooths the silhouettes.

References:
    T. J. Wright, "A two-space solution to the hidden line problem for plotting functions of two variables", IEEE
    Transactions on Computers C-22 (1973).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.artists.camera import Camera
from xorviz.artists.horizon import PARTS, Horizon, Rows
from xorviz.artists.shading import indices, light, shaded

_COLUMNS_PER_SAMPLE = 8
_N_SAMPLE_DEPTHS = 70
# Depths drawn for each sampled one, so that a piece on level ground is about a row of pixels high.
_LEAST_FINER, _MOST_FINER = 2, 6
_PX_PER_FINER = 200
# A line that lies within rounding of the horizon is better drawn whole than dashed.
_SLACK_PX = 2.5
# Where a line runs along the horizon it would still come and go: what is so short takes the state of what is around it.
_SHORTEST_PX = 6.0
# A block of columns is drawn at a time, in memory that stays in the cache and is not asked from the system anew.
_PIECES_A_BLOCK = 30_000
_SHARES = np.linspace(0, 1, _N_SAMPLE_DEPTHS, dtype=np.float32)[:, None]
# Alpha is the highest byte of a colour.
_OPAQUE, _FAINTEST = np.uint32(0xFF000000), np.uint32(0x01000000)

Float32 = NDArray[np.float32]


class HeightField(Artist):
    """The surface z = f(x, y) over the floor of a camera's box.

    Args:
        box_px: left, bottom, right, top of the region it may draw in, whole pixels from the lower left.
        palette (uint8 array of shape (256, 4)): colours of the outputs 0..1.
        limits: outputs at the bottom and the top of the box.
    """

    def __init__(
        self, box_px: tuple[int, int, int, int], palette: NDArray[np.uint8], limits: tuple[float, float]
    ) -> None:
        self._limits = limits
        _, self._bottom, _, self._top = box_px
        self._above, self._below = shaded(palette)
        self._n_finer = min(max(round((self._top - self._bottom) / _PX_PER_FINER), _LEAST_FINER), _MOST_FINER)

    def set_camera(self, camera: Camera) -> None:
        """Lay the lines of sight of a camera; after this, `floor` says where values are wanted.

        Attributes set:
            floor (float32 array of shape (n_samples_deep, n_samples_wide, 2)): x and y in [-½, ½].
        """
        self.camera = camera
        across, scale = camera.extent()[0], camera.scale_px
        left = camera.center_px[0] - across / 2 * scale
        self._first_px = int(np.ceil(left))
        n_columns = 2 * max(int(np.floor(left + across * scale)) - self._first_px, 1)
        u = ((self._first_px - left + (np.arange(n_columns) + 0.5) / 2) / scale - across / 2).astype(np.float32)
        u_sampled = np.linspace(u[0], u[-1], n_columns // _COLUMNS_PER_SAMPLE + 2, dtype=np.float32)
        self._widen = _between(np.linspace(0, len(u_sampled) - 1, n_columns))
        pixels_at = np.arange(0.5, n_columns, 2) * (len(u_sampled) - 1) / (n_columns - 1)
        self._widen_pixels = _between(pixels_at)
        near, depth = self._span(u)
        # Half a part more, because rows are cut to whole parts.
        self._base = (near + _SHARES * depth) * np.float32(camera.sin_elevation * scale * PARTS)
        self._base += np.float32((camera.center_px[1] - self._bottom) * PARTS + 0.5)
        self._u_sampled = u_sampled
        self._near, self._depth = near, depth = self._span(u_sampled)
        away = near + _SHARES * depth
        toward_x, toward_y = camera.toward
        self.floor = np.empty((*away.shape, 2), dtype=np.float32)
        self.floor[..., 0] = -u_sampled * toward_y - away * toward_x
        self.floor[..., 1] = u_sampled * toward_x - away * toward_y

    def _span(self, u: Float32) -> tuple[Float32, Float32]:
        """Where the line of sight at ``u`` enters the floor, counted away from the viewer, and how long it stays."""
        toward_x, toward_y = self.camera.toward
        near = np.full_like(u, -np.inf)
        far = np.full_like(u, np.inf)
        for direction, offset in ((-toward_x, -u * toward_y), (-toward_y, u * toward_x)):
            if abs(direction) > 1e-9:
                a, b = (-0.5 - offset) / direction, (0.5 - offset) / direction
                near = np.maximum(near, np.minimum(a, b))
                far = np.minimum(far, np.maximum(a, b))
        middle = (near + far) / 2
        near = np.minimum(near, middle)
        return near, np.maximum(far, middle) - near

    def set_values(self, heights: Float32) -> None:
        """Show these values, given at the points of `floor`.

        Args:
            heights (float32 array of shape (n_samples_deep, n_samples_wide)): z in [-½, ½].
        """
        camera = self.camera
        self._heights = heights
        rows = _widened(heights, self._widen)
        rows *= np.float32(camera.height * camera.cos_elevation * camera.scale_px * PARTS)
        rows += self._base
        self._horizon = Horizon.of(_refined(rows, self._n_finer, (self._top - self._bottom) * PARTS))

    def on_surface(self, lines: Sequence[NDArray[np.float64]], height: float) -> list[NDArray[np.float64]]:
        """The visible parts of level lines.

        Args:
            lines (float64 arrays of shape (n, 2)): wide and deep index into `floor`, fractional.
            height: z of the level, in [-½, ½].

        Returns:
            float64 arrays of shape (n, 2): pixels from the lower left of the frame.
        """
        camera = self.camera
        n_depths, n_columns = self._horizon.upper.shape
        nodes = np.arange(len(self._u_sampled))
        parts = []
        for line in lines:
            wide, deep = line[:, 0], line[:, 1] / (_N_SAMPLE_DEPTHS - 1)
            away = np.interp(wide, nodes, self._near) + deep * np.interp(wide, nodes, self._depth)
            row = camera.center_px[1] + camera.scale_px * (
                away * camera.sin_elevation + height * camera.height * camera.cos_elevation
            )
            column = wide / (len(nodes) - 1) * (n_columns - 1)
            nearer = (deep * (n_depths - 1)).astype(np.intp), np.rint(column).astype(np.intp)
            seen = self._horizon.sees(*nearer, (row - self._bottom) * PARTS, slack=_SLACK_PX * PARTS)
            at = np.stack([self._first_px + (0.5 + column) / 2, row], axis=-1)
            for is_seen in (False, True):
                seen = _without_short(seen, at, is_seen)
            breaks = _breaks(seen)
            parts += [part for part, keep in zip(np.split(at, breaks), np.split(seen, breaks), strict=True) if keep[0]]
        return parts

    def draw(self, renderer: Renderer) -> None:
        """Find what each column sees and lay it over the frame."""
        frame = pixels(renderer).view(np.uint32)[..., 0]
        low, high = self._limits
        level = self._heights * np.float32(high - low) + np.float32((low + high) / 2)
        samples = np.stack([np.clip(level, 0, 1, out=level), self._shade()])
        before, share = self._widen_pixels
        n_block = max(_PIECES_A_BLOCK // len(self._horizon.upper), 1)
        for start in range(0, len(before), n_block):
            block = slice(start, start + n_block)
            level, shade = _widened(samples, (before[block], share[block])).swapaxes(1, 2)
            index = indices(level, shade, self._n_finer)
            horizon = self._horizon.part(slice(2 * start, 2 * (start + n_block)))
            below = self._below[index[:, : len(horizon.lower) - 1]]
            picture, row = horizon.picture(self._above[index], below)
            bottom, left = len(frame) - self._bottom - row, self._first_px + start
            _lay(picture, frame[bottom - len(picture) : bottom, left : left + picture.shape[1]])

    def _shade(self) -> Float32:
        """How light it is at the samples, 0..1."""
        z = self._heights * np.float32(self.camera.height)
        depth = np.maximum(self._depth, np.float32(0.05))
        step = self._u_sampled[1] - self._u_sampled[0]
        slope_away = np.gradient(z, axis=0) * (np.float32(_N_SAMPLE_DEPTHS - 1) / depth)
        slide = (np.gradient(self._near) + _SHARES * np.gradient(self._depth)) / step
        return light(np.gradient(z, axis=1) / step - slope_away * slide, slope_away)


def _between(positions: NDArray[np.float64]) -> tuple[NDArray[np.intp], Float32]:
    """Index of the node before each position and the share of the way to the next."""
    before = np.minimum(positions.astype(np.intp), int(np.ceil(positions[-1])) - 1)
    return before, (positions - before).astype(np.float32)


def _breaks(seen: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where along a line what is seen begins or ends."""
    return np.flatnonzero(seen[1:] != seen[:-1]) + 1


def _without_short(seen: NDArray[np.bool_], at: NDArray[np.float64], is_seen: bool) -> NDArray[np.bool_]:
    """Turns the short stretches of a line that are, or are not, seen; never all of it."""
    bounds = np.concatenate([[0], _breaks(seen), [len(seen)]])
    if len(bounds) == 2:
        return seen
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(at, axis=0), axis=1))])
    # A stretch goes to where the next one begins, the last to the end.
    along = np.append(along, along[-1])
    is_turned = (np.diff(along[bounds]) < _SHORTEST_PX) & (seen[bounds[:-1]] == is_seen)
    steady: NDArray[np.bool_] = seen ^ np.repeat(is_turned, np.diff(bounds))
    return steady


def _widened(samples: Float32, between: tuple[NDArray[np.intp], Float32]) -> Float32:
    """Samples interpolated along the last axis.

    Two neighbours and a weight cost a third of a product with a matrix of weights, and do not wake the threads of a
    linear algebra library.
    """
    before, share = between
    wide = np.take(samples, before, axis=-1)
    wide += (np.take(samples, before + 1, axis=-1) - wide) * share
    return wide


def _refined(rows: Float32, n_finer: int, n_parts: int) -> Rows:
    """Rows of ``n_finer`` times as many depths in whole parts of a pixel, from 0 to ``n_parts``."""
    # Half the bytes are half the time; only pictures taller than 4000 pixels need more.
    dtype = np.int16 if np.abs(rows).max() < 2**15 else np.int32
    fine: Rows = np.empty(((len(rows) - 1) * n_finer + 1, rows.shape[1]), dtype=dtype)
    fine[::n_finer] = rows
    step = (rows[1:] - rows[:-1]) / np.float32(n_finer)
    between = rows[:-1].copy()
    for k in range(1, n_finer):
        between += step
        fine[k::n_finer] = between
    return np.clip(fine, 0, n_parts, out=fine)


def _lay(picture: NDArray[np.uint32], target: NDArray[np.uint32]) -> None:
    """Lay premultiplied colours over opaque ones."""
    np.copyto(target, picture, where=picture >= _OPAQUE)
    edge = np.divmod(np.flatnonzero((picture - _FAINTEST) < _OPAQUE - _FAINTEST), picture.shape[1])
    front, back = (colors[edge].view(np.uint8).reshape(-1, 4) for colors in (picture, target))
    blended = front + back * (255 - front[:, 3:].astype(np.uint16)) // 255
    target[edge] = blended.astype(np.uint8).view(np.uint32)[:, 0]
