"""What a recorder costs a PyTorch training loop: the same loop with and without it, in turns.

Two networks on two moons, full batches, one thread: 3×256 hidden units and 2–2–1. A step's cost is the median over
rounds of a whole run's CPU time divided by its steps, snapshots and closing the file included.

    python -m benchmarks.recorders [--rounds 5] [--steps 10000]
"""

from __future__ import annotations

import argparse
import tempfile
import time
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
    """CPU seconds of a run, recorded if there is a path; and how many snapshots that took."""
    problem = moons(256)
    x, y = torch.tensor(problem.inputs).float(), torch.tensor(problem.targets).float()
    net = network(hidden)
    optimizer, loss_of = torch.optim.SGD(net.parameters(), lr=0.1), torch.nn.BCEWithLogitsLoss()
    start_s = time.process_time()
    recorder = None if path is None else xorviz.record(path, net, x, y, strict=True, force=True)
    for _ in range(n_steps):
        optimizer.zero_grad()
        loss = loss_of(net(x), y)
        loss.backward()
        optimizer.step()
        if recorder is not None:
            recorder.step(loss=loss)
    recording = None if recorder is None else recorder.close()
    return time.process_time() - start_s, 0 if recording is None else recording.n_snapshots


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10_000)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        for name, hidden in HIDDEN.items():
            pairs = []
            for _ in range(arguments.rounds):
                alone_s, _ = run(hidden, arguments.steps, None)
                recorded_s, n_snapshots = run(hidden, arguments.steps, Path(folder, "run.xorviz"))
                pairs.append((alone_s, recorded_s - alone_s, recorded_s / alone_s - 1))
            alone_us, extra_us = (
                1e6 * median(column) / arguments.steps for column in list(zip(*pairs, strict=True))[:2]
            )
            share = median(pair[2] for pair in pairs)
            print(
                f"{name:>6}: {alone_us:8.1f} µs a step, recording adds {extra_us:6.1f} µs, {share:+.2%}; "
                f"{n_snapshots} snapshots in {arguments.steps:,} steps"
            )


if __name__ == "__main__":
    main()
