"""xorviz itself, the command as a user runs it, and the floor: encoding alone, of frames that are in memory."""

from __future__ import annotations

import inspect
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import cache

import xorviz

_WARM_UP_S = 2.0


def why_no_workers():
    """Why `xorviz.animate` could not draw in several processes; empty if it could."""
    is_able = "workers" in inspect.signature(xorviz.animate).parameters
    return "" if is_able else "this xorviz draws in one process only"


def why_no_executor():
    """Why `xorviz.animate` could not draw in processes that run already; empty if it could."""
    is_able = "executor" in inspect.signature(xorviz.animate).parameters
    return "" if is_able else "this xorviz takes no executor"


def animated(n_workers):
    """xorviz.animate with so many workers, which it starts and stops."""

    def prepare(work, path):
        options = {} if n_workers == 1 and why_no_workers() else {"workers": n_workers}
        return lambda: xorviz.animate(work.recording, path, scene=work.scene, **options)

    return prepare


def animated_in_pool(n_workers):
    """xorviz.animate with an executor whose processes run already."""

    def prepare(work, path):
        pool = _open_pool(n_workers)
        return lambda: xorviz.animate(work.recording, path, scene=work.scene, workers=n_workers, executor=pool)

    return prepare


@cache
def _open_pool(n_workers):
    """Processes that have drawn before, like those of a notebook or of a dask cluster."""
    pool = ProcessPoolExecutor(n_workers, multiprocessing.get_context("spawn"))
    for future in [pool.submit(_warm_up, _WARM_UP_S) for _ in range(n_workers)]:
        future.result()
    return pool


def _warm_up(seconds):
    """Draw a little, for so long that no process of the pool gets two of these."""
    end = time.perf_counter() + seconds
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".gif", ".mp4"):
            xorviz.animate(xorviz.train("backprop", seed=0), f"{folder}/out{suffix}", size=(320, 180), duration_s=2.0)
    time.sleep(max(end - time.perf_counter(), 0))


def command(_, path):
    """``python -m xorviz.render`` from its start to its end: imports, training, drawing, encoding."""

    def write():
        words = ["-m", "xorviz.render", "--out", str(path), "--json"]
        done = subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)["n_frames"]

    return write


def _in_memory(work):
    """Every frame that xorviz draws for this work, with its duration in milliseconds."""
    from xorviz.production.canvas import Canvas

    canvas = Canvas(work.recording, work.scene, work.timeline)
    samples = [sample.copy() for sample in canvas.samples(12)]
    return samples, [(picture.copy(), duration_ms) for picture, duration_ms in canvas.frames()]


def encoder_alone(work, path):
    """xorviz's own encoder: the same frames and durations, so the same file to the byte."""
    from xorviz.encoders import encoder_for
    from xorviz.production.narration import about_animation

    samples, frames = _in_memory(work)
    width_px, height_px = work.job.size
    about = about_animation([work.recording], work.scene, [work.timeline], "")
    frame = {"width_px": width_px, "height_px": height_px, "fps": work.scene.fps}

    def write():
        with encoder_for(path) as encoder:
            encoder.open(path, **frame, samples=samples, about=about)
            for picture, duration_ms in frames:
                encoder.write(picture, duration_ms)

    return write


def x264_alone(work, path):
    """x264 by PyAV, preset veryfast, one thread, all else as it comes: the frames once each, held ones as well."""
    import av

    _, frames = _in_memory(work)

    def write():
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=Fraction(work.scene.fps), options={"preset": "veryfast"})
            stream.width, stream.height = work.job.size
            stream.pix_fmt = "yuv420p"
            stream.codec_context.thread_count = 1
            for picture, _ in frames:
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgba")))
            container.mux(stream.encode(None))

    return write
