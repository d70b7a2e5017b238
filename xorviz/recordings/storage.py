"""What every SQLite file of xorviz has in common: its kind and version, and a log that a kill cannot harm."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

from xorviz.errors import XorvizError

#: How long folding the log in waits for someone who is reading the file, in seconds.
_PATIENCE_S = 15.0
_LOG_BYTES = 1 << 24


@dataclass(frozen=True)
class FileFormat:
    """One kind of file.

    Attributes:
        noun: what such a file is called: ``"recording"``.
        file: what a user is asked to give: ``".xorviz file"``.
        error: raised where such a file cannot be read.
        application_id: SQLite's field for the kind of a file.
        version: of the format; a file with a newer one is refused.
        tables: ``CREATE TABLE`` statements by name, in order.
        about: what somebody who opens the file without xorviz should know.
        older: what is different in the tables of earlier versions that can still be read, by version.
    """

    noun: str
    file: str
    error: type[XorvizError]
    application_id: int
    version: int
    tables: dict[str, str]
    about: str
    older: dict[int, dict[str, str]] = field(default_factory=dict)


def connect(path: Path | None, *, timeout_s: float = 5.0) -> sqlite3.Connection:
    """A connection to write to; in memory without a path. Each statement commits by itself."""
    name = ":memory:" if path is None else str(path.absolute())
    # SQLite itself is serialised; Python's check would only forbid closing from another thread.
    connection = sqlite3.connect(name, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    # What lies at this name may be anybody's: a trigger in it gets no function that could do harm.
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def is_busy(error: sqlite3.Error) -> bool:
    """Whether a statement failed only because someone else has the file open."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def begin_tables(connection: sqlite3.Connection, file_format: FileFormat) -> None:
    """Begin the transaction that makes an empty database a file of a format; the caller ends it with ``COMMIT``."""
    # No journal file, here or when closing: a kill leaves a file that opens, or one without a row.
    connection.execute("PRAGMA journal_mode=MEMORY")
    connection.execute("PRAGMA auto_vacuum=NONE")
    # What is rewritten must not linger in its page.
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("BEGIN")
    connection.execute(f"PRAGMA application_id={file_format.application_id}")
    connection.execute(f"PRAGMA user_version={file_format.version}")
    for statement in file_format.tables.values():
        connection.execute(statement)
    connection.execute("INSERT INTO about VALUES (?)", (file_format.about,))


def begin_log(connection: sqlite3.Connection, table: str) -> None:
    """From here on a commit only appends to the write-ahead log; tables and header are in the file itself.

    Args:
        connection: to the file.
        table: one of its tables.
    """
    if connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
        # A file system without shared memory: slower, and as safe.
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=NORMAL")
    # Folding the log in waits for the disk, so let it grow to 16 MB, four times SQLite's own choice.
    page_bytes = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_BYTES // page_bytes}")
    # The first read takes the lock by which another writer sees that this file is in use.
    connection.execute(f"SELECT 1 FROM {table}").fetchone()


def end_log(connection: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the file.

    Raises:
        sqlite3.Error: it cannot be; somebody keeps reading the file, say.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=MEMORY")
            return
        except sqlite3.Error as error:
            # SQLite does not wait here by itself for those who are reading.
            if not is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
