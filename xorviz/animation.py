"""A recording as one file: timeline, canvas and encoder put together."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from os import PathLike
from typing import Any

from xorviz.canvas import Canvas, panels_of
from xorviz.drawing import Drafter, Job, RemotePart, prepare, runs
from xorviz.encoders import Encoded, Encoder, check_target, encoder_for
from xorviz.errors import UsageError
from xorviz.multiples import scene_of
from xorviz.recipe import scene_from
from xorviz.recording import Recording
from xorviz.scene import Scene
from xorviz.sharing import in_order
from xorviz.timeline import n_moving_frames, timelines
from xorviz.workers import Alone, Given, Processes, Workers

_MOST_WORKERS = 256


def animate(
    recording: Recording | Sequence[Recording],
    out: str | PathLike[str],
    *,
    scene: str | PathLike[str] | Scene = "dashboard",
    workers: int | Workers = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
    **changes: Any,
) -> Encoded:
    """Draw a recording and write it as one file; its suffix says the format: ``.gif``, ``.mp4``, ``.html`` … .

    The file is the same to the byte whoever draws it.

    Args:
        recording: the run, from `xorviz.train` or `xorviz.load`; or several, drawn side by side in a scene that has
            cells for them, such as ``"multiples"``.
        out: the file; an existing one is replaced when the new one is whole.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        workers: how many processes draw, this one included. With more than one a script needs the usual
            ``if __name__ == "__main__":``.
        executor: draws instead of processes of our own: any `concurrent.futures.Executor`, such as
            ``client.get_executor()`` of ``dask.distributed``; ``workers`` is then how many runs of frames are under
            way at one time.
        progress: called after every frame, or run of frames, with how many are done and how many there are.
        **changes: any fields of `Scene` to replace: ``duration_s=8``, ``theme="dark"``, ``size=(1280, 720)``.

    Returns:
        What was written: path, frames, seconds, bytes, and what the format forced upon the picture.

    Raises:
        UsageError: an argument that is refused before any work.
        XorvizError: the file could not be written, or workers died again and again; nothing is left behind.
    """
    recordings = list(recording) if isinstance(recording, Sequence) else [recording]
    chosen = scene_of(scene_from(scene).changed(**changes), recordings)
    encoder = check(chosen, out)
    crew = workers if isinstance(workers, Workers) else crew_of(workers, executor)
    width_px, height_px = chosen.size
    with crew:
        if n_moving_frames(**chosen.playing) > encoder.frames_per_part:
            crew.start()
        frames = timelines(recordings, **chosen.playing)
        # Without samples to draw, workers can begin before this process has a canvas.
        canvas = Canvas(recordings, chosen, frames) if encoder.n_samples else None
        encoder.open(
            out,
            width_px=width_px,
            height_px=height_px,
            fps=chosen.fps,
            samples=canvas.samples(encoder.n_samples) if canvas else [],
            n_loops=chosen.n_loops,
        )
        with encoder:
            job = Job(recordings, chosen, frames, encoder.compressor())
            _append_runs(encoder, job, canvas, crew, _Count(len(frames[0]), progress or _nobody))
            return encoder.close()


def _append_runs(encoder: Encoder, job: Job, canvas: Canvas | None, crew: Workers, count: _Count) -> None:
    """Have every run of a job drawn by somebody, and append the parts in order."""
    drafter = Drafter(job, canvas, count.one)
    pieces = runs(len(job.timelines[0]), encoder.frames_per_part)
    remote = RemotePart(job, secrets.token_hex(8))
    for run, part in zip(pieces, in_order(pieces, here=drafter.part, remote=remote, workers=crew), strict=True):
        encoder.append(part)
        count.at_least(run.stop)


def crew_of(workers: int, executor: Executor | None = None) -> Workers:
    """Who draws.

    Args:
        workers: processes, this one included; or runs under way at one time with an executor.
        executor: draws instead.

    Raises:
        UsageError: fewer than one worker.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= _MOST_WORKERS:
        raise UsageError(f"workers must be a whole number from 1 to {_MOST_WORKERS}; got {workers!r}.")
    if executor is not None:
        return Given(executor, workers)
    return Alone() if workers == 1 else Processes(workers, prepare)


class _Count:
    """How many frames are done, for a progress bar: those of this process one by one, others when they arrive."""

    def __init__(self, n_frames: int, progress: Callable[[int, int], None]) -> None:
        self._done, self._n_frames, self._progress = 0, n_frames, progress

    def one(self) -> None:
        """One more frame was drawn here."""
        self.at_least(self._done + 1)

    def at_least(self, n_done: int) -> None:
        """So many frames are in the file."""
        if n_done > self._done:
            self._done = min(n_done, self._n_frames)
            self._progress(self._done, self._n_frames)


def _nobody(done: int, total: int) -> None:
    """No progress is shown."""


def check(scene: Scene, out: str | PathLike[str]) -> Encoder:
    """Refuse what could not be written, before any work.

    Args:
        scene: what would be drawn.
        out: where it would go.

    Returns:
        The encoder of the file's format, not opened.

    Raises:
        UsageError: a suffix, folder, size, rate, duration, panel or option that is not allowed.
    """
    check_target(out)
    encoder = encoder_for(out)
    width_px, height_px = scene.size
    encoder.check(width_px=width_px, height_px=height_px, fps=scene.fps)
    n_moving_frames(**scene.playing)
    panels_of(scene)
    return encoder
