"""What is being written, under a temporary name beside its destination; what killed runs left there is removed."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import sys
import weakref
from pathlib import Path
from typing import final

if sys.platform != "win32":
    import fcntl

_MOST_TRIES = 10


@final
class Part:
    """A new temporary file or folder. It is locked for as long as this process writes it.

    The lock goes with the process, however that ends: a part that nobody holds is a leftover. Where files cannot be
    locked (Windows, some network file systems) leftovers stay.

    Attributes:
        path: of the temporary file or folder; in the same folder as the destination, because a rename is atomic only
            within one file system.
    """

    def __init__(self, destination: Path, *, is_folder: bool = False) -> None:
        """Removes leftovers of this destination, then makes the part.

        Raises:
            OSError: the folder refuses something new.
        """
        _sweep(destination)
        self._lock: int | None = None
        stem = _stem(destination)
        for _ in range(_MOST_TRIES):
            self.path = destination.with_name(f"{stem}{os.getpid()}-{secrets.token_hex(4)}.part")
            # From before it is there: Ctrl-C may come at any moment, also before anybody holds this part.
            self._leftover = weakref.finalize(self, _remove_own, self.path, os.getpid())
            if is_folder:
                self.path.mkdir()
            else:
                # O_EXCL: a file or link that someone planted under this name is never written through.
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            try:
                self._lock = _lock(self.path)
            except (BlockingIOError, FileNotFoundError):
                # Between making and locking, another process took it for a leftover.
                self._leftover.detach()
                continue
            except OSError:
                pass
            return
        raise FileExistsError(f"{self.path} was removed again and again")

    def release(self) -> None:
        """Lets go of the lock, when the part has its final name or is gone."""
        self._leftover.detach()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def discard(self) -> None:
        """Removes it."""
        with contextlib.suppress(OSError):
            _remove(self.path)
        self.release()


def _stem(destination: Path) -> str:
    return f".{destination.name[:100]}."


def _lock(path: Path) -> int:
    """A descriptor that holds the lock of a part.

    Raises:
        BlockingIOError: another process holds it.
        FileNotFoundError: it is gone.
        OSError: nothing can be locked here.
    """
    if sys.platform == "win32":
        raise OSError("no locks")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), path.lstat()):
            raise FileNotFoundError(f"{path} is another file now")
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _sweep(destination: Path) -> None:
    """Removes parts of this destination whose processes are gone."""
    ours = re.compile(re.escape(_stem(destination)) + r"\d+-[0-9a-f]{8}\.part")
    with contextlib.suppress(OSError), os.scandir(destination.parent) as entries:
        leftovers = [Path(entry.path) for entry in entries if ours.fullmatch(entry.name)]
        for path in leftovers:
            with contextlib.suppress(OSError):
                lock = _lock(path)
                try:
                    _remove(path)
                finally:
                    os.close(lock)


def _remove_own(path: Path, pid: int) -> None:
    """Removes a part that was let go of; not where a process was forked that has it only in its memory."""
    if os.getpid() == pid:
        with contextlib.suppress(OSError):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
