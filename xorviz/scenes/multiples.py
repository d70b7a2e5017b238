"""One scene for several recordings: the same panels of each, side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import msgspec

from xorviz.errors import UsageError
from xorviz.recordings.recording import Recording
from xorviz.scenes.layout import cell_px
from xorviz.scenes.scene import Scene, kind_of, run_of


def scene_of(scene: Scene, recordings: Sequence[Recording]) -> Scene:
    """The scene as it is drawn of these recordings.

    Panels of `Scene.each` get cells for every recording, as many in a row as makes the cells largest. Of several
    recordings the title line speaks of all, and each has its name above its cells.

    Raises:
        UsageError: no recording, more names than recordings, or a cell of a recording that is not there.
    """
    return scene_of_runs(scene, len(recordings), names_of(recordings) if len(recordings) > 1 else ())


def scene_of_runs(scene: Scene, n_runs: int, names: Sequence[str] = ()) -> Scene:
    """The scene as it is drawn of so many recordings; see `scene_of`."""
    if n_runs < 1:
        raise UsageError("recordings must be at least one; got none.")
    if scene.run_names and len(scene.run_names) != n_runs:
        raise UsageError(f"run_names must be {n_runs}, one for each recording; got {list(scene.run_names)!r}.")
    if n_runs > 1:
        names = scene.run_names or tuple(names) or tuple(str(i + 1) for i in range(n_runs))
        panels = {**scene.panels, "header": {"kind": "summary", **scene.panels.get("header", {})}}
        panels["time"] = {"events": False, **scene.panels.get("time", {})}
        if not scene.time_bar:
            del panels["time"]
        if not scene.header:
            del panels["header"]
        scene = msgspec.structs.replace(scene, run_names=tuple(names), panels=panels)
    if scene.each:
        scene = msgspec.structs.replace(scene, rows=_rows(scene, n_runs), row_weights=(), column_weights=())
    for name in scene.panel_names:
        if run_of(name) >= n_runs:
            raise UsageError(f"rows must number the {n_runs} recordings from 1 to {n_runs}; got {name!r}.")
    return scene


def _rows(scene: Scene, n_runs: int) -> tuple[str, ...]:
    """Cells for every recording: its panels one below the other, as many recordings in a row as fit best."""
    best = _n_columns(scene, n_runs)
    rows = []
    for start in range(0, n_runs, best):
        for kind in scene.each:
            runs = [f"{kind}@{run + 1}" for run in range(start, min(start + best, n_runs))]
            rows.append(" ".join([*runs, *["."] * (best - len(runs))]))
    return tuple(rows)


def _n_columns(scene: Scene, n_runs: int) -> int:
    """How many recordings stand in a row: of the grids whose cells are nearly the largest, the one with fewest gaps."""
    sides = {n: _least_side(scene, n, n_runs) for n in range(1, n_runs + 1)}
    large = [n for n, side in sides.items() if side >= 0.9 * max(sides.values())]
    return min(large, key=lambda n: (-n_runs % n, -sides[n], n))


def _least_side(scene: Scene, n_columns: int, n_runs: int) -> float:
    """The shorter side of a cell where so many recordings stand in a row; cells of no shape shall not be slender."""
    width, height = cell_px(scene, math.ceil(n_runs / n_columns) * len(scene.each), n_columns)
    return round(min(width, 2 * height), 6)


class Named(Protocol):
    """A recording, or an experiment that will be one."""

    @property
    def title(self) -> str:
        """Name of the problem."""

    @property
    def description(self) -> str:
        """How it is trained."""

    @property
    def seed(self) -> int | None:
        """Of all that is random, or None."""


def names_of(recordings: Sequence[Named]) -> tuple[str, ...]:
    """What tells recordings apart: the seed where nothing else does, else how each was trained."""
    if len({(recording.title, recording.description) for recording in recordings}) == 1:
        seeds = [recording.seed for recording in recordings]
        if None not in seeds and len(set(seeds)) == len(seeds):
            return tuple(f"seed {seed}" for seed in seeds)
        return tuple(f"run {i + 1}" for i in range(len(recordings)))
    return tuple(recording.description for recording in recordings)


def of_run(scene: Scene, run: int) -> list[str]:
    """The cells of one recording, in reading order."""
    strips = ("header", "time")
    return [name for name in scene.panel_names if run_of(name) == run and kind_of(name) not in strips]
