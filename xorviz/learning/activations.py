"""The activation functions of a layer and their derivatives, as in-place calls over arrays of any shape.

Every derivative here can be written in terms of the activation ``a = f(z)``, so ``z`` need not be kept. A
function is given as a list of *calls*: NumPy functions bound once to the arrays they read and write. Training
runs the same list hundreds of thousands of times without looking anything up; everything else runs it once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Call: TypeAlias = Callable[[], object]
ActivationName: TypeAlias = Literal["sigmoid", "tanh", "relu", "linear", "softmax"]


class Activation(ABC):
    """A function of one unit's weighted sum ``z``, or of those of all units of a layer."""

    @abstractmethod
    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """Calls that turn ``z`` into ``f(z)`` in place.

        Args:
            z (float array of any shape): weighted sums; overwritten whenever the calls run.
            axis: along which a layer's units lie; only a function of all of them together looks at it.

        Returns:
            The calls, in order. They may overflow harmlessly: run them under ``np.errstate(over="ignore")``.
        """

    @abstractmethod
    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """Calls that multiply ``delta`` by ``f'(z)`` in place.

        Args:
            a (float array of any shape): the activations ``f(z)``; only read.
            delta (float array of ``a``'s shape): derivative of the loss by ``a``, turned into that by ``z``.
            scratch (float array of ``a``'s shape): overwritten.
            axis: along which a layer's units lie.

        Returns:
            The calls, in order.
        """


@final
class Sigmoid(Activation):
    """``1 / (1 + exp(-z))``, with derivative ``a (1 - a)``.

    For very negative ``z`` the exponential overflows to infinity and the quotient is exactly 0, as it should.
    """

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        one = np.ones((), z.dtype)
        return [
            partial(np.negative, z, z),
            partial(np.exp, z, z),
            partial(np.add, z, one, z),
            # NumPy has vector instructions for this, none for `reciprocal`.
            partial(np.divide, one, z, z),
        ]

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        one = np.ones((), a.dtype)
        return [
            partial(np.subtract, one, a, scratch),
            partial(np.multiply, scratch, a, scratch),
            partial(np.multiply, delta, scratch, delta),
        ]


@final
class Tanh(Activation):
    """``tanh(z)``, with derivative ``1 - a²``, computed as ``(1 - a)(1 + a)``, exact near saturation."""

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        return [partial(np.tanh, z, z)]

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        one = np.ones((), a.dtype)
        return [
            partial(np.subtract, one, a, scratch),
            partial(np.multiply, delta, scratch, delta),
            partial(np.add, one, a, scratch),
            partial(np.multiply, delta, scratch, delta),
        ]


@final
class Relu(Activation):
    """``max(z, 0)``, with derivative 1 for ``z > 0`` and 0 elsewhere."""

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        return [partial(np.maximum, z, np.zeros((), z.dtype), out=z)]

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        # An activation is never negative, so its sign is 1[z > 0].
        return [partial(np.sign, a, scratch), partial(np.multiply, delta, scratch, delta)]


@final
class ReluTimesZ(Activation):
    """``max(z, 0)`` with ``z·1[z > 0]`` in the place of its derivative: what the `relu` article published.

    Since ``z·1[z > 0]`` is the activation itself, the error is multiplied by ``a``. This is no derivative of
    ReLU; the experiment keeps it because the published numbers depend on it.
    """

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        return [partial(np.maximum, z, np.zeros((), z.dtype), out=z)]

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        return [partial(np.multiply, delta, a, delta)]


@final
class Linear(Activation):
    """``z`` itself, with derivative 1."""

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        return []

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        return []


@final
class Softmax(Activation):
    """``exp(z_i) / Σ_j exp(z_j)`` over the units of a layer: positive, and 1 together; for the last layer only.

    The largest ``z`` is taken off first, which changes nothing but keeps the exponentials finite. With the derivative
    ``a_i (1[i = j] − a_j)`` a ``delta`` becomes ``a (delta − Σ a delta)``.

    References:
        C. M. Bishop, Pattern Recognition and Machine Learning (2006), eqs. 4.104 and 4.106.
    """

    def activate(self, z: Array, axis: int = -1) -> list[Call]:
        """See `Activation.activate`."""
        total: Array = np.empty_like(z.max(axis=axis, keepdims=True, initial=0.0))
        return [
            partial(np.amax, z, axis=axis, out=total, keepdims=True),
            partial(np.subtract, z, total, z),
            partial(np.exp, z, z),
            partial(np.sum, z, axis=axis, out=total, keepdims=True),
            partial(np.divide, z, total, z),
        ]

    def chain(self, a: Array, delta: Array, scratch: Array, axis: int = -1) -> list[Call]:
        """See `Activation.chain`."""
        total: Array = np.empty_like(a.max(axis=axis, keepdims=True, initial=0.0))
        return [
            partial(np.multiply, a, delta, scratch),
            partial(np.sum, scratch, axis=axis, out=total, keepdims=True),
            partial(np.subtract, delta, total, delta),
            partial(np.multiply, delta, a, delta),
        ]


ACTIVATIONS: dict[ActivationName, Activation] = {
    "sigmoid": Sigmoid(),
    "tanh": Tanh(),
    "relu": Relu(),
    "linear": Linear(),
    "softmax": Softmax(),
}


def applied(name: ActivationName, values: Array) -> Array:
    """An activation of values along their last axis, as a new array."""
    found = np.array(values)
    run(ACTIVATIONS[name].activate(found))
    return found


def run(calls: list[Call]) -> None:
    """Run calls once, in order; overflow on the way to a finite result is expected and silent."""
    with np.errstate(over="ignore"):
        for call in calls:
            call()
