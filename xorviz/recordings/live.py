"""A recording that is still being written, as it is now: rows of a run that goes on may be taken out at any time."""

from __future__ import annotations

import tempfile
from contextlib import closing, suppress
from pathlib import Path

from xorviz.recordings.database import copy_closed
from xorviz.recordings.opening import beside, reading
from xorviz.recordings.storage import connect


def settled(path: Path) -> Path | None:
    """A copy, in the folder for temporary files, of a recording that somebody has open; None where nobody has.

    Workers and frames that are drawn later then see what the first one saw, and the run may end meanwhile.

    Args:
        path: the recording.

    Raises:
        RecordingError: it cannot be read.
        XorvizError: the copy cannot be written.
    """
    if not beside(path, "-wal").exists():
        return None
    with tempfile.NamedTemporaryFile(prefix="xorviz-", suffix=".xorviz", delete=False) as file:
        copy = Path(file.name)
    try:
        with reading(path) as source, closing(connect(copy)) as into:
            copy_closed(source, into, str(copy))
    except BaseException:
        discard(copy)
        raise
    return copy


def discard(copy: Path) -> None:
    """Delete a copy that is no longer needed."""
    with suppress(OSError):
        copy.unlink()
