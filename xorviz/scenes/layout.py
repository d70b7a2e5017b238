"""Where a scene's panels stand, to the pixel."""

from __future__ import annotations

import math
from itertools import accumulate

from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.scenes.scene import Scene

# In points, so that every size of frame looks the same.
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 36.0, 28.0, 36.0
_HEADER, _TIME_BAR, _TIME_BAR_LABEL = 46.0, 46.0, 29.0
# What stands above a cell that shows one of several recordings: its name.
RUN_STRIP = 20.0


def point_px(scene: Scene) -> float:
    """Pixels per point: 1 for 960x540, growing with the square root of the area."""
    width, height = scene.size
    return math.sqrt(width * height / (960 * 540))


def places(scene: Scene) -> dict[str, Place]:
    """The place of every panel by name; ``header`` and ``time`` are the strips above and below.

    Raises:
        UsageError: the size leaves no room, or a name is spread over cells that are no rectangle.
    """
    (width, height), pt = scene.size, point_px(scene)
    left, bottom, right, top = _inside(scene)
    found: dict[str, Place] = {}
    if scene.header:
        found["header"] = _place(left, height - (_TOP + _HEADER - 18) * pt, right, height - 8 * pt, pt)
    if scene.time_bar:
        found["time"] = _place(left, 0, right, _TIME_BAR_LABEL * pt, pt)
    cells = scene.cells
    left, bottom, right, top = _shaped((left, bottom, right, top), scene)
    column_gutter, row_gutter = _gutters(scene)
    columns = _edges(left, right, scene.column_weights or (1.0,) * len(cells[0]), column_gutter)
    rows = _edges(0, top - bottom, scene.row_weights or (1.0,) * len(cells), row_gutter)
    for name in dict.fromkeys(name for row in cells for name in row if name != "."):
        at = [(r, c) for r, row in enumerate(cells) for c, cell in enumerate(row) if cell == name]
        (r0, c0), (r1, c1) = at[0], at[-1]
        if at != [(r, c) for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)]:
            raise UsageError(f"rows must give {name!r} one rectangle of cells; got {list(scene.rows)!r}.")
        found[name] = _place(columns[c0][0], top - rows[r1][1], columns[c1][1], top - rows[r0][0], pt)
    if any(min(place.width, place.height) < 12 * pt for place in found.values()):
        raise UsageError(
            f"size must leave every panel room beside its labels; got {width}x{height}. Choose a larger size or "
            "fewer panels."
        )
    return found


def cell_px(scene: Scene, n_rows: int, n_columns: int) -> tuple[float, float]:
    """Width and height that a cell of an even grid would have, in pixels; not positive where there is no room."""
    left, bottom, right, top = _inside(scene)
    column_gutter, row_gutter = _gutters(scene)
    width = (right - left - column_gutter * (n_columns - 1)) / n_columns
    height = (top - bottom - row_gutter * (n_rows - 1)) / n_rows
    aspect = scene.cell_aspect
    return (min(width, height * aspect), min(height, width / aspect)) if aspect else (width, height)


def _inside(scene: Scene) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what the cells share, in pixels."""
    (width, height), pt = scene.size, point_px(scene)
    above = _TOP + _HEADER * scene.header + RUN_STRIP * bool(scene.run_names)
    below = _BOTTOM + _TIME_BAR * scene.time_bar
    return _LEFT * pt, below * pt, width - _RIGHT * pt, height - above * pt


def _gutters(scene: Scene) -> tuple[float, float]:
    """Pixels between columns and between rows."""
    pt, (between_columns, between_rows) = point_px(scene), scene.gutters
    return between_columns * pt, (between_rows + RUN_STRIP * bool(scene.run_names)) * pt


def _shaped(inside: tuple[float, float, float, float], scene: Scene) -> tuple[float, float, float, float]:
    """The part of the frame that cells of the wanted shape take, in its middle."""
    if not scene.cell_aspect:
        return inside
    left, bottom, right, top = inside
    n_rows, n_columns = len(scene.cells), len(scene.cells[0])
    width, height = cell_px(scene, n_rows, n_columns)
    column_gutter, row_gutter = _gutters(scene)
    wide, high = width * n_columns + column_gutter * (n_columns - 1), height * n_rows + row_gutter * (n_rows - 1)
    x, y = (left + right - wide) / 2, (bottom + top - high) / 2
    return x, y, x + wide, y + high


def _edges(start: float, stop: float, weights: tuple[float, ...], gutter: float) -> list[tuple[float, float]]:
    """First and last position of each part of a length that is shared by weight, gutters between."""
    unit = (stop - start - gutter * (len(weights) - 1)) / sum(weights)
    ends = list(accumulate(weights))
    return [
        (start + (end - weight) * unit + i * gutter, start + end * unit + i * gutter)
        for i, (weight, end) in enumerate(zip(weights, ends, strict=True))
    ]


def _place(left: float, bottom: float, right: float, top: float, pt: float) -> Place:
    return Place(round(left), round(bottom), round(right), round(top), pt)
