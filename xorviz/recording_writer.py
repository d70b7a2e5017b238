"""Recording a run while it happens: one committed row per snapshot, one closed file at the end."""

from __future__ import annotations

import os
import sqlite3
import weakref
from pathlib import Path
from types import TracebackType
from typing import Final, final

import numpy as np
from numpy.typing import ArrayLike

from xorviz.database import append, create, write_closing
from xorviz.errors import UsageError, XorvizError
from xorviz.header import Float64, Header, encode_header
from xorviz.partial_file import PartialFile
from xorviz.recording import Recording
from xorviz.row_reader import RowReader
from xorviz.storage import begin_log, connect, end_log

_LITTLE_ENDIAN = np.dtype("<f8")


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
        self._header: Final = header
        self._n_parameters: Final = header.network.n_parameters
        self._n_rows = 0
        self._step = 0
        self._recording: Recording | None = None
        self._is_open = True
        try:
            self._connection = connect(None if self._partial is None else self._partial.path)
            # Not left to the collector alone: Python warns about connections that nobody closed.
            self._finalizer = weakref.finalize(self, self._connection.close)
            self._seal = create(self._connection, rows)
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
            return
        if error is None:
            self.close()
        elif self._n_rows:
            recording = self.close(complete=False)
            if recording.path is not None:
                error.add_note(f"What was recorded until then is in {str(recording.path)!r}.")
        else:
            self._abandon()

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

        Points correct and norms by layer are taken here, so that drawing them reads no parameters.

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
        n_new = self._check_step(step)
        header, size = self._header, (self._n_parameters,)
        all_losses, flat = _numbers("losses", losses, (n_new,)), _numbers("parameters", parameters, size)
        flat_gradients = _numbers("gradients", gradients, size)
        if outputs is None:
            with np.errstate(all="ignore"):
                outputs = header.network.forward(flat, header.inputs)
        norms = [header.network.layer_norms(vector) for vector in (flat, flat_gradients)]
        row = {"loss": _numbers("loss", loss, ()), "losses": all_losses, "norms": np.concatenate(norms)}
        row |= {"parameters": flat, "gradients": flat_gradients}
        n_correct = header.n_correct(_numbers("outputs", outputs, header.targets.shape))
        blobs = {column: array.astype(_LITTLE_ENDIAN, copy=False).tobytes() for column, array in row.items()}
        try:
            append(self._connection, self._seal, ordinal=self._n_rows, step=int(step), n_correct=n_correct, **blobs)
        except sqlite3.Error as error:
            raise XorvizError(f"step {step} cannot be recorded: {error}.") from error
        self._n_rows += 1
        self._step = int(step)

    def _check_step(self, step: int) -> int:
        """Refuse a step that cannot come now; return how many steps it is from the one before."""
        if not self._is_open:
            raise UsageError("add must come before close. Open a new RecordingWriter.")
        previous, step = self._step, int(step)
        if (step <= previous) if self._n_rows else step != 0:
            rule = f"be greater than {previous}" if self._n_rows else "be 0 for the first snapshot"
            raise UsageError(f"step must {rule}; got {step!r}.")
        return step - previous

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
        if not self._n_rows:
            self._abandon()
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

    def _abandon(self) -> None:
        self._is_open = False
        self._finalizer()
        if self._partial is not None:
            self._partial.discard()


def _numbers(argument: str, values: ArrayLike, shape: tuple[int, ...]) -> Float64:
    """Values as little-endian float64, bit for bit."""
    try:
        array = np.asarray(values, dtype=_LITTLE_ENDIAN)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{argument} must be numbers; got {values!r}.") from error
    if array.shape != shape:
        raise UsageError(f"{argument} must have shape {shape!r}; got shape {array.shape!r}.")
    return array
