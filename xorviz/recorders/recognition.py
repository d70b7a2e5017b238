"""Is somebody's model a network of linear layers and activations? Its structure suggests it, its outputs decide."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from xorviz.learning.activations import ActivationName
from xorviz.learning.network import Network
from xorviz.recorders._base import Array, Dense, Subject

#: Largest difference between its outputs and ours, in units of the outputs or of 1, whichever is larger.
TOLERANCE = 1e-6
#: How many points are compared, and of those that are not training points how far apart from them they may lie.
_N_COMPARED = 256
_SPREAD = 0.5

HIDDEN: tuple[ActivationName, ...] = ("tanh", "relu", "sigmoid", "linear")
OUTPUT: tuple[ActivationName, ...] = ("linear", "sigmoid", "softmax", "tanh", "relu")


def recognised(subject: Subject, inputs: Array) -> Dense | None:
    """The network that a model is; None where it is none that xorviz can run.

    Args:
        subject: the model.
        inputs (float64 array of shape (n_points, n_inputs)): training points; some are compared, and others around.

    Returns:
        The candidate whose outputs agree within 1e-6. Where the model cannot be asked, its only candidate.
    """
    candidates = [one for one in subject.candidates() if one.network.widths[0] == inputs.shape[1]]
    if not candidates:
        return None
    points = _compared(inputs)
    sample = subject.sample(points)
    if sample is None:
        return candidates[0] if len({one.network for one in candidates}) == 1 else None
    return next((one for one in candidates if agrees(one, points, sample.outputs)), None)


def agrees(candidate: Dense, points: Array, outputs: Array) -> bool:
    """Whether a network says the same as a model did, within `TOLERANCE`."""
    return difference(candidate, points, outputs) <= TOLERANCE


def difference(candidate: Dense, points: Array, outputs: Array) -> float:
    """The largest difference of a network's outputs from a model's, in units of these or of 1."""
    parameters = candidate.vector("float64")
    if len(parameters) != candidate.network.n_parameters:
        return np.inf
    with np.errstate(all="ignore"):
        ours = candidate.network.forward(parameters, points)
        if ours.shape != outputs.shape or not np.isfinite(ours).all():
            return np.inf
        return float((np.abs(ours - outputs) / np.maximum(np.abs(outputs), 1.0)).max())


def networks(widths: Sequence[int], activations: Sequence[ActivationName] | None, *, biases: bool) -> list[Network]:
    """The networks of some widths: one where the activations are known, else one for every usual choice of them."""
    n_layers = len(widths) - 1
    if activations is not None:
        chosen = [tuple(activations)]
    else:
        outputs = [name for name in OUTPUT if name != "softmax" or widths[-1] > 1]
        pairs = product(outputs, HIDDEN if n_layers > 1 else HIDDEN[:1])
        chosen = [(*(hidden,) * (n_layers - 1), output) for output, hidden in pairs]
    return [Network(widths=tuple(widths), activations=each, biases=biases) for each in chosen]


def _compared(inputs: Array) -> Array:
    """Some training points, and as many around them: the former alone may not tell one activation from another."""
    generator = np.random.default_rng(0)
    some = inputs[np.linspace(0, len(inputs) - 1, min(len(inputs), _N_COMPARED)).astype(int)]
    spread = np.ptp(inputs, axis=0) + 1e-3
    return np.concatenate([some, some + _SPREAD * spread * generator.uniform(-1, 1, some.shape)])
