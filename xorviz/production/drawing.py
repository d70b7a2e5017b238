"""Runs of frames, drawn once and compressed for every file, wherever there is a processor."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from threading import Lock

from xorviz.encoders import Compressor, Encoder
from xorviz.encoders._compressor import Part
from xorviz.parallel.sharing import in_order
from xorviz.parallel.threads import stay_on_one_thread
from xorviz.parallel.workers import Workers
from xorviz.production.canvas import Canvas
from xorviz.production.see_through import canvas_for
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import Scene
from xorviz.timing.timeline import Timeline


@dataclass(frozen=True)
class Run:
    """Successive frames.

    Attributes:
        start: position of the first frame in the timeline.
        stop: position after the last frame.
    """

    start: int
    stop: int


def runs(n_frames: int, n_most: int = Encoder.frames_per_part) -> list[Run]:
    """All frames as the fewest runs of at most so many frames, as even as can be."""
    n_runs = -(-n_frames // n_most)
    return [Run(n_frames * i // n_runs, n_frames * (i + 1) // n_runs) for i in range(n_runs)]


@dataclass(frozen=True)
class Job:
    """Everything that a process needs to draw and compress any run of one animation.

    Attributes:
        recordings: the runs of training.
        scene: what is drawn.
        timelines: which snapshot of each each frame shows.
        compressors: one for each file.
    """

    recordings: Sequence[Recording]
    scene: Scene
    timelines: Sequence[Timeline]
    compressors: tuple[Compressor, ...]


class Drafter:
    """Draws and compresses runs of one job with one canvas.

    Args:
        job: what is drawn.
        canvas: of this job, if there is one already; else it is made for the first run.
        drawn: called after every frame.
    """

    def __init__(self, job: Job, canvas: Canvas | None = None, drawn: Callable[[], None] = lambda: None) -> None:
        self._timeline, self._drawn = job.timelines[0], drawn
        # The job's own stays as it is, ready to be sent to other processes.
        self._compressors = [copy(compressor) for compressor in job.compressors]
        self._job, self._canvas = job, canvas

    def parts(self, run: Run) -> list[Part]:
        """The part of each file that a run makes; every frame is drawn once."""
        timeline = self._timeline
        if self._canvas is None:
            self._canvas = canvas_for(self._job.recordings, self._job.scene, self._job.timelines)
        before = self._canvas.draw(run.start - 1) if run.start else None
        start_ms = float(timeline.durations_ms[: run.start].sum())
        for compressor in self._compressors:
            compressor.begin(start_ms=start_ms, before=before)
        for index in range(run.start, run.stop):
            frame, duration_ms = self._canvas.draw(index), float(timeline.durations_ms[index])
            for compressor in self._compressors:
                compressor.add(frame, duration_ms)
            self._drawn()
        return [compressor.end() for compressor in self._compressors]


def drawn(
    job: Job,
    pieces: Sequence[Run],
    crew: Workers,
    canvas: Canvas | None = None,
    done: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Run, list[Part]]]:
    """Have every run drawn by somebody; yields each with its parts, in order.

    Args:
        job: what is drawn.
        pieces: the runs.
        crew: who draws.
        canvas: of this job, if there is one already.
        done: called after every frame that this process draws.

    Raises:
        XorvizError: workers died again and again.
    """
    drafter, remote = Drafter(job, canvas, done), RemoteParts(job, secrets.token_hex(8))
    return zip(pieces, in_order(pieces, here=drafter.parts, remote=remote, workers=crew), strict=True)


def prepare() -> None:
    """Called in a process that will draw, before its first run; importing this module was most of the work."""
    stay_on_one_thread()


@dataclass(frozen=True)
class RemoteParts:
    """Does runs of a job in another process; picklable.

    Attributes:
        job: what is drawn.
        name: of the job, the same in every process, so that a canvas serves all runs that a process gets.
    """

    job: Job
    name: str

    def __call__(self, run: Run) -> list[Part]:
        """The part of each file that a run makes."""
        # A canvas and the fonts are one thread's at a time; an executor may have several in a process.
        with _ONE_AT_A_TIME:
            if self.name not in _DRAFTERS:
                _DRAFTERS.clear()
                _DRAFTERS[self.name] = Drafter(self.job)
            return _DRAFTERS[self.name].parts(run)


# The one job that this process works for.
_DRAFTERS: dict[str, Drafter] = {}
_ONE_AT_A_TIME = Lock()
