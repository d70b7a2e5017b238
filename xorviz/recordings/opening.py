"""Opening a file so that it cannot be written to, and saying what it is if it is not of the wanted format."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import unpack_from
from typing import NoReturn
from urllib.parse import quote

from xorviz.recordings.database import RECORDING
from xorviz.recordings.storage import FileFormat

_UNREADABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)


def refuse(
    path: Path | None,
    reason: str,
    remedy: str = "Copy it again from where it came.",
    file_format: FileFormat = RECORDING,
) -> NoReturn:
    """Raise the error of a file that cannot be read.

    Args:
        path: the file; None for memory.
        reason: what is wrong, as the rest of a sentence that starts with the file.
        remedy: what to do about it.
        file_format: what it should be.

    Raises:
        XorvizError: always, the one of the format.
    """
    subject = f"the {file_format.noun} in memory" if path is None else repr(str(path))
    raise file_format.error(f"{subject} {reason}. {remedy}") from None


def beside(path: Path, suffix: str) -> Path:
    """What SQLite keeps beside a file: where a link leads to, not where it is."""
    return Path(f"{os.path.realpath(path)}{suffix}")


def n_bytes(path: Path) -> int:
    """Size of a file and of its write-ahead log, if there is one, in bytes."""
    log = beside(path, "-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


@contextmanager
def reading(path: Path, file_format: FileFormat = RECORDING) -> Iterator[sqlite3.Connection]:
    """A connection of `open_file` as long as the block lasts; every failure inside becomes the format's error."""
    opened = None
    try:
        opened = open_file(path, file_format)
        yield opened
    except (sqlite3.Error, UnicodeError) as error:
        # SQLite quotes damaged text in its messages, which then are no UTF-8.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNREADABLE:
            remedy = "Check the disk and the permissions, the folder's too."
            refuse(path, f"cannot be read: {error}", remedy, file_format)
        refuse(path, f"is damaged: {error}", file_format=file_format)
    except OSError as error:
        remedy = "Check the disk and the permissions."
        refuse(path, f"cannot be read: {error.strerror or error}", remedy, file_format)
    finally:
        if opened is not None:
            opened.close()


def open_file(path: Path, file_format: FileFormat = RECORDING) -> sqlite3.Connection:
    """A read-only connection to a file that has the kind, version and tables of its format.

    All that is read through it is of one moment, even while the file is being written. Text comes as bytes.

    Args:
        path: a closed file, or one that is being written or was cut off.
        file_format: what it should be.

    Returns:
        An open connection; its rows are not yet checked.

    Raises:
        XorvizError: it is no such file; the error of the format.
        sqlite3.Error: it is damaged.
        OSError: it cannot be read.
    """
    _check_exists(path, file_format)
    absolute = path.absolute().as_posix()
    uri = f"file://{'' if absolute.startswith('/') else '/'}{quote(os.fsencode(absolute))}?mode=ro"
    if not any(beside(path, suffix).exists() for suffix in ("-wal", "-journal")):
        # Nobody is writing: read without locks, so that nothing ever appears beside the file.
        uri += "&immutable=1"
        _check_size(path, file_format)
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        # No row can be larger than what is there, whatever its header says.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(n_bytes(path), 2**31 - 1))
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {pragma}")
        connection.text_factory = bytes
        connection.execute("BEGIN")
        _check_kind(path, connection, file_format)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_exists(path: Path, file_format: FileFormat) -> None:
    if path.is_dir():
        remedy = f"Give the {file_format.file} inside it."
        refuse(path, f"is a folder, not a {file_format.noun}", remedy, file_format)
    if not path.exists():
        partial = Path(f"{path}.partial")
        hint = f"A run that was cut off is in {str(partial)!r}." if partial.exists() else "Check the path."
        refuse(path, "does not exist", hint, file_format)
    if not path.stat().st_size:
        refuse(path, f"is empty: it is not a {file_format.noun}", "Train again.", file_format)


def _check_size(path: Path, file_format: FileFormat) -> None:
    # Not while anyone writes: closing a file here would release the locks of a writer in this process.
    with path.open("rb") as file:
        start = file.read(32)
    if not start.startswith(b"SQLite format 3\0") or len(start) < 32:
        refuse(path, f"is not an xorviz {file_format.noun}", f"Give a {file_format.file}.", file_format)
    (page_size,), (n_pages,) = unpack_from(">H", start, 16), unpack_from(">I", start, 28)
    n_found, n_expected = path.stat().st_size, n_pages * (65536 if page_size == 1 else page_size)
    if n_found < n_expected:
        refuse(path, f"is cut short: {n_found} of {n_expected} bytes are there", file_format=file_format)


def _check_kind(path: Path, connection: sqlite3.Connection, file_format: FileFormat) -> None:
    noun, remedy = file_format.noun, f"Give a {file_format.file}."
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            refuse(path, f"is not an xorviz {noun}", remedy, file_format)
        raise
    if application != file_format.application_id:
        refuse(path, f"is an SQLite file of another program, not an xorviz {noun}", remedy, file_format)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > file_format.version:
        refuse(
            path,
            f"has {noun} format {version}, newer than the {file_format.version} this xorviz reads",
            "Upgrade it: pip install --upgrade xorviz.",
            file_format,
        )
    if version < 1:
        refuse(path, f"is damaged: {noun} format {version} does not exist", file_format=file_format)
    tables = file_format.tables | file_format.older.get(version, {})
    expected = [(b"table", name.encode(), name.encode(), sql.encode()) for name, sql in tables.items()]
    schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    if schema.fetchmany(len(expected) + 1) != expected:
        refuse(path, f"is damaged: its tables are not those of a {noun}", file_format=file_format)
