"""The arrays and calls of a training step, bound once and run many times."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import Call
from xorviz.learning.experiment import Experiment
from xorviz.learning.optimizers import Update

Array: TypeAlias = NDArray[Any]

#: Outputs are kept for a block of steps and their losses computed at once; no more values than this are kept.
_VALUES_PER_BLOCK = 4096
_STEPS_PER_BLOCK = 256


@final
class Workspace:
    """Everything a step touches, allocated once, and a step as a list of calls bound to it.

    A step of a network this small costs what calling NumPy costs, so nothing is looked up, allocated or
    decided while stepping: every option of the experiment is a call that is in the list or is not. Arrays are
    unit-major, (..., units, points), and a layer with biases reads its inputs with a row of ones below them,
    so that W and b, neighbours in the flat vector, are one matrix. Losses are taken from the kept outputs, a
    block of steps at a time.

    Leading axes of the parameters are runs: many seeds in one workspace cost little more than one.

    Attributes:
        parameters (float64 array of shape (..., n_parameters)): updated in place.
        gradient (float64 array of the same shape): of the last step or measurement.
        step: updates made so far.
    """

    def __init__(self, experiment: Experiment, parameters: Array) -> None:
        """Allocate and bind.

        Args:
            experiment: what to run.
            parameters (float64 array of shape (..., n_parameters)): where to start; copied.
        """
        self._experiment = experiment
        self.parameters: Array = np.array(parameters, dtype=np.float64)
        self.gradient: Array = np.zeros_like(self.parameters)
        self.step = 0
        self._allocate()
        updates = self._bind_updates()
        self._saved = (self.parameters, *(array for update in updates.values() for array in update.state))
        self._copies = tuple(array.copy() for array in self._saved)
        self._saved_step = 0
        batch = experiment.batch
        chosen = [slice(None)] if batch == "full" else [slice(i, i + 1) for i in batch]
        plans = [self._forward() + self._backward(points, updates) for points in chosen]
        self._n_plans = len(plans)
        self._plans = [plans[k % len(plans)] for k in range(self.block_steps + len(plans))]
        self._measurement = self._forward() + self._backward(slice(None), {})

    def _allocate(self) -> None:
        network, inputs = self._experiment.network, self._experiment.problem.inputs
        runs, n_points = self.parameters.shape[:-1], len(inputs)
        n_ones = int(network.biases)
        self._with_ones = [np.ones((*runs, width + n_ones, n_points)) for width in network.widths]
        self._activations = [rows[..., :width, :] for rows, width in zip(self._with_ones, network.widths, strict=True)]
        self._activations[0][...] = inputs.T
        self._outputs: Array = np.empty((*runs, network.widths[-1], n_points))
        self._activations[-1] = self._outputs
        self._targets = np.broadcast_to(self._experiment.problem.targets.T, self._outputs.shape).copy()
        self.block_steps = max(1, min(_STEPS_PER_BLOCK, _VALUES_PER_BLOCK // max(1, self._outputs.size)))
        self._kept = np.empty((self.block_steps, *self._outputs.shape))
        self._rows = list(self._kept)

    def _layer_range(self, layer: int) -> slice:
        widths, n_ones = self._experiment.network.widths, int(self._experiment.network.biases)
        sizes = [(fan_in + n_ones) * fan_out for fan_in, fan_out in pairwise(widths)]
        return slice(sum(sizes[: layer - 1]), sum(sizes[:layer]))

    def _layer(self, flat: Array, layer: int) -> Array:
        """View of a layer's weights with its biases as last row, (..., fan_in + 1, fan_out)."""
        part = flat[..., self._layer_range(layer)]
        return part.reshape((*flat.shape[:-1], -1, self._experiment.network.widths[layer]))

    def _bind_updates(self) -> dict[int, Update]:
        """The updates, by the layer after whose gradient each is made; layers are visited last to first."""
        bind = self._experiment.optimizer.bind
        if self._experiment.update_order == "simultaneous":
            return {1: bind(self.parameters, self.gradient)}
        ranges = {layer: self._layer_range(layer) for layer in range(1, len(self._activations))}
        return {layer: bind(self.parameters[..., r], self.gradient[..., r]) for layer, r in ranges.items()}

    def _forward(self) -> list[Call]:
        calls: list[Call] = []
        for layer, function in enumerate(self._experiment.network.layer_functions, start=1):
            z, weights = self._activations[layer], self._layer(self.parameters, layer)
            calls.append(_product(weights.swapaxes(-1, -2), self._with_ones[layer - 1], z))
            calls.extend(function.activate(z, axis=-2))
        return calls

    def _backward(self, points: slice, updates: dict[int, Update]) -> list[Call]:
        """Calls that fill the gradient of the loss over some points, and make the updates between."""
        network, loss = self._experiment.network, self._experiment.loss
        outputs = self._outputs[..., points]
        delta: Array = np.empty(outputs.shape)
        calls: list[Call] = [partial(np.subtract, outputs, self._targets[..., points], delta)]
        if (scale := loss.scale(outputs.shape[-1])) != 1:
            calls.append(partial(np.multiply, delta, np.array(scale), delta))
        functions = network.layer_functions
        n_layers = len(functions)
        for layer in range(n_layers, 0, -1):
            if layer < n_layers or not loss.is_canonical:
                function, activations = functions[layer - 1], self._activations[layer][..., points]
                calls.extend(function.chain(activations, delta, np.empty(delta.shape), axis=-2))
            calls.extend(self._layer_gradient(layer, points, delta))
            if layer in updates:
                calls.extend(updates[layer].calls)
            if layer > 1:
                weights = self._layer(self.parameters, layer)[..., : network.widths[layer - 1], :]
                n_points = outputs.shape[-1]
                carried: Array = np.empty((*outputs.shape[:-2], network.widths[layer - 1], n_points))
                calls.append(_product(weights, delta, carried))
                delta = carried
        return calls

    def _layer_gradient(self, layer: int, points: slice, delta: Array) -> list[Call]:
        network, into = self._experiment.network, self._layer(self.gradient, layer)
        calls = [_product(self._with_ones[layer - 1][..., points], delta.swapaxes(-1, -2), into)]
        if self._experiment.bias_gradient == "layer_sum" and network.biases and network.widths[layer] > 1:
            # Every bias gets the sum over all deltas of the layer: one row of them times a matrix of ones.
            row = delta.reshape((*delta.shape[:-2], 1, -1))
            calls.append(_product(row, np.ones((row.shape[-1], network.widths[layer])), into[..., -1:, :]))
        return calls

    def advance(self, n_steps: int) -> Array:
        """Make updates.

        Args:
            n_steps: how many, at most `block_steps`.

        Returns:
            (float64 array of shape (n_steps, ...)): reported loss over all points, each before its update.
        """
        outputs = self._outputs
        first = self.step % self._n_plans
        with np.errstate(all="ignore"):
            for row, plan in zip(self._rows[:n_steps], self._plans[first : first + n_steps], strict=True):
                for call in plan:
                    call()
                row[...] = outputs
            self.step += n_steps
            return self._losses(n_steps)

    def measure(self) -> Array:
        """Fill `gradient` with the training loss's over all points; return its reported loss, shape (...)."""
        with np.errstate(all="ignore"):
            for call in self._measurement:
                call()
            self._kept[0] = self._outputs
            loss: Array = self._losses(1)[0]
        return loss

    @property
    def outputs(self) -> Array:
        """View of the outputs that the last step or measurement computed, (..., n_points, n_outputs)."""
        return self._outputs.swapaxes(-1, -2)

    def _losses(self, n_steps: int) -> Array:
        kept = self._kept[:n_steps].swapaxes(-1, -2)
        return self._experiment.loss.value(kept, self._experiment.problem.targets)

    def save(self) -> None:
        """Remember this step, to `restore` it."""
        for array, copy in zip(self._saved, self._copies, strict=True):
            copy[...] = array
        self._saved_step = self.step

    def restore(self) -> None:
        """Go back to the step last saved."""
        for array, copy in zip(self._saved, self._copies, strict=True):
            array[...] = copy
        self.step = self._saved_step


def _product(a: Array, b: Array, out: Array) -> Call:
    """The call that puts ``a @ b`` into ``out``.

    For arrays this small the method ``dot``, which knows two axes only, takes a third of the time of
    ``np.matmul`` and two thirds of that of the function ``np.dot``.
    """
    return partial(a.dot, b, out) if a.ndim == 2 else partial(np.matmul, a, b, out)
