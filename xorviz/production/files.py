"""Every file of an animation from one drawing of its frames."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from xorviz.encoders import Encoded, Encoder, Together
from xorviz.parallel.workers import Workers
from xorviz.production.canvas import Pixels
from xorviz.production.drawing import Job, drawn, runs
from xorviz.production.narration import about_animation
from xorviz.production.see_through import canvas_for, matte_of
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import Scene
from xorviz.timing.timeline import n_moving_frames, timelines

Progress = Callable[[int, int], None]


def produce(
    recordings: Sequence[Recording],
    scene: Scene,
    files: Sequence[tuple[str | PathLike[str], Encoder]],
    *,
    crew: Workers,
    progress: Progress | None = None,
    alt: str = "",
    fits: Callable[[Sequence[Encoded]], bool] = lambda _: True,
) -> list[Encoded]:
    """Draw every frame once and write all files, or none.

    Args:
        recordings: the runs.
        scene: what is drawn of them, in its final form.
        files: where each goes, and by which encoder, not opened.
        crew: who draws.
        progress: called with how many frames are done and how many there are.
        alt: what the animation shows, in words; put together from the runs if empty.
        fits: looks at what was written, complete but under temporary names; if false, nothing appears.

    Returns:
        What each file is, or would be.

    Raises:
        UsageError: an encoder refuses the scene's size or rate.
        XorvizError: a file could not be written, or workers died again and again; nothing is left behind.
    """
    together = Together(files)
    if n_moving_frames(**scene.playing) > Encoder.frames_per_part:
        crew.start()
    lines = timelines(recordings, **scene.playing)
    # Without samples to draw, workers can begin before this process has a canvas.
    canvas = canvas_for(recordings, scene, lines) if together.needs_samples else None
    count = _Count(len(lines[0]), progress or _nobody)
    samples = canvas.samples if canvas else _none
    about = about_animation(recordings, scene, lines, alt)
    shape: Any = {"size": scene.size, "fps": scene.fps, "n_loops": scene.n_loops, "matte": matte_of(scene)}
    with together.opened(**shape, samples=samples, about=about):
        job = Job(recordings, scene, lines, together.compressors())
        for run, parts in drawn(job, runs(len(lines[0])), crew, canvas, count.one):
            together.append(parts, share=run.stop / len(lines[0]))
            count.at_least(run.stop)
        encoded = together.complete()
        if fits(encoded):
            together.publish()
        return encoded


class _Count:
    """How many frames are done, for a progress bar: those of this process one by one, others when they arrive."""

    def __init__(self, n_frames: int, progress: Progress) -> None:
        self._done, self._n_frames, self._progress = 0, n_frames, progress

    def one(self) -> None:
        """One more frame was drawn here."""
        self.at_least(self._done + 1)

    def at_least(self, n_done: int) -> None:
        """So many frames are in the files."""
        if n_done > self._done:
            self._done = min(n_done, self._n_frames)
            self._progress(self._done, self._n_frames)


def _none(n_most: int) -> list[Pixels]:
    """No encoder asks."""
    return []


def _nobody(done: int, total: int) -> None:
    """No progress is shown."""
