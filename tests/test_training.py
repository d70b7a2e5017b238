"""train: what is recorded, when it stops, what happens when it goes wrong."""

from __future__ import annotations

import re

import numpy as np
import pytest

import xorviz
from xorviz import training
from xorviz.errors import DivergedWarning, UsageError
from xorviz.learning.articles import BACKPROP, CONVERGENCE
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.learning.workspace import Workspace
from xorviz.recordings.schedule import SnapshotSchedule
from xorviz.training import train

SPARSE = SnapshotSchedule(n_dense=4, n_per_doubling=1)


def test_every_step_has_a_loss_and_every_snapshot_its_state():
    recording = train("backprop", schedule=SPARSE)
    np.testing.assert_array_equal(recording.steps, [0, 1, 2, 3, 4, 8, 16, 32, 64, 128, 140])
    assert recording.loss.shape == (140,)
    experiment, network = BACKPROP, BACKPROP.network
    parameters = experiment.initialisation.draw(network, seed=0)
    X, Y = experiment.problem.inputs, experiment.problem.targets
    seen = 0
    for step in range(141):
        loss, gradient = network.gradient(parameters, X, Y, experiment.loss)
        if step < 140:
            assert recording.loss[step] == pytest.approx(loss, rel=1e-12)
        if step in recording.steps:
            assert recording.snapshot_losses[seen] == pytest.approx(loss, rel=1e-12)
            for name in network.shapes:
                expected = network.views(parameters)[name], network.views(gradient)[name]
                np.testing.assert_allclose(recording.parameters[name][seen], expected[0], rtol=1e-11)
                np.testing.assert_allclose(recording.gradients[name][seen], expected[1], rtol=1e-11, atol=1e-14)
            seen += 1
        parameters = parameters - gradient
    assert seen == len(recording.steps)


def test_the_header_tells_the_run():
    recording = train("backprop", seed=3, schedule=SPARSE)
    assert recording.title == "XOR"
    assert recording.description == "2–2–1 sigmoid, cross-entropy, gradient descent"
    assert recording.seed == 3
    assert recording.bounds == ((-0.35, 1.35), (-0.35, 1.35))
    np.testing.assert_array_equal(recording.inputs, BACKPROP.problem.inputs)
    assert Experiment.from_builtins(recording.experiment) == BACKPROP.replace(seed=3)
    assert recording.complete


def test_a_seed_changes_the_start():
    default, other = (train("backprop", seed=seed, schedule=SPARSE) for seed in (None, 1))
    start = BACKPROP.initialisation.draw(BACKPROP.network, seed=1)
    np.testing.assert_array_equal(BACKPROP.network.views(start)["W1"], other.parameters["W1"][0])
    assert (default.parameters["W1"][0] != other.parameters["W1"][0]).any()


def test_seed_0_is_a_seed():
    experiment = CONVERGENCE.replace(stopping=Stopping(n_steps=1))
    assert train(experiment).seed == 42
    assert train(experiment, seed=0).seed == 0


def test_the_schedule_changes_no_number():
    dense, sparse = train("backprop"), train("backprop", schedule=SPARSE)
    np.testing.assert_array_equal(dense.loss, sparse.loss)
    np.testing.assert_array_equal(dense.snapshot_losses[sparse.steps], sparse.snapshot_losses)
    np.testing.assert_array_equal(dense.parameters["W2"][-1], sparse.parameters["W2"][-1])


@pytest.mark.parametrize("loss_below", [2.9, 2.0, 1.0, 0.16])
@pytest.mark.parametrize("schedule", [SnapshotSchedule(), SPARSE])
def test_it_stops_before_the_first_update_from_below(loss_below, schedule):
    whole = train("backprop").loss
    stopping = Stopping(n_steps=140, loss_below=loss_below)
    recording = train(BACKPROP.replace(stopping=stopping), schedule=schedule)
    n_steps = int((whole < loss_below).argmax())
    assert recording.n_steps == recording.steps[-1] == n_steps
    np.testing.assert_array_equal(recording.loss, whole[:n_steps])
    assert recording.snapshot_losses[-1] == whole[n_steps]


def test_a_loss_rounded_otherwise_at_its_snapshot_still_stops_there(monkeypatch):
    whole = train("backprop").loss
    experiment = BACKPROP.replace(stopping=Stopping(n_steps=140, loss_below=np.nextafter(whole[60], 9.0)))
    measure = Workspace.measure
    monkeypatch.setattr(Workspace, "measure", lambda self: measure(self) * (1 + 1e-15))
    recording = train(experiment)
    assert recording.n_steps == recording.steps[-1] == 60


