"""What a recorder costs a PyTorch training loop: the same loop with and without it, in turns.

Two networks on two moons, full batches, one thread: 3×256 hidden units and 2–2–1. What recording adds is told twice,
the median over rounds, snapshots and closing the file included: the time inside the recorder's calls, which is exact to
a few percent; and the CPU time of a run with it less that of one without, which has in it what the calls do to caches,
and all the noise of two runs.

    python -m benchmarks.recorders [--rounds 1] [--steps 10000 100000]

Twelve minutes. Snapshots become rarer as a run goes on, so what they cost a step depends on its length.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import product
from pathlib import Path
from statistics import median

import torch

import xorviz
from benchmarks.measuring import machine
from xorviz.problems import moons

HIDDEN = {"3×256": (256, 256, 256), "2–2–1": (2,)}


def network(hidden):
    """Linear layers with tanh between, one logit."""
    torch.manual_seed(0)
    layers, width = [], 2
    for units in hidden:
        layers += [torch.nn.Linear(width, units), torch.nn.Tanh()]
        width = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, 1))


def run(hidden, n_steps, path):
    """CPU seconds of a run, recorded if there is a path; seconds in the recorder's calls; how many snapshots."""
    problem = moons(256)
    x, y = torch.tensor(problem.inputs).float(), torch.tensor(problem.targets).float()
    net = network(hidden)
    optimizer, loss_of = torch.optim.SGD(net.parameters(), lr=0.1), torch.nn.BCEWithLogitsLoss()
    inside_s, start_s = 0.0, time.process_time()
    recorder = None if path is None else xorviz.record(path, net, x, y, strict=True, force=True)
    for _ in range(n_steps):
        optimizer.zero_grad()
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        if recorder is not None:
            begin_s = time.perf_counter()
            recorder.step(loss=loss)
            inside_s += time.perf_counter() - begin_s
    begin_s = time.perf_counter()
    recording = None if recorder is None else recorder.close()
    inside_s += time.perf_counter() - begin_s
    return time.process_time() - start_s, inside_s, 0 if recording is None else recording.n_snapshots


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--steps", type=int, nargs="+", default=[10_000, 100_000])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        for n_steps, (name, hidden) in product(arguments.steps, HIDDEN.items()):
            rounds = []
            for _ in range(arguments.rounds):
                alone_s, _, _ = run(hidden, n_steps, None)
                recorded_s, inside_s, n_snapshots = run(hidden, n_steps, Path(folder, "run.xorviz"))
                rounds.append((alone_s, inside_s, recorded_s - alone_s))
            alone_us, inside_us, more_us = (1e6 * median(column) / n_steps for column in zip(*rounds, strict=True))
            print(
                f"{name:>6}, {n_steps:,} steps: {alone_us:8.1f} µs a step; recording {inside_us:6.1f} µs inside its "
                f"calls, {inside_us / alone_us:.2%}, {more_us:6.1f} µs run against run; {n_snapshots} snapshots",
                flush=True,
            )


if __name__ == "__main__":
    main()
