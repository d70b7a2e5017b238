"""``xorviz render``: check everything, train, draw, write, say what was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from xorviz.animation import animate, check
from xorviz.budget import limit_from
from xorviz.byte_counts import readable
from xorviz.canvas import Canvas, Pixels
from xorviz.data import Data
from xorviz.drawing import prepare
from xorviz.encoders import Encoded, Options
from xorviz.errors import UsageError, XorvizError
from xorviz.flash import MOST_A_SECOND, Flashing, flashes
from xorviz.places import asked, place_named
from xorviz.recording import Recording
from xorviz.render.console import Console
from xorviz.render.crew import crew
from xorviz.render.foresight import foreseen
from xorviz.render.outcomes import learned, outcome, reached
from xorviz.render.source import resolve, scene_asked
from xorviz.scene import Scene, size_from_text
from xorviz.timeline import timelines
from xorviz.viewing import viewed


@dataclass(frozen=True)
class Request:
    """The words of one ``xorviz render``.

    Attributes:
        source: an article's name, a recipe, a recording, or nothing.
        outs: the files to write; one named after the source if none.
        scene: a built-in scene or a recipe that is drawn instead of the source's own.
        changes: fields of the scene that were given as options.
        place: where it will be looked at, or empty.
        seconds: playing time to the hundredth.
        asked: of the files, as fields of `Options`.
        max_bytes: the most that a file may take, as it was written.
        seed: of the initialisation.
        arithmetic: as-published or textbook.
        data: is learned instead of an article's problem.
        workers: processes that draw; every core if None.
        also: more sources, drawn beside the first.
        n_seeds: draw so many runs that differ in their seeds.
        executor: address of a dask scheduler whose workers draw instead.
        force: replace an existing file.
        check_flash: look for flashes, and say what was found.
        fail_on_nan: draw nothing of a run whose loss stopped being finite.
        max_pixels: of a frame; what a scene allows if None.
    """

    source: str
    outs: tuple[Path, ...]
    scene: str | None
    changes: dict[str, Any]
    place: str
    seconds: float | None
    asked: dict[str, Any]
    max_bytes: str | None
    seed: int | None
    arithmetic: str | None
    data: Data | None
    workers: int | None
    executor: str | None
    also: tuple[str, ...]
    n_seeds: int | None
    force: bool
    check_flash: bool
    fail_on_nan: bool
    max_pixels: int | None


def carry_out(request: Request, console: Console, *, dry_run: bool) -> None:
    """Render what was asked for, or say what that would be.

    Raises:
        UsageError: refused before any work.
        XorvizError: the work failed.
    """
    changes = dict(request.changes)
    if "size" in changes:
        changes["size"] = size_from_text(changes["size"])
    source = resolve(
        request.source,
        seed=request.seed,
        arithmetic=request.arithmetic,
        data=request.data,
        also=request.also,
        n_seeds=request.n_seeds,
    )
    base = source.scene if request.scene is None else scene_asked(request.scene, len(source.runs))
    wanted = asked(base, place=request.place, seconds=request.seconds, changes=changes)
    scene = source.laid_out(wanted)
    outs = request.outs or (Path(f"{source.stem}{place_named(request.place).suffix if request.place else '.gif'}"),)
    options = Options(**request.asked)
    _check_pixels(scene, request.max_pixels)
    check(scene, outs, options)
    fixed = {name: changes[name] for name in ("size", "fps") if name in changes}
    budget = limit_from(request.max_bytes, request.place, options, outs, frozenset(fixed), request.seconds)
    if dry_run:
        names = [str(out) for out in outs]
        text, details = foreseen(source, scene, outs, options, budget, request.workers)
        text = "\n".join(filter(None, (_plan(scene, names), text)))
        console.result(text, {**msgspec.to_builtins(scene), "out": names, **details})
        return
    for out in outs:
        console.may_write(out, force=request.force)
    with crew(request.workers, request.executor, prepare=prepare) as workers:
        # Processes start and import while this one trains.
        workers.start()
        recordings = source.recordings(console)
        if request.fail_on_nan:
            _refuse_diverged(recordings)
        with console.progress("draw", "frame") as progress:
            encoded = animate(
                recordings,
                outs,
                scene=scene,
                workers=workers,
                progress=progress,
                seconds=request.seconds,
                max_bytes=budget.max_bytes if budget else None,
                **request.asked,
                **fixed,
            )
    found = flashes(_drawn_again(viewed(scene, recordings)[1], scene, console)) if request.check_flash else None
    seen = {} if found is None else {"flashes": msgspec.to_builtins(found)}
    console.result("\n".join(str(one.path) for one in encoded), _details(encoded, recordings) | seen)
    for one in encoded:
        for note in one.notes:
            console.say(note if len(encoded) == 1 else f"{one.path}: {note}")
    if found is not None:
        console.say(_flash_report(found))
    came_of_it = learned(recordings[0]) if len(recordings) == 1 else reached(recordings)
    for one in encoded[1:]:
        console.say(f"{one.path}: {_measure(one)}")
    console.say(f"{_measure(encoded[0])}: {came_of_it}")


def quality_from(text: str | None) -> str | float | None:
    """``--quality`` as a word or a number."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _check_pixels(scene: Scene, most: int | None) -> None:
    width, height = scene.size
    if most is not None and width * height > most:
        raise UsageError(
            f"size must be at most {most:,} pixels, as --max-pixels says; got {width}x{height}, {width * height:,}."
        )


def _refuse_diverged(recordings: Sequence[Recording]) -> None:
    for recording in recordings:
        if recording.diverged_at is not None:
            raise XorvizError(
                f"the loss of {recording.title!r} must be finite, as --fail-on-nan says; it is not from step "
                f"{recording.diverged_at:,} on. Nothing was written."
            )


def _drawn_again(recordings: Sequence[Recording], scene: Scene, console: Console) -> Iterator[tuple[Pixels, float]]:
    """The frames of the file before any encoder."""
    lines = timelines(recordings, **scene.playing)
    with console.progress("check", "frame") as progress:
        for n_done, drawn in enumerate(Canvas(recordings, scene, lines).frames(), start=1):
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
