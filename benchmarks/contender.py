"""One contender, one job, one process: ``python -m benchmarks.contender NAME JOB N_FRAMES`` prints a line of JSON.

Importing, training and a few frames to warm up are not counted; counted is all from a recording in memory to a file.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import contenders_matplotlib, contenders_packages, contenders_xorviz, process_tree
from benchmarks.jobs import JOBS, TINY, TINY_MP4, Work

Prepare = Callable[[Any, Path], Callable[[], Any]]


@dataclass(frozen=True)
class Contender:
    """One way to draw a job.

    Attributes:
        name: what `--only` calls it.
        title: what the table calls it.
        prepare: takes the work and a path and returns what writes the file; only that is timed.
        kind: ``"xorviz"``, ``"floor"`` or ``"peer"``.
        needs: the packages without which it does not run, by the name to import.
        warm: what prepares the warm-up, if not the same.
        n_warm: how many frames it warms up by; 0 for a contender that needs no work at all.
        why_not: says why it cannot run, or nothing.
    """

    name: str
    title: str
    prepare: Prepare
    kind: str = "peer"
    needs: tuple[str, ...] = ()
    warm: Prepare | None = None
    n_warm: int = 2
    why_not: Callable[[], str] = lambda: ""

    def obstacle(self) -> str:
        """Why this contender cannot run here; empty if it can."""
        missing = [name for name in self.needs if importlib.util.find_spec(name) is None]
        if missing:
            return f"{', '.join(missing)} not installed; pip install 'xorviz[bench]'"
        return self.why_not()


_X, _M, _P = contenders_xorviz, contenders_matplotlib, contenders_packages
CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender("xorviz", "xorviz", _X.animated(1), "xorviz", n_warm=24),
        Contender(
            "xorviz-2",
            "xorviz, 2 workers",
            _X.animated(2),
            "xorviz",
            n_warm=24,
            warm=_X.animated(1),
            why_not=_X.why_no_workers,
        ),
        Contender(
            "xorviz-2-warm",
            "xorviz, 2 workers, pool open",
            _X.animated_in_pool(2),
            "xorviz",
            # Several runs of frames: each process has drawn some, as the one process of the first contender has.
            n_warm=120,
            why_not=_X.why_no_executor,
        ),
        Contender("command", "python -m xorviz.render, all of it", _X.command, "xorviz", n_warm=0),
        Contender("encoder", "floor: xorviz's encoder alone", _X.encoder_alone, "floor"),
        Contender("x264", "floor: x264 veryfast alone, crf 23", _X.x264_alone, "floor", needs=("av",)),
        Contender(
            "ffmpeg-writer", "FuncAnimation, FFMpegWriter", _M.func_animation("ffmpeg"), needs=("imageio_ffmpeg",)
        ),
        Contender("pillow-writer", "FuncAnimation, PillowWriter", _M.func_animation("pillow")),
        Contender("savefig", "savefig per frame, then one GIF", _M.savefig_then_gif),
        Contender("celluloid", "celluloid", _P.celluloid, needs=("celluloid", "imageio_ffmpeg")),
        Contender("gif", "gif", _P.gif, needs=("gif",)),
        Contender(
            "matplotloom",
            "matplotloom, 2 joblib processes",
            _P.matplotloom,
            needs=("matplotloom", "joblib", "imageio_ffmpeg"),
        ),
    )
}


_JOBS = {**JOBS, TINY.name: TINY, TINY_MP4.name: TINY_MP4}


def run(contender, job, n_frames, folder):
    """Draw a job and say what it cost: milliseconds per frame, bytes, memory; or why it was not drawn."""
    reason = contender.obstacle()
    if reason:
        return {"skipped": reason}
    work = None
    if contender.n_warm:
        import matplotlib as mpl

        mpl.use("Agg")
        warm = contender.warm or contender.prepare
        warm(Work(job, contender.n_warm), folder / f"warm{job.suffix}")()
        n_timeline = n_frames if contender.kind != "peer" else max(n_frames, min(job.n_frames, 240))
        work = Work(job, n_frames, n_timeline)
    path = folder / f"out{job.suffix}"
    write = contender.prepare(work, path)
    machine_s, cpu_s, wall_s = process_tree.machine_cpu_s(), process_tree.cpu_s(), time.perf_counter()
    said = write()
    wall_s, cpu_s = time.perf_counter() - wall_s, process_tree.cpu_s() - cpu_s
    machine_s = process_tree.machine_cpu_s() - machine_s
    n_frames = said if isinstance(said, int) else n_frames
    return {
        "n_frames": n_frames,
        "cpu_ms": cpu_s * 1000 / n_frames,
        "wall_ms": wall_s * 1000 / n_frames,
        "others_cores": max(machine_s - cpu_s, 0.0) / wall_s,
        "n_bytes": path.stat().st_size,
        "peak_mb": process_tree.own_peak_mb(),
    }


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contender", description=__doc__.split("\n")[0])
    parser.add_argument("contender", choices=CONTENDERS)
    parser.add_argument("job", choices=_JOBS)
    parser.add_argument("n_frames", type=int)
    arguments = parser.parse_args()
    contender, job = CONTENDERS[arguments.contender], _JOBS[arguments.job]
    print(json.dumps(run(contender, job, arguments.n_frames, Path.cwd())))


if __name__ == "__main__":
    main()
