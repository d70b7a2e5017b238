"""How the parameters are drawn before training: the five articles' ways, Glorot, He, and given numbers.

Every draw comes from NumPy's legacy generator ``RandomState(seed)``, so a seed repeats what an article's own
program does after ``numpy.random.seed(seed)``. The order of the draws matters; each class states its own.
"""

from __future__ import annotations

from abc import abstractmethod
from math import isfinite, sqrt
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.learning.network import Network

Array: TypeAlias = NDArray[Any]
Distribution: TypeAlias = Literal["uniform", "normal"]


class _Drawn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """The contract of every initialisation."""

    def draw(self, network: Network, *, seed: int) -> Array:
        """The parameters a network starts from.

        Args:
            network: gives the shapes and their order.
            seed: of the legacy generator, 0 to 2³² − 1.

        Returns:
            (float64 array of shape (n_parameters,)): a flat vector of the caller's own.
        """
        return self.draw_runs(network, random=RandomState(seed), runs=())

    def draw_runs(self, network: Network, *, random: RandomState, runs: tuple[int, ...]) -> Array:
        """The parameters many networks start from; a generator for each would cost more than training it.

        Args:
            network: gives the shapes and their order.
            random: generator, in any state.
            runs: shape of the run axes.

        Returns:
            (float64 array of shape (*runs, n_parameters)): flat vectors of the caller's own.
        """
        named: dict[str, Array] = {}
        for layer in range(1, len(network.widths)):
            named.update(self._layer(random, network, layer, runs))
        return network.flatten({name: named[name] for name in network.shapes})

    def check(self, network: Network) -> None:
        """Refuse a network these parameters cannot belong to; raises UsageError."""

    @abstractmethod
    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        """Draw one layer of every run; layers are drawn first to last."""


class Uniform(_Drawn, frozen=True, kw_only=True, tag="uniform"):
    """Uniform on [low, high), every array in the order of the flat vector: `relu` and `convergence`."""

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        """Check the range."""
        if not (isfinite(self.low) and isfinite(self.high) and self.low <= self.high):
            raise UsageError(f"initialisation.high must be at least low; got {self.low!r} to {self.high!r}.")

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        shapes = _shapes(network, layer)
        return {name: random.uniform(self.low, self.high, (*runs, *shape)) for name, shape in shapes.items()}


class Normal(_Drawn, frozen=True, kw_only=True, tag="normal"):
    """Normal with mean 0; one standard deviation for the output layer, one for all before it.

    Attributes:
        hidden_std: for the weights, then the biases, of every hidden layer.
        output_std: for the weights, then the bias, of the output layer.
        unit_rows: draw each ``W`` one unit after the other, as a program does that stores Wᵀ (`backprop`),
            rather than one input after the other (`init-scale`).
    """

    hidden_std: float = 1.0
    output_std: float = 1.0
    unit_rows: bool = False

    def __post_init__(self) -> None:
        """Check the standard deviations."""
        for field in ("hidden_std", "output_std"):
            value = getattr(self, field)
            if not (isfinite(value) and value >= 0):
                raise UsageError(f"initialisation.{field} must be 0 or more; got {value!r}.")

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        std = self.output_std if layer == len(network.widths) - 1 else self.hidden_std
        drawn: dict[str, Array] = {}
        for name, shape in _shapes(network, layer).items():
            if self.unit_rows and len(shape) == 2:
                drawn[name] = std * random.standard_normal((*runs, *shape[::-1])).swapaxes(-1, -2)
            else:
                drawn[name] = std * random.standard_normal((*runs, *shape))
        return drawn