def test_the_number_of_steps_always_bounds():
    stopping = Stopping(n_steps=17, loss_below=1e-9)
    assert train(BACKPROP.replace(stopping=stopping)).n_steps == 17


def test_a_run_that_has_nothing_to_do_has_one_snapshot():
    recording = train(BACKPROP.replace(stopping=Stopping(n_steps=140, loss_below=100.0)))
    np.testing.assert_array_equal(recording.steps, [0])
    assert recording.loss.shape == (0,)
    assert recording.snapshot_losses[0] == pytest.approx(2.9991464995409807)


@pytest.mark.parametrize("schedule", [SnapshotSchedule(), SPARSE])
def test_a_diverging_run_ends_at_its_first_loss_that_is_not_finite(schedule):
    experiment = Experiment(
        network=Network(widths=(2, 2, 1), activations=("linear", "linear")),
        optimizer=GradientDescent(learning_rate=3.0),
    )
    with pytest.warns(DivergedWarning) as caught:
        recording = train(experiment, schedule=schedule)
    step = recording.n_steps
    assert 0 < step < 20
    assert np.isfinite(recording.loss).all()
    assert not np.isfinite(recording.snapshot_losses[-1])
    assert recording.steps[-1] == step
    loss = recording.snapshot_losses[-1]
    assert str(caught[0].message) == (
        f"training diverged at step {step}: its loss is {loss} and the run ends there. "
        "Lower the learning rate or choose another seed."
    )
    assert caught[0].filename == __file__


def test_progress_is_told_in_order_and_at_the_end(monkeypatch):
    monkeypatch.setattr(training, "_PROGRESS_INTERVAL_S", 0.0)
    calls = []
    experiment = CONVERGENCE.replace(stopping=Stopping(n_steps=2000))
    recording = train(experiment, schedule=SPARSE, progress=lambda *call: calls.append(call))
    steps = [step for step, _, _ in calls]
    assert steps == sorted(steps)
    # Blocks of 256 steps at most, cut at snapshots: 1 2 3 4 8 … 256 512 768 1024 1280 … 2000, and the end.
    assert steps == [1, 2, 3, 4, 8, 16, 32, 64, 128, 256, 512, 768, 1024, 1280, 1536, 1792, 2000, 2000]
    assert {n_steps for _, n_steps, _ in calls} == {2000}
    assert calls[3][2] == recording.loss[3]
    assert calls[-1][2] == recording.snapshot_losses[-1]


def test_progress_is_rare(monkeypatch):
    now = iter(np.arange(0.0, 1000.0, 0.01))
    monkeypatch.setattr(training.time, "monotonic", lambda: next(now))
    calls = []
    train("backprop", progress=lambda *call: calls.append(call))
    # The clock is read once per step here, and once more per call: 140 readings 0.01 s apart, 0.05 s a call.
    assert 20 <= len(calls) <= 40


def test_an_interrupted_run_keeps_what_it_recorded(tmp_path, monkeypatch):
    advance = Workspace.advance

    def interrupted(self, n_steps):
        if self.step >= 40:
            raise KeyboardInterrupt
        return advance(self, n_steps)

    monkeypatch.setattr(Workspace, "advance", interrupted)
    out = tmp_path / "run.xorviz"
    with pytest.raises(KeyboardInterrupt):
        train("backprop", out=out)
    monkeypatch.undo()
    recording = xorviz.load(out)
    assert not recording.complete
    assert recording.n_steps == 40
    np.testing.assert_array_equal(recording.loss, train("backprop").loss[:40])


def test_a_file_holds_what_memory_holds(tmp_path):
    out = tmp_path / "run.xorviz"
    written, kept = train("backprop", out=out), train("backprop")
    np.testing.assert_array_equal(xorviz.load(out).loss, kept.loss)
    np.testing.assert_array_equal(written.parameters["W1"], kept.parameters["W1"])
    assert [path.name for path in tmp_path.iterdir()] == ["run.xorviz"]
    with pytest.raises(UsageError):
        train("backprop", out=out)
    train("backprop", out=out, seed=1, force=True)
    assert xorviz.load(out).seed == 1


@pytest.mark.parametrize("name", ["relu", "backprop", "init-scale", "online"])
def test_a_recording_verifies(name):
    experiment = xorviz.learning.articles.article(name)
    short = experiment.replace(stopping=Stopping(n_steps=300))
    assert train(short).verify().ok


def test_what_is_refused():
    message = "seed must be from 0 to 2**32 - 1; got -1."
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        train("backprop", seed=-1)
    message = "article must be one of relu, backprop, convergence, init-scale, online; got 'rely'. Did you mean 'relu'?"
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        train("rely")
