"""The network: layout, forward pass, gradient against differences and an independent differentiator."""

from __future__ import annotations

import re
from itertools import product

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network

TWO_TWO_ONE = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))
NAMES = ("sigmoid", "tanh", "relu", "linear")
COMBINATIONS = [
    (activations, kind, reduction, reported, biases)
    for n_hidden in (1, 2)
    for activations in product(NAMES, repeat=n_hidden + 1)
    for kind in ("squared", "cross_entropy")
    if kind == "squared" or activations[-1] == "sigmoid"
    for reduction, reported in product(("sum", "mean"), repeat=2)
    for biases in (True, False)
]


def independent_layers(network, flat, inputs):
    """The forward pass as one would write it for automatic differentiation; weighted sums and activations."""
    functions = {
        "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
        "tanh": anp.tanh,
        "relu": lambda z: anp.maximum(z, 0.0),
        "linear": lambda z: z,
    }
    sums, a, start = [], inputs, 0
    for fan_in, fan_out, name in zip(network.widths, network.widths[1:], network.activations, strict=False):
        z = a @ flat[start : start + fan_in * fan_out].reshape(fan_in, fan_out)
        start += fan_in * fan_out
        if network.biases:
            z = z + flat[start : start + fan_out]
            start += fan_out
        sums.append(z)
        a = functions[name](z)
    return sums, a


def independent_loss(network, flat, inputs, targets, kind, reduction):
    _, out = independent_layers(network, flat, inputs)
    if kind == "squared":
        per_output = 0.5 * (out - targets) ** 2
    else:
        per_output = -targets * anp.log(out) - (1 - targets) * anp.log(1 - out)
    total = anp.sum(per_output)
    return total / len(inputs) if reduction == "mean" else total


def smooth_case(network, seed):
    """Points and two runs of parameters, every ReLU well away from its kink."""
    random = np.random.default_rng(seed)
    targets = random.uniform(0.1, 0.9, (3, network.widths[-1]))
    while True:
        inputs = random.normal(size=(3, network.widths[0]))
        parameters = random.normal(size=(2, network.n_parameters))
        sums = [z for flat in parameters for z in independent_layers(network, flat, inputs)[0]]
        if all(np.abs(z).min() > 0.02 for z in sums):
            return inputs, targets, parameters


@pytest.mark.parametrize(("activations", "kind", "reduction", "reported", "biases"), COMBINATIONS)
def test_gradient(activations, kind, reduction, reported, biases):
    widths = (2, 3, 2) if len(activations) == 2 else (2, 3, 2, 2)
    network = Network(widths=widths, activations=activations, biases=biases)
    inputs, targets, parameters = smooth_case(network, seed=len(activations))
    loss = Loss(kind=kind, reduction=reduction, reported=reported)
    values, gradients = network.gradient(parameters, inputs, targets, loss)
    assert values.shape == (2,)
    assert gradients.shape == parameters.shape
    for flat, value, gradient in zip(parameters, values, gradients, strict=True):

        def descended(flat):
            return independent_loss(network, flat, inputs, targets, kind, reduction)

        scale = max(1.0, np.abs(gradient).max())
        np.testing.assert_allclose(value, independent_loss(network, flat, inputs, targets, kind, reported), rtol=1e-12)
        np.testing.assert_allclose(gradient, autograd.grad(descended)(flat), rtol=1e-10, atol=1e-10 * scale)
        steps = 1e-5 * np.eye(len(flat))
        differences = [(descended(flat + step) - descended(flat - step)) / 2e-5 for step in steps]
        np.testing.assert_allclose(gradient, differences, rtol=1e-5, atol=1e-7 * scale)


def test_times_z_multiplies_by_the_activation():
    network = Network(widths=(1, 1, 1), activations=("relu", "linear"), biases=False, relu_derivative="times_z")
    # z = 3·0.5, out = 2z = 3, delta = 3 − 1; W2: delta·z; W1: delta·W2·z·x, not delta·W2·x
    _, gradient = network.gradient(np.array([0.5, 2.0]), np.array([[3.0]]), np.array([[1.0]]), Loss(reduction="sum"))
    np.testing.assert_array_equal(gradient, [2 * 2 * 1.5 * 3, 2 * 1.5])


