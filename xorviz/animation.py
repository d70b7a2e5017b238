"""A recording as one or more files: timeline, canvas and encoders put together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from os import PathLike
from pathlib import Path
from typing import Any, overload

from xorviz.canvas import panels_of
from xorviz.drawing import prepare
from xorviz.encoders import FORMATS, Encoded, Encoder, check_target, encoder_for
from xorviz.errors import UsageError
from xorviz.multiples import scene_of
from xorviz.production import Progress, produce
from xorviz.recipe import scene_from
from xorviz.recording import Recording
from xorviz.scene import Scene
from xorviz.timeline import n_moving_frames
from xorviz.workers import Workers, crew_of

Out = str | PathLike[str]


@overload
def animate(recording: Recording | Sequence[Recording], out: Out, **options: Any) -> Encoded: ...
@overload
def animate(recording: Recording | Sequence[Recording], out: Sequence[Out], **options: Any) -> list[Encoded]: ...
def animate(
    recording: Recording | Sequence[Recording],
    out: Out | Sequence[Out],
    *,
    scene: str | PathLike[str] | Scene = "dashboard",
    workers: int | Workers = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    **changes: Any,
) -> Encoded | list[Encoded]:
    """Draw a recording and write it; the suffix of a file says its format: ``.gif``, ``.mp4``, ``.html`` … .

    A file is the same to the byte whoever draws it, and whatever else is written with it.

    Args:
        recording: the run, from `xorviz.train` or `xorviz.load`; or several, drawn side by side in a scene that has
            cells for them, such as ``"multiples"``.
        out: the file; an existing one is replaced when the new one is whole. Or several files, for which every frame
            is drawn once, and which all appear, or none. A ``.png`` among several is a poster, the end of training.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        workers: how many processes draw, this one included. With more than one a script needs the usual
            ``if __name__ == "__main__":``.
        executor: draws instead of processes of our own: any `concurrent.futures.Executor`, such as
            ``client.get_executor()`` of ``dask.distributed``; ``workers`` is then how many runs of frames are under
            way at one time.
        progress: called after every frame, or run of frames, with how many are done and how many there are.
        **changes: any fields of `Scene` to replace: ``duration_s=8``, ``theme="dark"``, ``size=(1280, 720)``.

    Returns:
        What was written: path, frames, seconds, bytes, and what the format forced upon the picture; of several files
        a list, in their order.

    Raises:
        UsageError: an argument that is refused before any work.
        XorvizError: a file could not be written, or workers died again and again; nothing is left behind.
    """
    recordings = list(recording) if isinstance(recording, Sequence) else [recording]
    chosen = scene_of(scene_from(scene).changed(**changes), recordings)
    outs = [out] if isinstance(out, str | PathLike) else list(out)
    files = check(chosen, outs)
    crew = workers if isinstance(workers, Workers) else crew_of(workers, executor, prepare=prepare)
    with crew:
        encoded = produce(recordings, chosen, files, crew=crew, progress=progress)
    return encoded[0] if isinstance(out, str | PathLike) else encoded


def check(scene: Scene, outs: Sequence[Out]) -> list[tuple[Out, Encoder]]:
    """Refuse what could not be written, before any work.

    Args:
        scene: what would be drawn.
        outs: where it would go.

    Returns:
        Each file with the encoder of its format, not opened.

    Raises:
        UsageError: a suffix, folder, size, rate, duration, panel or option that is not allowed.
    """
    _check_places(outs)
    files = [(out, encoder_for(out)) for out in outs]
    if not any(Path(out).suffix.lower() in FORMATS for out in outs):
        got = ", ".join(repr(str(out)) for out in outs) or "no file"
        raise UsageError(f"out must name an animation, such as a .gif; got {got}. A picture alone is xorviz still.")
    width_px, height_px = scene.size
    for _, encoder in files:
        encoder.check(width_px=width_px, height_px=height_px, fps=scene.fps)
    n_moving_frames(**scene.playing)
    panels_of(scene)
    return files


def _check_places(outs: Sequence[Out]) -> None:
    """Refuse what cannot be replaced, and two files in one place."""
    places = [check_target(out) for out in outs]
    for number, (out, place) in enumerate(zip(outs, places, strict=True)):
        if place in places[:number]:
            raise UsageError(f"out must name different files; got {str(out)!r} twice.")
