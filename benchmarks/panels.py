"""CPU time per frame of every kind of panel, each alone in a frame of 960×540, without encoding.

A frame that shows the snapshot of the one before is not drawn again, so every frame here shows another one. Below
them stands one savefig of an empty matplotlib figure of the size, which is what a panel there starts from.

    python -m benchmarks.panels [kind …]
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import xorviz
from xorviz.learning.defaults import experiment_for
from xorviz.panels import KINDS, panel
from xorviz.problems import sine
from xorviz.production.canvas import Canvas
from xorviz.scenes.scene import Scene
from xorviz.sweeps.growth import as_recording, growth_of
from xorviz.timing.timeline import Timeline

SIZE = (960, 540)
N_FRAMES, N_ROUNDS = 100, 3
DATA = Path(__file__).resolve().parents[1] / "render" / "data"
#: Options that cost more than the default does.
VARIANTS = {
    "surface, orbiting": {"kind": "surface", "orbit_deg": 360.0},
    "network, maps": {"kind": "network", "units": "maps"},
    "parameters, each": {"kind": "parameters", "by": "parameter"},
    "distribution, violins": {"kind": "distribution", "of": "activations", "style": "violin"},
}


def draw_loss(axes, recording, snapshot):
    axes.plot(recording.steps[: snapshot + 1], recording.snapshot_losses[: snapshot + 1])
    axes.set(xlim=(0, recording.n_steps), ylim=(0, recording.snapshot_losses.max()), title="loss")


#: Options that a kind cannot do without.
OPTIONS = {
    "caption": {"text": "step {step:,}\nloss {loss:.4f}"},
    "run": {"name": "seed 0"},
    "function": {"function": draw_loss},
}


def recording_for(kind):
    """What a panel of this kind can show: XOR, where it can."""
    if panel({"kind": kind, **OPTIONS.get(kind, {})}).shows == "study":
        return as_recording(growth_of(DATA / "init-scale.db"))
    if kind == "curve":
        return xorviz.train(experiment_for(sine(n_points=40), n_steps=200))
    return xorviz.load(DATA / "moons.xorviz") if kind == "metric" else xorviz.train("backprop", seed=0)


def cpu_ms(recording, options):
    """Median over rounds of the CPU time per frame, in milliseconds."""
    scene = Scene(size=SIZE, rows=("it",), panels={"it": options}, header=False, time_bar=False)
    snapshots = np.linspace(0, recording.n_snapshots - 1, N_FRAMES).astype(np.int64)
    canvas = Canvas(recording, scene, Timeline(snapshots, np.full(N_FRAMES, 40.0)))
    found = []
    for _ in range(N_ROUNDS):
        start = time.process_time()
        for index in range(N_FRAMES):
            canvas.draw(index)
        found.append((time.process_time() - start) / N_FRAMES * 1e3)
    return median(found)


def savefig_ms():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    figure.add_subplot()
    found = []
    for _ in range(2 * N_ROUNDS):
        start = time.process_time()
        figure.savefig(io.BytesIO(), format="rgba")
        found.append((time.process_time() - start) * 1e3)
    return median(found)


def cases(folder):
    """Every kind with its options, then variants of some."""
    other = Path(folder, "other.xorviz")
    xorviz.train("backprop", seed=3).save(other)
    needed = {**OPTIONS, "difference": {"recording": str(other)}}
    yield from ((kind, {"kind": kind, **needed.get(kind, {})}) for kind in KINDS)
    yield from VARIANTS.items()


def main(words):
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'panel':24} CPU ms a frame of {SIZE[0]}x{SIZE[1]}")
        for name, options in cases(folder):
            if words and options["kind"] not in words:
                continue
            print(f"{name:24} {cpu_ms(recording_for(options['kind']), options):8.2f}", flush=True)
        print(f"{'savefig, empty axes':24} {savefig_ms():8.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
