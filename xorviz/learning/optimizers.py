"""How a gradient becomes an update: gradient descent, momentum, RMSProp, Adam.

An optimizer is bound once to a parameter vector and a gradient vector and from then on updates the one from
the other in place, without allocating. Each parameter is treated by itself: leading run axes are welcome.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any, TypeAlias, final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.activations import Call

Array: TypeAlias = NDArray[Any]


@final
@dataclass(frozen=True)
class Update:
    """One update of bound vectors, ready to run again and again.

    Attributes:
        calls: the update, in order.
        state (tuple of float64 arrays): what the updates carry from one to the next; whoever wants to go back
            to an earlier step saves and restores these with the parameters.
    """

    calls: tuple[Call, ...]
    state: tuple[Array, ...] = ()

    def __call__(self) -> None:
        """Update the bound parameters from the bound gradient, in place."""
        for call in self.calls:
            call()


class _Optimizer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The contract of every optimizer.

    Attributes:
        learning_rate: factor on the gradient.
    """

    learning_rate: float

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        for field in self.__struct_fields__:
            value = getattr(self, field)
            if field in ("learning_rate", "epsilon"):
                if not (isfinite(value) and value > 0):
                    raise UsageError(f"optimizer.{field} must be positive; got {value!r}.")
            elif not 0 <= value < 1:
                raise UsageError(f"optimizer.{field} must be at least 0 and below 1; got {value!r}.")

    @abstractmethod
    def bind(self, parameters: Array, gradient: Array) -> Update:
        """The update of these vectors, with fresh state.

        Args:
            parameters (float64 array of shape (..., n)): changed in place by every update.
            gradient (float64 array of the same shape): read by every update.

        Returns:
            An update that allocates nothing when it runs.
        """

    @abstractmethod
    def describe(self) -> str:
        """In words: ``"gradient descent"``."""


class GradientDescent(_Optimizer, frozen=True, kw_only=True, tag="gradient_descent"):
    """θ ← θ − η g.

    References:
        A. Cauchy, Comptes rendus 25 (1847), 536–538.
    """

    learning_rate: float = 0.1

    def bind(self, parameters: Array, gradient: Array) -> Update:
        """See `_Optimizer.bind`."""
        rate, change = np.array(self.learning_rate), np.empty_like(parameters)
        return Update(
            (
                partial(np.multiply, gradient, rate, change),
                partial(np.subtract, parameters, change, parameters),
            )
        )

    def describe(self) -> str:
        """See `_Optimizer.describe`."""
        return "gradient descent"


class Momentum(_Optimizer, frozen=True, kw_only=True, tag="momentum"):
    """v ← μ v − η g, θ ← θ + v, with v = 0 at first.

    References:
        B. Polyak, USSR Comput. Math. Math. Phys. 4 (1964), eq. 9; in this form Sutskever et al., ICML (2013),
        eqs. 1–2.
    """

    learning_rate: float = 0.1
    momentum: float = 0.9

    def bind(self, parameters: Array, gradient: Array) -> Update:
        """See `_Optimizer.bind`."""
        rate, momentum = np.array(self.learning_rate), np.array(self.momentum)
        velocity, change = np.zeros_like(parameters), np.empty_like(parameters)
        calls = (
            partial(np.multiply, gradient, rate, change),
            partial(np.multiply, velocity, momentum, velocity),
            partial(np.subtract, velocity, change, velocity),
            partial(np.add, parameters, velocity, parameters),
        )
        return Update(calls, (velocity,))

    def describe(self) -> str:
        """See `_Optimizer.describe`."""
        return "momentum"


class RMSProp(_Optimizer, frozen=True, kw_only=True, tag="rmsprop"):
    """s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + ε), with s = 0 at first.

    References:
        T. Tieleman & G. Hinton, Neural Networks for Machine Learning (2012), lecture 6e, slide 29, which has
        no ε; it is added outside the root, as PyTorch does.
    """

    learning_rate: float = 0.01
    decay: float = 0.9
    epsilon: float = 1e-8

    def bind(self, parameters: Array, gradient: Array) -> Update:
        """See `_Optimizer.bind`."""
        rate, epsilon = np.array(self.learning_rate), np.array(self.epsilon)
        square, change = np.zeros_like(parameters), np.empty_like(parameters)
        calls: tuple[Call, ...] = (
            *_average(square, gradient, change, decay=self.decay, squared=True),
            partial(np.sqrt, square, change),
            partial(np.add, change, epsilon, change),
            partial(np.divide, gradient, change, change),
            partial(np.multiply, change, rate, change),
            partial(np.subtract, parameters, change, parameters),
        )
        return Update(calls, (square,))

    def describe(self) -> str:
        """See `_Optimizer.describe`."""
        return "RMSProp"


class Adam(_Optimizer, frozen=True, kw_only=True, tag="adam"):
    """m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², θ ← θ − η m̂ / (√ŝ + ε), hats dividing by 1 − βᵗ.

    References:
        D. Kingma & J. Ba, ICLR (2015), algorithm 1.
    """

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def bind(self, parameters: Array, gradient: Array) -> Update:
        """See `_Optimizer.bind`."""
        one, rate, epsilon = np.array(1.0), np.array(self.learning_rate), np.array(self.epsilon)
        mean, square = np.zeros_like(parameters), np.zeros_like(parameters)
        change, root = np.empty_like(parameters), np.empty_like(parameters)
        power_1, power_2, correction = np.array(1.0), np.array(1.0), np.empty(())
        calls: tuple[Call, ...] = (
            *_average(mean, gradient, change, decay=self.beta_1, squared=False),
            *_average(square, gradient, change, decay=self.beta_2, squared=True),
            partial(np.multiply, power_2, np.array(self.beta_2), power_2),
            partial(np.subtract, one, power_2, correction),
            partial(np.divide, square, correction, root),
            partial(np.sqrt, root, root),
            partial(np.add, root, epsilon, root),
            partial(np.multiply, power_1, np.array(self.beta_1), power_1),
            partial(np.subtract, one, power_1, correction),
            partial(np.divide, mean, correction, change),
            partial(np.divide, change, root, change),
            partial(np.multiply, change, rate, change),
            partial(np.subtract, parameters, change, parameters),
        )
        return Update(calls, (mean, square, power_1, power_2))

    def describe(self) -> str:
        """See `_Optimizer.describe`."""
        return "Adam"


Optimizer: TypeAlias = GradientDescent | Momentum | RMSProp | Adam


def _average(average: Array, gradient: Array, scratch: Array, *, decay: float, squared: bool) -> list[Call]:
    """Calls for an exponential moving average: decay·average + (1 − decay)·g, or g²."""
    weight = np.array(1 - decay)
    calls: list[Call] = [partial(np.multiply, gradient, weight, scratch)]
    if squared:
        calls.append(partial(np.multiply, scratch, gradient, scratch))
    calls.append(partial(np.multiply, average, np.array(decay), average))
    calls.append(partial(np.add, average, scratch, average))
    return calls
