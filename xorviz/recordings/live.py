"""A recording that is still being written, as it is now: rows of a run that goes on may be taken out at any time."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from xorviz.recordings.database import copy_closed
from xorviz.recordings.journal import SUFFIX
from xorviz.recordings.opening import beside, reading
from xorviz.recordings.storage import connect
from xorviz.recordings.unwritten import add_unwritten


def settled(path: Path) -> Path | None:
    """A copy, in the folder for temporary files, of a recording that somebody has open; None where nobody has.

    Workers and frames that are drawn later then see what the first one saw, and the run may end meanwhile. The copy
    has the rows, too, that its recorder has not yet written.

    Args:
        path: the recording.

    Raises:
        RecordingError: it cannot be read.
        XorvizError: the copy cannot be written.
    """
    if not any(beside(path, suffix).exists() for suffix in ("-wal", SUFFIX)):
        return None
    with tempfile.NamedTemporaryFile(prefix="xorviz-", suffix=".xorviz", delete=False) as file:
        copy = Path(file.name)
    try:
        with _journal_of(path) as journal, reading(path) as source, closing(connect(copy)) as into:
            finish = None if journal is None else partial(add_unwritten, journal=journal)
            copy_closed(source, into, str(copy), finish)
    except BaseException:
        discard(copy)
        raise
    return copy


def _journal_of(path: Path) -> AbstractContextManager[BinaryIO | None]:
    """What a recorder keeps beside the file; None where it has none, or has just taken it away."""
    try:
        return beside(path, SUFFIX).open("rb")
    except OSError:
        return nullcontext()


def discard(copy: Path) -> None:
    """Delete a copy that is no longer needed."""
    with suppress(OSError):
        copy.unlink()