class HalfGlorot(_Drawn, frozen=True, kw_only=True, tag="half_glorot"):
    """½·√(6/(fan_in + fan_out))·(U[0, 1) − ½), per layer one block whose row 0 is the bias: `online`.

    That is a quarter of Glorot's uniform range, and the biases are drawn too. Fans count units, not the bias.
    """

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        fan_in, fan_out = network.widths[layer - 1 : layer + 1]
        n_rows = fan_in + network.biases
        block = 0.5 * sqrt(6 / (fan_in + fan_out)) * (random.random_sample((*runs, n_rows, fan_out)) - 0.5)
        weights = {f"W{layer}": block[..., network.biases :, :]}
        return weights | {f"b{layer}": block[..., 0, :]} if network.biases else weights


class Glorot(_Drawn, frozen=True, kw_only=True, tag="glorot"):
    """Variance 2/(fan_in + fan_out), biases 0.

    References:
        X. Glorot & Y. Bengio, AISTATS (2010), eqs. 12 (normal) and 16 (uniform).
    """

    distribution: Distribution = "uniform"

    def __post_init__(self) -> None:
        """Check the distribution."""
        _check_distribution(self.distribution)

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        fan_in, fan_out = network.widths[layer - 1 : layer + 1]
        return _weights(random, network, layer, runs, self.distribution, variance=2 / (fan_in + fan_out))


class He(_Drawn, frozen=True, kw_only=True, tag="he"):
    """Variance 2/fan_in, biases 0: for ReLU.

    References:
        K. He, X. Zhang, S. Ren & J. Sun, ICCV (2015), eq. 10.
    """

    distribution: Distribution = "normal"

    def __post_init__(self) -> None:
        """Check the distribution."""
        _check_distribution(self.distribution)

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        return _weights(random, network, layer, runs, self.distribution, variance=2 / network.widths[layer - 1])


class Fixed(_Drawn, frozen=True, kw_only=True, tag="fixed"):
    """Given numbers; the seed changes nothing.

    Attributes:
        parameters: the flat vector, in the order W1, b1, W2, b2, …
    """

    parameters: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check that the numbers are finite."""
        if not all(isfinite(value) for value in self.parameters):
            raise UsageError(f"initialisation.parameters must be finite; got {self.parameters!r}.")

    def check(self, network: Network) -> None:
        """Refuse a network with another number of parameters."""
        if len(self.parameters) != network.n_parameters:
            raise UsageError(
                f"initialisation.parameters must have {network.n_parameters} values for a "
                f"{network.describe()} network; got {len(self.parameters)}. "
                f"Their order is {', '.join(network.shapes)}."
            )

    def draw_runs(self, network: Network, *, random: RandomState, runs: tuple[int, ...]) -> Array:
        """The given numbers, whatever the generator."""
        self.check(network)
        return np.broadcast_to(np.array(self.parameters, dtype=np.float64), (*runs, len(self.parameters))).copy()

    def _layer(self, random: RandomState, network: Network, layer: int, runs: tuple[int, ...]) -> dict[str, Array]:
        raise NotImplementedError


Initialisation: TypeAlias = Uniform | Normal | HalfGlorot | Glorot | He | Fixed


def _shapes(network: Network, layer: int) -> dict[str, tuple[int, ...]]:
    shapes = network.shapes
    return {name: shapes[name] for name in (f"W{layer}", f"b{layer}") if name in shapes}


def _check_distribution(distribution: str) -> None:
    if distribution not in ("uniform", "normal"):
        raise unknown("initialisation.distribution", distribution, ("uniform", "normal"))


def _weights(
    random: RandomState,
    network: Network,
    layer: int,
    runs: tuple[int, ...],
    distribution: Distribution,
    *,
    variance: float,
) -> dict[str, Array]:
    shapes = _shapes(network, layer)
    std = sqrt(variance)
    drawn: dict[str, Array] = {name: np.zeros((*runs, *shape)) for name, shape in shapes.items()}
    shape = (*runs, *shapes[f"W{layer}"])
    if distribution == "normal":
        drawn[f"W{layer}"] = random.normal(0.0, std, shape)
    else:
        # A uniform distribution on ±limit has the variance limit²/3.
        drawn[f"W{layer}"] = random.uniform(-sqrt(3) * std, sqrt(3) * std, shape)
    return drawn
