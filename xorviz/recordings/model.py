"""What a recording asks of a model, whether it runs again from its parameters or was only sampled."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


class Model(Protocol):
    """One flat vector a snapshot, and what follows from it; a `DenseModel` or a `SampledModel`."""

    @property
    def n_inputs(self) -> int:
        """Inputs of a point."""

    @property
    def n_outputs(self) -> int:
        """Outputs of a point."""

    @property
    def n_values(self) -> int:
        """Length of a snapshot's vector."""

    @property
    def n_gradients(self) -> int:
        """Length of a snapshot's gradient; 0 where none is recorded."""

    @property
    def n_multiplications(self) -> int:
        """What the outputs of one point cost."""

    @property
    def n_activations(self) -> int:
        """How many of its values go through an activation function, for one point."""

    @property
    def widest(self) -> int:
        """The most values of one point that are computed at once."""

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the hidden layers that can be looked at, the first one first."""

    def describe(self) -> str:
        """In a few words."""

    def layer_norms(self, flat: Array) -> Array:
        """Euclidean norm of each layer's part of parameters or gradients, shape (..., n_layers)."""

    def forward(self, parameters: Array, inputs: Array) -> Array:
        """The outputs at some points: (..., n_points, n_outputs) for vectors (..., n_values)."""

    def hidden(self, parameters: Array, inputs: Array) -> list[Array]:
        """The activations of the hidden layers at some points, shape (..., n_points, width) each."""
