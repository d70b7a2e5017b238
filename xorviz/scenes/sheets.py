"""The scene of a contact sheet: the same panels at several steps, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from xorviz.errors import UsageError
from xorviz.scenes.layout import places
from xorviz.scenes.scene import Scene, kind_of

# Four pixels for each of a frame of 960x540, whatever the shape: two per point each way.
_AREA_PX = 4 * 960 * 540
_LEAST_RATIO, _MOST_RATIO, _N_RATIOS = 0.125, 8.0, 61
_MOST_COLUMNS = 8
# Cells are so much wider than their panels were: a colour scale stands beside the last one, too.
_WIDER = 1.06
# Rows are so much farther apart: a step shall not seem to belong to what stands above its name.
_HIGHER = 1.25


def sheet_scene(scene: Scene, captions: Sequence[str], columns: int | None, *, fitted: bool) -> Scene:
    """A scene with cells for every caption, as one of as many recordings.

    Args:
        scene: whose panels are drawn, one below the other, for every step.
        captions: of the steps.
        columns: steps in a row; as many as leave few cells empty if None.
        fitted: whether the frame takes the shape that its cells fill best, or keeps the scene's size.

    Raises:
        UsageError: no column, or no room.
    """
    n = len(captions)
    if columns is not None and not 1 <= columns <= n:
        raise UsageError(f"columns must be from 1 to {n}, the number of steps; got {columns!r}.")
    panels = {**scene.panels, "header": {"kind": "title", **scene.panels.get("header", {})}}
    panels.pop("time", None)
    if not scene.header:
        del panels["header"]
    aspects = _aspects(scene)
    n_columns = columns or _n_columns(n, sum(1 / aspect for aspect in aspects.values()))
    rows, weights = [], []
    for start in range(0, n, n_columns):
        for kind, aspect in aspects.items():
            cells = [f"{kind}@{i + 1}" for i in range(start, min(start + n_columns, n))]
            rows.append(" ".join([*cells, *["."] * (n_columns - len(cells))]))
            weights.append(1 / aspect)
    sheet = msgspec.structs.replace(
        scene,
        rows=tuple(rows),
        row_weights=tuple(weights),
        column_weights=(),
        each=(),
        cell_aspect=0.0,
        gutters=(scene.gutters[0], _HIGHER * scene.gutters[1]),
        run_names=tuple(captions),
        time_bar=False,
        panels=panels,
    )
    return _fitted(sheet, aspects) if fitted else sheet


def _aspects(scene: Scene) -> dict[str, float]:
    """Width over height of every panel of a scene, by name in reading order."""
    if scene.each:
        return dict.fromkeys(scene.each, scene.cell_aspect or 1.0)
    stand = places(scene)
    names = dict.fromkeys(name for row in scene.cells for name in row if name != ".")
    return {kind_of(name): _WIDER * stand[name].width / stand[name].height for name in names}


def _n_columns(n: int, height: float) -> int:
    """Steps in a row, where those of one step are so many times as high as wide: near 3:2, with few cells empty."""
    ideal = math.sqrt(1.5 * n * height)
    return min(range(1, min(n, _MOST_COLUMNS) + 1), key=lambda c: -n % c + abs(c - ideal))


def _fitted(sheet: Scene, aspects: dict[str, float]) -> Scene:
    """The sheet in the shape in which its panels are largest."""
    shapes = []
    for ratio in np.geomspace(_LEAST_RATIO, _MOST_RATIO, _N_RATIOS):
        size = (round(math.sqrt(_AREA_PX * ratio)), round(math.sqrt(_AREA_PX / ratio)))
        shaped = msgspec.structs.replace(sheet, size=size)
        try:
            stand = places(shaped)
        except UsageError:
            continue
        sides = [min(stand[name].width, stand[name].height * aspects[kind_of(name)]) for name in _cells(sheet)]
        shapes.append((min(sides), shaped))
    if not shapes:
        raise UsageError(f"steps must leave every panel room; got {len(sheet.run_names)} steps. Give fewer steps.")
    return max(shapes, key=lambda shape: shape[0])[1]


def _cells(sheet: Scene) -> list[str]:
    return [name for row in sheet.cells for name in row if name != "."]
