"""Models that are arrays: a dict or list of NumPy's, with a function that computes their outputs or without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, final

import numpy as np

from xorviz.errors import UsageError, unknown
from xorviz.header import Precision
from xorviz.network import Network
from xorviz.recorders._base import Array, Dense, Sample, Subject, as_array, as_matrix
from xorviz.recorders.options import Options
from xorviz.recorders.recognition import networks

_NUMBERS = re.compile(r"(\d+)")


@final
class Arrays(Subject):
    """Named arrays, which updates change in place, or which are given anew with every step.

    Args:
        arrays: a mapping or sequence of arrays, or several within each other.
        options: ``predict`` and ``activations``.
        name: of the model.
        framework: name and version of what it is made with.
    """

    def __init__(
        self, arrays: Any, options: Options, name: str = "network", framework: tuple[str, str] | None = None
    ) -> None:
        self._arrays = arrays
        self._predict: Final = options.predict
        self._activations: Final = options.activations
        self.name = name
        self.framework = framework or ("numpy", np.__version__)
        if not leaves(arrays):
            raise UsageError(f"model must hold arrays; got an empty {type(arrays).__name__}.")

    def replace(self, model: Any) -> None:
        """Other arrays of the same names."""
        if [(path, array.shape) for path, array in leaves(model)] != [(p, a.shape) for p, a in leaves(self._arrays)]:
            raise UsageError("step must be given the same arrays as before, in the same shapes.")
        self._arrays = model

    @property
    def precision(self) -> Precision:
        """See `Subject.precision`."""
        return "float32" if all(array.dtype == np.float32 for _, array in leaves(self._arrays)) else "float64"

    @property
    def n_parameters(self) -> int:
        """See `Subject.n_parameters`."""
        return sum(array.size for _, array in leaves(self._arrays))

    def candidates(self) -> Sequence[Dense]:
        """Weights with or without biases, of shape (fan_in, fan_out) or the other way round."""
        found = []
        for transposed in (False, True):
            chain = _chain([array for _, array in leaves(self._arrays)], transposed=transposed)
            if chain is None:
                continue
            weights, biases = chain
            first = leaves(self._arrays)
            shapes = [first[k][1].shape[::-1] if transposed else first[k][1].shape for k in weights]
            widths = [shapes[0][0], *(fan_out for _, fan_out in shapes)]
            for network in networks(widths, _checked(self._activations), biases=bool(biases)):
                found.append(Dense(network, self._reader(weights, biases, transposed=transposed), lambda: None))
        return found

    def _reader(self, weights: list[int], biases: list[int], *, transposed: bool) -> Any:
        def parameters() -> list[Array]:
            arrays = [array for _, array in leaves(self._arrays)]
            found = []
            for layer, k in enumerate(weights):
                found.append(arrays[k].T if transposed else arrays[k])
                found += [arrays[biases[layer]]] if biases else []
            return found

        return parameters

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


def leaves(tree: Any, path: str = "") -> list[tuple[str, Array]]:
    """The arrays in dicts, lists and tuples within each other, by name; names that end in numbers in their order."""
    if isinstance(tree, Mapping):
        names = sorted(tree, key=_natural) if all(isinstance(name, str) for name in tree) else list(tree)
        return [leaf for name in names for leaf in leaves(tree[name], f"{path}.{name}")]
    if isinstance(tree, list | tuple):
        return [leaf for k, item in enumerate(tree) for leaf in leaves(item, f"{path}.{k}")]
    if tree is None:
        return []
    array = as_array(tree)
    if array.dtype.kind not in "fiub":
        raise UsageError(f"model must hold arrays of numbers; got {tree!r} as {path.lstrip('.') or 'it'}.")
    return [(path.lstrip("."), array)]


def _natural(name: str) -> list[Any]:
    """``W2`` before ``W10``, and after ``b1``: numbers first where names end in one."""
    parts = _NUMBERS.split(name)
    return [int(parts[-2]) if len(parts) > 1 and not parts[-1] else -1, [(p.isdigit(), p.zfill(9)) for p in parts]]


def _chain(arrays: Sequence[Array], *, transposed: bool) -> tuple[list[int], list[int]] | None:
    """Which arrays are weights and which biases of layers that follow each other; None if they are not that.

    A row of numbers is a bias, also of shape (1, fan_out), which a matrix of weights with one input could be, too.
    """
    biases = [k for k, array in enumerate(arrays) if array.ndim == 1]
    weights = [k for k, array in enumerate(arrays) if array.ndim == 2]
    if not biases and len(weights) % 2 == 0:
        biases = _rows_after(arrays, weights)
        weights = [k for k in weights if k not in biases]
    if not weights or len(weights) + len(biases) != len(arrays) or len(biases) not in (0, len(weights)):
        return None
    shapes = [arrays[k].shape[::-1] if transposed else arrays[k].shape for k in weights]
    follow = all(a[1] == b[0] for a, b in pairwise(shapes))
    fit = all(arrays[k].size == shape[1] for k, shape in zip(biases, shapes, strict=False))
    return (weights, biases) if follow and fit else None


def _rows_after(arrays: Sequence[Array], matrices: Sequence[int]) -> list[int]:
    """Of matrices W, b, W, b … the b, where each is one row or column as long as the W before it is wide."""
    pairs = list(zip(matrices[::2], matrices[1::2], strict=True))
    fit = all(1 in arrays[b].shape and arrays[b].size in arrays[w].shape for w, b in pairs)
    return [b for _, b in pairs] if fit else []


def _checked(activations: Sequence[str] | None) -> Any:
    if activations is not None:
        Network(widths=(1,) * (len(activations) + 1), activations=tuple(activations))  # type: ignore[arg-type]
    return activations
