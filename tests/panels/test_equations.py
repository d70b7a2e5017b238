from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label, text_width_px
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.panels._equations.passes import passes
from xorviz.panels._equations.table import number_text
from xorviz.panels.equations import EquationsPanel
from xorviz.recordings.recording import Recording

PLACE = Place(40, 20, 470, 410)
SIZE = (520, 460)
CASES = {
    "sigmoids, cross-entropy": ((2, 2, 1), ("sigmoid", "sigmoid"), "cross_entropy", {}),
    "sigmoids, squared": ((2, 3, 1), ("sigmoid", "sigmoid"), "squared", {}),
    "tanh and linear": ((2, 3, 2, 1), ("tanh", "tanh", "linear"), "squared", {}),
    "relu": ((3, 4, 1), ("relu", "linear"), "squared", {}),
    "two outputs": ((2, 2, 2), ("tanh", "sigmoid"), "cross_entropy", {}),
    "no biases": ((2, 2, 1), ("sigmoid", "sigmoid"), "squared", {"biases": False}),
    "no hidden layer": ((2, 1), ("sigmoid",), "squared", {}),
}


def table(artists) -> list[list[str]]:
    """Rows of texts, each from left to right."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for label in artists:
        if isinstance(label, Label):
            width = text_width_px(label.text, label.style)
            left = label.x_px - {"left": 0.0, "center": 0.5, "right": 1.0}[label.align] * width
            rows.setdefault(round(label.y_px, 6), []).append((left, label.text))
    return [[text for _, text in sorted(rows[y])] for y in sorted(rows, reverse=True)]


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_those_of_finite_differences(name: str) -> None:
    widths, activations, kind, more = CASES[name]
    network, loss = Network(widths=widths, activations=activations, **more), Loss(kind=kind, reduction="mean")
    generator = np.random.default_rng(3)
    parameters = generator.normal(size=network.n_parameters)
    x, y = generator.normal(size=widths[0]), generator.integers(0, 2, widths[-1]).astype(float)

    def loss_at(vector: np.ndarray) -> float:
        return float(loss.value(network.forward(vector, x[None]), y[None]))

    step = 1e-6 * np.eye(len(parameters))
    numeric = np.array([(loss_at(parameters + e) - loss_at(parameters - e)) / 2e-6 for e in step])
    expected = network.views(numeric)
    for layer, found in enumerate(passes(network, loss, parameters, x, y), start=1):
        np.testing.assert_allclose(found.gradient, expected[f"W{layer}"], atol=1e-8)
        if network.biases:
            np.testing.assert_allclose(found.deltas, expected[f"b{layer}"], atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_every_number_follows_from_the_ones_before(name: str) -> None:
    widths, activations, kind, more = CASES[name]
    network, loss = Network(widths=widths, activations=activations, **more), Loss(kind=kind)
    generator = np.random.default_rng(4)
    x, y = generator.normal(size=widths[0]), np.ones(widths[-1])
    layers = passes(network, loss, generator.normal(size=network.n_parameters), x, y)
    functions = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
        "linear": lambda z: z,
    }
    before = x
    for layer, function in zip(layers, activations, strict=True):
        np.testing.assert_array_equal(layer.inputs, before)
        np.testing.assert_allclose(layer.sums, layer.inputs @ layer.weights + layer.biases)
        np.testing.assert_allclose(layer.activations, functions[function](layer.sums))
        np.testing.assert_allclose(layer.deltas, layer.errors * layer.slopes)
        np.testing.assert_allclose(layer.gradient, layer.inputs[:, None] * layer.deltas)
        before = layer.activations
    np.testing.assert_allclose(layers[-1].errors, layers[-1].activations - y)
    for layer, after in pairwise(layers):
        np.testing.assert_allclose(layer.errors, (after.weights * after.deltas).sum(axis=1))


def test_the_published_relu_keeps_its_derivative() -> None:
    """``z·1[z > 0]`` for the slope, as the network says."""
    network, loss = ARTICLES["relu"].network, ARTICLES["relu"].loss
    parameters, x, y = np.array([0.5, -1, 2, 3, 1, 4.0]), np.array([1.0, 0.25]), np.array([1.0])
    hidden, output = passes(network, loss, parameters, x, y)
    assert hidden.slopes.tolist() == hidden.activations.tolist() == [1.0, 0.0]
    _, expected = network.gradient(parameters, x[None], y[None], loss)
    np.testing.assert_array_equal(np.concatenate([hidden.gradient.ravel(), output.gradient.ravel()]), expected)


def test_the_table_of_the_network_set_by_hand(show, solved_exactly: Recording) -> None:
    """W1 = [[1, 1], [1, 1]], b1 = [0, −1], W2 = [1, −2], b2 = 0, at (1, 1): z = 2, 1; ŷ = relu(2 − 2) = 0."""
    shown = show(EquationsPanel(), solved_exactly, place=PLACE, size=SIZE)
    shown.at(-1)
    assert table((*shown.paint.static, *shown.paint.dynamic)) == [
        ["forward pass", "x = (1, 1)   y = 0"],
        ["x₁", "w", "x₂", "w", "b", "z", "h = relu z"],
        ["h₁", "1.00", "·", "1.00", "+", "1.00", "·", "1.00", "+", "0.00", "=", "2.00", "→", "2.00"],
        ["h₂", "1.00", "·", "1.00", "+", "1.00", "·", "1.00", "+", "−1.00", "=", "1.00", "→", "1.00"],
        ["h₁", "w", "h₂", "w", "b", "z", "ŷ = relu z"],
        ["ŷ", "2.00", "·", "1.00", "+", "1.00", "·", "−2.00", "+", "0.00", "=", "0.00", "→", "0.00"],
        ["L = ½ (ŷ − y)²", "0.000"],
        ["backward pass"],
        ["∂L/∂w = h₁δ", "∂L/∂w = h₂δ", "∂L/∂b", "δ", "1[z > 0]", "ŷ − y"],
        ["ŷ", "0.000", "0.000", "0.000", "0.000", "=", "0.000", "·", "0.000"],
        ["∂L/∂w = x₁δ", "∂L/∂w = x₂δ", "∂L/∂b", "δ", "1[z > 0]", "∂L/∂h"],
        ["h₁", "0.000", "0.000", "0.000", "0.000", "=", "1.000", "·", "0.000"],
        ["h₂", "0.000", "0.000", "0.000", "0.000", "=", "1.000", "·", "0.000"],
    ]


@pytest.mark.parametrize(("snapshot", "point"), [(0, 0), (63, 1), (140, -1)])
def test_numbers_of_each_frame(show, recording: Recording, snapshot: int, point: int) -> None:
    shown = show(EquationsPanel(point=point, n_places=3), recording, place=PLACE, size=SIZE)
    shown.at(snapshot)
    rows = table((*shown.paint.static, *shown.paint.dynamic))
    x, y = recording.inputs[point], recording.targets[point]
    named = {name: array[snapshot] for name, array in recording.parameters.items()}
    h = 1 / (1 + np.exp(-(x @ named["W1"] + named["b1"])))
    z = h @ named["W2"] + named["b2"]
    out = 1 / (1 + np.exp(-z))
    delta = out - y
    back = h * (1 - h) * (named["W2"] @ delta)
    write = number_text
    w = named["W2"][:, 0]
    terms = [write(h[0], 3), "·", write(w[0], 3), "+", write(h[1], 3), "·", write(w[1], 3)]
    assert rows[5] == ["ŷ", *terms, "+", write(named["b2"][0], 3), "=", write(z[0], 3), "→", write(out[0], 3)]
    loss = -np.log(out[0] if y[0] else 1 - out[0])
    assert rows[6] == ["L = −y ln ŷ − (1 − y) ln(1 − ŷ)", write(loss, 4)]
    gradients = [write(v * delta[0], 4) for v in (*h, 1.0, 1.0)]
    assert rows[8] == ["∂L/∂w = h₁δ", "∂L/∂w = h₂δ", "∂L/∂b", "δ", "ŷ", "y"]
    assert rows[9] == ["ŷ", *gradients, "=", write(out[0], 4), "−", write(y[0], 0)]
    factors = [write(h[1] * (1 - h[1]), 4), "·", write((named["W2"] @ delta)[1], 4)]
    assert rows[12] == ["h₂", *(write(v * back[1], 4) for v in (*x, 1.0, 1.0)), "=", *factors]


def test_nothing_moves(show, recording: Recording) -> None:
    shown = show(EquationsPanel(), recording, place=PLACE, size=SIZE)
    labels = shown.paint.dynamic
    before = [(label.x_px, label.y_px, label.align) for label in labels]
    assert {align for _, _, align in before} == {"right"}
    shown.at(100)
    assert [(label.x_px, label.y_px, label.align) for label in labels] == before


@pytest.mark.parametrize("n_places", [1, 2, 4])
@pytest.mark.parametrize("name", ["recording", "two_hidden", "three_inputs", "outside"])
def test_no_text_covers_another(show, request: pytest.FixtureRequest, name: str, n_places: int) -> None:
    run: Recording = request.getfixturevalue(name)
    shown = show(EquationsPanel(n_places=n_places), run, place=PLACE, size=SIZE)
    for snapshot in np.linspace(0, run.n_snapshots - 1, 9).astype(int):
        shown.at(snapshot)
        boxes = []
        for label in (*shown.paint.static, *shown.paint.dynamic):
            if isinstance(label, Label):
                width = text_width_px(label.text, label.style)
                left = label.x_px - {"left": 0.0, "center": 0.5, "right": 1.0}[label.align] * width
                boxes.append((label.y_px, left, left + width, label.text))
                assert PLACE.left - 1 <= left
                assert left + width <= PLACE.right + 1
                assert label.y_px >= PLACE.bottom - 1
        boxes.sort()
        for (y, _, right, text), (other_y, left, _, other) in pairwise(boxes):
            assert other_y > y or left >= right - 0.5, (text, other)


@pytest.mark.parametrize(
    ("value", "n_places", "text"),
    [
        (0.5, 2, "0.50"),
        (-0.5, 3, "−0.500"),
        (-0.0004, 3, "0.000"),
        (12.345, 3, "12.3"),
        (-123.456, 2, "−123.5"),
        (12.345, 4, "12.35"),
        (123456.0, 2, "1e5"),
        (-2.1e300, 2, "−2e300"),
        (np.nan, 2, "–"),
        (np.inf, 2, "–"),
    ],
)
def test_numbers_stay_in_their_columns(value: float, n_places: int, text: str) -> None:
    assert number_text(value, n_places) == text


def test_too_large_a_network() -> None:
    network = Network(widths=(2, 16, 1), activations=("tanh", "sigmoid"))
    run = xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=2)))
    with pytest.raises(UsageError) as caught:
        EquationsPanel().measure(run, np.arange(2))
    assert str(caught.value) == (
        "panel 'equations' must have a network of at most 4 inputs or units a layer and 8 units in all to write out; "
        "got 2–16–1. Choose panel 'network' or 'readout' instead."
    )


@pytest.mark.parametrize("point", [4, -5])
def test_no_such_point(recording: Recording, point: int) -> None:
    with pytest.raises(UsageError) as caught:
        EquationsPanel(point=point).measure(recording, np.arange(2))
    assert str(caught.value) == f"panel 'equations' must have a point from -4 to 3; got {point}."


def test_the_marker_is_the_points_class(show, recording: Recording) -> None:
    for point, text in ((0, "x = (0, 0)   y = 0"), (2, "x = (1, 0)   y = 1")):
        shown = show(EquationsPanel(point=point), recording, place=PLACE, size=SIZE)
        *_, label, squares, circles = shown.paint.static
        assert label.text == text
        assert (len(squares.points), len(circles.points)) == (1 - point // 2, point // 2)
