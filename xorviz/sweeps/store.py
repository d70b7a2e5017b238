"""Writing a study: one committed row per block; the file is there, whole, from the first moment on."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Final, Self, final

import msgspec

from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.storage import begin_log, begin_tables, connect, end_log
from xorviz.sweeps.claim import Claim
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.passes import Address
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.store_format import (
    FINAL_LOSSES,
    SCORES,
    SOLVED_STEPS,
    STUDY,
    block_crc,
    header_crc,
    ordinal_of,
)
from xorviz.sweeps.study import Study


@final
class Store:
    """The store of a study, open for writing by this process alone; a context manager.

    Args:
        path: the file; made if it is not there.
        plan: of the study.

    Raises:
        UsageError: the path is none that can be written, another sweep is writing it, or it holds another study.
        StudyError: it is no store, or damaged.
        XorvizError: it cannot be written.

    Attributes:
        path: the file.
        study: what it holds, read again by its `refresh`.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        _check_name(path)
        self.path: Final = path
        # Where a link leads to: there SQLite keeps its log, and there every other sweep looks for a claim.
        path = _destination(path)
        self._claim: Final = Claim(path)
        try:
            if not path.exists():
                _create(path, plan)
            self.study: Final = Study(self.path)
            if difference := self.study.plan.differs(plan):
                raise UsageError(
                    f"--store must be new or of this study; {str(path)!r} is {difference}. Name another store, or "
                    "give the command it was made with."
                )
            self._seal = self.study.seal
            self._connection: Final = connect(path)
            try:
                begin_log(self._connection, "header")
            except sqlite3.Error as error:
                self._connection.close()
                raise XorvizError(f"{str(path)!r} cannot be written: {error}.") from error
        except BaseException:
            self._claim.release()
            raise

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; an exception that is under way is told what is kept."""
        try:
            self.close()
        except XorvizError:
            # A full disk, say, which the exception under way is about: nothing is lost in the log beside the file.
            if error is None:
                raise

    def add(self, address: Address, result: BlockResult) -> None:
        """Store a block; when this returns, the death of the process cannot lose it.

        Raises:
            XorvizError: it cannot be written; the disk is full, say. What was stored before is kept.
        """
        blobs = (
            result.scores.astype(SCORES).tobytes(),
            result.final_losses.astype(FINAL_LOSSES).tobytes(),
            result.solved_steps.astype(SOLVED_STEPS).tobytes(),
        )
        ordinal, crc = ordinal_of(self.study.n_points, *address), block_crc(self._seal, *address, blobs)
        try:
            self._connection.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", (ordinal, *address, *blobs, crc))
        except sqlite3.Error as error:
            raise XorvizError(
                f"{str(self.path)!r} cannot be written: {error}. Everything stored before is kept; make room and give "
                "the same command to go on."
            ) from error

    def close(self) -> None:
        """Leave one file, with everything in it.

        Raises:
            XorvizError: the log cannot be folded in; everything stored is kept in the log beside the file.
        """
        try:
            end_log(self._connection)
        except sqlite3.Error as error:
            raise XorvizError(f"{str(self.path)!r} cannot be finished: {error}; nothing stored is lost.") from error
        finally:
            self._connection.close()
            self._claim.release()


def _destination(path: Path) -> Path:
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _check_name(path: Path) -> None:
    if path.is_dir() or path.suffix != ".db":
        raise UsageError(f"--store must name a file ending in .db; got {str(path)!r}.")
    destination = _destination(path)
    if os.path.lexists(destination) and not destination.is_file():
        raise UsageError(
            f"--store must be a regular file; got {str(path)!r}, a pipe, device or circular link. Choose another name."
        )
    if not destination.parent.is_dir():
        raise UsageError(
            f"--store must be in a folder that exists; got {str(path)!r}. Create {str(destination.parent)!r} first."
        )


def _create(path: Path, plan: Plan) -> None:
    """Write an empty store beside its place and move it there."""
    new = Path(f"{path}.new")
    text = msgspec.json.encode(plan).decode()
    try:
        # What a kill left here is nobody's: the claim is ours.
        new.unlink(missing_ok=True)
        connection = connect(new)
        try:
            begin_tables(connection, STUDY)
            connection.execute("INSERT INTO header VALUES (?, ?)", (text, header_crc(text.encode())))
            connection.execute("COMMIT")
        finally:
            connection.close()
        new.replace(path)
    except (sqlite3.Error, OSError) as error:
        new.unlink(missing_ok=True)
        raise XorvizError(f"{str(path)!r} cannot be written: {error}.") from error
