"""A recording as a still picture: one step, or several on a sheet, as PNG, SVG or PDF."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from xorviz.encoders._target import Target, check_target
from xorviz.errors import UsageError, XorvizError, unknown
from xorviz.parallel.threads import on_one_thread
from xorviz.production.canvas import panels_of
from xorviz.production.shots import SUFFIXES, Shot
from xorviz.recordings.recording import Recording
from xorviz.scenes.multiples import scene_of
from xorviz.scenes.recipe import scene_from
from xorviz.scenes.scene import Scene
from xorviz.scenes.sheets import sheet_scene
from xorviz.scenes.viewing import viewed
from xorviz.timing.timeline import Timeline, timelines

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Still:
    """What was written.

    Attributes:
        path: the file.
        size: width and height in pixels.
        steps: what is shown, of the first recording.
        n_bytes: of the file.
        notes: what is shown otherwise than it was asked for, as sentences.
    """

    path: Path
    size: tuple[int, int]
    steps: tuple[int, ...]
    n_bytes: int
    notes: tuple[str, ...]


@on_one_thread
def still(
    recording: Recording | Sequence[Recording],
    out: str | PathLike[str],
    *,
    step: int | None = None,
    scene: str | PathLike[str] | Scene = "dashboard",
    panel: str = "",
    dpi: float = 96.0,
    **changes: Any,
) -> Still:
    """Draw one step and write it; the suffix says the format: ``.png``, ``.svg`` or ``.pdf``.

    A PNG holds the pixels that a frame of an animation has before it is encoded. On the page of an SVG or PDF lines,
    markers and text are shapes, and a PDF's text can be searched. The same call writes the same bytes.

    Args:
        recording: the run, from `xorviz.train` or `xorviz.load`; or several.
        out: the file; an existing one is replaced when the new one is whole.
        step: what is shown; the nearest one of which the recording keeps the parameters. The last if not given.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        panel: the name of one of the scene's panels, which is then shown alone, in the size it has there.
        dpi: pixels of the scene's size per inch: the size on paper. A PNG for print needs a larger ``size``, too.
        **changes: any fields of `Scene` to replace: ``theme="dark"``, ``ground="transparent"``,
            ``size=(3840, 2160)``, ``time_bar=False``.

    Raises:
        UsageError: an argument that is refused before any work.
        XorvizError: the file could not be written; nothing is left behind.
    """
    recordings = list(recording) if isinstance(recording, Sequence) else [recording]
    chosen = scene_of(scene_from(scene).changed(**changes), recordings)
    check(chosen, out, dpi=dpi)
    chosen, recordings = viewed(chosen, recordings)
    check(chosen, out, panel=panel, dpi=dpi)
    if step is not None:
        _check_step(step, max(one.n_steps for one in recordings))
    snapshots = [_nearest(one, one.n_steps if step is None else step) for one in recordings]
    lines, index = _stopped(_timelines(recordings, chosen), snapshots)
    shot = Shot(recordings, chosen, lines, index, panel)
    shown = int(recordings[0].steps[snapshots[0]])
    return _written(shot, out, {shown: shown if step is None else step}, dpi)


@on_one_thread
def contact_sheet(
    recording: Recording,
    out: str | PathLike[str],
    *,
    steps: int | Sequence[int] = 6,
    columns: int | None = None,
    scene: str | PathLike[str] | Scene = "multiples",
    dpi: float = 96.0,
    **changes: Any,
) -> Still:
    """Draw several steps side by side, each with its number above, and write them as one picture.

    The panels of the scene stand one below the other at every step, with the same limits at all of them.

    Args:
        recording: the run.
        out: the file, as for `still`.
        steps: what is shown, in this order; or how many, chosen evenly by the scene's clock.
        columns: steps in a row; as many as fit well if not given.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        dpi: pixels per inch, as for `still`.
        **changes: any fields of `Scene` to replace. Without ``size`` the sheet has the shape that its cells fill.

    Raises:
        UsageError: an argument that is refused before any work.
        XorvizError: the file could not be written; nothing is left behind.
    """
    base = scene_from(scene).changed(**changes)
    check(scene_of(base, [recording]), out, dpi=dpi)
    base, (recording,) = viewed(base, [recording])
    whole = _timelines([recording], base)[0]
    chosen = _chosen(recording, steps, base)
    shown = [int(recording.steps[snapshot]) for snapshot in chosen]
    sheet = sheet_scene(base, [f"step {step:,}" for step in shown], columns, fitted="size" not in changes)
    # Limits shall not depend on the cell: all of an animation is in each, and then its own step.
    lines = [_with(whole, len(whole), snapshot) for snapshot in chosen]
    shot = Shot([recording] * len(shown), sheet, lines, len(whole))
    return _written(shot, out, dict(zip(shown, chosen.values(), strict=True)), dpi)


def check(scene: Scene, out: str | PathLike[str], *, panel: str = "", dpi: float = 96.0) -> None:
    """Refuse what could not be drawn or written, before any work.

    Raises:
        UsageError: a suffix, folder, resolution, panel or option that is not allowed.
    """
    suffix = Path(out).suffix
    if suffix.lower() not in SUFFIXES:
        raise unknown("the suffix of out", suffix, SUFFIXES)
    check_target(out)
    if not (math.isfinite(dpi) and 1 <= dpi <= 10_000):
        raise UsageError(f"dpi must be a number from 1 to 10000; got {dpi!r}.")
    panels_of(scene)
    cells = dict.fromkeys(cell for row in scene.cells for cell in row if cell != ".")
    if panel and panel not in cells:
        raise unknown("panel", panel, cells)


def _written(shot: Shot, out: str | PathLike[str], steps: dict[int, int], dpi: float) -> Still:
    """Draw, and put the file in its place; the steps shown lead to those that were asked for."""
    data = shot.drawn(Path(out).suffix.lower(), dpi=dpi)
    try:
        target = Target(out)
        try:
            target.part.write_bytes(data)
            target.flush()
            target.publish()
        finally:
            target.discard()
    except OSError as error:
        raise XorvizError(f"{str(out)!r} could not be written: {error.strerror or error}.") from error
    notes = (
        f"step {asked:,} was not kept; the nearest, {step:,}, is shown"
        for step, asked in steps.items()
        if asked != step
    )
    return Still(Path(out), shot.size, tuple(steps), len(data), tuple(notes))


def _check_step(step: int, n_steps: int) -> None:
    if isinstance(step, bool) or not isinstance(step, Integral) or not 0 <= step <= n_steps:
        raise UsageError(f"step must be a whole number from 0 to {n_steps}, the last of the run; got {step!r}.")


def _timelines(recordings: Sequence[Recording], scene: Scene) -> Sequence[Timeline]:
    """What an animation of the scene shows, on the way there."""
    return timelines(recordings, **{**scene.playing, "ping_pong": False})


def _nearest(recording: Recording, step: int) -> int:
    """The snapshot nearest to a step; the earlier of two as near."""
    return int(np.abs(recording.steps - step).argmin())


def _chosen(recording: Recording, steps: int | Sequence[int], scene: Scene) -> dict[int, int]:
    """The snapshots of a sheet, and for each the step that was asked for."""
    if isinstance(steps, Sequence) and not isinstance(steps, str):
        for step in steps:
            _check_step(step, recording.n_steps)
        chosen = {_nearest(recording, step): step for step in reversed(steps)}
        chosen = dict(reversed(chosen.items()))
    elif isinstance(steps, bool) or not isinstance(steps, Integral) or steps < 1:
        raise UsageError(f"steps must be the steps to show, or how many; got {steps!r}.")
    else:
        # An animation of as many frames, a second each, spreads them by its clock.
        n_frames = min(steps, _MOST_STEPS + 1)
        plain = {"fps": 1.0, "duration_s": float(n_frames), "first_hold_s": 0.0, "hold_s": 0.0, "ping_pong": False}
        (line,) = timelines([recording], **{**scene.playing, **plain})
        even = np.linspace(0, len(line) - 1, n_frames).round().astype(int)
        chosen = {snapshot: int(recording.steps[snapshot]) for snapshot in line.snapshots[even].tolist()}
    if not 1 <= len(chosen) <= _MOST_STEPS:
        raise UsageError(f"steps must be from 1 to {_MOST_STEPS} on a sheet; got {len(chosen)}.")
    return chosen


def _stopped(lines: Sequence[Timeline], snapshots: list[int]) -> tuple[Sequence[Timeline], int]:
    """Timelines of which one frame shows these snapshots, and that frame: one of their own if there is one."""
    pairs, last = list(zip(lines, snapshots, strict=True)), len(lines[0]) - 1
    at = int(np.searchsorted(lines[0].snapshots, snapshots[0]))
    for index in (last, min(at, last)):
        if all(line.snapshots[index] == snapshot for line, snapshot in pairs):
            return lines, index
    return [_with(line, at, snapshot) for line, snapshot in pairs], at


def _with(line: Timeline, at: int, snapshot: int) -> Timeline:
    """A timeline with one more frame."""
    durations_ms = np.insert(line.durations_ms, at, line.durations_ms[0])
    return replace(line, snapshots=np.insert(line.snapshots, at, snapshot), durations_ms=durations_ms)
