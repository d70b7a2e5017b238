"""What an artist draws, taken apart from the ground it draws on: its paths, or a picture with opacities."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from xorviz.artists.agg import Renderer
from xorviz.pages import Outline, Page, Stroke, rectangle
from xorviz.pages._base import Rgba

_BLACK, _WHITE = 0, 255
_ALL_OF_IT = np.uint32(0xFFFFFF)
Draw = Callable[[Renderer], None]


@dataclass(frozen=True, slots=True)
class TracedPath:
    """One path as an artist gave it to Agg.

    Attributes:
        outline: where it runs.
        fill: of its inside, or None.
        stroke: along it, or None.
        clips: outlines that it is seen inside of.
    """

    outline: Outline
    fill: Rgba | None
    stroke: Stroke | None
    clips: tuple[Outline, ...]

    def put(self, page: Page) -> None:
        """Draw it on a page."""
        with ExitStack() as stack:
            for clip in self.clips:
                stack.enter_context(page.clipped(clip))
            page.path(self.outline, fill=self.fill, stroke=self.stroke)


class _Tracer(Renderer):
    """Keeps paths instead of drawing them."""

    def __init__(self, size_px: tuple[int, int]) -> None:
        super().__init__(*size_px)
        self.paths: list[TracedPath] = []

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        """Keep a path; see `Renderer.draw_path`."""
        fill: Rgba | None = None
        if rgbFace is not None:
            own = len(rgbFace) == 4 and not gc.get_forced_alpha()
            red, green, blue = map(float, rgbFace[:3])
            fill = (red, green, blue, float(rgbFace[3] if own else gc.get_alpha()))
        outline = outline_of(path, transform, simplify=None if fill is None else False)
        if outline:
            self.paths.append(TracedPath(outline, fill, _stroke(gc), tuple(_clips(gc))))


def traced(draw: Draw, size_px: tuple[int, int]) -> list[TracedPath] | None:
    """The paths that are drawn, in order.

    Args:
        draw: draws into the renderer it is given.
        size_px: width and height of the frame.

    Returns:
        The paths, or None if pixels were touched in any other way.
    """
    tracer = _Tracer(size_px)
    frame = np.asarray(tracer.buffer_rgba())
    frame[:] = 0
    draw(tracer)
    return None if frame.any() else tracer.paths


def apart(draw: Draw, size_px: tuple[int, int]) -> tuple[NDArray[np.uint8], int, int]:
    """The pixels that are drawn, without what they are drawn on.

    Args:
        draw: draws into the renderer it is given.
        size_px: width and height of the frame.

    Returns:
        uint8 array of shape (height, width, 4): the part of the frame that is touched, RGBA, not premultiplied.
        Its left edge and its lower edge, in pixels from the lower left.
    """
    grounds, touched = [], np.zeros(size_px[::-1], dtype=bool)
    for ground in (_BLACK, _WHITE):
        renderer = Renderer(*size_px)
        frame = np.asarray(renderer.buffer_rgba())
        frame[:] = empty = np.array([ground, ground, ground, 255], dtype=np.uint8)
        draw(renderer)
        grounds.append(frame)
        touched |= frame.view(np.uint32)[..., 0] != empty.view(np.uint32)
    rows, columns = (np.flatnonzero(touched.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.empty((0, 0, 4), dtype=np.uint8), 0, 0
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    on_black, on_white = (frame[top:bottom, left:right] for frame in grounds)
    return unmixed(on_black, on_white), left, size_px[1] - bottom


def unmixed(on_black: NDArray[np.uint8], on_white: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What was drawn twice alike, once over black and once over white.

    Where it is opaque the two are the same, where there is nothing they are black and white.

    Args:
        on_black (uint8 array of shape (height, width, 4)): RGBA, opaque.
        on_white (uint8 array of the same shape): RGBA, opaque.

    Returns:
        uint8 array of shape (height, width, 4): RGBA, not premultiplied; black where there is nothing.
    """
    black, white = (drawn.view("<u4")[..., 0] for drawn in (on_black, on_white))
    shines_through = black != white
    picture = np.where(shines_through, np.uint32(0), black)
    # Most of a picture is whole or nothing; whole pixels are moved four times as fast as their colours.
    is_mixed = shines_through & (white - black != _ALL_OF_IT)
    below, above = (pixels[is_mixed].view(np.uint8).reshape(-1, 4) for pixels in (black, white))
    opacity = np.clip(_WHITE - (above[:, :3].astype(np.int16) - below[:, :3]).min(axis=-1), 1, 255)
    mixed = np.empty_like(below)
    mixed[:, :3] = np.rint(np.minimum(below[:, :3] * (255.0 / opacity)[:, None], 255))
    mixed[:, 3] = opacity
    picture[is_mixed] = mixed.view("<u4")[:, 0]
    return picture.view(np.uint8).reshape(on_black.shape)


def _stroke(gc: Any) -> Stroke | None:
    if not gc.get_linewidth():
        return None
    red, green, blue, alpha = map(float, gc.get_rgb())
    offset, dashes = gc.get_dashes()
    return Stroke(
        (red, green, blue, alpha),
        float(gc.get_linewidth()),
        gc.get_capstyle(),
        gc.get_joinstyle(),
        tuple(map(float, dashes)) if dashes is not None else (),
        float(offset or 0.0),
    )


def _clips(gc: Any) -> list[Outline]:
    """What a graphics context cuts off outside of."""
    clips: list[Outline] = []
    if (box := gc.get_clip_rectangle()) is not None:
        clips.append(rectangle(*map(float, box.extents)))
    path, transform = gc.get_clip_path()
    if path is not None:
        clips.append(outline_of(path, transform, simplify=False))
    return clips


def outline_of(path: Any, transform: Any, *, simplify: bool | None) -> Outline:
    """A path of matplotlib's with cubic curves alone."""
    outline: list[tuple[str, *tuple[float, ...]]] = []
    x = y = 0.0
    for vertices, code in path.iter_segments(transform, simplify=simplify):
        numbers = [float(number) for number in vertices]
        if code == Path.CLOSEPOLY:
            outline.append(("Z",))
            continue
        if code == Path.CURVE3:
            cx, cy, to_x, to_y = numbers
            thirds = (x + 2 * cx) / 3, (y + 2 * cy) / 3, (to_x + 2 * cx) / 3, (to_y + 2 * cy) / 3
            outline.append(("C", *thirds, to_x, to_y))
        else:
            outline.append(({Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE4: "C"}[code], *numbers))
        x, y = numbers[-2:]
    return outline
