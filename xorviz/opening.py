"""Opening a recording's file so that it cannot be written to, and saying what it is if it is not one."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from struct import unpack_from
from typing import NoReturn
from urllib.parse import quote

from xorviz.database import APPLICATION_ID, FORMAT_VERSION, TABLES
from xorviz.errors import RecordingError

_SCHEMA = [(b"table", name.encode(), name.encode(), sql.encode()) for name, sql in TABLES.items()]


def refuse(path: Path | None, reason: str, remedy: str = "Copy it again from where it came.") -> NoReturn:
    """Raise the error of a recording that cannot be read.

    Args:
        path: the file; None for a recording in memory.
        reason: what is wrong, as the rest of a sentence that starts with the file.
        remedy: what to do about it.

    Raises:
        RecordingError: always.
    """
    subject = "the recording in memory" if path is None else repr(str(path))
    raise RecordingError(f"{subject} {reason}. {remedy}") from None


def n_bytes(path: Path) -> int:
    """Size of a file and of its write-ahead log, if there is one, in bytes."""
    log = Path(f"{path}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def open_file(path: Path) -> sqlite3.Connection:
    """A read-only connection to a file that has the kind, version and tables of a recording.

    All that is read through it is of one moment, even while the file is being written. Text comes as bytes.

    Args:
        path: a closed recording, or the ``.partial`` of one that is being recorded or was cut off.

    Returns:
        An open connection; its rows are not yet checked.

    Raises:
        RecordingError: it is no such file.
        sqlite3.Error: it is damaged.
        OSError: it cannot be read.
    """
    _check_exists(path)
    absolute = path.absolute().as_posix()
    uri = f"file://{'' if absolute.startswith('/') else '/'}{quote(os.fsencode(absolute))}?mode=ro"
    if not any(Path(f"{path}{suffix}").exists() for suffix in ("-wal", "-journal")):
        # Nobody is writing: read without locks, so that nothing ever appears beside the file.
        uri += "&immutable=1"
        _check_size(path)
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        # No row can be larger than what is there, whatever its header says.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(n_bytes(path), 2**31 - 1))
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        connection.text_factory = bytes
        connection.execute("BEGIN")
        _check_kind(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_exists(path: Path) -> None:
    if path.is_dir():
        refuse(path, "is a folder, not a recording", "Give the .xorviz file inside it.")
    if not path.exists():
        partial = Path(f"{path}.partial")
        hint = f"A run that was cut off is in {str(partial)!r}." if partial.exists() else "Check the path."
        refuse(path, "does not exist", hint)
    if not path.stat().st_size:
        refuse(path, "is empty: it is not a recording", "Train again.")


def _check_size(path: Path) -> None:
    # Not while anyone writes: closing a file here would release the locks of a writer in this process.
    with path.open("rb") as file:
        start = file.read(32)
    if not start.startswith(b"SQLite format 3\0") or len(start) < 32:
        refuse(path, "is not an xorviz recording", "Give a .xorviz file.")
    (page_size,), (n_pages,) = unpack_from(">H", start, 16), unpack_from(">I", start, 28)
    n_found, n_expected = path.stat().st_size, n_pages * (65536 if page_size == 1 else page_size)
    if n_found < n_expected:
        refuse(path, f"is cut short: {n_found} of {n_expected} bytes are there")


def _check_kind(path: Path, connection: sqlite3.Connection) -> None:
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            refuse(path, "is not an xorviz recording", "Give a .xorviz file.")
        raise
    if application != APPLICATION_ID:
        refuse(path, "is an SQLite file of another program, not an xorviz recording", "Give a .xorviz file.")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT_VERSION:
        refuse(
            path,
            f"has recording format {version}, newer than the {FORMAT_VERSION} this xorviz reads",
            "Upgrade it: pip install --upgrade xorviz.",
        )
    if version < 1:
        refuse(path, f"is damaged: recording format {version} does not exist")
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    if schema.fetchmany(len(_SCHEMA) + 1) != _SCHEMA:
        refuse(path, "is damaged: its tables are not those of a recording")
