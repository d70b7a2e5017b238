"""A training step of many runs at once, as a list of NumPy calls bound to its arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import Call
from xorviz.learning.experiment import Experiment
from xorviz.learning.optimizers import Update
from xorviz.sweeps.engines._aligned import aligned
from xorviz.sweeps.engines._correctness import Correctness
from xorviz.sweeps.engines._losses import repeated, step_loss

Array: TypeAlias = NDArray[Any]


@final
class Plan:
    """What `Workspace` is for one run: the arrays of a step, and the step as calls, with the runs on the last axis.

    So every call works through whole rows of runs, and a matrix product of a network this small is a few products of
    rows. The order of arithmetic is that of `Workspace`.

    Attributes:
        parameters (float64 array of shape (n_parameters, n_runs)): updated in place.
        forward: calls that fill the outputs.
        loss: calls and arrays of the step's loss; its calls come after `forward`.
        correctness: of the outputs, likewise.
        updates: for every point of the batch in turn, the calls that come after that.
    """

    def __init__(self, experiment: Experiment, parameters: Array) -> None:
        """Allocate and bind.

        Args:
            experiment: what to run.
            parameters (float64 array of shape (n_runs, n_parameters)): where to start; copied.
        """
        self._experiment, problem = experiment, experiment.problem
        self._n_runs = len(parameters)
        self.parameters = aligned(parameters.shape[1], self._n_runs)
        self.parameters[...] = parameters.T
        self._gradient = aligned(*self.parameters.shape)
        widths, n_points = experiment.network.widths, len(problem.inputs)
        self._activations = [aligned(width, n_points, self._n_runs) for width in widths[1:]]
        self.forward = self._forward()
        self.loss = step_loss(experiment.loss, self._activations[-1], problem.targets.T[..., np.newaxis])
        self.correctness = Correctness(problem, self._activations[-1])
        bound = self._bind_updates()
        batch = experiment.batch
        chosen = [slice(None)] if batch == "full" else [slice(i, i + 1) for i in batch]
        self.updates = [self._backward(points, bound) for points in chosen]

    def _rows(self, flat: Array, layer: int) -> tuple[Array, Array | None]:
        """Views of a layer's weights, (fan_in, fan_out, n_runs), and biases, (fan_out, n_runs)."""
        network = self._experiment.network
        fan_in, fan_out = network.widths[layer - 1 : layer + 1]
        part = flat[self._layer_range(layer)]
        weights = part[: fan_in * fan_out].reshape(fan_in, fan_out, self._n_runs)
        return weights, part[fan_in * fan_out :] if network.biases else None

    def _layer_range(self, layer: int) -> slice:
        widths, n_ones = self._experiment.network.widths, int(self._experiment.network.biases)
        sizes = [(fan_in + n_ones) * fan_out for fan_in, fan_out in pairwise(widths)]
        return slice(sum(sizes[: layer - 1]), sum(sizes[:layer]))

    def _bind_updates(self) -> dict[int, Update]:
        """The updates, by the layer after whose gradient each is made; layers are visited last to first."""
        bind = self._experiment.optimizer.bind
        if self._experiment.update_order == "simultaneous":
            return {1: bind(self.parameters, self._gradient)}
        ranges = {layer: self._layer_range(layer) for layer in range(1, len(self._activations) + 1)}
        return {layer: bind(self.parameters[r], self._gradient[r]) for layer, r in ranges.items()}

    def _forward(self) -> list[Call]:
        calls: list[Call] = []
        inputs = self._experiment.problem.inputs
        for layer, function in enumerate(self._experiment.network.layer_functions, start=1):
            z, (weights, biases) = self._activations[layer - 1], self._rows(self.parameters, layer)
            if layer == 1:
                for point, x in enumerate(inputs):
                    terms = [*zip(x, weights, strict=True), *([(1.0, biases)] if biases is not None else [])]
                    calls += _sum(terms, z[:, point])
            else:
                a = self._activations[layer - 2]
                calls += _sum_of_products(list(zip(weights[:, :, np.newaxis], a[:, np.newaxis], strict=True)), z)
                if biases is not None:
                    calls.append(partial(np.add, z, biases[:, np.newaxis], z))
            calls += function.activate(z, axis=0)
        return calls

    def _backward(self, points: slice, updates: dict[int, Update]) -> list[Call]:
        """Calls that take the gradient of the loss over some points, and make the updates between."""
        experiment = self._experiment
        network, loss, problem = experiment.network, experiment.loss, experiment.problem
        outputs = self._activations[-1][:, points]
        delta = aligned(*outputs.shape)
        targets = problem.targets.T[..., np.newaxis][:, points]
        calls: list[Call] = [partial(np.subtract, outputs, repeated(targets, outputs.shape), delta)]
        if (scale := loss.scale(outputs.shape[1])) != 1:
            calls.append(partial(np.multiply, delta, np.array(scale), delta))
        functions = network.layer_functions
        for layer in range(len(functions), 0, -1):
            if layer < len(functions) or not loss.is_canonical:
                activations = self._activations[layer - 1][:, points]
                calls += functions[layer - 1].chain(activations, delta, aligned(*delta.shape), axis=0)
            calls += self._layer_gradient(layer, points, delta)
            if layer in updates:
                calls += updates[layer].calls
            if layer > 1:
                weights, _ = self._rows(self.parameters, layer)
                carried = aligned(network.widths[layer - 1], *delta.shape[1:])
                pairs = [(weights[:, unit, np.newaxis], delta[unit]) for unit in range(len(delta))]
                calls += _sum_of_products(pairs, carried)
                delta = carried
        return calls

    def _layer_gradient(self, layer: int, points: slice, delta: Array) -> list[Call]:
        into, into_biases = self._rows(self._gradient, layer)
        calls: list[Call] = []
        if layer == 1:
            columns = self._experiment.problem.inputs[points].T
            for x, rows in zip(columns, into, strict=True):
                calls += _sum([(x[p], delta[:, p]) for p in range(len(x))], rows)
        else:
            product = aligned(*delta.shape)
            for a, rows in zip(self._activations[layer - 2][:, points], into, strict=True):
                calls.append(partial(np.multiply, a, delta, product))
                calls.append(partial(np.add.reduce, product, axis=1, out=rows))
        if into_biases is not None:
            # As published by `convergence`: every bias gets the sum over all deltas of the layer.
            axis, keepdims = ((0, 1), True) if self._experiment.bias_gradient == "layer_sum" else (1, False)
            row = aligned(1, 1, self._n_runs) if keepdims else into_biases
            calls.append(partial(np.add.reduce, delta, axis=axis, out=row, keepdims=keepdims))
            if keepdims:
                calls.append(partial(np.copyto, into_biases, row[0]))
        return calls


