"""Models that are arrays: a dict or list of NumPy's, with a function that computes their outputs or without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, final

import numpy as np

from xorviz.errors import UsageError, unknown
from xorviz.learning.network import Network
from xorviz.recorders._base import Array, Dense, Sample, Subject, as_matrix
from xorviz.recorders.options import Options
from xorviz.recorders.recognition import networks
from xorviz.recorders.trees import Tree, chain
from xorviz.recordings.header import Precision


@final
class Arrays(Subject):
    """Named arrays, which updates change in place, or which are given anew with every step.

    Args:
        arrays: a mapping or sequence of arrays, or several within each other.
        options: ``predict`` and ``activations``.
        name: of the model.
        framework: name and version of what it is made with.
        tree: how the arrays are found in it.
    """

    def __init__(
        self,
        arrays: Any,
        options: Options,
        name: str = "network",
        framework: tuple[str, str] | None = None,
        tree: Tree | None = None,
    ) -> None:
        self._arrays = arrays
        self._predict: Final = options.predict
        self._activations: Final = options.activations
        self._tree: Final = tree or Tree()
        self.name = name
        self.framework = framework or ("numpy", np.__version__)
        # Of the arrays themselves nothing is kept: JAX may have given their memory to others since.
        self._shapes: Final = [array.shape for array in self._leaves]
        if not self._shapes:
            raise UsageError(f"model must hold arrays; got an empty {type(arrays).__name__}.")

    @property
    def _leaves(self) -> list[Array]:
        return self._tree.leaves(self._arrays)

    def replace(self, model: Any) -> None:
        """Other arrays in the same shapes."""
        if [array.shape for array in self._tree.leaves(model)] != self._shapes:
            raise UsageError("step must be given the same arrays as before, in the same shapes.")
        self._arrays = model

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        return "float32" if all(array.dtype == np.float32 for array in self._leaves) else "float64"

    @property
    def n_parameters(self) -> int:
        """See `Subject.n_parameters`."""
        return sum(array.size for array in self._leaves)

    def candidates(self) -> Sequence[Dense]:
        """Weights with or without biases, of shape (fan_in, fan_out) or the other way round."""
        found = []
        for transposed in (False, True):
            first = self._leaves
            layers = chain(first, transposed=transposed)
            if layers is None:
                continue
            weights, biases = layers
            shapes = [first[k].shape[::-1] if transposed else first[k].shape for k in weights]
            widths = [shapes[0][0], *(fan_out for _, fan_out in shapes)]
            for network in networks(widths, _checked(self._activations), biases=bool(biases)):
                found.append(Dense(network, self._reader(weights, biases, transposed=transposed), lambda: None))
        return found

    def _reader(self, weights: list[int], biases: list[int], *, transposed: bool) -> Any:
        def parameters() -> list[Array]:
            arrays = self._leaves
            found = []
            for layer, k in enumerate(weights):
                found.append(arrays[k].T if transposed else arrays[k])
                found += [arrays[biases[layer]]] if biases else []
            return found

        return parameters

    def n_stacked(self, stacked: Any) -> int:
        """See `Subject.n_stacked`."""
        arrays = self._tree.leaves(stacked)
        lengths = {len(array) if array.ndim else 0 for array in arrays}
        if len(arrays) != len(self._shapes) or len(lengths) != 1:
            raise UsageError("models must be the model's arrays, stacked along a first axis of one length.")
        return lengths.pop()

    def at(self, stacked: Any, index: int) -> Any:
        """See `Subject.at`."""
        return self._tree.at(stacked, index)

    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample | None:
        """See `Subject.sample`; a function knows nothing of layers."""
        if layers:
            raise unknown("layers", layers[0], ["(none)"])
        if self._predict is None:
            return None
        return Sample(as_matrix(self._predict(self._arrays, points)), {})


@final
class Function(Subject):
    """A function from points to outputs, whatever is behind it.

    Args:
        predict: called with a float64 array of shape (n_points, n_inputs).
    """

    def __init__(self, predict: Any) -> None:
        self._predict = predict
        self.name = getattr(predict, "__name__", type(predict).__name__).replace("<lambda>", "function")
        self.framework = ("numpy", np.__version__)

    def replace(self, model: Any) -> None:
        """Another function."""
        if not callable(model):
            raise UsageError(f"step must be given a function, as the recorder was; got {type(model).__name__}.")
        self._predict = model

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        return "float64"

    @property
    def n_parameters(self) -> int:
        """Not known."""
        return 0

    def candidates(self) -> Sequence[Dense]:
        """None: nobody can look into a function."""
        return ()

    def sample(self, points: Array, layers: Sequence[str] = ()) -> Sample:
        """See `Subject.sample`."""
        if layers:
            raise unknown("layers", layers[0], ["(none)"])
        return Sample(as_matrix(self._predict(points)), {})


def _checked(activations: Sequence[str] | None) -> Any:
    if activations is not None:
        # Names that are none are what it refuses.
        names: Any = tuple(activations)
        Network(widths=(1,) * (len(activations) + 1), activations=names)
    return activations
