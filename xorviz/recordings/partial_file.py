"""A file that is written beside its target, as ``run.xorviz.partial``, and becomes the target in one step."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path
from typing import Final, final

from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.journal import SUFFIX as JOURNAL
from xorviz.recordings.storage import connect, is_busy

SUFFIX = ".xorviz"
_MOMENT_S = 0.1


@final
class PartialFile:
    """A new, empty file that takes its target's place when it is published.

    It belongs to one writer from the moment it exists: a second one that asks for the same target is refused.

    Args:
        target: the file to be; its name ends in ``.xorviz``.
        force: replace the target, and the partial file of a dead run, if they exist.
        argument: what the caller calls the target, for messages.
        suffix: what the file's name has more than the target's.

    Raises:
        UsageError: the name is none that can be written, or taken and not ``force``.

    Attributes:
        target: the file to be.
        path: the file that is written.
    """

    def __init__(self, target: str | os.PathLike[str], *, force: bool, argument: str, suffix: str = ".partial") -> None:
        self.target: Final = Path(target)
        self.path: Final = partial_of(self.target, suffix)
        self._force = force
        check_new(self.target, force=force, argument=argument, suffix=suffix)
        if force and self.path.exists():
            self._check_dead(argument)
            # Its writer may have just made it, or be about to publish it, and hold no lock for a moment.
            time.sleep(_MOMENT_S)
            if self.path.exists():
                self._check_dead(argument)
                self.discard()
        try:
            # Exclusive creation: of two processes that come here at once, one is refused.
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
        except FileExistsError:
            raise cut_off(self.path, argument=argument) from None
        except OSError as error:
            raise UsageError(
                f"{argument} must be in a folder that can be written to; got {str(self.target)!r} ({error.strerror})."
            ) from error

    def publish(self) -> None:
        """Put the file in the target's place.

        Raises:
            XorvizError: that is not possible; the file stays where it is.
        """
        if not self._force and self.target.exists():
            raise XorvizError(
                f"{str(self.target)!r} was created by someone else meanwhile; what was recorded is in "
                f"{str(self.path)!r}. Rename one of them."
            )
        try:
            self.path.replace(_destination(self.target))
        except OSError as error:
            raise XorvizError(
                f"{str(self.target)!r} cannot be replaced ({error.strerror}); what was recorded is in "
                f"{str(self.path)!r}. Rename it."
            ) from error

    def discard(self) -> None:
        """Delete the file, what SQLite keeps beside it, and a recorder's journal."""
        self.drop_journal()
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def drop_journal(self) -> None:
        """Delete what a recorder kept beside the file, because rows tell all of it."""
        for suffix in (JOURNAL, f"{JOURNAL}-new"):
            with contextlib.suppress(OSError):
                Path(f"{self.path}{suffix}").unlink(missing_ok=True)

    def _check_dead(self, argument: str) -> None:
        """Refuse to delete a partial file that someone is writing."""
        try:
            connection = connect(self.path, timeout_s=0)
            with contextlib.closing(connection):
                # Leaving write-ahead logging takes a lock that no writer's or reader's lock allows.
                connection.execute("PRAGMA journal_mode=MEMORY").fetchone()
        except sqlite3.Error as error:
            # Any other failure means that this is no recording in progress.
            if is_busy(error):
                raise UsageError(
                    f"{argument} must name a file that nobody is writing; {str(self.path)!r} is being "
                    "recorded right now. Wait for that run, or choose another name."
                ) from None


def partial_of(target: Path, suffix: str = ".partial") -> Path:
    """The file that becomes a target: beside it, or beside what it leads to if it is a link."""
    return Path(f"{_destination(target)}{suffix}")


def _destination(target: Path) -> Path:
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def check_name(target: Path, *, argument: str) -> None:
    """Refuse a name that no recording can have, before any work.

    Raises:
        UsageError: it is a folder's, a pipe's or a device's, ends otherwise than in ``.xorviz``, or lies in no folder.
    """
    if target.is_dir():
        raise UsageError(f"{argument} must name a file; {str(target)!r} is a folder. Add a file name.")
    if target.suffix != SUFFIX:
        raise UsageError(f"{argument} must end in {SUFFIX}; got {str(target)!r}.")
    destination = _destination(target)
    if not destination.parent.is_dir():
        raise UsageError(
            f"{argument} must be in a folder that exists; got {str(target)!r}. Create {str(destination.parent)!r} "
            "first."
        )
    if os.path.lexists(destination) and not destination.is_file():
        raise UsageError(
            f"{argument} must be a regular file; got {str(target)!r}, a pipe, device or circular link. Choose another "
            "name."
        )


def check_new(target: Path, *, force: bool, argument: str, suffix: str = ".partial") -> None:
    """As `check_name`; without force, refuse a file that is there, or being recorded, too.

    Raises:
        UsageError: there is one.
    """
    check_name(target, argument=argument)
    if force:
        return
    if target.exists():
        raise UsageError(
            f"{argument} must name a new file; {str(target)!r} exists. Use force=True (--force) to replace it."
        )
    if (partial := partial_of(target, suffix)).exists():
        raise cut_off(partial, argument=argument)


def cut_off(partial: Path, *, argument: str) -> UsageError:
    """The error for a file that a run is, or was, being recorded to."""
    return UsageError(
        f"{argument} must name a new file; {str(partial)!r} holds a run that was cut off, or is being recorded. "
        f"Keep it with xorviz.load({str(partial)!r}).save('other.xorviz'), or use force=True (--force) to delete it."
    )