def test_saturated_cross_entropy_has_an_exact_gradient():
    network = Network(widths=(1, 1), activations=("sigmoid",))
    loss = Loss(kind="cross_entropy", reduction="sum")
    _, gradient = network.gradient(np.array([0.0, 800.0]), np.array([[1.0]]), np.array([[0.0]]), loss)
    np.testing.assert_array_equal(gradient, [1, 1])
    _, gradient = network.gradient(np.array([0.0, -800.0]), np.array([[1.0]]), np.array([[0.0]]), loss)
    np.testing.assert_array_equal(gradient, [0, 0])


def test_layout_of_the_flat_vector():
    assert TWO_TWO_ONE.shapes == {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
    assert list(TWO_TWO_ONE.shapes) == ["W1", "b1", "W2", "b2"]
    assert TWO_TWO_ONE.n_parameters == 9
    named = TWO_TWO_ONE.views(np.arange(9.0))
    np.testing.assert_array_equal(named["W1"], [[0, 1], [2, 3]])
    np.testing.assert_array_equal(named["b1"], [4, 5])
    np.testing.assert_array_equal(named["W2"], [[6], [7]])
    np.testing.assert_array_equal(named["b2"], [8])
    without = Network(widths=(2, 3, 1), activations=("relu", "linear"), biases=False)
    assert without.shapes == {"W1": (2, 3), "W2": (3, 1)}


def test_views_write_through_and_flatten_inverts_them():
    flat = np.arange(2 * 5 * 9.0).reshape(2, 5, 9)
    named = TWO_TWO_ONE.views(flat)
    assert named["W1"].shape == (2, 5, 2, 2)
    np.testing.assert_array_equal(TWO_TWO_ONE.flatten(named), flat)
    named["b2"][...] = -1
    assert (flat[..., 8] == -1).all()


def test_layers_end_with_the_outputs():
    parameters = np.random.default_rng(0).normal(size=(4, 9))
    inputs = np.random.default_rng(1).normal(size=(6, 2))
    hidden, outputs = TWO_TWO_ONE.layers(parameters, inputs)
    assert hidden.shape == (4, 6, 2)
    assert outputs.shape == (4, 6, 1)
    np.testing.assert_array_equal(TWO_TWO_ONE.forward(parameters, inputs), outputs)
    for run in range(4):
        _, expected = independent_layers(TWO_TWO_ONE, parameters[run], inputs)
        np.testing.assert_allclose(outputs[run], expected, rtol=1e-14)


def test_inputs_stay_as_they_are():
    network = Network(widths=(1, 1), activations=("sigmoid",), biases=False)
    inputs = np.array([[2.0]])
    network.forward(np.array([1.0]), inputs)
    assert inputs == 2


def test_single_precision_stays():
    outputs = TWO_TWO_ONE.forward(np.ones(9, dtype=np.float32), np.ones((3, 2), dtype=np.float32))
    assert outputs.dtype == np.float32
    assert TWO_TWO_ONE.forward(np.ones(9), np.ones((3, 2), dtype=np.float32)).dtype == np.float64


@pytest.mark.parametrize(
    ("widths", "activations", "words"),
    [
        ((2, 2, 1), ("sigmoid", "sigmoid"), "2–2–1 sigmoid"),
        ((2, 2, 1), ("relu", "linear"), "2–2–1 relu/linear"),
        ((2, 4, 4, 1), ("tanh", "tanh", "sigmoid"), "2–4–4–1 tanh/sigmoid"),
        ((2, 4, 4, 1), ("tanh", "relu", "sigmoid"), "2–4–4–1 tanh/relu/sigmoid"),
        ((2, 1), ("sigmoid",), "2–1 sigmoid"),
    ],
)
def test_words(widths, activations, words):
    assert Network(widths=widths, activations=activations).describe() == words


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"widths": (2,)},
            "widths must be two or more positive whole numbers, the input's first; got (2,). XOR takes (2, 2, 1).",
        ),
        (
            {"widths": (2, 0, 1)},
            "widths must be two or more positive whole numbers, the input's first; got (2, 0, 1). XOR takes (2, 2, 1).",
        ),
        (
            {"widths": (2, 2.5, 1)},
            "widths must be two or more positive whole numbers, the input's first; got (2, 2.5, 1). "
            "XOR takes (2, 2, 1).",
        ),
        (
            {"activations": ("sigmoid",)},
            "activations must be one name per layer after the input, here 2; got ('sigmoid',). "
            "Give each layer one of sigmoid, tanh, relu, linear, softmax.",
        ),
        (
            {"activations": ("sigmoid", "sigmod")},
            "activations[1] must be one of sigmoid, tanh, relu, linear, softmax; got 'sigmod'. Did you mean 'sigmoid'?",
        ),
        (
            {"relu_derivative": "z"},
            "relu_derivative must be one of textbook, times_z; got 'z'.",
        ),
    ],
)
def test_what_is_refused(changes, message):
    good = {"widths": (2, 2, 1), "activations": ("sigmoid", "sigmoid")}
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Network(**(good | changes))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda network: network.views(np.zeros(8)),
            "parameters must have 9 values on their last axis for a 2–2–1 sigmoid network; got shape (8,). "
            "Their order is W1, b1, W2, b2.",
        ),
        (
            lambda network: network.forward(np.zeros(9), np.zeros((4, 3))),
            "inputs must be of shape (n_points, 2) for a 2–2–1 sigmoid network; got (4, 3).",
        ),
        (
            lambda network: network.flatten({"W1": 0}),
            "parameters must be named W1, b1, W2, b2; got W1.",
        ),
        (
            lambda network: network.flatten({"W1": [0, 0], "b1": [0, 0], "W2": [[0], [0]], "b2": [0]}),
            "W1 must have shape (2, 2) after any run axes; got (2,).",
        ),
        (
            lambda network: Network(widths=(2, 1), activations=("tanh",)).gradient(
                np.zeros(3), np.zeros((1, 2)), np.zeros((1, 1)), Loss(kind="cross_entropy")
            ),
            "the output layer's activation must be sigmoid for loss 'cross_entropy'; got 'tanh'. "
            "Use loss 'squared' with it.",
        ),
    ],
)
def test_shapes_that_do_not_fit(call, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        call(TWO_TWO_ONE)


@pytest.mark.parametrize("kind", ["categorical_cross_entropy", "squared"])
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_gradient_of_a_softmax(kind, reduction):
    """Against autograd, and against differences of the loss itself."""
    network = Network(widths=(2, 3, 4), activations=("tanh", "softmax"))
    random = np.random.default_rng(1)
    inputs, targets = random.normal(size=(5, 2)), np.eye(4)[[0, 3, 1, 2, 1]]
    parameters = random.normal(size=(2, network.n_parameters))
    loss = Loss(kind=kind, reduction=reduction, reported=reduction)

    def independent(flat):
        hidden = anp.tanh(inputs @ flat[:6].reshape(2, 3) + flat[6:9])
        z = hidden @ flat[9:21].reshape(3, 4) + flat[21:]
        out = anp.exp(z) / anp.sum(anp.exp(z), axis=1, keepdims=True)
        each = -targets * anp.log(out) if kind != "squared" else 0.5 * (out - targets) ** 2
        return anp.sum(each) / (5 if reduction == "mean" else 1)

    values, gradients = network.gradient(parameters, inputs, targets, loss)
    for flat, value, gradient in zip(parameters, values, gradients, strict=True):
        np.testing.assert_allclose(value, independent(flat), rtol=1e-12)
        np.testing.assert_allclose(gradient, autograd.grad(independent)(flat), rtol=1e-9, atol=1e-12)
        for k in range(network.n_parameters):
            step = np.zeros(network.n_parameters)
            step[k] = 1e-6
            ends = [network.gradient(flat + s, inputs, targets, loss)[0] for s in (step, -step)]
            np.testing.assert_allclose(gradient[k], (ends[0] - ends[1]) / 2e-6, atol=1e-7)


@pytest.mark.parametrize("activations", [("softmax", "sigmoid"), ("tanh", "softmax")])
def test_softmax_is_for_a_last_layer_of_several_units(activations):
    with pytest.raises(UsageError, match=r"^activations must have softmax only in a last layer of two units or more; "):
        Network(widths=(2, 2, 1), activations=activations)
