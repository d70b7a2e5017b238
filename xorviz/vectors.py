"""The parameters or gradients of a recording's snapshots: rows read on demand, flat or by name."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast, final

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.header import Float64, read_only
from xorviz.network import Network
from xorviz.row_reader import RowReader

One: TypeAlias = int | np.integer[Any]
Several: TypeAlias = Sequence[int] | NDArray[np.integer[Any]] | slice


def ordinals_of(snapshots: One | Several, n_snapshots: int) -> tuple[Sequence[int], bool]:
    """Snapshots counted from 0.

    Args:
        snapshots: one, or several in any order; negative ones count from the end.
        n_snapshots: how many there are.

    Returns:
        The ordinals, and whether a single one was asked for.

    Raises:
        UsageError: there is no such snapshot.
    """
    every = range(n_snapshots)
    if isinstance(snapshots, slice):
        return every[snapshots], False
    is_single = np.ndim(cast(Any, snapshots)) == 0
    try:
        asked = [operator.index(one) for one in cast(Any, [snapshots] if is_single else snapshots)]
    except TypeError as error:
        raise UsageError(f"snapshot must be a whole number, or several; got {snapshots!r}.") from error
    for one in asked:
        if not -n_snapshots <= one < n_snapshots:
            raise UsageError(f"snapshot must be from {-n_snapshots} to {n_snapshots - 1}; got {one}.")
    return [every[one] for one in asked], is_single


@final
class Vectors:
    """One flat vector per snapshot, parameters or gradients; nothing is read before it is asked for.

    Args:
        reader: where the rows are.
        network: whose parameters they are.
        n_snapshots: how many there are.
        column: 0 for parameters, 1 for gradients.
    """

    def __init__(self, reader: RowReader, network: Network, n_snapshots: int, column: int) -> None:
        self.network: Final = network
        self.n_snapshots: Final = n_snapshots
        self._reader = reader
        self._column = column

    def rows(self, ordinals: Sequence[int]) -> Iterator[Float64]:
        """One float64 array of shape (n_parameters,) after the other; RecordingError for a damaged one."""
        for state in self._reader.states(ordinals, self.network.n_parameters):
            yield np.frombuffer(state[self._column], "<f8")

    def matrix(self, ordinals: Sequence[int]) -> Float64:
        """A float64 array of shape (len(ordinals), n_parameters); RecordingError for a damaged row."""
        matrix = np.empty((len(ordinals), self.network.n_parameters))
        for into, row in zip(matrix, self.rows(ordinals), strict=True):
            into[...] = row
        return read_only(matrix)


@final
class NamedArrays(Mapping[str, Float64]):
    """Parameters or gradients of every snapshot by name, read from the recording on first use and then kept.

    ``["W1"]`` is a read-only float64 array of shape (n_snapshots, fan_in, fan_out), ``["b1"]`` one of shape
    (n_snapshots, fan_out). Looking one up may raise RecordingError.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._shapes = vectors.network.shapes
        self._read: dict[str, Float64] = {}

    def __getitem__(self, name: str) -> Float64:
        """All snapshots of one array; KeyError for a name the network does not have."""
        if name not in self._read:
            n_snapshots, network = self._vectors.n_snapshots, self._vectors.network
            # Row by row: the flat vectors of all snapshots may be far larger than this one array.
            array = np.empty((n_snapshots, *self._shapes[name]))
            for into, row in zip(array, self._vectors.rows(range(n_snapshots)), strict=True):
                into[...] = network.views(row)[name]
            self._read[name] = read_only(array)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names in the order of the flat vector: W1, b1, W2 …"""
        return iter(self._shapes)

    def __len__(self) -> int:
        """How many arrays there are."""
        return len(self._shapes)
