"""Every engine against the trainer of single runs, one run at a time."""

from __future__ import annotations

import importlib.util
import re
import warnings

import numpy as np
import pytest

import xorviz
from xorviz.errors import DivergedWarning, UsageError
from xorviz.learning.articles import ARTICLES, CONVERGENCE, INIT_SCALE
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed, Normal
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.learning.optimizers import Adam, GradientDescent, Momentum, RMSProp
from xorviz.problems import Problem
from xorviz.recordings.schedule import SnapshotSchedule
from xorviz.sweeps.engines import engine_for
from xorviz.sweeps.seeds import initial_parameters

CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
ENGINES = ("numba", "numpy")
HAS_NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="pip install 'xorviz[fast]' brings numba")
BOUNDS = ((-1.0, 2.0), (-1.0, 2.0))


def starts(experiment, n_runs):
    return initial_parameters(experiment, study_seed=1, point=0, block=0, n_runs=n_runs)


def shortened(experiment, n_steps, **changes):
    return experiment.replace(stopping=Stopping(n_steps=n_steps, **changes))


def table(outputs):
    """The truth table whose outputs at the corners are the bits of a number."""
    targets = [[outputs >> k & 1] for k in range(4)]
    return Problem(name=f"table {outputs}", inputs=CORNERS, targets=targets, bounds=BOUNDS)


def of(widths, activations, **changes):
    """An experiment of 60 steps from normal numbers of standard deviation 1.2."""
    network = {key: changes.pop(key) for key in ("biases", "relu_derivative") if key in changes}
    return Experiment(
        network=Network(widths=widths, activations=activations, **network),
        **{"initialisation": Normal(hidden_std=1.2, output_std=1.2), "stopping": Stopping(n_steps=60)} | changes,
    )


def alone(experiment, start):
    """Score, final loss and solved step of one run, from a recording with a snapshot at every step if it is short."""
    n_dense = min(1000, experiment.stopping.n_steps)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergedWarning)
        recording = xorviz.train(
            experiment.replace(initialisation=Fixed(parameters=tuple(start))),
            schedule=SnapshotSchedule(n_dense=n_dense, n_per_doubling=1),
        )
    if recording.diverged_at is not None:
        return np.nan, np.nan, -1
    return recording.loss.sum(), recording.final_loss, -1 if recording.solved_at is None else recording.solved_at


def assert_same(engine, experiment, parameters):
    result = engine_for(experiment, engine).run(experiment, parameters)
    assert (result.scores.dtype, result.final_losses.dtype, result.solved_steps.dtype) == ("f8", "f8", "i8")
    scores, final_losses, solved = np.transpose([alone(experiment, start) for start in parameters])
    np.testing.assert_allclose(result.scores, scores, rtol=1e-11)
    np.testing.assert_allclose(result.final_losses, final_losses, rtol=1e-9)
    if experiment.stopping.n_steps <= 1000:
        np.testing.assert_array_equal(result.solved_steps, solved)
    else:
        np.testing.assert_array_equal(result.solved_steps == -1, solved == -1)
    return result