def _sum(terms: Sequence[tuple[float, Array]], out: Array) -> list[Call]:
    """Calls that put the sum of factor · rows into ``out``; a factor 0 or 1 costs no product."""
    terms = [(float(factor), rows) for factor, rows in terms if factor != 0]
    if not terms:
        return [partial(np.copyto, out, np.array(0.0))]
    (factor, first), *others = terms
    if factor == 1 and others and others[0][0] == 1:
        calls: list[Call] = [partial(np.add, first, others[0][1], out)]
        others = others[1:]
    elif factor == 1:
        calls = [partial(np.copyto, out, first)]
    else:
        calls = [partial(np.multiply, first, np.array(factor), out)]
    scratch = aligned(*out.shape)
    for factor, rows in others:
        if factor != 1:
            calls.append(partial(np.multiply, rows, np.array(factor), scratch))
        calls.append(partial(np.add, out, rows if factor == 1 else scratch, out))
    return calls


def _sum_of_products(pairs: Sequence[tuple[Array, Array]], out: Array) -> list[Call]:
    """Calls that put the sum of the products of some pairs of arrays into ``out``."""
    (first, second), *others = pairs
    calls: list[Call] = [partial(np.multiply, first, second, out)]
    scratch = aligned(*out.shape)
    for first, second in others:
        calls.append(partial(np.multiply, first, second, scratch))
        calls.append(partial(np.add, out, scratch, out))
    return calls
