"""Recording a run while it happens: one committed row per snapshot, one closed file at the end."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Container, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, final

from numpy.typing import ArrayLike

from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.database import append, create, write_closing
from xorviz.recordings.header import Header, encode_header
from xorviz.recordings.journal import SUFFIX, Journal
from xorviz.recordings.opening import beside
from xorviz.recordings.partial_file import PartialFile
from xorviz.recordings.recording import Recording
from xorviz.recordings.row_reader import RowReader
from xorviz.recordings.snapshot import RowMaker, Snapshot
from xorviz.recordings.storage import begin_log, connect, end_log
from xorviz.recordings.thinning import coarsen_rows, remove_rows


@final
class RecordingWriter:
    """Writes a recording, in memory or to a file; a context manager.

    Rows go to ``run.xorviz.partial``. When `add` returns, its row survives the death of this process (power
    loss can cost the latest rows, never the file). `close` moves the file to ``run.xorviz``; until then an
    older ``run.xorviz`` stays as it was.

    If the ``with`` block ends with an exception, what was recorded is closed in the same way, with
    `Recording.complete` False, and a note on the exception says where it is. It never replaces an older
    recording, though, forced or not: then it stays, closed and readable, in ``run.xorviz.partial``. Where
    nothing was recorded, nothing is left.

    Args:
        path: the file to be, its name ending in ``.xorviz``; None records in memory.
        header: what the recording says about its run.
        force: replace the file, and what a cut-off run left beside it, if they exist.

    Raises:
        UsageError: the path is no name that can be written, or taken and not ``force``.
    """

    def __init__(self, path: str | os.PathLike[str] | None, header: Header, *, force: bool = False) -> None:
        rows = encode_header(header)
        self._partial: Final = None if path is None else PartialFile(path, force=force, argument="out")
        self._rows: Final = RowMaker(header)
        self._ordinal = 0
        self._step = 0
        self._recording: Recording | None = None
        self._is_open = True
        try:
            self._connection = connect(None if self._partial is None else self._partial.path)
            # Not left to the collector alone: Python warns about connections that nobody closed.
            self._finalizer = weakref.finalize(self, self._connection.close)
            self._seal = create(self._connection, rows, row_bytes=self._rows.n_bytes)
            if self._partial is not None:
                begin_log(self._connection, "closing")
        except BaseException as error:
            if self._partial is not None:
                self._partial.discard()
            if isinstance(error, sqlite3.Error):
                raise XorvizError(f"{str(path)!r} cannot be written: {error}.") from error
            raise

    def __enter__(self) -> RecordingWriter:
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close, if that was not done; complete only without an exception."""
        if not self._is_open:
            if self._partial is not None and self._recording is None and error and not isinstance(error, Exception):
                # Ctrl-C while it was being closed: every row is there, under the one name or the other.
                found = self._partial.path if self._partial.path.exists() else self._partial.target
                error.add_note(f"What was recorded until then is in {str(found)!r}.")
            return
        if error is None:
            self.close()
        elif self._ordinal:
            recording = self.close(complete=False)
            if recording.path is not None:
                error.add_note(f"What was recorded until then is in {str(recording.path)!r}.")
        else:
            self.abandon()

    def add(
        self,
        step: int,
        losses: ArrayLike,
        *,
        loss: float,
        parameters: ArrayLike,
        gradients: ArrayLike,
        outputs: ArrayLike | None = None,
    ) -> None:
        """Record one snapshot; when this returns, the death of the process cannot lose it.

        Args:
            step: its step; the first one is 0, each later one greater than the one before.
            losses (float64 array of shape (step - previous step,)): loss of every step from the previous
                snapshot's up to, not including, this one's; empty for the first.
            loss: of the parameters given here.
            parameters (float64 array of shape (n_parameters,)): the flat vector.
            gradients (float64 array of shape (n_parameters,)): of the training loss over all points.
            outputs (float64 array of shape (n_points, n_outputs)): at the training points, from whoever has them
                already; computed if not given.

        Raises:
            UsageError: an array of another shape, a step that is not later, or a writer that is closed.
            XorvizError: the row cannot be written; the disk is full, say.
        """
        self.add_all([Snapshot(step, losses, loss, parameters, gradients, outputs)])

    def add_all(self, snapshots: Sequence[Snapshot]) -> None:
        """Record several snapshots in one transaction; see `add`.

        Points correct and norms by layer are taken here, so that drawing them reads no parameters.
        """
        if not self._is_open:
            raise UsageError("add must come before close. Open a new RecordingWriter.")
        rows = self._rows.rows(snapshots, self._ordinal, self._step)
        try:
            append(self._connection, self._seal, rows)
        except sqlite3.Error as error:
            raise XorvizError(f"step {rows[0][0].step} cannot be recorded: {error}.") from error
        self._step, self._ordinal = rows[-1][0].step, self._ordinal + len(rows)

    def journal(self) -> Journal | None:
        """What may be told before it becomes rows, in a file beside this one that goes when this is closed.

        None in memory, which nothing outlives.
        """
        return None if self._partial is None else Journal(beside(self._partial.path, SUFFIX), self._seal)

    @property
    def n_bytes(self) -> int:
        """How much the rows and their pages take, without what earlier rows left free."""
        pages, free, size = (
            self._connection.execute(f"PRAGMA {of}").fetchone()[0]
            for of in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)

    @property
    def n_scalar_bytes(self) -> int:
        """How many of them are losses and other scalars."""
        query = "SELECT sum(length(losses) + length(scalars)) FROM snapshot"
        return int(self._connection.execute(query).fetchone()[0] or 0)

    def so_far(self) -> Recording:
        """What is recorded until now; to be read before the next row is added."""
        return Recording(RowReader(None, self._connection))

    def remove(self, steps: Container[int]) -> None:
        """Take snapshots out of the recording; the losses and scalars of their steps stay.

        The first and the last one always stay. A kill in the middle leaves a whole recording.

        Raises:
            XorvizError: the file cannot be written.
        """
        try:
            remove_rows(self._connection, self._seal, steps)
        except sqlite3.Error as error:
            raise XorvizError(f"snapshots cannot be removed: {error}.") from error

    def coarsen(self) -> None:
        """Keep every second loss and scalar; every fourth loss where all of them were kept.

        Raises:
            XorvizError: the file cannot be written.
        """
        try:
            coarsen_rows(self._connection, self._seal)
        except sqlite3.Error as error:
            raise XorvizError(f"losses cannot be thinned: {error}.") from error

    def close(self, *, complete: bool = True) -> Recording:
        """End the recording; a second call only returns it again.

        Args:
            complete: whether the run came to its end.

        Returns:
            The recording, read back from what was written.

        Raises:
            UsageError: nothing was recorded.
            XorvizError: the file cannot be moved into place; it stays readable in ``run.xorviz.partial``.
        """
        if self._recording is not None:
            return self._recording
        if not self._ordinal:
            self.abandon()
            raise UsageError("close must come after add; nothing was recorded. Add step 0 at least.")
        if not self._is_open:
            assert self._partial is not None
            raise UsageError(
                "close must not be repeated once it failed; what was recorded is in "
                f"{str(self._partial.path)!r}. Load that."
            )
        self._is_open = False
        if self._partial is None:
            write_closing(self._connection, self._seal, complete=complete)
            self._recording = Recording(RowReader(None, self._connection))
            # The rows live as long as the recording, and no longer.
            self._finalizer.detach()
            weakref.finalize(self._recording, self._connection.close)
        else:
            self._recording = Recording(RowReader(self._close_file(self._partial, complete=complete)))
        return self._recording

    def _close_file(self, partial: PartialFile, *, complete: bool) -> Path:
        try:
            write_closing(self._connection, self._seal, complete=complete)
            end_log(self._connection)
            partial.drop_journal()
        except sqlite3.Error as error:
            raise XorvizError(
                f"{str(partial.target)!r} cannot be finished: {error}; what was recorded is in "
                f"{str(partial.path)!r}. Load that."
            ) from error
        finally:
            self._finalizer()
        if not complete and partial.target.exists():
            return partial.path
        partial.publish()
        return partial.target

    def abandon(self) -> None:
        """End without a recording: nothing is left."""
        self._is_open = False
        self._finalizer()
        if self._partial is not None:
            self._partial.discard()
