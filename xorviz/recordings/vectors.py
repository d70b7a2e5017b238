"""The parameters or gradients of a recording's snapshots: rows read on demand, flat or by name."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.errors import UsageError
from xorviz.learning.network import Network
from xorviz.recordings.database import Column
from xorviz.recordings.header import Float64, Precision, read_only
from xorviz.recordings.model import Model
from xorviz.recordings.row_reader import RowReader

One: TypeAlias = int | np.integer[Any]
Float: TypeAlias = NDArray[Any]
Several: TypeAlias = Sequence[int] | NDArray[np.integer[Any]] | slice

#: Values of one layer that are computed at once: 4 MB of float32, within the last cache. Measured on 103×103 points of
#: 2–1000–1000–1: pieces an eighth as large take 15 % longer, because the linear algebra library packs the weights anew
#: for each, and many times longer where its threads share their cores with other work.
_PIECE = 1 << 20


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


def checked_points(points: ArrayLike, model: Model) -> Float:
    """Points as float32 if they are that, else as float64; UsageError if they are none of the model's inputs."""
    array: Float = np.asarray(points)
    if array.dtype.kind not in "fiub" or array.ndim != 2 or array.shape[1] != model.n_inputs:
        got = f"shape {array.shape!r}" if array.dtype.kind in "fiub" else repr(points)
        raise UsageError(f"points must have shape (n, {model.n_inputs}); got {got}.")
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


@final
class Vectors:
    """One flat vector per snapshot, parameters or gradients; nothing is read before it is asked for.

    Args:
        reader: where the rows are.
        model: whose vectors they are.
        ordinals: of the row of each snapshot.
        column: parameters or gradients.
        precision: as they are stored.
    """

    def __init__(
        self, reader: RowReader, model: Model, ordinals: Sequence[int], column: Column, precision: Precision
    ) -> None:
        self.n_snapshots: Final = len(ordinals)
        self.n_values: Final = model.n_values if column == "parameters" else model.n_gradients
        self._model, self._ordinals = model, ordinals
        self._reader, self._column = reader, column
        self._stored = np.dtype(precision).newbyteorder("<")
        # One tuple, replaced whole: threads may share a recording.
        self._kept: tuple[int, dict[type, Float]] = (-1, {})

    def rows(self, ordinals: Sequence[int]) -> Iterator[Float]:
        """One array of shape (n_values,) after the other, as stored; RecordingError for a damaged one."""
        numbers = [self._ordinals[ordinal] for ordinal in ordinals]
        for vector in self._reader.vectors(self._column, numbers, self._stored.itemsize * self.n_values):
            yield np.frombuffer(vector, self._stored)

    def matrix(self, ordinals: Sequence[int], dtype: type = np.float64) -> Float:
        """Some snapshots' vectors; of a single one they are kept, because a frame asks for them several times.

        Args:
            ordinals: snapshots from 0.
            dtype: np.float64, or np.float32.

        Returns:
            (float array of shape (len(ordinals), n_values)): read-only.

        Raises:
            RecordingError: a row is damaged.
        """
        if len(ordinals) == 1:
            return self._one(ordinals[0], dtype)[np.newaxis]
        matrix: Float = np.empty((len(ordinals), self.n_values), dtype)
        for into, row in zip(matrix, self.rows(ordinals), strict=True):
            into[...] = row
        return read_only(matrix)

    def _one(self, ordinal: int, dtype: type) -> Float:
        kept = self._kept
        if kept[0] != ordinal:
            (row,) = self.rows([ordinal])
            self._kept = kept = (ordinal, {self._stored.type: row})
        if dtype not in kept[1]:
            kept[1][dtype] = read_only(kept[1][self._stored.type].astype(dtype))
        return kept[1][dtype]

    def outputs(self, ordinals: Sequence[int], points: Float) -> Float:
        """The `batches` as one array of shape (len(ordinals), n_points, n_outputs)."""
        nothing = np.empty((0, len(points), self._model.n_outputs), points.dtype)
        batches = list(self.batches(ordinals, points)) or [nothing]
        return batches[0] if len(batches) == 1 else np.concatenate(batches)

    def batches(self, ordinals: Sequence[int], points: Float) -> Iterator[Float]:
        """What the model says at some points: vectors are read, and layers computed, in pieces that fit the cache.

        Args:
            ordinals: snapshots from 0.
            points (float array of shape (n_points, n_inputs)): float32 points are computed with in float32.

        Yields:
            (float array of shape (n, n_points, n_outputs)): of the next ``n`` snapshots.

        Raises:
            RecordingError: a row is damaged.
        """
        model, n_points = self._model, len(points)
        widest = model.widest
        n_batch = max(1, _PIECE // max(model.n_values, n_points * widest))
        n_piece = max(1, _PIECE // (n_batch * widest))
        for start in range(0, len(ordinals), n_batch):
            batch = ordinals[start : start + n_batch]
            outputs = np.empty((len(batch), n_points, model.n_outputs), points.dtype)
            with np.errstate(all="ignore"):
                parameters = self.matrix(batch, points.dtype.type)
                for first in range(0, n_points, n_piece):
                    piece = slice(first, first + n_piece)
                    outputs[:, piece] = model.forward(parameters, points[piece])
            yield outputs


@final
class NamedArrays(Mapping[str, Float64]):
    """Parameters or gradients of every snapshot by name, read from the recording on first use and then kept.

    ``["W1"]`` is a read-only float64 array of shape (n_snapshots, fan_in, fan_out), ``["b1"]`` one of shape
    (n_snapshots, fan_out). Looking one up may raise RecordingError.
    """

    def __init__(self, vectors: Vectors, network: Network) -> None:
        self._vectors = vectors
        self._network = network
        self._shapes = network.shapes
        self._read: dict[str, Float64] = {}

    def __getitem__(self, name: str) -> Float64:
        """All snapshots of one array; KeyError for a name the network does not have."""
        if name not in self._read:
            n_snapshots, network = self._vectors.n_snapshots, self._network
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
