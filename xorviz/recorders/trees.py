"""Arrays within mappings and lists: their order, and whether they are the weights and biases of layers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from xorviz.errors import UsageError
from xorviz.recorders._base import Array, as_array

_NUMBERS = re.compile(r"(\d+)")


class Tree:
    """Mappings, lists and tuples within each other; another kind of tree extends this."""

    def leaves(self, tree: Any) -> list[Array]:
        """The arrays of numbers, in the order of their names: ``W2`` before ``W10``."""
        return [array for _, array in _leaves(tree)]

    def at(self, stacked: Any, index: int) -> Any:
        """The tree of the index-th entries of stacked arrays."""
        if isinstance(stacked, Mapping):
            return {name: self.at(item, index) for name, item in stacked.items()}
        if isinstance(stacked, list | tuple):
            return [self.at(item, index) for item in stacked]
        return stacked[index]


def _leaves(tree: Any, path: str = "") -> list[tuple[str, Array]]:
    """The arrays in dicts, lists and tuples within each other, by name; names that end in numbers in their order."""
    if isinstance(tree, Mapping):
        names = sorted(tree, key=natural) if all(isinstance(name, str) for name in tree) else list(tree)
        return [leaf for name in names for leaf in _leaves(tree[name], f"{path}.{name}")]
    if isinstance(tree, list | tuple):
        return [leaf for k, item in enumerate(tree) for leaf in _leaves(item, f"{path}.{k}")]
    if tree is None:
        return []
    array = as_array(tree)
    if array.dtype.kind not in "fiub":
        raise UsageError(f"model must hold arrays of numbers; got {tree!r} as {path.lstrip('.') or 'it'}.")
    return [(path.lstrip("."), array)]


def natural(name: str) -> list[Any]:
    """``W2`` before ``W10``, and after ``b1``: numbers first where names end in one."""
    parts = _NUMBERS.split(name)
    return [int(parts[-2]) if len(parts) > 1 and not parts[-1] else -1, [(p.isdigit(), p.zfill(9)) for p in parts]]


def chain(arrays: Sequence[Array], *, transposed: bool) -> tuple[list[int], list[int]] | None:
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
