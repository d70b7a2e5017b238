"""Optimizers against a second implementation on plain floats, and by hand."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.optimizers import Adam, GradientDescent, Momentum, RMSProp


def gradient_descent(theta, gradients, o):
    for g in gradients:
        theta -= o.learning_rate * g
    return theta


def momentum(theta, gradients, o):
    v = 0.0
    for g in gradients:
        v = o.momentum * v - o.learning_rate * g
        theta += v
    return theta


def rmsprop(theta, gradients, o):
    s = 0.0
    for g in gradients:
        s = o.decay * s + (1 - o.decay) * g**2
        theta -= o.learning_rate * g / (math.sqrt(s) + o.epsilon)
    return theta


def adam(theta, gradients, o):
    m = s = 0.0
    for t, g in enumerate(gradients, start=1):
        m = o.beta_1 * m + (1 - o.beta_1) * g
        s = o.beta_2 * s + (1 - o.beta_2) * g**2
        m_hat, s_hat = m / (1 - o.beta_1**t), s / (1 - o.beta_2**t)
        theta -= o.learning_rate * m_hat / (math.sqrt(s_hat) + o.epsilon)
    return theta


SECOND = [
    (GradientDescent(learning_rate=0.3), gradient_descent),
    (Momentum(learning_rate=0.3, momentum=0.8), momentum),
    (RMSProp(learning_rate=0.3, decay=0.7, epsilon=1e-3), rmsprop),
    (Adam(learning_rate=0.3, beta_1=0.8, beta_2=0.95, epsilon=1e-3), adam),
]


@pytest.mark.parametrize(("optimizer", "second"), SECOND)
@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3)])
def test_twenty_updates(optimizer, second, shape):
    random = np.random.default_rng(0)
    start, gradients = random.normal(size=shape), random.normal(size=(20, *shape))
    parameters, gradient = start.copy(), np.empty(shape)
    update = optimizer.bind(parameters, gradient)
    for step in gradients:
        gradient[...] = step
        update()
    for index in np.ndindex(shape):
        expected = second(float(start[index]), gradients[(slice(None), *index)].tolist(), optimizer)
        assert parameters[index] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("optimizer", "first", "second"),
    [
        (GradientDescent(learning_rate=0.5), 0.0, -1.0),
        (Momentum(learning_rate=0.5, momentum=0.5), 0.0, -1.5),
        # √(0.25·4) = 1, then √(0.75·1 + 0.25·4) = √1.75
        (RMSProp(learning_rate=0.5, decay=0.75, epsilon=1e-300), 0.0, -1 / math.sqrt(1.75)),
        # Under a constant gradient every step of Adam is the learning rate.
        (Adam(learning_rate=0.5, epsilon=1e-300), 0.5, 0.0),
    ],
)
def test_two_updates_by_hand(optimizer, first, second):
    parameters = np.array([1.0])
    update = optimizer.bind(parameters, np.array([2.0]))
    update()
    assert parameters[0] == pytest.approx(first, abs=1e-12)
    update()
    assert parameters[0] == pytest.approx(second, abs=1e-12)


@pytest.mark.parametrize(("optimizer", "second"), SECOND)
def test_a_part_of_a_vector_can_be_bound(optimizer, second):
    parameters, gradient = np.ones(5), np.full(5, 2.0)
    optimizer.bind(parameters[1:3], gradient[1:3])()
    assert (parameters[[0, 3, 4]] == 1).all()
    assert parameters[1] == parameters[2] == pytest.approx(second(1.0, [2.0], optimizer))


@pytest.mark.parametrize(("optimizer", "second"), SECOND)
def test_state_is_everything_needed_to_go_back(optimizer, second):
    parameters, gradient = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    update = optimizer.bind(parameters, gradient)
    update()
    saved = [array.copy() for array in (parameters, *update.state)]
    update()
    expected = parameters.copy()
    for array, copy in zip((parameters, *update.state), saved, strict=True):
        array[...] = copy
    update()
    np.testing.assert_array_equal(parameters, expected)


@pytest.mark.parametrize(
    ("optimizer", "field", "value", "message"),
    [
        (GradientDescent, "learning_rate", 0.0, "optimizer.learning_rate must be positive; got 0.0."),
        (GradientDescent, "learning_rate", math.nan, "optimizer.learning_rate must be positive; got nan."),
        (Momentum, "momentum", 1.0, "optimizer.momentum must be at least 0 and below 1; got 1.0."),
        (RMSProp, "decay", -0.1, "optimizer.decay must be at least 0 and below 1; got -0.1."),
        (Adam, "beta_2", 1.5, "optimizer.beta_2 must be at least 0 and below 1; got 1.5."),
        (Adam, "epsilon", 0.0, "optimizer.epsilon must be positive; got 0.0."),
    ],
)
def test_what_is_refused(optimizer, field, value, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        optimizer(**{field: value})


def test_words():
    assert [o.describe() for o, _ in SECOND] == ["gradient descent", "momentum", "RMSProp", "Adam"]
