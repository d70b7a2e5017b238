"""Where faults happen: a folder in memory where there is one, so that thousands of files wait for no disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_IN_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 1 << 28


@contextmanager
def room() -> Iterator[Path]:
    """An empty folder, gone afterwards."""
    is_there = _IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK)
    is_enough = is_there and shutil.disk_usage(_IN_MEMORY).free > _ENOUGH_BYTES
    with tempfile.TemporaryDirectory(prefix="xorviz-", dir=_IN_MEMORY if is_enough else None) as folder:
        yield Path(folder)
