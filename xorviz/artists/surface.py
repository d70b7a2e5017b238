"""A height field drawn column by column, front to back, as Wright's floating horizon.

Each column of pixels looks along one line of the floor. Going away from the viewer, whatever rises above everything
nearer is seen (and whatever falls below everything nearer is seen from underneath); the rest is hidden. The visible
pieces of a column lie end to end, so a whole picture is one ``np.repeat`` of colours by piece lengths: no polygons, no
sorting, no seams. It is drawn at twice the size and reduced, which smooths the silhouettes.

References:
    T. J. Wright, "A two-space solution to the hidden line problem for plotting functions of two variables", IEEE
    Transactions on Computers C-22 (1973).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.artists.camera import Camera

_OVERSAMPLING = 2
_N_DEPTHS = 208
_COLUMNS_PER_SAMPLE = 8
_N_SAMPLE_DEPTHS = 72
_N_SHADES = 64
_AMBIENT = 0.68
# A line on a slope seen edge-on lies within rounding of the horizon; better drawn whole than dashed.
_SLACK = 5

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
        self._left, self._bottom, self._right, self._top = box_px
        self._table = _shaded(palette)

    def set_camera(self, camera: Camera) -> None:
        """Lay the lines of sight of a camera; after this, `floor` says where values are wanted.

        Attributes set:
            floor (float32 array of shape (n_samples_deep, n_samples_wide, 2)): x and y in [-½, ½].
        """
        self.camera = camera
        across = camera.extent()[0]
        scale = camera.scale_px * _OVERSAMPLING
        left = camera.center_px[0] * _OVERSAMPLING - across / 2 * scale
        self._first_column = int(np.ceil(left))
        n_columns = int(np.floor(left + across * scale)) - self._first_column
        u = ((self._first_column + 0.5 + np.arange(n_columns) - left) / scale - across / 2).astype(np.float32)
        u_sampled = np.linspace(u[0], u[-1], n_columns // _COLUMNS_PER_SAMPLE + 2, dtype=np.float32)
        self._widen = _between(np.linspace(0, len(u_sampled) - 1, n_columns))
        self._deepen = _between(np.linspace(0, _N_SAMPLE_DEPTHS - 1, _N_DEPTHS))
        near, far = self._span(u)
        share = np.linspace(0, 1, _N_DEPTHS, dtype=np.float32)[:, None]
        away = near + share * (far - near)
        self._base = (away * np.float32(camera.sin_elevation * scale)) + np.float32(
            (camera.center_px[1] - self._bottom) * _OVERSAMPLING
        )
        near, far = self._span(u_sampled)
        share = np.linspace(0, 1, _N_SAMPLE_DEPTHS, dtype=np.float32)[:, None]
        self._u_sampled, self._near, self._depth = u_sampled, near, far - near
        away = near + share * self._depth
        toward_x, toward_y = camera.toward
        self.floor = np.stack([-u_sampled * toward_y - away * toward_x, u_sampled * toward_x - away * toward_y], -1)

    def _span(self, u: Float32) -> tuple[Float32, Float32]:
        """Where the line of sight at ``u`` enters and leaves the floor, counted away from the viewer."""
        toward_x, toward_y = self.camera.toward
        near = np.full_like(u, -np.inf)
        far = np.full_like(u, np.inf)
        for direction, offset in ((-toward_x, -u * toward_y), (-toward_y, u * toward_x)):
            if abs(direction) > 1e-9:
                a, b = (-0.5 - offset) / direction, (0.5 - offset) / direction
                near = np.maximum(near, np.minimum(a, b))
                far = np.minimum(far, np.maximum(a, b))
        middle = (near + far) / 2
        return np.minimum(near, middle), np.maximum(far, middle)

    def set_values(self, heights: Float32) -> None:
        """Show these values, given at the points of `floor`.

        Args:
            heights (float32 array of shape (n_samples_deep, n_samples_wide)): z in [-½, ½].
        """
        self._samples, self._heights = heights, self._refined(heights)
        self._rows = rows = self._row_of_samples()
        self._upper, self._lower = upper, lower = rows.copy(), rows.copy()
        for j in range(1, len(rows)):
            np.maximum(upper[j - 1], rows[j], out=upper[j])
            np.minimum(lower[j - 1], rows[j], out=lower[j])

    def on_surface(self, lines: Sequence[NDArray[np.float64]], height: float) -> list[NDArray[np.float64]]:
        """The visible parts of level lines.

        Args:
            lines (float64 arrays of shape (n, 2)): wide and deep index into `floor`, fractional.
            height: z of the level, in [-½, ½].

        Returns:
            float64 arrays of shape (n, 2): pixels from the lower left of the frame.
        """
        scale = self.camera.scale_px * _OVERSAMPLING
        n_depths, n_columns = self._rows.shape
        parts = []
        for line in lines:
            wide, deep = line[:, 0], line[:, 1] / (_N_SAMPLE_DEPTHS - 1)
            nodes = np.arange(len(self._u_sampled))
            away = np.interp(wide, nodes, self._near) + deep * np.interp(wide, nodes, self._depth)
            row = (self.camera.center_px[1] - self._bottom) * _OVERSAMPLING + scale * (
                away * self.camera.sin_elevation + height * self.camera.height * self.camera.cos_elevation
            )
            column = wide / (len(nodes) - 1) * (n_columns - 1)
            nearer = (deep * (n_depths - 1)).astype(np.intp), np.rint(column).astype(np.intp)
            seen = (row >= self._upper[nearer] - _SLACK) | (row <= self._lower[nearer] + _SLACK)
            at = np.stack([self._first_column + 0.5 + column, row], axis=-1) / _OVERSAMPLING
            at[:, 1] += self._bottom
            breaks = np.flatnonzero(seen[1:] != seen[:-1]) + 1
            parts += [part for part, keep in zip(np.split(at, breaks), np.split(seen, breaks), strict=True) if keep[0]]
        return parts

    def _refined(self, samples: Float32) -> Float32:
        """Samples interpolated to every column and depth: shape (n_depths, n_columns).

        Two neighbours and a weight an axis, the small axis first, cost a third of a product with a matrix of weights,
        and do not wake the threads of a linear algebra library.
        """
        left, share = self._widen
        wide = np.take(samples, left, axis=1)
        wide += (np.take(samples, left + 1, axis=1) - wide) * share
        near, share = self._deepen
        fine = np.take(wide, near, axis=0)
        steps = np.diff(wide, axis=0)
        fine += np.take(steps, near, axis=0) * share[:, None]
        return fine

    def _row_of_samples(self) -> NDArray[np.int32]:
        """Row of every sample from the bottom of the box, front to back: shape (n_depths, n_columns)."""
        camera = self.camera
        rows = self._heights * np.float32(camera.height * camera.cos_elevation * camera.scale_px * _OVERSAMPLING)
        rows += self._base
        n_rows = (self._top - self._bottom) * _OVERSAMPLING
        return (np.clip(rows, 0, n_rows, out=rows) + np.float32(0.5)).astype(np.int32)

    def _colors(self) -> NDArray[np.uint16]:
        """Index of every sample's colour in `_table`: shape (n_depths, n_columns)."""
        low, high = self._limits
        level = self._heights * np.float32(255 * (high - low)) + np.float32(255 * (low + high) / 2 + 0.5)
        index: NDArray[np.uint16] = np.clip(level, 0, 255, out=level).astype(np.uint16)
        index *= _N_SHADES
        index += self._refined(self._shade()).astype(np.uint16)
        return index

    def _shade(self) -> Float32:
        """Lambert's cosine for a light above the viewer's left shoulder, as 0.._N_SHADES-1, at the samples."""
        z = self._samples * np.float32(self.camera.height)
        depth = np.maximum(self._depth, np.float32(0.05))
        along = np.gradient(z, axis=0) * np.float32(_N_SAMPLE_DEPTHS - 1)
        step = self._u_sampled[1] - self._u_sampled[0]
        share = np.linspace(0, 1, _N_SAMPLE_DEPTHS, dtype=np.float32)[:, None]
        slide = np.gradient(self._near) / step + share * (np.gradient(self._depth) / step)
        slope_away = along / depth
        slope_right = np.gradient(z, axis=1) / step - slope_away * slide
        light_right, light_away, light_up = -0.42, -0.38, 0.82
        cosine = (light_up - light_right * slope_right - light_away * slope_away) / np.sqrt(
            1 + slope_right**2 + slope_away**2
        )
        shade: Float32 = (np.clip(cosine, 0, 1) * (_N_SHADES - 1)).astype(np.float32)
        return shade

    def draw(self, renderer: Renderer) -> None:
        """Find what each column sees, lay the pieces end to end, reduce, blend into the frame."""
        upper, lower, index = self._upper, self._lower, self._colors()
        n_depths, n_columns = upper.shape
        n_rows = (self._top - self._bottom) * _OVERSAMPLING
        lengths = np.empty((n_columns, 2 * n_depths), dtype=np.int64)
        colors = np.zeros((n_columns, 2 * n_depths), dtype=np.uint32)
        lengths[:, 0] = lower[-1]
        lengths[:, 1:n_depths] = (lower[:-1] - lower[1:])[::-1].T
        lengths[:, n_depths:-1] = (upper[1:] - upper[:-1]).T
        lengths[:, -1] = n_rows - upper[-1]
        colors[:, 1:n_depths] = self._table[1][index[:0:-1].T]
        colors[:, n_depths:-1] = self._table[0][index[1:].T]
        large = np.repeat(colors.ravel(), lengths.ravel())
        self._blend(pixels(renderer), large, n_columns, n_rows)

    def _blend(self, frame: NDArray[np.uint8], large: NDArray[np.uint32], n_columns: int, n_rows: int) -> None:
        """Reduce the columns to pixels and lay them over the frame; their colours are premultiplied."""
        skipped = self._first_column % _OVERSAMPLING
        n_columns -= skipped + (n_columns - skipped) % _OVERSAMPLING
        picture = Image.frombuffer("RGBX", (n_rows, n_columns), large[skipped * n_rows :], "raw", "RGBX", 0, 1)
        small = np.asarray(picture.reduce(_OVERSAMPLING)).view(np.uint32)[..., 0].T[::-1]
        left = (self._first_column + skipped) // _OVERSAMPLING
        target = frame.view(np.uint32)[frame.shape[0] - self._top : frame.shape[0] - self._bottom, :, 0]
        target = target[:, left : left + small.shape[1]]
        cover = small >> 24
        np.copyto(target, small, where=cover == 255)
        edge = np.nonzero((cover > 0) & (cover < 255))
        source = np.ascontiguousarray(small[edge]).view(np.uint8).reshape(-1, 4).astype(np.uint16)
        below = np.ascontiguousarray(target[edge]).view(np.uint8).reshape(-1, 4)
        blended = source + below * (255 - source[:, 3:]) // 255
        blended[:, 3] = 255
        target[edge] = blended.astype(np.uint8).view(np.uint32)[:, 0]


def _between(positions: NDArray[np.float64]) -> tuple[NDArray[np.intp], Float32]:
    """Index of the node before each position and the share of the way to the next."""
    before = np.minimum(positions.astype(np.intp), int(positions[-1]) - 1)
    return before, (positions - before).astype(np.float32)


def _shaded(palette: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Colours by level and shade, seen from above and from below: uint32 array of shape (2, 256 * _N_SHADES)."""
    shade = _AMBIENT + (1 - _AMBIENT) * np.linspace(0, 1, _N_SHADES)
    table = np.empty((2, len(palette), _N_SHADES, 4), dtype=np.uint8)
    for side, dim in enumerate((1.0, 0.72)):
        table[side, ..., :3] = np.rint(palette[:, None, :3] * (shade * dim)[:, None])
    table[..., 3] = 255
    return table.view(np.uint32)[..., 0].reshape(2, -1)
