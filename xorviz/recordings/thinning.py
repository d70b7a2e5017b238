"""Taking rows out of a recording that grows too long: nothing else in it changes, and a row that is lost is missed.

A row that goes leaves its losses and scalars to the row after it, which from then on names the row before. Both happen
in one transaction, and there are several of those, so that the write-ahead log stays small.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterator

import numpy as np

from xorviz.recordings.database import Trace, trace_crc
from xorviz.recordings.scalars import Series, decode_scalars, encode_scalars, joined
from xorviz.recordings.traces import LOSS

_READ = "SELECT ordinal, step, since, n_correct, loss, norms, losses, scalars FROM snapshot WHERE ordinal = ?"
_WRITE = "UPDATE snapshot SET since = ?, losses = ?, scalars = ?, trace_crc = ? WHERE ordinal = ?"
_ROWS_AT_ONCE = 64
#: A loss that stands in a row of its own takes twice the bytes of one among all: a quarter of them makes it half.
_FIRST_EVERY = 4


def remove_rows(connection: sqlite3.Connection, seal: int, steps: Container[int]) -> None:
    """Remove the rows of some steps, never the first or the last row.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    every = [(int(ordinal), int(step)) for ordinal, step in connection.execute("SELECT ordinal, step FROM snapshot")]
    going = {ordinal for ordinal, step in every[1:-1] if step in steps}
    pending: list[int] = []
    # Pages that rows leave are overwritten by later rows; to clear them first would double what is written.
    connection.execute("PRAGMA secure_delete=OFF")
    for ordinals in _some([ordinal for ordinal, _ in every]):
        with _Transaction(connection):
            for ordinal in ordinals:
                if ordinal in going:
                    pending.append(ordinal)
                elif pending:
                    _join(connection, seal, [*pending, ordinal])
                    pending = []
    connection.execute("PRAGMA secure_delete=ON")


def coarsen_rows(connection: sqlite3.Connection, seal: int) -> None:
    """Keep every second loss and scalar of every row, every fourth loss where all of them were kept.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    for ordinals in _some([ordinal for (ordinal,) in connection.execute("SELECT ordinal FROM snapshot")]):
        with _Transaction(connection):
            for ordinal in ordinals:
                trace = _read(connection, ordinal)
                scalars = {name: one.every(2) for name, one in decode_scalars(trace.scalars).items()}
                losses = trace.losses
                if losses:
                    scalars[LOSS], losses = _losses(trace).every(_FIRST_EVERY), b""
                _write(connection, seal, trace._replace(losses=losses, scalars=encode_scalars(scalars)))


class _Transaction:
    """All or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN")

    def __exit__(self, kind: Callable[..., object] | None, *_: object) -> None:
        self._connection.execute("COMMIT" if kind is None else "ROLLBACK")


def _some(ordinals: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ordinals), _ROWS_AT_ONCE):
        yield ordinals[start : start + _ROWS_AT_ONCE]


def _join(connection: sqlite3.Connection, seal: int, ordinals: list[int]) -> None:
    """All rows into the last of them."""
    traces = [_read(connection, ordinal) for ordinal in ordinals]
    every = [decode_scalars(trace.scalars) for trace in traces]
    is_dense = all(trace.losses for trace in traces)
    if not is_dense:
        every = [scalars | _sparse(trace) for trace, scalars in zip(traces, every, strict=True)]
    names = dict.fromkeys(name for scalars in every for name in scalars)
    together = {name: joined(scalars[name] for scalars in every if name in scalars) for name in names}
    losses = b"".join(trace.losses for trace in traces) if is_dense else b""
    connection.executemany("DELETE FROM snapshot WHERE ordinal = ?", [(ordinal,) for ordinal in ordinals[:-1]])
    changed = traces[-1]._replace(since=traces[0].since, losses=losses, scalars=encode_scalars(together))
    _write(connection, seal, changed)


def _sparse(trace: Trace) -> dict[str, Series]:
    return {LOSS: _losses(trace)} if trace.losses else {}


def _losses(trace: Trace) -> Series:
    """The losses of a row that has all of them, with their steps."""
    return Series(np.arange(trace.since, trace.step), np.frombuffer(trace.losses, "<f8").astype(np.float64))


def _read(connection: sqlite3.Connection, ordinal: int) -> Trace:
    return Trace(*connection.execute(_READ, (ordinal,)).fetchone())


def _write(connection: sqlite3.Connection, seal: int, trace: Trace) -> None:
    changed = (trace.since, trace.losses, trace.scalars, trace_crc(seal, trace), trace.ordinal)
    connection.execute(_WRITE, changed)
