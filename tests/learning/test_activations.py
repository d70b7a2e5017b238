"""Activations: values, derivatives in terms of the activation, saturation."""

from __future__ import annotations

import numpy as np
import pytest

from xorviz.learning.activations import ACTIVATIONS, Activation, ReluTimesZ, run

Z = np.array([[-3.0, -0.5, 0.25], [0.5, 1.0, 4.0]])


def activate(function: Activation, z: np.ndarray) -> np.ndarray:
    a = z.copy()
    run(function.activate(a))
    return a


def derivative(function: Activation, a: np.ndarray) -> np.ndarray:
    delta = np.ones_like(a)
    run(function.chain(a, delta, np.empty_like(a)))
    return delta


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sigmoid", 1 / (1 + np.exp(-Z))),
        ("tanh", np.tanh(Z)),
        ("relu", [[0, 0, 0.25], [0.5, 1, 4]]),
        ("linear", Z),
    ],
)
def test_values(name, expected):
    np.testing.assert_array_equal(activate(ACTIVATIONS[name], Z), expected)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "linear"])
def test_derivative_is_the_slope_of_the_value(name):
    function = ACTIVATIONS[name]
    slope = (activate(function, Z + 1e-6) - activate(function, Z - 1e-6)) / 2e-6
    np.testing.assert_allclose(derivative(function, activate(function, Z)), slope, rtol=1e-8, atol=1e-10)


def test_relu_times_z_has_z_in_the_place_of_1():
    function = ReluTimesZ()
    np.testing.assert_array_equal(derivative(function, activate(function, Z)), [[0, 0, 0.25], [0.5, 1, 4]])


def test_relu_is_flat_at_its_kink():
    a = activate(ACTIVATIONS["relu"], np.array([0.0, -0.0]))
    np.testing.assert_array_equal(derivative(ACTIVATIONS["relu"], a), [0, 0])


def test_sigmoid_saturates_without_a_warning():
    a = activate(ACTIVATIONS["sigmoid"], np.array([-1e4, -700.0, 0.0, 40.0, 1e4]))
    np.testing.assert_array_equal(a[[0, 2, 3, 4]], [0, 0.5, 1, 1])
    np.testing.assert_allclose(a[1], np.exp(-700.0), rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_not_a_number_is_passed_on(name):
    assert np.isnan(activate(ACTIVATIONS[name], np.array([np.nan]))).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_single_precision_stays(name):
    z = Z.astype(np.float32)
    np.testing.assert_allclose(
        activate(ACTIVATIONS[name], z), activate(ACTIVATIONS[name], Z).astype(np.float32), rtol=1e-6
    )


def test_softmax_by_hand():
    a = activate(ACTIVATIONS["softmax"], np.log([[1.0, 2.0, 5.0], [4.0, 4.0, 8.0]]))
    np.testing.assert_allclose(a, [[0.125, 0.25, 0.625], [0.25, 0.25, 0.5]], rtol=1e-15)


@pytest.mark.parametrize("axis", [-1, -2])
def test_softmax_chains_the_whole_jacobian(axis):
    function, random = ACTIVATIONS["softmax"], np.random.default_rng(0)
    z, delta = random.normal(size=(2, 4, 4)), random.normal(size=(2, 4, 4))

    def value(shift):
        a = z + shift
        run(function.activate(a, axis=axis))
        return float((a * delta).sum())

    a, found = z.copy(), delta.copy()
    run(function.activate(a, axis=axis))
    run(function.chain(a, found, np.empty_like(a), axis=axis))
    for index in np.ndindex(z.shape):
        step = np.zeros_like(z)
        step[index] = 1e-6
        np.testing.assert_allclose(found[index], (value(step) - value(-step)) / 2e-6, atol=1e-9)


def test_softmax_saturates_without_a_warning():
    a = activate(ACTIVATIONS["softmax"], np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]]))
    np.testing.assert_allclose(a, [[1, 0, 0], [1 / 3] * 3])
