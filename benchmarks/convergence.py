"""Train `convergence` as its article would, in plain NumPy, and as xorviz does, alternating in one process.

Both make all of its 390,111 steps and keep the loss of every one; xorviz records snapshots besides. A third
run is xorviz without recording, to tell what that adds. CPU times: other work on the machine matters little.

    python -m benchmarks.convergence [n_rounds]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np

import xorviz
from xorviz.learning.articles import CONVERGENCE
from xorviz.learning.workspace import Workspace


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def plain_numpy() -> tuple[int, np.ndarray]:
    """The article's loop as one writes it: parameters in a dict, fresh arrays, a list of losses."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    np.random.seed(42)
    p = {
        "W1": np.random.rand(2, 2),
        "b1": np.random.rand(2),
        "W2": np.random.rand(2, 1),
        "b2": np.random.rand(1),
    }
    lr, tolerance, losses = 0.02, 1e-4, []
    while True:
        a1 = sigmoid(X @ p["W1"] + p["b1"])
        out = sigmoid(a1 @ p["W2"] + p["b2"])
        loss = np.mean(0.5 * (out - y) ** 2)
        if loss < tolerance:
            return len(losses), out.ravel()
        losses.append(loss)
        delta2 = (out - y) * out * (1 - out)
        delta1 = (delta2 @ p["W2"].T) * a1 * (1 - a1)
        gradients = {
            "W1": X.T @ delta1,
            "b1": np.sum(delta1),
            "W2": a1.T @ delta2,
            "b2": np.sum(delta2),
        }
        for name, gradient in gradients.items():
            p[name] = p[name] - lr * gradient


def recorded() -> tuple[int, np.ndarray]:
    recording = xorviz.train(CONVERGENCE)
    return recording.n_steps, recording.outputs(recording.inputs).ravel()


def not_recorded() -> tuple[int, np.ndarray]:
    """What `train` does to make the same steps, without the snapshots."""
    parameters = CONVERGENCE.initialisation.draw(CONVERGENCE.network, seed=CONVERGENCE.seed)
    workspace, losses = Workspace(CONVERGENCE, parameters), []
    while True:
        workspace.save()
        block = workspace.advance(workspace.block_steps)
        below = block < CONVERGENCE.stopping.loss_below
        if below.any():
            workspace.restore()
            losses.append(workspace.advance(int(below.argmax())))
            outputs = CONVERGENCE.network.forward(workspace.parameters, CONVERGENCE.problem.inputs)
            return workspace.step, outputs.ravel()
        losses.append(block)


def cpu_s(run: Callable[[], tuple[int, np.ndarray]]) -> tuple[float, int, np.ndarray]:
    start = time.process_time()
    n_steps, outputs = run()
    return time.process_time() - start, n_steps, outputs


def main(n_rounds: int) -> None:
    runs = {"plain NumPy": plain_numpy, "xorviz": recorded, "xorviz, not recorded": not_recorded}
    times: dict[str, list[float]] = {name: [] for name in runs}
    print(f"{'':20s} {'CPU s':>7s} {'steps':>8s} {'µs/step':>8s}  outputs at the stop")
    for _ in range(n_rounds):
        for name, run in runs.items():
            seconds, n_steps, outputs = cpu_s(run)
            times[name].append(seconds)
            printed = " ".join(f"{value:.8f}" for value in outputs)
            print(f"{name:20s} {seconds:7.2f} {n_steps:8d} {1e6 * seconds / n_steps:8.2f}  {printed}")
    plain, ours, bare = (median(times[name]) for name in runs)
    print(f"xorviz takes {ours / plain:.3f} of the time of plain NumPy (medians of {n_rounds})")
    print(f"recording adds {100 * (ours / bare - 1):.1f} % to the steps alone")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
