"""Vectors of a recording in a bounded time: an even choice of snapshots, read in pieces that fit the memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.database import Column
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice

Array = NDArray[np.float64]
_MOST_VALUES = 10_000_000
_LEAST_SNAPSHOTS = 16
_PIECE = 1 << 20


def readable_snapshots(recording: Recording, *, n_most: int = _MOST_VALUES) -> NDArray[np.int64]:
    """Snapshots whose vectors can be read in about a second: all, or an even choice of at most 10⁷ values."""
    n_readable = max(_MOST_VALUES // recording.model.n_values, _LEAST_SNAPSHOTS)
    return even_choice(recording.n_snapshots, min(n_readable, n_most))


def vector_pieces(recording: Recording, of: Column, snapshots: NDArray[np.int64]) -> Iterator[Array]:
    """The vectors of some snapshots, some at a time.

    Yields:
        (float64 array of shape (n, n_parameters)): of the next ``n`` snapshots.
    """
    read = recording.parameter_vectors if of == "parameters" else recording.gradient_vectors
    n_piece = max(1, _PIECE // recording.model.n_values)
    for start in range(0, len(snapshots), n_piece):
        yield read(snapshots[start : start + n_piece])
