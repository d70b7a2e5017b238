"""The workspace against plain loops: every option, one run and many."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from xorviz.learning.articles import ARTICLES, BACKPROP, CONVERGENCE, INIT_SCALE, ONLINE, RELU
from xorviz.learning.experiment import Experiment
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.learning.optimizers import Adam, GradientDescent, Momentum, RMSProp
from xorviz.learning.workspace import Workspace
from xorviz.problems import xor

X, Y = xor().inputs, xor().targets
OPTIMIZERS = (GradientDescent(learning_rate=0.3), Momentum(), RMSProp(), Adam())


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def started(experiment, seed=0):
    return experiment.initialisation.draw(experiment.network, seed=seed)


def advanced(experiment, parameters, n_steps):
    """Workspace and losses after some steps."""
    workspace, losses = Workspace(experiment, parameters), []
    while workspace.step < n_steps:
        losses.append(workspace.advance(min(workspace.block_steps, n_steps - workspace.step)))
    return workspace, np.concatenate(losses)


def plain_steps(experiment, parameters, n_steps):
    """Textbook steps by `Network.gradient`, each on the points of the batch."""
    parameters, losses = parameters.copy(), []
    gradient = np.empty_like(parameters)
    update = experiment.optimizer.bind(parameters, gradient)
    for step in range(n_steps):
        everything = experiment.network.gradient(parameters, X, Y, experiment.loss)
        losses.append(everything[0])
        if experiment.batch == "full":
            gradient[...] = everything[1]
        else:
            point = [experiment.batch[step % len(experiment.batch)]]
            _, gradient[...] = experiment.network.gradient(parameters, X[point], Y[point], experiment.loss)
        update()
    return parameters, np.array(losses)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.describe())
@pytest.mark.parametrize("batch", ["full", (0, 2, 1, 3), (3,), (0, 0, 1)], ids=str)
@pytest.mark.parametrize(("kind", "reduction"), list(product(("squared", "cross_entropy"), ("sum", "mean"))))
def test_textbook_steps(optimizer, batch, kind, reduction):
    for widths, biases in product(((2, 1), (2, 3, 1), (2, 3, 2, 1)), (True, False)):
        names = ("tanh", "sigmoid", "sigmoid")[-(len(widths) - 1) :]
        experiment = Experiment(
            network=Network(widths=widths, activations=names, biases=biases),
            loss=Loss(kind=kind, reduction=reduction),
            optimizer=optimizer,
            batch=batch,
        )
        workspace, losses = advanced(experiment, started(experiment), 25)
        parameters, expected = plain_steps(experiment, started(experiment), 25)
        np.testing.assert_allclose(losses, expected, rtol=1e-12)
        np.testing.assert_allclose(workspace.parameters, parameters, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("activations", list(product(("sigmoid", "tanh", "relu", "linear"), repeat=2)))
@pytest.mark.parametrize("relu_derivative", ["textbook", "times_z"])
def test_measured_gradient_is_the_networks(activations, relu_derivative):
    network = Network(widths=(2, 3, 1), activations=activations, relu_derivative=relu_derivative)
    experiment = Experiment(network=network, batch=(1, 2))
    parameters = np.random.default_rng(0).normal(size=(5, 13))
    workspace = Workspace(experiment, parameters)
    loss, gradient = network.gradient(parameters, X, Y, experiment.loss)
    np.testing.assert_allclose(workspace.measure(), loss, rtol=1e-13)
    np.testing.assert_allclose(workspace.gradient, gradient, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(workspace.parameters, parameters)


def test_layer_sum_moves_the_biases_of_a_layer_together():
    p = CONVERGENCE.network.views(started(CONVERGENCE, 42).copy())
    for _ in range(30):
        a1 = sigmoid(X @ p["W1"] + p["b1"])
        out = sigmoid(a1 @ p["W2"] + p["b2"])
        delta2 = (out - Y) * out * (1 - out)
        delta1 = delta2 @ p["W2"].T * a1 * (1 - a1)
        gradient = {"W1": X.T @ delta1, "b1": delta1.sum(), "W2": a1.T @ delta2, "b2": delta2.sum()}
        p = {name: p[name] - 0.02 * gradient[name] for name in p}
    workspace, _ = advanced(CONVERGENCE, started(CONVERGENCE, 42), 30)
    np.testing.assert_allclose(workspace.parameters, CONVERGENCE.network.flatten(p), rtol=1e-13)
    workspace = Workspace(CONVERGENCE, CONVERGENCE.network.flatten(p))
    workspace.measure()
    textbook = CONVERGENCE.network.gradient(workspace.parameters, X, Y, CONVERGENCE.loss)[1]
    measured = workspace.gradient
    np.testing.assert_allclose(measured[4:6], textbook[4:6].sum() * np.ones(2), rtol=1e-12)
    np.testing.assert_allclose(np.delete(measured, [4, 5]), np.delete(textbook, [4, 5]), rtol=1e-12)


def test_output_first_carries_the_error_back_with_the_updated_weights():
    p = {name: view.copy() for name, view in INIT_SCALE.network.views(started(INIT_SCALE)).items()}
    for _ in range(30):
        a1 = sigmoid(X @ p["W1"] + p["b1"])
        delta2 = sigmoid(a1 @ p["W2"] + p["b2"]) - Y
        p["W2"] -= 0.1 * a1.T @ delta2
        p["b2"] -= 0.1 * delta2.sum(axis=0)
        delta1 = delta2 @ p["W2"].T * a1 * (1 - a1)
        p["W1"] -= 0.1 * X.T @ delta1
        p["b1"] -= 0.1 * delta1.sum(axis=0)
    workspace, _ = advanced(INIT_SCALE, started(INIT_SCALE), 30)
    np.testing.assert_allclose(workspace.parameters, INIT_SCALE.network.flatten(p), rtol=1e-12)
    twin, _ = advanced(INIT_SCALE.textbook(), started(INIT_SCALE), 30)
    assert np.abs(twin.parameters - workspace.parameters).max() > 1e-4


def test_times_z_against_a_plain_loop():
    W1, W2 = (view.copy() for view in RELU.network.views(started(RELU)).values())
    for _ in range(30):
        z1 = X @ W1
        delta2 = np.maximum(z1, 0) @ W2 - Y
        delta1 = delta2 @ W2.T * (z1 * (z1 > 0))
        W2 = W2 - 0.1 * np.maximum(z1, 0).T @ delta2
        W1 = W1 - 0.1 * X.T @ delta1
    workspace, _ = advanced(RELU, started(RELU), 30)
    np.testing.assert_allclose(workspace.parameters, [*W1.ravel(), *W2.ravel()], rtol=1e-12)


def test_one_point_updates_against_a_plain_loop():
    p = {name: view.copy() for name, view in ONLINE.network.views(started(ONLINE)).items()}
    for _ in range(5):
        for x, y in ((X[k], Y[k]) for k in (0, 2, 1, 3)):
            a1 = sigmoid(x @ p["W1"] + p["b1"])
            delta2 = sigmoid(a1 @ p["W2"] + p["b2"]) - y
            delta1 = p["W2"] @ delta2 * a1 * (1 - a1)
            gradient = {"W1": np.outer(x, delta1), "b1": delta1, "W2": np.outer(a1, delta2), "b2": delta2}
            p = {name: p[name] - 0.1 * gradient[name] for name in p}
    workspace, _ = advanced(ONLINE, started(ONLINE), 20)
    np.testing.assert_allclose(workspace.parameters, ONLINE.network.flatten(p), rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.describe())
@pytest.mark.parametrize("experiment", ARTICLES.values(), ids=ARTICLES)
def test_many_runs_are_as_many_single_runs(experiment, optimizer):
    experiment = experiment.replace(optimizer=optimizer)
    starts = np.stack([started(experiment, seed) for seed in range(6)])
    together, losses = advanced(experiment, starts.reshape(2, 3, -1), 40)
    assert losses.shape == (40, 2, 3)
    for seed in range(6):
        alone, expected = advanced(experiment, starts[seed], 40)
        run = divmod(seed, 3)
        np.testing.assert_allclose(losses[:, *run], expected, rtol=1e-9)
        np.testing.assert_allclose(together.parameters[run], alone.parameters, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: o.describe())
def test_the_way_back_is_exact(optimizer):
    experiment = ONLINE.replace(optimizer=optimizer)
    workspace, _ = advanced(experiment, started(experiment), 6)
    workspace.save()
    losses, parameters = workspace.advance(5), workspace.parameters.copy()
    workspace.restore()
    assert workspace.step == 6
    np.testing.assert_array_equal(workspace.advance(5), losses)
    np.testing.assert_array_equal(workspace.parameters, parameters)


def test_the_order_of_points_goes_on_from_block_to_block():
    straight, expected = advanced(ONLINE, started(ONLINE), 21)
    pieces = Workspace(ONLINE, started(ONLINE))
    losses = np.concatenate([pieces.advance(n_steps) for n_steps in (1, 2, 3, 4, 5, 6)])
    np.testing.assert_array_equal(losses, expected)
    np.testing.assert_array_equal(pieces.parameters, straight.parameters)


def test_measuring_leaves_the_run_as_it_was():
    experiment = BACKPROP.replace(optimizer=Adam())
    straight, expected = advanced(experiment, started(experiment), 10)
    workspace, losses = Workspace(experiment, started(experiment)), []
    for _ in range(10):
        loss = workspace.measure()
        losses.append(workspace.advance(1)[0])
        assert losses[-1] == loss
    np.testing.assert_array_equal(losses, expected)
    np.testing.assert_array_equal(workspace.parameters, straight.parameters)


def test_the_start_is_copied():
    start = started(BACKPROP)
    again = start.copy()
    advanced(BACKPROP, start, 3)
    np.testing.assert_array_equal(start, again)
