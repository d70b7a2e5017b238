"""How activations, their derivatives and the losses are written."""

from __future__ import annotations

from xorviz.learning.network import Network

#: The loss of one point with one output.
LOSSES = {
    "squared": "½ (ŷ − y)²",
    "cross_entropy": "−y ln ŷ − (1 − y) ln(1 − ŷ)",
    "categorical_cross_entropy": "−y ln ŷ",
}
_FORMULAS = {"sigmoid": "σ(z)", "tanh": "tanh z", "relu": "relu z", "linear": "z", "softmax": "exp z / Σ exp z"}
_SLOPES = {"sigmoid": "{a}(1 − {a})", "tanh": "1 − {a}²", "relu": "1[z > 0]", "linear": "1"}


def letter(network: Network, layer: int) -> str:
    """What the activations of a layer after the input are called; layers count from 0."""
    return "ŷ" if layer == len(network.activations) - 1 else "h"


def activation_formula(network: Network, layer: int) -> str:
    """``"h = σ(z)"``."""
    return f"{letter(network, layer)} = {_FORMULAS[network.activations[layer]]}"


def slope_formula(network: Network, layer: int) -> str:
    """The derivative of the activation in terms of the activation, as the network defines it: ``"h(1 − h)"``."""
    name = network.activations[layer]
    form = "{a}" if name == "relu" and network.relu_derivative == "times_z" else _SLOPES[name]
    return form.format(a=letter(network, layer))
