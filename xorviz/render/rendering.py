"""``xorviz render``: check everything, train, draw, write, say what was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from xorviz.animation import Animated, check
from xorviz.embed.bundles import EXPLORER
from xorviz.encoders import Encoded, Options
from xorviz.encoders.byte_counts import readable
from xorviz.errors import UsageError
from xorviz.explorer.exploring import Explored
from xorviz.production.budget import limit_from
from xorviz.production.canvas import Canvas, Pixels
from xorviz.recordings.recording import Recording
from xorviz.render.console import Console
from xorviz.render.drawings import drawings_of, explored, written
from xorviz.render.foresight import foreseen
from xorviz.render.outcomes import learned, outcome, reached
from xorviz.render.request import Request
from xorviz.render.source import resolve, scene_asked
from xorviz.scenes.places import asked
from xorviz.scenes.scene import Scene, size_from_text
from xorviz.styles.flash import MOST_A_SECOND, Flashing, flashes
from xorviz.timing.timeline import timelines


def carry_out(source_name: str, request: Request, console: Console, *, dry_run: bool) -> None:
    """Render what was asked for, or say what that would be.

    Raises:
        UsageError: refused before any work.
        XorvizError: the work failed.
    """
    changes = dict(request.changes)
    if "size" in changes:
        changes["size"] = size_from_text(changes["size"])
    source = resolve(
        source_name,
        seed=request.seed,
        arithmetic=request.arithmetic,
        data=request.data,
        also=request.also,
        n_seeds=request.seeds,
    )
    base = source.scene if request.scene is None else scene_asked(request.scene, len(source.runs))
    wanted = asked(base, place=request.place, seconds=request.seconds, changes=changes)
    scene = source.laid_out(wanted)
    drawings = drawings_of(request, scene, source.stem)
    options = Options(**request.of_files)
    _check_pixels(scene, request.max_pixels)
    for drawn, files in drawings:
        check(drawn, files, options)
    fixed = frozenset({"size", "fps"} & set(changes))
    budgets = [
        limit_from(request.max_bytes, request.place, options, files, fixed, request.seconds) for _, files in drawings
    ]
    if dry_run:
        (scene, outs), budget = drawings[0], budgets[0]
        names = [str(out) for out in outs]
        text, details = foreseen(source, scene, outs, options, budget, request.workers)
        text = "\n".join(filter(None, (_plan(scene, names), text)))
        console.result(text, {**msgspec.to_builtins(scene), "out": names, **details})
        return
    page = [Path(f"{request.bundle}{EXPLORER}")] if request.bundle else []
    for out in (*(out for _, files in drawings for out in files), *page):
        console.may_write(out, force=request.force)
    recordings, made = written(request, source, drawings, console, budgets)
    encoded = [file for one in made for file in one.files]
    found = flashes(_drawn_again(made[0], console)) if request.check_flash else None
    _report(encoded, recordings, explored(request, recordings), found, console)


def _report(
    encoded: Sequence[Encoded],
    recordings: Sequence[Recording],
    page: Explored | None,
    found: Sequence[Flashing] | None,
    console: Console,
) -> None:
    """What was written, and what came of the runs."""
    seen = {} if found is None else {"flashes": msgspec.to_builtins(found)}
    more: list[Encoded | Explored] = [*encoded, *([page] if page else [])]
    explorer = {"explorer": {**asdict(page), "path": str(page.path)}} if page else {}
    console.result("\n".join(str(one.path) for one in more), _details(encoded, recordings) | explorer | seen)
    for one in more:
        for note in one.notes:
            console.say(note if len(more) == 1 else f"{one.path}: {note}")
    if page is not None:
        console.say(f"{page.path}: a page to explore it with, {readable(page.n_bytes)}")
    if found is not None:
        console.say(_flash_report(found))
    came_of_it = learned(recordings[0]) if len(recordings) == 1 else reached(recordings)
    for other in encoded[1:]:
        console.say(f"{other.path}: {_measure(other)}")
    console.say(f"{_measure(encoded[0])}: {came_of_it}")


def _check_pixels(scene: Scene, most: int | None) -> None:
    width, height = scene.size
    if most is not None and width * height > most:
        raise UsageError(
            f"size must be at most {most:,} pixels, as --max-pixels says; got {width}x{height}, {width * height:,}."
        )


def _drawn_again(made: Animated, console: Console) -> Iterator[tuple[Pixels, float]]:
    """The frames of the files before any encoder."""
    lines = timelines(made.recordings, **made.scene.playing)
    with console.progress("check", "frame") as progress:
        for n_done, drawn in enumerate(Canvas(made.recordings, made.scene, lines).frames(), start=1):
            yield drawn
            progress(n_done, len(lines[0]))


def _flash_report(found: Sequence[Flashing]) -> str:
    """One sentence on the worst of what flashes."""
    if not found:
        return "no flashes above the threshold of WCAG 2.3.1"
    worst = max(found, key=lambda one: one.per_second)
    return (
        f"warning: flashes up to {worst.per_second:g} times a second over {worst.area:.0%} of the frame from "
        f"{worst.start_s:.1f} s to {worst.stop_s:.1f} s, where WCAG 2.3.1 allows {MOST_A_SECOND}, because more "
        f"can cause seizures; --fps {2 * MOST_A_SECOND} is always slow enough, a longer --duration may be"
    )


def _measure(encoded: Encoded) -> str:
    size = readable(encoded.n_bytes)
    if encoded.path.suffix == ".txt":
        return "the animation in words"
    is_poster = not encoded.duration_s
    return f"a poster, {size}" if is_poster else f"{encoded.n_frames} frames, {encoded.duration_s:.1f} s, {size}"


def _plan(scene: Scene, names: Sequence[str]) -> str:
    width, height = scene.size
    return (
        f"{', '.join(names)}: {width}x{height}, {scene.fps:g} fps, {scene.duration_s:g} s with the last frame held "
        f"{scene.hold_s:g} s, {scene.clock} clock, {scene.theme} theme; panels {', '.join(scene.panel_names)}"
    )


def _details(encoded: Sequence[Encoded], recordings: Sequence[Recording]) -> dict[str, Any]:
    files = [{**asdict(one), "path": str(one.path), "notes": list(one.notes)} for one in encoded]
    return {
        **(files[0] if len(files) == 1 else {"files": files}),
        **(outcome(recordings[0]) if len(recordings) == 1 else {"runs": [outcome(one) for one in recordings]}),
    }
