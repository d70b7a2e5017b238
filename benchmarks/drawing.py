"""Draw the dashboard's four panels by xorviz and by matplotlib's FuncAnimation: time a frame, bytes, memory.

Run ``python -m benchmarks.drawing``; under two minutes. Each contender runs in a process of its own, one after the
other in turns, and the median of the rounds counts. CPU is user + system of that process and its children, so other
work on the machine matters little. All draw the same recording at 1280×720 with OPENBLAS_NUM_THREADS=1; importing,
training and the first frames are not counted, except in the rows that run the whole command.

FuncAnimation is used as its documentation and the articles do: a function that clears four axes and draws them again.
It is not held back: the 3-D surface keeps plot_surface's own limit of 50×50 faces, and nothing else is laid out anew.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

WIDTH_PX, HEIGHT_PX, FPS = 1280, 720, 25
N_WARM, N_XORVIZ, N_MATPLOTLIB, N_GRID = 10, 120, 20, 100


# In the process of a contender


@contextmanager
def measured(result, n_frames):
    def cpu_s():
        return sum(os.times()[:4])

    cpu, wall = cpu_s(), time.perf_counter()
    yield
    result["cpu_ms"] = (cpu_s() - cpu) * 1000 / n_frames
    result["wall_ms"] = (time.perf_counter() - wall) * 1000 / n_frames
    result["n_frames"] = n_frames


def recorded():
    from xorviz.timeline import timeline
    from xorviz.training import train

    recording = train("backprop", seed=0)
    return recording, timeline(recording, fps=FPS, duration_s=(N_XORVIZ / FPS) + 1.9, hold_s=1.5)


def xorviz(path):
    import msgspec

    from xorviz.canvas import Canvas
    from xorviz.encoders import encoder_for
    from xorviz.scene import DASHBOARD

    recording, frames = recorded()
    scene = msgspec.structs.replace(DASHBOARD, size=(WIDTH_PX, HEIGHT_PX))
    canvas, result = Canvas(recording, scene, frames), {}
    for index in range(N_WARM):
        canvas.draw(index)
    if path is None:
        with measured(result, len(frames)):
            for _ in canvas.frames():
                pass
        return result
    encoder = encoder_for(path)
    samples = canvas.samples()
    with measured(result, len(frames)):
        encoder.open(path, width_px=WIDTH_PX, height_px=HEIGHT_PX, fps=FPS, samples=samples)
        for picture, _ in canvas.frames():
            encoder.write(picture, 1000 / FPS)
        encoder.close()
    return result


def func_animation(path, writer_name):
    import matplotlib as mpl
    import numpy as np
    from matplotlib import pyplot as plt
    from matplotlib.animation import AbstractMovieWriter, FFMpegWriter, FuncAnimation, PillowWriter

    class NullWriter(AbstractMovieWriter):
        """FuncAnimation has drawn the frame by itself by now; a file writer makes it draw once more."""

        def setup(self, fig, outfile, dpi=None):
            pass

        def grab_frame(self, **options):
            pass

        def finish(self):
            pass

    mpl.use("Agg")
    recording, frames = recorded()
    snapshots = frames.snapshots[np.linspace(0, len(frames) - 1, N_MATPLOTLIB).astype(int)]
    (x_low, x_high), (y_low, y_high) = recording.bounds
    xs, ys = np.meshgrid(np.linspace(x_low, x_high, N_GRID), np.linspace(y_low, y_high, N_GRID))
    grid = np.stack([xs, ys], axis=-1).reshape(-1, 2)
    norms = {f"‖∇{name}‖": np.sqrt((recording.gradients[name] ** 2).sum(axis=(1, 2))) for name in ("W1", "W2")}
    points, targets, levels = recording.inputs, recording.targets[:, 0], np.linspace(0, 1, 21)

    fig = plt.figure(figsize=(WIDTH_PX / 100, HEIGHT_PX / 100), dpi=100)
    field, surface = fig.add_subplot(2, 2, 1), fig.add_subplot(2, 2, 2, projection="3d")
    loss, gradients = fig.add_subplot(2, 2, 3), fig.add_subplot(2, 2, 4)

    def update(snapshot):
        outputs = recording.outputs(grid, int(snapshot))[:, 0].reshape(xs.shape)
        for axes in (field, surface, loss, gradients):
            axes.clear()
        step = recording.steps[snapshot]
        field.contourf(xs, ys, outputs, levels=levels, cmap="RdBu_r")
        field.contour(xs, ys, outputs, levels=[0.5], colors="k")
        field.scatter(*points.T, c=targets, cmap="RdBu_r", edgecolors="k", s=80)
        field.set_title(f"Decision field, step {step}")
        surface.plot_surface(xs, ys, outputs, cmap="RdBu_r", vmin=0, vmax=1)
        surface.set_zlim(0, 1)
        surface.view_init(30, -60 + 30 * snapshot / recording.n_snapshots)
        surface.set_title("Output")
        loss.plot(recording.steps[: snapshot + 1], recording.snapshot_losses[: snapshot + 1])
        for name, values in norms.items():
            gradients.plot(recording.steps[: snapshot + 1], values[: snapshot + 1], label=name)
        gradients.legend(loc="upper right")
        highest = (recording.snapshot_losses.max(), max(values.max() for values in norms.values()))
        for axes, name, high in zip((loss, gradients), ("Loss", "Gradient norms"), highest, strict=True):
            axes.set(xlim=(0, recording.n_steps), ylim=(0, 1.05 * high), xlabel="step", title=name)

    update(int(snapshots[0]))
    fig.canvas.draw()
    animation = FuncAnimation(fig, update, frames=[int(snapshot) for snapshot in snapshots], repeat=False)
    writers = {"none": NullWriter, "ffmpeg": FFMpegWriter, "pillow": PillowWriter}
    result = {}
    with measured(result, N_MATPLOTLIB):
        animation.save(path or "none", writer=writers[writer_name](fps=FPS), dpi=100)
    return result


CONTENDERS = {
    "xorviz, drawn": (xorviz, None, None),
    "xorviz, drawn and MP4": (xorviz, ".mp4", None),
    "xorviz, drawn and GIF": (xorviz, ".gif", None),
    "FuncAnimation, drawn": (func_animation, None, "none"),
    "FuncAnimation, FFMpegWriter": (func_animation, ".mp4", "ffmpeg"),
    "FuncAnimation, PillowWriter": (func_animation, ".gif", "pillow"),
}
COMMANDS = {"python -m xorviz.render, GIF": ".gif", "python -m xorviz.render, MP4": ".mp4"}


def run_contender(name):
    function, suffix, writer = CONTENDERS[name]
    path = None if suffix is None else f"out{suffix}"
    result = function(path) if writer is None else function(path, writer)
    result["n_bytes"] = 0 if path is None else Path(path).stat().st_size
    print(json.dumps(result))


# In the process that compares


def child(words):
    """Standard output of a Python process in a folder of its own, with its wall and CPU seconds and peak memory."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
        )
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        if process.returncode:
            raise SystemExit(f"{' '.join(words)} failed with exit code {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return out, wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6


def measure(name):
    if name in CONTENDERS:
        out, *_, peak_mb = child(["-m", "benchmarks.drawing", "--contender", name])
        return {**json.loads(out), "peak_mb": peak_mb}
    words = ["-m", "xorviz.render", "--out", f"xor{COMMANDS[name]}", "--json", "--quiet"]
    out, wall_s, cpu_s, peak_mb = child(words)
    said = json.loads(out)
    counts = {"n_frames": said["n_frames"], "n_bytes": said["n_bytes"]}
    return {"cpu_ms": cpu_s * 1000, "wall_ms": wall_s * 1000, **counts, "peak_mb": peak_mb}


def machine():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "matplotlib", "av", "pillow"))
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {system}, {libraries}; OPENBLAS_NUM_THREADS=1 for all"


