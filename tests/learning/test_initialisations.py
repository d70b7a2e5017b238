"""Initialisations against the draws written out for the legacy generator."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.random import RandomState

from xorviz.errors import UsageError
from xorviz.learning.initialisations import Fixed, Glorot, HalfGlorot, He, Normal, Uniform
from xorviz.learning.network import Network

TWO_TWO_ONE = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))
TWO_THREE_ONE = Network(widths=(2, 3, 1), activations=("sigmoid", "sigmoid"))
WIDE = Network(widths=(40, 80, 2), activations=("relu", "linear"))


def test_uniform_without_biases_as_relu_draws():
    random = RandomState(3)
    W1, W2 = random.rand(2, 2), random.rand(2, 1)
    network = Network(widths=(2, 2, 1), activations=("relu", "linear"), biases=False)
    np.testing.assert_array_equal(Uniform().draw(network, seed=3), [*W1.ravel(), *W2.ravel()])


def test_uniform_as_convergence_draws():
    random = RandomState(42)
    W1, b1, W2, b2 = random.rand(2, 2), random.rand(2), random.rand(2), random.rand(1)
    expected = [*W1.ravel(), *b1, *W2, *b2]
    np.testing.assert_array_equal(Uniform().draw(TWO_TWO_ONE, seed=42), expected)


def test_uniform_range():
    drawn = Uniform(low=-2.0, high=-1.0).draw(WIDE, seed=0)
    assert -2 <= drawn.min() < -1.99
    assert -1.01 < drawn.max() < -1


def test_normal_by_unit_as_backprop_draws():
    random = RandomState(0)
    W1_t, b1, W2_t, b2 = random.randn(2, 2), random.randn(2, 1), random.randn(1, 2), random.randn(1, 1)
    expected = [*W1_t.T.ravel(), *b1.ravel(), *W2_t.T.ravel(), *b2.ravel()]
    np.testing.assert_array_equal(Normal(unit_rows=True).draw(TWO_TWO_ONE, seed=0), expected)


def test_normal_by_layer_as_init_scale_draws():
    random = RandomState(5)
    W1, b1 = random.normal(0, 0.6, (2, 2)), random.normal(0, 0.6, 2)
    W2, b2 = random.normal(0, 0.8165, 2), random.normal(0, 0.8165, 1)
    expected = [*W1.ravel(), *b1, *W2, *b2]
    drawn = Normal(hidden_std=0.6, output_std=0.8165).draw(TWO_TWO_ONE, seed=5)
    np.testing.assert_array_equal(drawn, expected)


def test_half_glorot_as_online_draws():
    random = RandomState(1)
    first = 0.5 * np.sqrt(6 / (2 + 3)) * (random.rand(3, 3) - 0.5)
    second = 0.5 * np.sqrt(6 / (3 + 1)) * (random.rand(4, 1) - 0.5)
    expected = [*first[1:].ravel(), *first[0], *second[1:].ravel(), *second[0]]
    np.testing.assert_array_equal(HalfGlorot().draw(TWO_THREE_ONE, seed=1), expected)


def test_half_glorot_without_biases():
    network = Network(widths=(2, 3, 1), activations=("tanh", "tanh"), biases=False)
    random = RandomState(1)
    first = 0.5 * np.sqrt(6 / 5) * (random.rand(2, 3) - 0.5)
    second = 0.5 * np.sqrt(6 / 4) * (random.rand(3, 1) - 0.5)
    np.testing.assert_array_equal(HalfGlorot().draw(network, seed=1), [*first.ravel(), *second.ravel()])


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize(("kind", "variance"), [(Glorot, 2 / 120), (He, 2 / 40)])
def test_glorot_and_he(kind, variance, distribution):
    named = WIDE.views(kind(distribution=distribution).draw(WIDE, seed=0))
    assert (named["b1"] == 0).all()
    assert (named["b2"] == 0).all()
    W1 = named["W1"]
    assert W1.var() == pytest.approx(variance, rel=0.1)
    assert (np.abs(W1).max() <= np.sqrt(3 * variance)) == (distribution == "uniform")


def test_glorot_uniform_draws_in_order():
    random = RandomState(2)
    W1, W2 = random.uniform(-1, 1, (2, 2)), random.uniform(-1, 1, (2, 1))
    expected = [*(np.sqrt(6 / 4) * W1).ravel(), 0, 0, *(np.sqrt(6 / 3) * W2).ravel(), 0]
    np.testing.assert_allclose(Glorot().draw(TWO_TWO_ONE, seed=2), expected, rtol=1e-13)


def test_fixed_is_what_was_given():
    given = tuple(float(k) for k in range(9))
    drawn = Fixed(parameters=given).draw(TWO_TWO_ONE, seed=7)
    np.testing.assert_array_equal(drawn, given)
    drawn[0] = 5
    assert Fixed(parameters=given).draw(TWO_TWO_ONE, seed=7)[0] == 0


@pytest.mark.parametrize("initialisation", [Uniform(), Normal(), HalfGlorot(), Glorot(), He()])
def test_a_seed_repeats_itself(initialisation):
    first = initialisation.draw(TWO_TWO_ONE, seed=1)
    np.testing.assert_array_equal(first, initialisation.draw(TWO_TWO_ONE, seed=1))
    assert (first != initialisation.draw(TWO_TWO_ONE, seed=2)).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Uniform(low=1.0, high=0.0),
            "initialisation.high must be at least low; got 1.0 to 0.0.",
        ),
        (lambda: Normal(hidden_std=-1.0), "initialisation.hidden_std must be 0 or more; got -1.0."),
        (
            lambda: He(distribution="gaussian"),
            "initialisation.distribution must be one of uniform, normal; got 'gaussian'.",
        ),
        (
            lambda: Fixed(parameters=(0.0, float("inf"))),
            "initialisation.parameters must be finite; got (0.0, inf).",
        ),
        (
            lambda: Fixed(parameters=(0.0,)).check(TWO_TWO_ONE),
            "initialisation.parameters must have 9 values for a 2–2–1 sigmoid network; got 1. "
            "Their order is W1, b1, W2, b2.",
        ),
    ],
)
def test_what_is_refused(make, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        make()
