"""A folder that appears whole or not at all: a temporary one beside it, then one rename."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import final

from xorviz.encoders._part import Part
from xorviz.encoders._target import check_target
from xorviz.errors import UsageError


@final
class FolderTarget:
    """A new folder. One that exists is never replaced, because what else lies in it is not ours.

    Attributes:
        path (Path): the folder as the caller named it.
        part (Path): the temporary folder, which exists from construction until ``publish`` or ``discard``.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        """Refuses what exists and creates the temporary folder.

        Raises:
            UsageError: the folder around it does not exist, or ``path`` does.
            OSError: the folder refuses a new one.
        """
        self.path = Path(path)
        self._destination = check_target(path)
        if self._destination.exists():
            raise UsageError(f"out must be a new folder; got {str(path)!r}, a file. Choose another name.")
        self._part = Part(self._destination, is_folder=True)
        self.part = self._part.path

    def n_bytes(self) -> int:
        """Returns the size of all files."""
        return sum(file.stat().st_size for file in self.part.iterdir())

    def flush(self) -> None:
        """Nothing to do: a folder replaces nothing that could be lost."""

    def publish(self) -> None:
        """Gives the temporary folder its name.

        Raises:
            OSError: somebody else took the name meanwhile.
        """
        self.part.rename(self._destination)
        self._part.release()

    def discard(self) -> None:
        """Removes the temporary folder."""
        self._part.discard()