MIXED = Problem(name="soft", inputs=CORNERS, targets=[[0.1], [0.9], [0.75], [0.0]], bounds=BOUNDS)
SIGNED = Problem(
    name="two outputs", inputs=[[-1, 0.5, 2], [0.3, 1, -1], [1, 1, 0]], targets=[[0, 1], [1, 1], [0, 0]], bounds=BOUNDS
)
MANY = Problem(
    name="many", inputs=np.random.RandomState(0).randn(23, 2), targets=np.arange(23)[:, None] % 2, bounds=BOUNDS
)
CLASSES = Problem(
    name="classes", inputs=[[0, 1], [1, 0], [1, 1], [0, 0]], targets=np.eye(3)[[0, 1, 2, 1]], task="multiclass"
)
NUMBERS = Problem(name="numbers", inputs=CORNERS, targets=[[0.3], [-1.2], [2.0], [0.0]], task="regression")
TWICE = Problem(name="twice", inputs=[[0, 0], [0, 1], [1, 1], [1, 1]], targets=[[0], [1], [1], [0]], bounds=BOUNDS)
ENTROPY = {"loss": Loss(kind="cross_entropy")}
EXPERIMENTS = {
    **{name: shortened(experiment, 90) for name, experiment in ARTICLES.items()},
    **{f"table {k}": of((2, 2, 1), ("sigmoid", "sigmoid"), problem=table(k), **ENTROPY) for k in range(16)},
    "16 wide": of((2, 16, 1), ("tanh", "sigmoid"), **ENTROPY),
    "three layers": of((2, 5, 3, 1), ("tanh", "relu", "linear"), optimizer=GradientDescent(learning_rate=0.01)),
    "one layer": of((2, 1), ("sigmoid",), **ENTROPY),
    "no biases": of((2, 3, 1), ("sigmoid", "sigmoid"), biases=False, update_order="output_first"),
    "two outputs": of((3, 4, 2), ("tanh", "sigmoid"), problem=SIGNED, bias_gradient="layer_sum", **ENTROPY),
    "soft targets": of((2, 3, 1), ("sigmoid", "sigmoid"), problem=MIXED, **ENTROPY),
    "many points": of((2, 3, 1), ("sigmoid", "sigmoid"), problem=MANY, **ENTROPY),
    "classes": of(
        (2, 4, 3),
        ("tanh", "softmax"),
        problem=CLASSES,
        loss=Loss(kind="categorical_cross_entropy"),
        optimizer=GradientDescent(learning_rate=0.8),
    ),
    "softmax, squared": of((2, 4, 3), ("tanh", "softmax"), problem=CLASSES, update_order="output_first"),
    "regression": of((2, 4, 1), ("tanh", "linear"), problem=NUMBERS),
    "mean, sum": of((2, 3, 1), ("tanh", "linear"), loss=Loss(reduction="mean", reported="sum")),
    "layer sum": of((2, 3, 1), ("sigmoid", "sigmoid"), bias_gradient="layer_sum", update_order="output_first"),
    "momentum": of((2, 3, 1), ("tanh", "sigmoid"), optimizer=Momentum(), update_order="output_first"),
    "RMSProp": of((2, 3, 1), ("tanh", "sigmoid"), optimizer=RMSProp(), **ENTROPY),
    "Adam": of((2, 3, 1), ("sigmoid", "linear"), optimizer=Adam(learning_rate=0.03)),
    "Adam online": of((2, 3, 1), ("sigmoid", "linear"), optimizer=Adam(learning_rate=0.03), batch=(0, 3, 1)),
    "stopped": of((2, 2, 1), ("sigmoid", "sigmoid"), stopping=Stopping(n_steps=60, loss_below=0.45), **ENTROPY),
    "stopped early": of((2, 3, 1), ("sigmoid", "linear"), stopping=Stopping(n_steps=60, loss_below=0.16)),
}


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_numpy_agrees_with_the_trainer_on_every_kind_of_experiment(experiment):
    assert_same("numpy", experiment, starts(experiment, 7))


@pytest.mark.parametrize("engine", [pytest.param("numba", marks=needs_numba), "numpy"])
def test_whole_runs_over_the_whole_range_of_deviations(engine):
    experiments = [
        INIT_SCALE.replace(initialisation=Normal(hidden_std=float(std), output_std=0.8165))
        for std in np.exp(np.linspace(-3, 4, 6))
    ]
    result = assert_same(engine, INIT_SCALE, np.concatenate([starts(experiment, 1) for experiment in experiments]))
    assert -1 in result.solved_steps and result.solved_steps.max() > 0


COMPILED = {
    **{f"table {k}": of((2, 2, 1), ("sigmoid", "sigmoid"), problem=table(k), **ENTROPY) for k in range(16)},
    "textbook": INIT_SCALE.textbook(),
    "16 wide": of((2, 16, 1), ("sigmoid", "sigmoid"), **ENTROPY),
    "one unit": of((2, 1, 1), ("sigmoid", "sigmoid"), **ENTROPY),
    "mean, sum": of(
        (2, 3, 1), ("sigmoid", "sigmoid"), loss=Loss(kind="cross_entropy", reduction="mean", reported="sum")
    ),
    "other order": of(
        (2, 3, 1),
        ("sigmoid", "sigmoid"),
        update_order="output_first",
        **ENTROPY,
        problem=Problem(name="", inputs=[[1, 1], [0, 1], [0, 0], [1, 0]], targets=[[1], [0], [0], [0]], bounds=BOUNDS),
    ),
    "long strides": of((2, 2, 1), ("sigmoid", "sigmoid"), optimizer=GradientDescent(learning_rate=8.0), **ENTROPY),
    "far out": of((2, 2, 1), ("sigmoid", "sigmoid"), initialisation=Normal(hidden_std=90.0, output_std=9.0), **ENTROPY),
}


@needs_numba
@pytest.mark.parametrize("experiment", COMPILED.values(), ids=COMPILED)
def test_numba_agrees_with_the_trainer(experiment):
    experiment = shortened(experiment, 61)
    assert_same("numba", experiment, starts(experiment, 7))


@needs_numba
def test_numba_agrees_with_numpy_on_many_runs_of_every_deviation():
    experiments = [
        INIT_SCALE.replace(initialisation=Normal(hidden_std=float(std))) for std in np.exp(np.linspace(-3, 4))
    ]
    parameters = np.concatenate([starts(experiment, 7) for experiment in experiments])
    experiment = shortened(INIT_SCALE, 2000)
    numba, numpy = (engine_for(experiment, name).run(experiment, parameters) for name in ENGINES)
    np.testing.assert_allclose(numba.scores, numpy.scores, rtol=1e-11)
    np.testing.assert_allclose(numba.final_losses, numpy.final_losses, rtol=1e-11)
    np.testing.assert_array_equal(numba.solved_steps, numpy.solved_steps)


