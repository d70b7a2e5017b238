"""How large files will be and how long they take, from a sample of an animation's frames."""

from __future__ import annotations

import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.encoders import Encoder, Together
from xorviz.parallel.workers import Workers
from xorviz.production.drawing import Job, Run, drawn, runs
from xorviz.production.see_through import canvas_for, matte_of
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import Scene
from xorviz.timing.timeline import timelines

# Of the runs every second one is encoded, but not more than these; a short animation whole. Shorter pieces than runs
# would mislead: in a video the pictures soon after one of its own are a fifth smaller than those later.
_MOST_RUNS, _SHORT = 5, 60


@dataclass(frozen=True)
class Estimate:
    """What a sample says of the whole.

    Attributes:
        n_bytes: of each file.
        n_frames: that will be drawn.
        n_sampled: how many were.
        canvas_s: seconds that a process took until it could draw.
        setup_s: seconds until the files were open, the canvas included.
        first_s: seconds of a process's first frame, in which it loads what it uses.
        frame_s: seconds of every other frame, for all files.
    """

    n_bytes: tuple[int, ...]
    n_frames: int
    n_sampled: int
    canvas_s: float
    setup_s: float
    first_s: float
    frame_s: float


def estimated(
    recordings: Sequence[Recording], scene: Scene, encoders: Sequence[tuple[str, Encoder]], crew: Workers
) -> Estimate:
    """Encode a sample of an animation's frames, once drawn, by any number of encoders.

    The animation's first frame costs more bytes than the first of a run, in some formats ten times as many. So it is
    taken apart, and counted once.

    Args:
        recordings: the runs of training.
        scene: what is drawn of them, in its final form.
        encoders: not opened, each with its suffix.
        crew: who draws.

    Raises:
        UsageError: an encoder refuses the scene's size or rate.
        XorvizError: there is no room for the sample, or workers died again and again.
    """
    began_s = time.perf_counter()
    lines = timelines(recordings, **scene.playing)
    canvas = canvas_for(recordings, scene, lines)
    canvas_s = time.perf_counter() - began_s
    pieces = runs(len(lines[0]))
    is_whole = len(lines[0]) <= _SHORT
    chosen = pieces if is_whole else _chosen(pieces)
    todo = _todo(chosen, is_whole=is_whole)
    with TemporaryDirectory(prefix="xorviz-") as folder:
        files = [(Path(folder, f"{i}{suffix}"), encoder) for i, (suffix, encoder) in enumerate(encoders)]
        together = Together(files)
        shape: Any = {"size": scene.size, "fps": scene.fps, "n_loops": scene.n_loops, "matte": matte_of(scene)}
        with together.opened(**shape, samples=canvas.samples):
            weights, job = [], Job(recordings, scene, lines, together.compressors())
            times_s = [time.perf_counter()]
            for run, parts in drawn(job, [run for run, _ in todo], crew, canvas):
                # What a part weighs on its way between processes is nearly what it weighs in the file.
                weights.append([len(pickle.dumps(part)) for part in parts])
                if todo[len(weights) - 1] == (run, True):
                    together.append(parts)
                times_s.append(time.perf_counter())
            n_written = np.array([one.n_bytes for one in together.complete()], float)
    n_sampled = sum(run.stop - run.start for run in chosen)
    took_s = np.diff(times_s)
    frame_s = sum(took_s[i] for i in range(1, len(todo)) if todo[i][1]) / n_sampled
    factors = np.ones(len(encoders)) if is_whole else _whole(np.array(weights, float), chosen, pieces)
    n_bytes = tuple(round(n) for n in (n_written * factors).tolist())
    first_s = max(0.0, took_s[0] - frame_s)
    return Estimate(n_bytes, len(lines[0]), n_sampled, canvas_s, times_s[0] - began_s, first_s, frame_s)


def _todo(chosen: Sequence[Run], *, is_whole: bool) -> list[tuple[Run, bool]]:
    """Runs to be drawn, and whether each goes into the files.

    Before all the animation's first frame, in which a process loads what it uses; of other runs the first frame alone,
    too.
    """
    start = Run(0, 1)
    if is_whole:
        return [(start, False), *((run, True) for run in chosen)]
    pairs = (((Run(run.start, run.start + 1), False), (run, True)) for run in chosen)
    return [(start, True), *(one for pair in pairs for one in pair)]


def _chosen(pieces: Sequence[Run]) -> list[Run]:
    """The runs that stand for all."""
    n_chosen = min(_MOST_RUNS, -(-len(pieces) // 2))
    return [pieces[int((i + 0.5) * len(pieces) / n_chosen)] for i in range(n_chosen)]


def _whole(weights: NDArray[np.float64], chosen: Sequence[Run], pieces: Sequence[Run]) -> NDArray[np.float64]:
    """How many times heavier each file is than its sample.

    Args:
        weights (float64 array of shape (1 + 2 * n_chosen, n_files)): of the animation's first frame, then of each
            chosen run its first frame, and all of it.
        chosen: the runs that stand for all.
        pieces: all runs.
    """
    start, first, run = weights[0], weights[1::2], weights[2::2]
    n_later = sum(one.stop - one.start - 1 for one in chosen)
    later = (run - first).sum(axis=0) / n_later
    whole = start + (len(pieces) - 1) * first.mean(axis=0) + (pieces[-1].stop - len(pieces)) * later
    factors: NDArray[np.float64] = whole / (start + run.sum(axis=0))
    return factors
