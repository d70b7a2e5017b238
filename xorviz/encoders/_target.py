"""A file that appears whole or not at all: a temporary file beside the target, then one rename."""

from __future__ import annotations

import os
import stat
from os import PathLike
from pathlib import Path
from typing import final

from xorviz.encoders._part import Part
from xorviz.errors import UsageError


@final
class Target:
    """One file to be replaced when its successor is complete.

    A target that is a symlink is replaced where it points to; the link stays.

    Attributes:
        path (Path): the file as the caller named it.
        part (Path): the temporary file, which exists from construction until ``publish`` or ``discard``.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        """Refuses what cannot be replaced and creates the temporary file.

        Raises:
            UsageError: the folder does not exist, or ``path`` is something other than a regular file.
            OSError: the folder refuses a new file.
        """
        self.path = Path(path)
        self._destination = check_target(path)
        self._part = Part(self._destination)
        self.part = self._part.path

    def n_bytes(self) -> int:
        """Returns the size of the temporary file."""
        return self.part.stat().st_size

    def flush(self) -> None:
        """Has the temporary file, already closed, written to the device.

        Raises:
            OSError: the device refuses it.
        """
        descriptor = os.open(self.part, os.O_RDWR)
        try:
            # Without it a power loss after the rename may leave an empty file where a whole one was.
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def publish(self) -> None:
        """Puts the temporary file in the place of the target.

        Raises:
            OSError: the rename failed; the target is untouched.
        """
        self.part.replace(self._destination)
        self._part.release()

    def discard(self) -> None:
        """Removes the temporary file; the target stays as it was."""
        self._part.discard()


def check_target(path: str | PathLike[str]) -> Path:
    """Refuses what cannot be replaced, before any work.

    Args:
        path: the file to be written.

    Returns:
        Where it will be: ``path`` with symlinks followed.

    Raises:
        UsageError: the folder does not exist, or ``path`` is something other than a regular file.
    """
    path, destination = Path(path), Path(os.path.realpath(path))
    if not destination.parent.is_dir():
        raise UsageError(
            f"out must be in an existing folder; got {str(path)!r}. Create {str(destination.parent)!r} first."
        )
    try:
        mode = destination.lstat().st_mode
    except FileNotFoundError:
        return destination
    except OSError as error:
        raise UsageError(
            f"out must be a file that can be made; got {str(path)!r}: {error.strerror}. Choose another name."
        ) from error
    if stat.S_ISREG(mode):
        return destination
    kind = "a folder" if stat.S_ISDIR(mode) else "a pipe, device or circular link"
    raise UsageError(f"out must be a regular file; got {str(path)!r}, {kind}. Choose another name.")
