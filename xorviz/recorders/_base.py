"""What a recorder asks of somebody's model, whatever it is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.network import Network
from xorviz.recordings.header import Precision

Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True)
class Dense:
    """A network that a model may be.

    Attributes:
        network: its layers; that the model computes what they do is still to be seen.
        parameters: the arrays now, in the order of `Network.shapes`; they may be views.
        gradients: the same of the latest gradient, or None where the framework has none at hand.
    """

    network: Network
    parameters: Callable[[], Sequence[Array]]
    gradients: Callable[[], Sequence[Array] | None]

    def vector(self, precision: Precision) -> Array:
        """A copy of the parameters as a flat vector."""
        return flat(self.parameters(), precision)

    def gradient(self, precision: Precision) -> Array | None:
        """A copy of the latest gradient as a flat vector."""
        found = self.gradients()
        return None if found is None else flat(found, precision)


@dataclass(frozen=True)
class Sample:
    """What a model said.

    Attributes:
        outputs (float array of shape (n_points, n_outputs)): of every point.
        layers: activations of the layers that were asked for, by name; float arrays of shape (n_points, width).
    """

    outputs: Array
    layers: dict[str, Array]


class Subject(ABC):
    """Somebody's model. Looking at it never changes it.

    Attributes:
        name: what it is called in titles: ``"Sequential"``.
        framework: name and version of what it is made with.
    """

    name: str
    framework: tuple[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether it has parameters yet."""
        return True

    @property
    @abstractmethod
    def precision(self) -> Precision:
        """Of its parameters."""

    @property
    @abstractmethod
    def n_parameters(self) -> int:
        """How many numbers are learned; 0 where that is not known."""

    @abstractmethod
    def candidates(self) -> Sequence[Dense]:
        """The networks that it may be, from its structure; none where it is of another kind."""

    @abstractmethod
    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample | None:
        """What it says at some points, as when it is used, not trained; None where only its parameters are known.

        Args:
            points (float64 array of shape (n_points, n_inputs)): where.
            layers: hidden layers whose activations are wanted as well.

        Raises:
            UsageError: there is no such layer.
        """

    def replace(self, model: Any) -> None:
        """Take another model in its place: for those that are not changed, but made anew by every update.

        Raises:
            UsageError: it is of another kind.
        """
        del model
        raise UsageError(f"step must not be given a model here: a {self.name} is changed in place. Leave it out.")

    def n_stacked(self, stacked: Any) -> int:
        """How many steps stacked arrays hold; UsageError as for `at`."""
        del stacked
        raise UsageError(f"extend must be given stacked arrays; a {self.name} is none.")

    def at(self, stacked: Any, index: int) -> Any:
        """The model of one step, of arrays that hold those of many steps along a first axis.

        Raises:
            UsageError: it is of another kind.
        """
        del stacked, index
        raise UsageError(f"extend must be given stacked arrays; a {self.name} is none.")


def flat(arrays: Sequence[Array], precision: Precision) -> Array:
    """One vector with the numbers of some arrays, each in C order; always a copy."""
    vector, start = np.empty(sum(array.size for array in arrays), precision), 0
    for array in arrays:
        # In one go: weights that are transposed would be copied twice if they were flattened first.
        vector[start : (start := start + array.size)].reshape(array.shape)[...] = array
    return vector


def as_matrix(values: Any) -> Array:
    """What a framework calls an array, as float64 or float32 rows; numbers alone become one column."""
    array = as_array(values)
    array = array if array.dtype.kind == "f" and array.dtype.itemsize >= 4 else array.astype(np.float64)
    return array.reshape(len(array), -1) if array.ndim != 1 else array[:, np.newaxis]


def as_array(values: Any) -> Array:
    """What a framework calls an array, as NumPy's; not a copy where that can be helped."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        values = values.float() if values.is_floating_point() and values.element_size() < 4 else values
        values = values.numpy()
    return np.asarray(values)


def need(package: str, extra: str) -> UsageError:
    """The error for a framework that is not there."""
    return UsageError(f"{package} must be installed for this recorder. Run: pip install 'xorviz[{extra}]'.")
