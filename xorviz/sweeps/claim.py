"""One sweep at a time writes a store: a small file beside it, locked for as long as its process lives."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import time
from pathlib import Path
from typing import Final, final

from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.storage import connect, is_busy


@final
class Claim:
    """The right to write a store, from construction until `release` or the death of the process.

    The file ``study.db.writer`` says who has it, for whoever asks next; a lock on it, which the operating system takes
    back from a dead process, says whether that is still so.

    Args:
        store: the file to be written.

    Raises:
        UsageError: another sweep is writing it; the message names that sweep.
        XorvizError: the folder cannot be written.
    """

    def __init__(self, store: Path) -> None:
        self.path: Final = Path(f"{store}.writer")
        try:
            self._connection: Final = connect(self.path, timeout_s=0)
        except sqlite3.Error as error:
            raise XorvizError(f"{str(store)!r} cannot be written: {error}.") from error
        try:
            self._take()
        except sqlite3.Error as error:
            writer = self._writer()
            self._connection.close()
            if is_busy(error):
                raise UsageError(
                    f"--store must be written by one sweep at a time; {str(store)!r} is being written by {writer}. "
                    "Wait for it, or name another store."
                ) from None
            raise XorvizError(f"{str(store)!r} cannot be written: {error}.") from error

    def _take(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("CREATE TABLE IF NOT EXISTS writer (text TEXT NOT NULL)")
        self._connection.execute("DELETE FROM writer")
        self._connection.execute("INSERT INTO writer VALUES (?)", (_self_description(),))
        self._connection.execute("COMMIT")
        # A transaction that writes nothing: others may read who it is, and cannot begin one.
        self._connection.execute("BEGIN IMMEDIATE")

    def _writer(self) -> str:
        """Who has the store."""
        try:
            row = self._connection.execute("SELECT text FROM writer").fetchone()
        except sqlite3.Error:
            row = None
        return str(row[0]) if row else "another process"

    def release(self) -> None:
        """Let others write."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("ROLLBACK")
        self._connection.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def _self_description() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} since {time.strftime('%Y-%m-%d %H:%M:%S')}"
