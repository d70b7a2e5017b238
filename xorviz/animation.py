"""A recording as one or more files: timeline, canvas and encoders put together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from typing import Any, overload

from xorviz.encoders import FORMATS, Encoded, Encoder, Options, check_target, encoder_for, suffix_of
from xorviz.errors import UsageError
from xorviz.parallel.threads import one_thread
from xorviz.parallel.workers import Workers, crew_of
from xorviz.production.budget import LEAST, Budget, limit_from
from xorviz.production.canvas import panels_of
from xorviz.production.drawing import prepare
from xorviz.production.files import Progress, produce
from xorviz.recordings.recording import Recording
from xorviz.scenes.multiples import scene_of
from xorviz.scenes.places import asked
from xorviz.scenes.recipe import scene_from
from xorviz.scenes.scene import Scene
from xorviz.scenes.viewing import viewed
from xorviz.timing.timeline import n_moving_frames

Out = str | PathLike[str]
_MOST_PASSES = 4
_NO_OPTIONS = Options()


@overload
def animate(recording: Recording | Sequence[Recording], out: Out, **options: Any) -> Encoded: ...
@overload
def animate(recording: Recording | Sequence[Recording], out: Sequence[Out], **options: Any) -> list[Encoded]: ...
def animate(
    recording: Recording | Sequence[Recording],
    out: Out | Sequence[Out],
    *,
    scene: str | PathLike[str] | Scene = "dashboard",
    place: str = "",
    seconds: float | None = None,
    quality: str | float | None = None,
    lossless: bool = False,
    codec: str = "",
    alt: str = "",
    max_bytes: str | int | None = None,
    workers: int | Workers = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    **changes: Any,
) -> Encoded | list[Encoded]:
    """Draw a recording and write it, the same to the byte whoever draws; suffixes say formats: ``.gif``, ``.mp4`` … .

    Args:
        recording: the run; or several, side by side in a scene that has cells for them, such as ``"multiples"``.
        out: the file; an existing one is replaced when the new one is whole. Or several, for which every frame is drawn
            once, and which all appear, or none. A ``.png`` among them is a poster, a ``.txt`` the animation in words.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        place: where it will be looked at, one of `xorviz.scenes.places.PLACES`: size, rate, theme and ``max_bytes`` for
            there.
        seconds: how long it plays, to a hundredth of a second in every format.
        quality: ``"small"``, ``"balanced"``, ``"high"``, or a number from 0, the smallest file, to 100.
        lossless: every colour exactly.
        codec: of a ``.webm``: ``"vp9"`` or ``"av1"``.
        alt: what is seen, in words, where a format holds them; put together from the run if not given.
        max_bytes: the most that a file may take, such as ``"5MB"``: quality, then rate, then size give way.
        workers: how many processes draw, this one included; a script then needs ``if __name__ == "__main__":``.
        executor: draws instead, any of `concurrent.futures` or a dask client's; ``workers`` is what it does at a time.
        progress: called after every frame, or run of frames, with how many are done and how many there are.
        **changes: any fields of `Scene` to replace: ``duration_s=8``, ``theme="dark"``, ``size=(1280, 720)``.

    Returns:
        What was written; of several files a list, in their order.

    Raises:
        UsageError: an argument that is refused before any work, or ``max_bytes`` that no setting can keep.
        XorvizError: a file could not be written, or workers died again and again; nothing is left behind.
    """
    outs = [out] if isinstance(out, str | PathLike) else list(out)
    options = Options(quality=quality, lossless=lossless, codec=codec, alt=alt)
    files = animated(
        list(recording) if isinstance(recording, Sequence) else [recording],
        outs,
        asked(scene_from(scene), place=place, seconds=seconds, changes=changes),
        options,
        budget=limit_from(max_bytes, place, options, outs, frozenset({"size", "fps"} & set(changes)), seconds),
        crew=workers if isinstance(workers, Workers) else crew_of(workers, executor, prepare=prepare),
        progress=progress,
    ).files
    return files[0] if isinstance(out, str | PathLike) else files


@dataclass(frozen=True)
class Animated:
    """What was written, and what was drawn for it.

    Attributes:
        files: one for each path.
        scene: in the size and at the rate that a limit left it.
        recordings: on the plane of the scene.
    """

    files: list[Encoded]
    scene: Scene
    recordings: Sequence[Recording]


def animated(
    recordings: Sequence[Recording],
    outs: Sequence[Out],
    scene: Scene,
    options: Options,
    *,
    budget: Budget | None,
    crew: Workers,
    progress: Progress | None = None,
) -> Animated:
    """Draw recordings and write files, as `animate` does, of a scene in its final form but for a limit of bytes.

    Args:
        recordings: the runs.
        outs: the files.
        scene: what is drawn.
        options: what is asked of the files.
        budget: the limit of bytes, if any.
        crew: who draws; let go of in the end.
        progress: as for `animate`.

    Raises:
        UsageError: an argument that is refused before any work, or a limit that no setting can keep.
        XorvizError: a file could not be written, or workers died again and again; nothing is left behind.
    """
    scene = scene_of(scene, recordings)
    files = check(scene, outs, options)
    scene, recordings = viewed(scene, recordings)
    with crew, one_thread():
        if budget is not None:
            return _within(budget, recordings, scene, crew, progress)
        encoded = produce(recordings, scene, files, crew=crew, progress=progress, alt=options.alt)
    return Animated(encoded, scene, recordings)


def _within(
    budget: Budget, recordings: Sequence[Recording], scene: Scene, crew: Workers, progress: Progress | None
) -> Animated:
    """Write files that keep a limit: once, unless the sample misled."""
    choice = budget.choose(recordings, scene, crew)
    for n_left in range(_MOST_PASSES - 1, -1, -1):
        files = [(out, budget.encoder(out, level)) for out, level in zip(budget.outs, choice.levels, strict=True)]
        fits = partial(budget.keeps, choice, LEAST if n_left else 0.0)
        encoded = produce(
            recordings, choice.scene, files, crew=crew, progress=progress, alt=budget.options.alt, fits=fits
        )
        if fits(encoded):
            said = [replace(one, notes=(*one.notes, budget.said(choice, i, one))) for i, one in enumerate(encoded)]
            return Animated(said, choice.scene, recordings)
        budget.learn(choice, encoded, by_trial_only=n_left <= 1)
    raise budget.unreachable(choice)


def check(scene: Scene, outs: Sequence[Out], options: Options = _NO_OPTIONS) -> list[tuple[Out, Encoder]]:
    """Refuse what could not be written, before any work.

    Args:
        scene: what would be drawn.
        outs: where it would go.
        options: what is asked of the files.

    Returns:
        Each file with the encoder of its format, not opened.

    Raises:
        UsageError: a suffix, folder, size, rate, duration, panel or option that is not allowed.
    """
    _check_places(outs)
    files = [(out, encoder_for(out, options)) for out in outs]
    if not any(suffix_of(out) in FORMATS for out in outs):
        got = ", ".join(repr(str(out)) for out in outs) or "no file"
        raise UsageError(f"out must name an animation, such as a .gif; got {got}. A picture alone is xorviz still.")
    options.check(suffix_of(out) for out in outs)
    width_px, height_px = scene.size
    for out, encoder in files:
        encoder.check(width_px=width_px, height_px=height_px, fps=scene.fps)
        if scene.ground == "transparent" and not encoder.sees_through:
            raise UsageError(
                f"ground must be 'paper' where a file has no transparency; got 'transparent' with {suffix_of(out)}. "
                "Write a .gif, .webp, .apng, .frames, or a .webm of VP9 that is not lossless."
            )
    n_moving_frames(**scene.playing)
    panels_of(scene)
    return files


def _check_places(outs: Sequence[Out]) -> None:
    """Refuse what cannot be replaced, and two files in one place."""
    places = [check_target(out) for out in outs]
    for number, (out, place) in enumerate(zip(outs, places, strict=True)):
        if place in places[:number]:
            raise UsageError(f"out must name different files; got {str(out)!r} twice.")
