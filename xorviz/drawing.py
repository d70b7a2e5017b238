"""Runs of frames, drawn and compressed wherever there is a processor: what `animate` shares among workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from threading import Lock

from xorviz.canvas import Canvas
from xorviz.encoders import Compressor
from xorviz.encoders._compressor import Part
from xorviz.recording import Recording
from xorviz.scene import Scene
from xorviz.timeline import Timeline


@dataclass(frozen=True)
class Run:
    """Successive frames.

    Attributes:
        start: position of the first frame in the timeline.
        stop: position after the last frame.
    """

    start: int
    stop: int


def runs(n_frames: int, frames_per_run: int) -> list[Run]:
    """All frames as runs of a fixed length; the last may be shorter."""
    return [Run(start, min(start + frames_per_run, n_frames)) for start in range(0, n_frames, frames_per_run)]


@dataclass(frozen=True)
class Job:
    """Everything that a process needs to draw and compress any run of one animation.

    Attributes:
        recordings: the runs of training.
        scene: what is drawn.
        timelines: which snapshot of each each frame shows.
        compressor: of the encoder that the parts are for.
    """

    recordings: Sequence[Recording]
    scene: Scene
    timelines: Sequence[Timeline]
    compressor: Compressor


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
        self._compressor = copy(job.compressor)
        self._job, self._canvas = job, canvas

    def part(self, run: Run) -> Part:
        """The part of the file that a run makes."""
        timeline, compressor = self._timeline, self._compressor
        if self._canvas is None:
            self._canvas = Canvas(self._job.recordings, self._job.scene, self._job.timelines)
        before = self._canvas.draw(run.start - 1) if run.start else None
        compressor.begin(start_ms=float(timeline.durations_ms[: run.start].sum()), before=before)
        for index in range(run.start, run.stop):
            compressor.add(self._canvas.draw(index), float(timeline.durations_ms[index]))
            self._drawn()
        return compressor.end()


def prepare() -> None:
    """Called in a process that will draw, before its first run: importing this module was the work."""


@dataclass(frozen=True)
class RemotePart:
    """Does runs of a job in another process; picklable.

    Attributes:
        job: what is drawn.
        name: of the job, the same in every process, so that a canvas serves all runs that a process gets.
    """

    job: Job
    name: str

    def __call__(self, run: Run) -> Part:
        """The part of the file that a run makes."""
        # A canvas and the fonts are one thread's at a time; an executor may have several in a process.
        with _ONE_AT_A_TIME:
            if self.name not in _DRAFTERS:
                _DRAFTERS.clear()
                _DRAFTERS[self.name] = Drafter(self.job)
            return _DRAFTERS[self.name].part(run)


# The one job that this process works for.
_DRAFTERS: dict[str, Drafter] = {}
_ONE_AT_A_TIME = Lock()
