"""Reading the rows of a recording, trusting nothing in them before it is checked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any, Final, NoReturn, final

import msgspec

from xorviz.recordings.database import FORMAT_VERSION, Column, Trace, closing_crc, header_crc, trace_crc, vector_crc
from xorviz.recordings.opening import reading, refuse

_STATES = (b"open", b"complete", b"interrupted")
_TYPES = [int, int, int, int, bytes, bytes, bytes, bytes]
_COLUMNS = "ordinal, step, {since}, n_correct, loss, norms, losses, {scalars}, trace_crc"
#: Format 1 has neither: every row follows the one before it.
_READ = {
    1: _COLUMNS.format(since="0", scalars="x''"),
    FORMAT_VERSION: _COLUMNS.format(since="since", scalars="scalars"),
}


@final
class Contents(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything in a recording but parameters and gradients, checked.

    Attributes:
        header: JSON text, inputs and targets, as stored.
        rows: what each snapshot adds to the traces, by rising step from 0; lengths of norms and the scalars' contents
            are not checked.
        complete: whether the run was recorded to its end.
        n_bytes: how much is stored; the arrays in it cannot be larger.
    """

    header: tuple[bytes, bytes, bytes]
    rows: list[Trace]
    complete: bool
    n_bytes: int


@final
class RowReader:
    """The rows of one recording, in a file or in memory.

    A file is opened for each read and closed after it: nothing keeps it from being moved or deleted.

    Args:
        path: the file; None for memory.
        connection: the database in memory; None for a file.
        copy: where it is read in place of ``path``: what `settled` made.
    """

    def __init__(
        self, path: Path | None, connection: sqlite3.Connection | None = None, copy: Path | None = None
    ) -> None:
        self.path: Final = path
        self.connection: Final = connection
        self.copy: Final = copy
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
            found = self.copy or self.path
            assert found is not None
            with reading(found) as opened:
                yield opened

    def contents(self) -> Contents:
        """Header, traces and closing row.

        Raises:
            RecordingError: any of them is not as it was written.
        """
        with self.reading() as connection:
            text, inputs, targets, seal = self._header(connection)
            self._seal = seal
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            rows: list[Trace] = []
            for row in connection.execute(f"SELECT {_READ[version]} FROM snapshot ORDER BY ordinal"):
                rows.append(self._check_trace(seal, row, rows[-1] if rows else None, version))
            complete = self._check_closing(connection, seal, len(rows), rows[-1].step if rows else 0)
            n_bytes = prod(connection.execute(f"PRAGMA {of}").fetchone()[0] for of in ("page_count", "page_size"))
        if not rows:
            self.fail("holds no snapshot: the run was cut off before its first", "Train again.")
        return Contents(header=(text, inputs, targets), rows=rows, complete=complete, n_bytes=n_bytes)

    def vectors(self, column: Column, ordinals: Iterable[int], n_bytes: int) -> Iterator[bytes]:
        """Parameters or gradients of some snapshots, in the order asked for.

        Args:
            column: which of the two.
            ordinals: of their rows.
            n_bytes: length of each vector.

        Yields:
            A vector as stored, checked.

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
                if not isinstance(vector, bytes) or len(vector) != n_bytes:
                    self.fail(f"is damaged: row {ordinal} does not hold {n_bytes} bytes of {column}")
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

    def _check_trace(self, seal: int, row: tuple[Any, ...], before: Trace | None, version: int) -> Trace:
        *values, crc = row
        if [type(value) for value in values] != _TYPES:
            self.fail(f"is damaged: row {row[0]} is not a snapshot")
        trace = Trace(*values)
        ordinal, previous = trace.ordinal, before.step if before else 0
        if version == 1:
            trace = trace._replace(since=previous)
        if trace_crc(seal, trace, version=version) != crc:
            self.fail(f"is damaged: the losses of row {ordinal} do not match their checksum")
        if trace.since != previous or (version == 1 and ordinal != (before.ordinal + 1 if before else 0)):
            self.fail(f"is damaged: the row before row {ordinal} is missing")
        is_later = trace.step > previous if before else trace.step == 0
        n_bytes = 8 * (trace.step - previous)
        if (
            not is_later
            or len(trace.loss) != 8
            or len(trace.losses) not in ((n_bytes,) if version == 1 else (n_bytes, 0))
        ):
            self.fail(f"is damaged: row {ordinal} does not continue the row before it")
        return trace

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
