"""Train runs of the `init-scale` study by each engine and by the article's own loop, in turns, and compare totals.

All train the same networks, spread over the article's 400 hidden deviations, from the same starts, in float64 and on
one core; CPU times, so that other work on the machine matters less. Steps cost the same from first to last, so speed is
taken from a part of a run's 10,000 steps and given for all. Compiling, once a machine, is not counted but shown.

    python -m benchmarks.sweeps [--rounds 5] [--steps 2000] [--starts 1000]
"""

from __future__ import annotations

import argparse
import time
from statistics import median

import numpy as np

import xorviz
from benchmarks.measuring import machine
from xorviz.learning.articles import INIT_SCALE
from xorviz.learning.experiment import Stopping
from xorviz.learning.initialisations import Fixed, Normal
from xorviz.learning.workspace import Workspace
from xorviz.sweeps.engines.numba_engine import NumbaEngine
from xorviz.sweeps.engines.numpy_engine import NumpyEngine
from xorviz.sweeps.seeds import initial_parameters

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = np.array([0.0, 1.0, 1.0, 0.0])
N_STEPS = 10_000
TARGETS = {"numpy": 400, "numba": 2_500}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def article(start, n_epochs, learning_rate=0.1):
    """One run as the article writes it: one network, fresh arrays at every epoch, W2 and b2 moved first."""
    W1, b1, W2, b2 = start[:4].reshape(2, 2), start[4:6], start[6:8], start[8]
    total_loss = 0.0
    for _ in range(n_epochs):
        hidden = sigmoid(np.dot(X, W1) + b1)
        output = sigmoid(np.dot(hidden, W2) + b2)
        clipped = np.clip(output, 1e-15, 1 - 1e-15)
        total_loss += -np.mean(y * np.log(clipped) + (1 - y) * np.log(1 - clipped))
        error = output - y
        W2 = W2 - learning_rate * np.dot(hidden.T, error)
        b2 = b2 - learning_rate * np.sum(error)
        hidden_error = np.outer(error, W2) * hidden * (1 - hidden)
        W1 = W1 - learning_rate * np.dot(X.T, hidden_error)
        b1 = b1 - learning_rate * np.sum(hidden_error, axis=0)
    return total_loss


def starts(n_runs):
    """Starts spread over the article's grid."""
    deviations = np.exp(np.linspace(-3, 4, 400))
    found = []
    for run in range(n_runs):
        point, block = run % 400, run // 400
        initialisation = Normal(hidden_std=float(deviations[point]), output_std=0.8165)
        experiment = INIT_SCALE.replace(initialisation=initialisation)
        found.append(initial_parameters(experiment, study_seed=0, point=point, block=block, n_runs=1))
    return np.concatenate(found)


def cpu_s(work):
    begin = time.process_time()
    work()
    return time.process_time() - begin


def speeds(engines, n_steps, n_rounds):
    """CPU seconds a run of 10,000 steps, by name; each round of all, one after the other."""
    part = INIT_SCALE.replace(stopping=Stopping(n_steps=n_steps))
    parameters = {engine.name: starts(engine.runs_at_once) for engine in engines}
    one = starts(301)[300]
    rounds = {"article": [], **{engine.name: [] for engine in engines}}
    for _ in range(n_rounds):
        rounds["article"].append(cpu_s(lambda: article(one, n_steps)) * N_STEPS / n_steps)
        for engine in engines:
            runs = parameters[engine.name]
            seconds = cpu_s(lambda engine=engine, runs=runs: engine.run(part, runs))
            rounds[engine.name].append(seconds * N_STEPS / n_steps / len(runs))
    return rounds


def print_speeds(rounds):
    print(f"{'engine':10}{'µs a run':>12}{'runs/s a core':>15}{'× article':>11}{'4,000,000 on two cores':>25}  target")
    for name, seconds in rounds.items():
        ratio = median(a / b for a, b in zip(rounds["article"], seconds, strict=True))
        one = median(seconds)
        wanted = TARGETS.get(name)
        verdict = f"≥ {wanted:,}: {'kept' if ratio >= wanted else 'MISSED'}" if wanted else ""
        both = 4e6 * one / 2
        length = f"{both / 86_400:.1f} days" if both > 86_400 else f"{both / 60:.1f} min"
        print(f"{name:10}{1e6 * one:12,.0f}{1 / one:15,.1f}{ratio:11,.0f}{length:>25}  {verdict}")


def trained(experiment, parameters):
    """Totals by what `train` is made of, all runs in one workspace."""
    workspace, total = Workspace(experiment, parameters), np.zeros(len(parameters))
    while workspace.step < experiment.stopping.n_steps:
        losses = workspace.advance(min(workspace.block_steps, experiment.stopping.n_steps - workspace.step))
        total += losses.sum(axis=0)
    return total


def print_agreement(engines, n_starts, n_steps):
    experiment = INIT_SCALE.replace(stopping=Stopping(n_steps=n_steps))
    parameters = starts(n_starts)
    reference, few = trained(experiment, parameters), np.linspace(0, n_starts - 1, min(4, n_starts)).astype(int)
    found = {engine.name: engine.run(experiment, parameters).scores for engine in engines}
    for index in few:
        start = experiment.replace(initialisation=Fixed(parameters=tuple(parameters[index])))
        found.setdefault("train, one at a time", np.full(n_starts, np.nan))[index] = xorviz.train(start).loss.sum()
        found.setdefault("article", np.full(n_starts, np.nan))[index] = article(parameters[index], n_steps)
    heading = f"|total loss / the trainer's - 1| over {n_steps:,} steps"
    print(f"\n{heading:52}{'median':>10}{'99 %':>10}{'largest':>10}{'runs':>8}")
    for name, totals in found.items():
        errors = np.abs(totals / reference - 1)
        errors = errors[np.isfinite(errors)]
        at = np.quantile(errors, (0.5, 0.99, 1.0))
        print(f"  {name:50}" + "".join(f"{value:10.1e}" for value in at) + f"{len(errors):8,}")


def main(words=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweeps", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=2000, help="of a run, for its speed")
    parser.add_argument("--starts", type=int, default=1000, help="compared with the trainer's")
    parser.add_argument("--whole", type=int, default=N_STEPS, help="steps of the runs that are compared")
    arguments = parser.parse_args(words)
    engines = [engine for engine in (NumpyEngine(), NumbaEngine()) if not engine.supports(INIT_SCALE)]
    print(machine())
    for engine in engines:
        first = cpu_s(lambda engine=engine: engine.run(INIT_SCALE.replace(stopping=Stopping(n_steps=1)), starts(1)))
        print(f"{engine.name}: first run on this start of Python {first:.1f} s")
    print_speeds(speeds(engines, arguments.steps, arguments.rounds))
    print_agreement(engines, arguments.starts, arguments.whole)


if __name__ == "__main__":
    main()
