"""The forward and the backward pass of a single point, with every number on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import run
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LayerPass:
    """What happens in one layer; float64 arrays, ``fan_in`` units before it and ``fan_out`` in it.

    Attributes:
        inputs (shape (fan_in,)): activations of the layer before.
        weights (shape (fan_in, fan_out)): W.
        biases (shape (fan_out,)): b; zeros in a network without.
        sums (shape (fan_out,)): z = x·W + b.
        activations (shape (fan_out,)): f(z).
        errors (shape (fan_out,)): derivative of the loss by the activations; outputs − targets in the output layer,
            which is the derivative by the sums for a canonical loss.
        slopes (shape (fan_out,)): f'(z) as the network defines it; ones where the errors are canonical.
        deltas (shape (fan_out,)): derivative of the loss by the sums.
        gradient (shape (fan_in, fan_out)): derivative of the loss by the weights.
    """

    inputs: Array
    weights: Array
    biases: Array
    sums: Array
    activations: Array
    errors: Array
    slopes: Array
    deltas: Array
    gradient: Array


def passes(network: Network, loss: Loss, parameters: Array, inputs: Array, targets: Array) -> list[LayerPass]:
    """Every layer's pass, the first hidden layer first.

    Args:
        network: which network.
        loss: what is differentiated: of this point alone, so that neither a sum nor a mean over points enters.
        parameters (float64 array of shape (n_parameters,)): the flat vector.
        inputs (float64 array of shape (n_inputs,)): the point.
        targets (float64 array of shape (n_outputs,)): what the outputs should be.

    References:
        Rumelhart, Hinton & Williams, Nature 323 (1986), eqs. 4–7, as in `Network.gradient`, whose gradient of a single
        point these are.
    """
    named = network.views(parameters)
    activations = [inputs, *(layer[0] for layer in network.layers(parameters, inputs[np.newaxis]))]
    errors, found = activations[-1] - targets, []
    for layer in range(len(network.activations), 0, -1):
        before, a, weights = activations[layer - 1], activations[layer], named[f"W{layer}"]
        biases = named[f"b{layer}"] if network.biases else np.zeros(len(a))
        slopes = np.ones(len(a))
        if layer < len(network.activations) or not loss.is_canonical:
            run(network.layer_functions[layer - 1].chain(a, slopes, np.empty(len(a))))
        deltas = errors * slopes
        sums = before @ weights + biases
        found.append(LayerPass(before, weights, biases, sums, a, errors, slopes, deltas, np.outer(before, deltas)))
        errors = weights @ deltas
    return found[::-1]
