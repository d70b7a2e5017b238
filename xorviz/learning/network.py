"""A dense network: layout of its flat parameter vector, forward pass, gradient."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.errors import UsageError, unknown
from xorviz.learning.activations import ACTIVATIONS, Activation, ActivationName, ReluTimesZ, run
from xorviz.learning.losses import Loss

Array: TypeAlias = NDArray[Any]
ReluDerivative: TypeAlias = Literal["textbook", "times_z"]


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fully connected network; a specification that holds no numbers.

    Its parameters travel beside it as one flat vector in the order W1, b1, W2, b2, … (no b without biases),
    each in C order, ``W`` of shape (fan_in, fan_out). Every array may carry leading run axes.

    Attributes:
        widths: units per layer, the input first: ``(2, 2, 1)``.
        activations: one name per layer after the input: sigmoid, tanh, relu or linear; the last may be softmax.
        biases: whether the layers have biases.
        relu_derivative: ``"textbook"``, 1[z > 0], or ``"times_z"``, z·1[z > 0], as published by `relu`.

    Raises:
        UsageError: a field that describes no network.
    """

    widths: tuple[int, ...]
    activations: tuple[ActivationName, ...]
    biases: bool = True
    relu_derivative: ReluDerivative = "textbook"

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        if len(self.widths) < 2 or any(not isinstance(width, int) or width < 1 for width in self.widths):
            raise UsageError(
                f"widths must be two or more positive whole numbers, the input's first; got {self.widths!r}. "
                "XOR takes (2, 2, 1)."
            )
        if len(self.activations) != len(self.widths) - 1:
            raise UsageError(
                f"activations must be one name per layer after the input, here {len(self.widths) - 1}; "
                f"got {self.activations!r}. Give each layer one of {', '.join(ACTIVATIONS)}."
            )
        for index, name in enumerate(self.activations):
            if name not in ACTIVATIONS:
                raise unknown(f"activations[{index}]", name, ACTIVATIONS)
        if "softmax" in self.activations[:-1] or (self.activations[-1] == "softmax" and self.widths[-1] < 2):
            raise UsageError(
                f"activations must have softmax only in a last layer of two units or more; got {self.activations!r} "
                f"for widths {self.widths!r}."
            )
        if self.relu_derivative not in ("textbook", "times_z"):
            raise unknown("relu_derivative", self.relu_derivative, ("textbook", "times_z"))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every named array, in the order of the flat vector."""
        return {name: shape for name, shape, _ in _layout(tuple(self.widths), self.biases)}

    @property
    def n_parameters(self) -> int:
        """Length of the flat vector."""
        n_parameters: int = _layout(tuple(self.widths), self.biases)[-1][2].stop
        return n_parameters

    @property
    def layer_ranges(self) -> dict[str, slice]:
        """Where each layer's weights and biases lie in the flat vector, by the layer's name.

        The names are ``hidden`` and ``output``, or ``hidden 1`` … where there are several hidden layers.
        """
        n_layers, ranges, start = len(self.activations), {}, 0
        for layer, (fan_in, fan_out) in enumerate(pairwise(self.widths), start=1):
            hidden = "hidden" if n_layers == 2 else f"hidden {layer}"
            stop = start + (fan_in + int(self.biases)) * fan_out
            ranges["output" if layer == n_layers else hidden] = slice(start, stop)
            start = stop
        return ranges

    @property
    def layer_functions(self) -> tuple[Activation, ...]:
        """The activation of each layer after the input, with the derivative `relu_derivative` asks for."""
        times_z = self.relu_derivative == "times_z"
        return tuple(ReluTimesZ() if name == "relu" and times_z else ACTIVATIONS[name] for name in self.activations)

    def views(self, flat: Array) -> dict[str, Array]:
        """The named arrays inside a flat vector.

        Args:
            flat (float array of shape (..., n_parameters)): parameters or a gradient.

        Returns:
            (dict of float arrays of shape (..., *shape)): views; writing to one writes to ``flat``.

        Raises:
            UsageError: the last axis is not `n_parameters` long.
        """
        if flat.ndim == 0 or flat.shape[-1] != self.n_parameters:
            raise UsageError(
                f"parameters must have {self.n_parameters} values on their last axis for a {self.describe()} "
                f"network; got shape {flat.shape!r}. Their order is {', '.join(self.shapes)}."
            )
        layout = _layout(tuple(self.widths), self.biases)
        return {name: flat[..., part].reshape(flat.shape[:-1] + shape) for name, shape, part in layout}

    def layer_norms(self, flat: Array) -> Array:
        """Euclidean norm over each layer's weights and biases.

        Args:
            flat (float array of shape (..., n_parameters)): parameters or a gradient.

        Returns:
            (float64 array of shape (..., n_layers)): in the order of `layer_ranges`; infinite where a square overflows.
        """
        starts = [part.start for part in self.layer_ranges.values()]
        with np.errstate(all="ignore"):
            norms: Array = np.sqrt(np.add.reduceat(np.square(flat, dtype=np.float64), starts, axis=-1))
        return norms

    def flatten(self, named: Mapping[str, ArrayLike]) -> Array:
        """The flat vector of named arrays; the inverse of `views`.

        Args:
            named (mapping of float arrays of shape (..., *shape)): one per name in `shapes`, any order.

        Returns:
            (float64 array of shape (..., n_parameters)): a copy.

        Raises:
            UsageError: a name is missing or unknown, or an array has another shape.
        """
        if set(named) != set(self.shapes):
            raise UsageError(f"parameters must be named {', '.join(self.shapes)}; got {', '.join(named) or 'none'}.")
        parts = []
        for name, shape in self.shapes.items():
            array = np.asarray(named[name], dtype=np.float64)
            n_leading = array.ndim - len(shape)
            if n_leading < 0 or array.shape[n_leading:] != shape:
                raise UsageError(f"{name} must have shape {shape!r} after any run axes; got {array.shape!r}.")
            parts.append(array.reshape((*array.shape[:n_leading], prod(shape))))
        return np.concatenate(parts, axis=-1)

    def layers(self, parameters: Array, inputs: Array) -> list[Array]:
        """The activations of every layer after the input.

        Args:
            parameters (float array of shape (..., n_parameters)): the flat vector.
            inputs (float array of shape (..., n_points, n_inputs)): points; float32 with float32 parameters
                keeps the whole pass in float32.

        Returns:
            (list of float arrays of shape (..., n_points, width)): first hidden layer first, outputs last.

        Raises:
            UsageError: the last axis of either array has the wrong length.
        """
        if inputs.ndim < 2 or inputs.shape[-1] != self.widths[0]:
            raise UsageError(
                f"inputs must be of shape (n_points, {self.widths[0]}) for a {self.describe()} network; "
                f"got {inputs.shape!r}."
            )
        named = self.views(parameters)
        activations, a = [], inputs
        for layer, function in enumerate(self.layer_functions, start=1):
            a = a @ named[f"W{layer}"]
            if self.biases:
                a += named[f"b{layer}"][..., np.newaxis, :]
            run(function.activate(a))
            activations.append(a)
        return activations

    def forward(self, parameters: Array, inputs: Array) -> Array:
        """The outputs; arguments and errors as for `layers`.

        Returns:
            (float array of shape (..., n_points, n_outputs)): activations of the last layer.
        """
        return self.layers(parameters, inputs)[-1]

    def gradient(self, parameters: Array, inputs: Array, targets: Array, loss: Loss) -> tuple[Array, Array]:
        """The reported loss, and the gradient of the descended one, by backpropagation.

        Args:
            parameters (float64 array of shape (..., n_parameters)): the flat vector.
            inputs (float64 array of shape (n_points, n_inputs)): points.
            targets (float64 array of shape (n_points, n_outputs)): what the outputs should be.
            loss: its ``reduction`` is descended, its ``reported`` reported.

        Returns:
            (float64 array of shape (...,)): reported loss.
            (float64 array of shape (..., n_parameters)): gradient, in the parameters' layout.

        Raises:
            UsageError: shapes that do not fit, or a loss that cannot be taken of the output layer.

        References:
            Rumelhart, Hinton & Williams, Nature 323 (1986), eqs. 4–7. With ``relu_derivative="times_z"`` the
            result is what the `relu` article descends, not a gradient.
        """
        loss.check_output(self.activations[-1])
        activations = [inputs, *self.layers(parameters, inputs)]
        named = self.views(parameters)
        gradient = np.empty_like(parameters)
        into = self.views(gradient)
        outputs = activations[-1]
        delta = (outputs - targets) * loss.scale(outputs.shape[-2])
        for layer in range(len(self.activations), 0, -1):
            if layer < len(self.activations) or not loss.is_canonical:
                function = self.layer_functions[layer - 1]
                run(function.chain(activations[layer], delta, np.empty_like(delta)))
            into[f"W{layer}"][...] = activations[layer - 1].swapaxes(-1, -2) @ delta
            if self.biases:
                into[f"b{layer}"][...] = delta.sum(axis=-2)
            delta = delta @ named[f"W{layer}"].swapaxes(-1, -2)
        return loss.value(outputs, targets), gradient

    def describe(self) -> str:
        """In words: ``"2–2–1 sigmoid"``, or ``"2–2–1 relu/linear"`` where layers differ."""
        *hidden, output = self.activations
        names = [*hidden[:1], output] if len(set(hidden)) <= 1 else [*hidden, output]
        if len(set(names)) == 1:
            names = names[:1]
        return f"{'–'.join(map(str, self.widths))} {'/'.join(names)}"


@cache
def _layout(widths: tuple[int, ...], biases: bool) -> tuple[tuple[str, tuple[int, ...], slice], ...]:
    """Name, shape and place in the flat vector of every array; asked for at every snapshot, so kept."""
    layout: list[tuple[str, tuple[int, ...], slice]] = []
    start = 0
    for layer, (fan_in, fan_out) in enumerate(pairwise(widths), start=1):
        shapes: dict[str, tuple[int, ...]] = {"W": (fan_in, fan_out), "b": (fan_out,)}
        for letter in shapes if biases else "W":
            stop = start + prod(shapes[letter])
            layout.append((f"{letter}{layer}", shapes[letter], slice(start, stop)))
            start = stop
    return tuple(layout)