@needs_numba
@pytest.mark.parametrize(
    ("experiment", "reason"),
    [
        (of((3, 4, 1), ("sigmoid", "sigmoid"), problem=Problem(name="", inputs=[[0, 0, 1]], targets=[[1]])),
         "the four corners of the unit square with one output of 0 or 1"),
        (of((2, 3, 1), ("sigmoid", "sigmoid"), problem=MIXED, **ENTROPY),
         "the four corners of the unit square with one output of 0 or 1"),
        (of((2, 3, 1), ("sigmoid", "sigmoid"), problem=TWICE, **ENTROPY),
         "the four corners of the unit square with one output of 0 or 1"),
        (of((2, 17, 1), ("sigmoid", "sigmoid"), **ENTROPY), "one hidden layer of at most 16 units"),
        (of((2, 2, 2, 1), ("sigmoid", "sigmoid", "sigmoid"), **ENTROPY), "one hidden layer of at most 16 units"),
        (of((2, 2, 1), ("tanh", "sigmoid"), **ENTROPY), "sigmoids"),
        (of((2, 2, 1), ("sigmoid", "sigmoid"), biases=False, **ENTROPY), "biases, each with its own gradient"),
        (of((2, 2, 1), ("sigmoid", "sigmoid"), bias_gradient="layer_sum", **ENTROPY),
         "biases, each with its own gradient"),
        (of((2, 2, 1), ("sigmoid", "sigmoid")), "cross-entropy"),
        (of((2, 2, 1), ("sigmoid", "sigmoid"), optimizer=Momentum(), **ENTROPY), "gradient descent"),
        (of((2, 2, 1), ("sigmoid", "sigmoid"), batch=(0, 1), **ENTROPY), "all points in every update"),
        (of((2, 2, 1), ("sigmoid", "sigmoid"), stopping=Stopping(loss_below=0.1), **ENTROPY),
         "no stopping rule on the loss"),
    ],
)  # fmt: skip
def test_what_numba_cannot_train_it_refuses_and_numpy_trains(experiment, reason):
    message = f"engine must be one that can train experiment; got 'numba', which needs {reason}."
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        engine_for(experiment, "numba")
    assert engine_for(experiment).name == "numpy"


@needs_numba
def test_the_fastest_engine_is_taken():
    assert engine_for(INIT_SCALE).name == "numba"


def test_without_numba_there_is_numpy(monkeypatch):
    monkeypatch.setattr("xorviz.sweeps.engines.numba_engine.find_spec", lambda name: None)
    assert engine_for(INIT_SCALE).name == "numpy"
    message = (
        "engine must be one that can train init-scale; got 'numba', which is not installed: "
        "pip install 'xorviz[fast]' brings it."
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        engine_for(INIT_SCALE, "numba")


def test_a_run_that_diverges_leaves_the_others_alone():
    experiment = shortened(of((2, 3, 1), ("tanh", "linear"), optimizer=GradientDescent(learning_rate=0.3)), 400)
    result = assert_same("numpy", experiment, starts(experiment, 20)[[0, 1, 7, 14, 3]])
    assert 0 < np.isnan(result.scores).sum() < 5


def test_a_run_does_not_depend_on_how_many_there_are():
    experiment = shortened(INIT_SCALE, 30)
    parameters = starts(experiment, 9000)
    whole = engine_for(experiment, "numpy").run(experiment, parameters)
    part = engine_for(experiment, "numpy").run(experiment, parameters[4321:4323])
    for name in ("scores", "final_losses", "solved_steps"):
        np.testing.assert_allclose(getattr(whole, name)[4321:4323], getattr(part, name), rtol=1e-13)


def test_runs_of_a_large_experiment_are_cut_into_small_tiles():
    inputs = np.random.RandomState(1).randn(3000, 2)
    problem = Problem(name="large", inputs=inputs, targets=inputs[:, :1] > 0, bounds=BOUNDS)
    experiment = of((2, 8, 1), ("tanh", "sigmoid"), problem=problem, stopping=Stopping(n_steps=3), **ENTROPY)
    parameters = starts(experiment, 40)
    whole = engine_for(experiment).run(experiment, parameters)
    assert whole.scores[35] == pytest.approx(alone(experiment, parameters[35])[0], rel=1e-11)


def test_the_stopping_rule_ends_the_sweep_and_not_only_the_counting():
    experiment = CONVERGENCE.replace(stopping=Stopping(n_steps=10**9, loss_below=0.2))
    result = engine_for(experiment, "numpy").run(experiment, starts(experiment, 3))
    assert (result.final_losses < 0.2).all()


@pytest.mark.parametrize(
    ("shape", "given"), [((9,), "(9,)"), ((2, 8), "(2, 8)"), ((0, 9), "(0, 9)")], ids=["one", "short", "none"]
)
def test_parameters_of_another_shape(shape, given):
    message = f"parameters must have shape (n_runs, 9); got {given}."
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        engine_for(INIT_SCALE).run(INIT_SCALE, np.zeros(shape))


def test_an_unknown_engine():
    message = f"engine must be one of auto, {', '.join(ENGINES)}; got 'nunpy'. Did you mean 'numpy'?"
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        engine_for(INIT_SCALE, "nunpy")
