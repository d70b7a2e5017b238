"""Reading the rows of a recording, trusting nothing in them before it is checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias, final

import msgspec

from xorviz.database import Column, closing_crc, header_crc, trace_crc, vector_crc
from xorviz.opening import reading, refuse

#: Step, n_correct, loss, norms, losses.
_Trace: TypeAlias = tuple[int, int, bytes, bytes, bytes]
_STATES = (b"open", b"complete", b"interrupted")


@final
class Contents(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything in a recording but parameters and gradients, checked.

    Attributes:
        header: JSON text, inputs and targets, as stored.
        steps: step of each snapshot, strictly increasing from 0.
        n_correct: training points on the right side of 0.5 at each snapshot.
        snapshot_losses: one little-endian float64 per snapshot, joined.
        norms: of each snapshot, as stored; their lengths are not checked.
        losses: one little-endian float64 per step, joined.
        complete: whether the run was recorded to its end.
        n_bytes: how much is stored; the arrays in it cannot be larger.
    """

    header: tuple[bytes, bytes, bytes]
    steps: list[int]
    n_correct: list[int]
    snapshot_losses: bytes
    norms: list[bytes]
    losses: bytes
    complete: bool
    n_bytes: int


@final
class RowReader:
    """The rows of one recording, in a file or in memory.

    A file is opened for each read and closed after it: nothing keeps it from being moved or deleted.

    Args:
        path: the file; None for memory.
        connection: the database in memory; None for a file.
    """

    def __init__(self, path: Path | None, connection: sqlite3.Connection | None = None) -> None:
        self.path: Final = path
        self.connection: Final = connection
        self._seal: int | None = None

    def fail(self, reason: str, remedy: str = "Copy it again from where it came.") -> NoReturn:
        """Refuse to go on: every failure of a read ends here, or in `opening.refuse`."""
        refuse(self.path, reason, remedy)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A checked connection that cannot write; every failure inside becomes a RecordingError."""
        if self.connection is not None:
            yield self.connection
        else:
            assert self.path is not None
            with reading(self.path) as opened:
                yield opened

    def contents(self) -> Contents:
        """Header, traces and closing row.

        Raises:
            RecordingError: any of them is not as it was written.
        """
        with self.reading() as connection:
            text, inputs, targets, seal = self._header(connection)
            self._seal = seal
            rows: list[_Trace] = []
            query = "SELECT ordinal, step, n_correct, loss, norms, losses, trace_crc FROM snapshot ORDER BY ordinal"
            for ordinal, row in enumerate(connection.execute(query)):
                rows.append(self._check_trace(seal, ordinal, rows[-1][0] if rows else 0, row))
            complete = self._check_closing(connection, seal, len(rows), rows[-1][0] if rows else 0)
            n_bytes = prod(connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
        if not rows:
            self.fail("holds no snapshot: the run was cut off before its first", "Train again.")
        steps, n_correct, values, norms, losses = zip(*rows, strict=True)
        return Contents(
            header=(text, inputs, targets),
            steps=list(steps),
            n_correct=list(n_correct),
            snapshot_losses=b"".join(values),
            norms=list(norms),
            losses=b"".join(losses),
            complete=complete,
            n_bytes=n_bytes,
        )

    def vectors(self, column: Column, ordinals: Iterable[int], n_parameters: int) -> Iterator[bytes]:
        """Parameters or gradients of some snapshots, in the order asked for.

        Args:
            column: which of the two.
            ordinals: snapshots from 0.
            n_parameters: length of each vector.

        Yields:
            A little-endian float64 vector, checked.

        Raises:
            RecordingError: a row is not as it was written.
        """
        query = f"SELECT {column}, {column}_crc FROM snapshot WHERE ordinal = ?"
        with self.reading() as connection:
            seal = self.check_unchanged(connection)
            for ordinal in ordinals:
                row = connection.execute(query, (ordinal,)).fetchone()
                if row is None:
                    self.fail(f"is damaged: row {ordinal} is missing")
                vector, crc = row
                if not isinstance(vector, bytes) or len(vector) != 8 * n_parameters:
                    self.fail(f"is damaged: row {ordinal} does not hold {n_parameters} {column}")
                if vector_crc(seal, ordinal, column, vector) != crc:
                    self.fail(f"is damaged: the {column} of row {ordinal} do not match their checksum")
                yield vector

    def check_unchanged(self, connection: sqlite3.Connection) -> int:
        """Refuse another recording than the one whose `contents` were read; return its seal."""
        seal = self._header(connection)[3]
        if seal != self._seal:
            self.fail("is no longer the file that was loaded", "Load it again.")
        return seal

    def _header(self, connection: sqlite3.Connection) -> tuple[bytes, bytes, bytes, int]:
        # Cast, because a connection in memory gives text as str and a file's as bytes.
        query = "SELECT CAST(json AS BLOB), inputs, targets, crc FROM header"
        rows = connection.execute(query).fetchmany(2)
        if len(rows) != 1 or [type(value) for value in rows[0]] != [bytes, bytes, bytes, int]:
            self.fail("is damaged: it has no header")
        text, inputs, targets, crc = rows[0]
        if header_crc(text, inputs, targets) != crc:
            self.fail("is damaged: its header does not match its checksum")
        return text, inputs, targets, crc

    def _check_trace(self, seal: int, ordinal: int, previous: int, row: tuple[Any, ...]) -> _Trace:
        found, step, n_correct, loss, norms, losses, crc = row
        if found != ordinal:
            self.fail(f"is damaged: row {ordinal} is missing")
        if [type(value) for value in row[1:6]] != [int, int, bytes, bytes, bytes]:
            self.fail(f"is damaged: row {ordinal} is not a snapshot")
        if trace_crc(seal, ordinal, step, n_correct, loss, norms, losses) != crc:
            self.fail(f"is damaged: the losses of row {ordinal} do not match their checksum")
        is_later = step > previous if ordinal else step == 0
        if not is_later or len(loss) != 8 or len(losses) != 8 * (step - previous):
            self.fail(f"is damaged: row {ordinal} does not continue the row before it")
        return step, n_correct, loss, norms, losses

    def _check_closing(self, connection: sqlite3.Connection, seal: int, n_snapshots: int, n_steps: int) -> bool:
        query = "SELECT CAST(state AS BLOB), n_snapshots, n_steps, crc FROM closing"
        rows = connection.execute(query).fetchmany(2)
        if len(rows) != 1 or [type(value) for value in rows[0]] != [bytes, int, int, int]:
            self.fail("is damaged: it has no closing row")
        state, n_counted, n_steps_counted, crc = rows[0]
        if state not in _STATES or closing_crc(seal, state, n_counted, n_steps_counted) != crc:
            self.fail("is damaged: its closing row does not match its checksum")
        if state != b"open" and (n_counted, n_steps_counted) != (n_snapshots, n_steps):
            self.fail(f"is damaged: {n_snapshots} of {n_counted} rows are there")
        return bool(state == b"complete")
