"""What one ``xorviz render`` draws: every frame once, or once in light and once in dark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xorviz.animation import Animated, animated
from xorviz.embed.bundles import EXPLORER, bundle_files
from xorviz.encoders import Options
from xorviz.errors import UsageError, XorvizError
from xorviz.explorer.exploring import Explored, explore, is_explorable
from xorviz.production.budget import Budget
from xorviz.production.drawing import prepare
from xorviz.recordings.recording import Recording
from xorviz.render.console import Console
from xorviz.render.crew import crew
from xorviz.render.request import Request
from xorviz.render.source import Source
from xorviz.scenes.places import place_named
from xorviz.scenes.scene import Scene
from xorviz.sweeps.growth import Growth

_MOST_EXPLORED_BYTES = 1_000_000

Drawings = list[tuple[Scene, list[Path]]]
"""Scenes, each with the files that come of it."""


def written(
    request: Request, source: Source, drawings: Drawings, console: Console, budgets: Sequence[Budget | None]
) -> tuple[list[Recording], list[Animated]]:
    """Train if need be, and draw all frames once for each of the drawings, under its limit if there is one."""
    recordings: list[Recording] = []
    made: list[Animated] = []
    options = Options(**request.of_files)
    for (scene, files), budget in zip(drawings, budgets, strict=True):
        with crew(request.workers, request.executor, prepare=prepare) as workers:
            # Processes start and import while this one trains.
            workers.start()
            recordings = recordings or source.recordings(console)
            if request.fail_on_nan:
                _refuse_diverged(recordings)
            with console.progress("draw", "frame") as progress:
                made.append(animated(recordings, files, scene, options, budget=budget, crew=workers, progress=progress))
    return recordings, made


def explored(request: Request, recordings: Sequence[Recording]) -> Explored | None:
    """The page to explore a run with that a bundle gets besides, of one run that a browser can run again."""
    (first, *others) = recordings
    if not request.bundle or others or isinstance(first, Growth) or not is_explorable(first):
        return None
    return explore(first, f"{request.bundle}{EXPLORER}", max_bytes=_MOST_EXPLORED_BYTES)


def drawings_of(request: Request, scene: Scene, stem: str) -> Drawings:
    """What is drawn once each, and the files that come of it."""
    if request.both_themes and (not request.bundle or "theme" in request.changes):
        got = "a theme" if request.bundle else "no bundle"
        raise UsageError(f"both_themes must go with bundle, without theme; got {got}. Write --bundle docs/img/xor.")
    outs = [*request.out, *(bundle_files(request.bundle) if request.bundle else [])]
    suffix = place_named(request.place).suffix if request.place else ".gif"
    if not request.both_themes:
        return [(scene, outs or [Path(f"{stem}{suffix}")])]
    dark = bundle_files(request.bundle, dark=True)
    return [(scene.changed(theme="light"), outs), (scene.changed(theme="dark"), dark)]


def _refuse_diverged(recordings: Sequence[Recording]) -> None:
    for recording in recordings:
        if recording.diverged_at is not None:
            raise XorvizError(
                f"the loss of {recording.title!r} must be finite, as --fail-on-nan says; it is not from step "
                f"{recording.diverged_at:,} on. Nothing was written."
            )
