"""The five articles: every number they print."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from numpy.random import RandomState

from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES, BACKPROP, CONVERGENCE, HAND_SET, INIT_SCALE, ONLINE, RELU, article
from xorviz.learning.workspace import Workspace
from xorviz.training import train

BACKPROP_LOSSES = {
    0: 2.9991464995409807,
    20: 2.850067543754094,
    40: 2.5045921819726082,
    60: 1.5756597251036364,
    80: 0.5779054501565161,
    100: 0.3097308274202594,
    120: 0.2028529568023768,
}


def ends(experiment, seeds):
    """Reported loss and outputs of every seed at the last step, all in one workspace."""
    network = experiment.network
    starts = [experiment.initialisation.draw(network, seed=seed) for seed in seeds]
    workspace = Workspace(experiment, np.stack(starts))
    for _ in range(experiment.stopping.n_steps // workspace.block_steps):
        workspace.advance(workspace.block_steps)
    workspace.advance(experiment.stopping.n_steps - workspace.step)
    return workspace.measure(), network.forward(workspace.parameters, experiment.problem.inputs)[..., 0]


@pytest.fixture(scope="session")
def convergence():
    return train("convergence")


def test_relu_published_weights_give_the_published_outputs():
    published = RELU.network.flatten(
        {
            "W1": [[-0.85018314, 0.80808135], [0.85056309, -0.80776054]],
            "W2": [[1.1756913], [1.23749876]],
        }
    )
    outputs = RELU.network.forward(published, RELU.problem.inputs).ravel()
    assert [f"{out:.5f}" for out in outputs] == ["0.00000", "1.00000", "1.00000", "0.00084"]


def test_relu_converges_far_more_often_with_the_published_derivative():
    seeds = range(200)
    published, _ = ends(RELU, seeds)
    textbook, _ = ends(RELU.textbook(), seeds)
    assert (published < 1e-3).sum() == 151
    assert (textbook < 1e-3).sum() == 19


def test_relu_ends_as_the_article_does():
    recording = train("relu")
    assert recording.n_steps == 10_000
    outputs = recording.outputs(recording.inputs).ravel()
    assert [f"{out:.3f}" for out in outputs] == ["0.000", "1.000", "1.000", "0.001"]


def test_backprop_losses():
    """To a few units in the last place; the first is exact.

    The digits themselves come from a scalar libm ``exp`` and products without fused multiply-add; see
    `test_backprop_losses_to_the_last_digit`. NumPy's vectorised ``exp`` and BLAS round otherwise, and not
    alike on every processor, which in 120 steps grows to a few units in the last place.
    """
    recording = train("backprop")
    assert recording.n_steps == 140
    assert recording.loss[0] == BACKPROP_LOSSES[0]
    for step, loss in BACKPROP_LOSSES.items():
        assert recording.loss[step] == pytest.approx(loss, rel=5e-15, abs=0)


def test_backprop_losses_to_the_last_digit():
    """All seventeen digits, from a second implementation on plain floats that rounds as the article did."""
    random = RandomState(0)
    W1, b1, W2, b2 = (random.randn(*shape).tolist() for shape in ((2, 2), (2, 1), (1, 2), (1, 1)))
    points = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)]
    targets = [0.0, 1.0, 1.0, 0.0]
    units = range(2)

    def sigmoid(z):
        return 1 / (1 + math.exp(-z))

    for step in range(121):
        a1 = [[sigmoid(W1[u][0] * x + W1[u][1] * y + b1[u][0]) for u in units] for x, y in points]
        out = [sigmoid(W2[0][0] * a[0] + W2[0][1] * a[1] + b2[0][0]) for a in a1]
        if step in BACKPROP_LOSSES:
            pairs = list(zip(targets, out, strict=True))
            loss = -(sum(y * math.log(o) for y, o in pairs) + sum((1 - y) * math.log(1 - o) for y, o in pairs))
            assert loss == BACKPROP_LOSSES[step]
        delta2 = [o - y for o, y in zip(out, targets, strict=True)]
        delta1 = [[W2[0][u] * d * (a[u] * (1 - a[u])) for u in units] for a, d in zip(a1, delta2, strict=True)]
        gW1 = [[sum(d[u] * p[i] for d, p in zip(delta1, points, strict=True)) for i in units] for u in units]
        for u in units:
            W2[0][u] -= sum(d * a[u] for d, a in zip(delta2, a1, strict=True))
            b1[u][0] -= sum(d[u] for d in delta1)
            W1[u] = [W1[u][i] - gW1[u][i] for i in units]
        b2[0][0] -= sum(delta2)


def test_backprop_first_gradient():
    recording = train("backprop")
    np.testing.assert_allclose(recording.gradients["W2"][0].ravel(), [0.60353799, 0.35399637], atol=5e-9, rtol=0)
    np.testing.assert_allclose(recording.gradients["b2"][0], [0.6632421], atol=5e-8, rtol=0)


def test_backprop_hand_set_network_is_exact():
    parameters = HAND_SET.initialisation.draw(HAND_SET.network, seed=0)
    outputs = HAND_SET.network.forward(parameters, HAND_SET.problem.inputs)
    np.testing.assert_array_equal(outputs, HAND_SET.problem.targets)
    recording = train(HAND_SET)
    np.testing.assert_array_equal(recording.loss, [0])
    np.testing.assert_array_equal(recording.parameters["W2"][-1], [[1], [-2]])


def test_convergence_outputs(convergence):
    outputs = convergence.outputs(convergence.inputs).ravel()
    printed = [f"{out:.8f}" for out in outputs]
    assert printed == ["0.01505756", "0.98652214", "0.98652109", "0.01448912"]


def test_convergence_stops_at_the_first_loss_below(convergence):
    assert convergence.n_steps == 390_111
    assert convergence.loss.min() >= 1e-4
    assert convergence.snapshot_losses[-1] < 1e-4
    assert convergence.steps[-1] == convergence.n_steps


def test_convergence_moves_both_hidden_biases_alike(convergence):
    b1 = convergence.parameters["b1"]
    np.testing.assert_allclose(b1[-1] - b1[0], np.full(2, (b1[-1] - b1[0])[0]), rtol=1e-9)


def test_convergence_textbook_twin_moves_them_apart():
    experiment = CONVERGENCE.textbook()
    workspace = Workspace(experiment, experiment.initialisation.draw(experiment.network, seed=42))
    before = workspace.parameters[4:6].copy()
    workspace.advance(100)
    moved = workspace.parameters[4:6] - before
    assert abs(moved[0] - moved[1]) > 1e-4


def test_init_scale_ends_as_published():
    recording = train("init-scale", seed=1)
    assert recording.n_steps == 10_000
    outputs = recording.outputs(recording.inputs).ravel()
    assert [f"{out:.3f}" for out in outputs] == ["0.003", "0.997", "0.997", "0.003"]


def test_init_scale_ends_there_from_many_seeds():
    _, outputs = ends(INIT_SCALE, range(60))
    near = np.abs(outputs - [0.003, 0.997, 0.997, 0.003]).max(axis=1) < 0.0015
    assert near.mean() > 0.6


def test_online_learns():
    recording = train("online")
    assert recording.n_steps == 40_000
    outputs = recording.outputs(recording.inputs).ravel()
    np.testing.assert_allclose(outputs, [0, 1, 1, 0], atol=0.005)


def test_online_visits_the_points_in_its_order():
    points = [tuple(ONLINE.problem.inputs[k]) for k in ONLINE.batch]
    assert points == [(0, 0), (1, 0), (0, 1), (1, 1)]


@pytest.mark.parametrize("name", ARTICLES)
def test_names(name):
    assert article(name).name == name


def test_departures_are_where_they_were_published():
    departing = {name for name, experiment in ARTICLES.items() if experiment.textbook() != experiment}
    assert departing == {"relu", "convergence", "init-scale"}
    assert BACKPROP.textbook() == BACKPROP


def test_an_unknown_name():
    message = (
        "article must be one of relu, backprop, convergence, init-scale, online; got 'backdrop'. "
        "Did you mean 'backprop'?"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        article("backdrop")