def row(name, result, reference=None):
    ratio = f"{result['cpu_ms'] / reference['cpu_ms']:.1f}x" if reference else ""
    size = f"{result['n_bytes'] / 1e3:.0f} kB" if result["n_bytes"] else ""
    times = f"{result['cpu_ms']:9.1f} {result['wall_ms']:9.1f} {ratio:>8}"
    return f"{name:30}{result['n_frames']:6} {times} {size:>9} {result['peak_mb']:7.0f} MB"


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawing", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender runs; 3")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all results to this file, too")
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        run_contender(arguments.contender)
        return
    missing = "FuncAnimation, PillowWriter" if shutil.which("ffmpeg") else "FuncAnimation, FFMpegWriter"
    names = [name for name in [*CONTENDERS, *COMMANDS] if name != missing]
    rounds = [{name: measure(name) for name in names} for _ in range(arguments.rounds)]
    results = {
        name: {key: statistics.median(one[name][key] for one in rounds) for key in rounds[0][name]} for name in names
    }
    for result in results.values():
        result["n_frames"], result["n_bytes"] = int(result["n_frames"]), int(result["n_bytes"])
    print(machine())
    print(f"median of {arguments.rounds} rounds")
    head = f"frames {'CPU ms':>9} {'wall ms':>9} {'CPU':>8} {'bytes':>9} {'peak RSS':>10}"
    print(f"\n{f'{WIDTH_PX}x{HEIGHT_PX}, ms a frame':30}{head}")
    for name, (_, suffix, writer) in CONTENDERS.items():
        peer = {None: "xorviz, drawn", ".mp4": "xorviz, drawn and MP4", ".gif": "xorviz, drawn and GIF"}[suffix]
        if name in names:
            print(row(name, results[name], results[peer] if writer else None))
    print(f"\n{'The whole command, ms in all':30}{head}")
    for name in COMMANDS:
        print(row(name, results[name]))
    if missing == "FuncAnimation, FFMpegWriter":
        print("\nThere is no ffmpeg on PATH, so FuncAnimation writes a GIF by PillowWriter instead of an MP4.")
    if arguments.json:
        report = {"machine": machine(), "size": [WIDTH_PX, HEIGHT_PX], "median": results, "rounds": rounds}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
