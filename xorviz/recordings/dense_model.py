"""A network as a `Model`: it computes its outputs from its parameters."""

from __future__ import annotations

from typing import Any, Final, TypeAlias, final

from numpy.typing import NDArray

from xorviz.learning.network import Network

Array: TypeAlias = NDArray[Any]


@final
class DenseModel:
    """A `Model` whose vector holds the parameters of a network.

    Args:
        network: which one.
    """

    def __init__(self, network: Network) -> None:
        self.network: Final = network
        self.n_inputs: Final = network.widths[0]
        self.n_outputs: Final = network.widths[-1]
        self.n_values: Final = network.n_parameters
        self.n_gradients: Final = network.n_parameters
        self.n_multiplications: Final = network.n_parameters
        self.n_activations: Final = sum(network.widths[1:])
        self.widest: Final = max(network.widths)
        self.layer_names: Final = tuple(network.layer_ranges)[:-1]
        self.describe: Final = network.describe
        self.layer_norms: Final = network.layer_norms
        self.forward: Final = network.forward

    def hidden(self, parameters: Array, inputs: Array) -> list[Array]:
        """See `Model.hidden`."""
        return self.network.layers(parameters, inputs)[:-1]
