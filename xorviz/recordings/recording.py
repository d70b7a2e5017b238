"""Reading a recorded run: traces at once, parameters and gradients only where they are asked for."""

from __future__ import annotations

import os
import secrets
import weakref
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Final, final

import numpy as np
from numpy.typing import ArrayLike

from xorviz.problems.planes import Plane
from xorviz.recordings.database import copy_closed
from xorviz.recordings.header import Float64, decode_header, read_only
from xorviz.recordings.header import Header as Header
from xorviz.recordings.history import History
from xorviz.recordings.live import discard, settled
from xorviz.recordings.partial_file import PartialFile, partial_of
from xorviz.recordings.row_reader import RowReader
from xorviz.recordings.storage import connect
from xorviz.recordings.traces import traces_of
from xorviz.recordings.vectors import Float, NamedArrays, One, Several, Vectors, checked_points, ordinals_of
from xorviz.recordings.verification import Verification, compare_losses


def load(path: str | os.PathLike[str]) -> Recording:
    """Open a recording: a closed one, or that of a run that was cut off or still goes on.

    Reads the header and the traces. Parameters and gradients are read from the file when they are asked for,
    so keep it. The file is neither changed nor kept open. A run that still goes on is shown as it is now.

    Args:
        path: the file; or the name it will have, while it is ``.partial``.

    Returns:
        The recording.

    Raises:
        RecordingError: it is missing, of another kind, of a newer format, cut short or altered.
    """
    found = Path(path)
    partial = partial_of(found)
    if not found.exists() and partial.exists():
        found = partial
    copy = settled(found)
    try:
        recording = Recording(RowReader(found, copy=copy))
    except BaseException:
        if copy is not None:
            discard(copy)
        raise
    if copy is not None:
        weakref.finalize(recording, discard, copy)
    return recording


def _again(source: Path | bytes, plane: Plane | None, copy: Path | None = None) -> Recording:
    if isinstance(source, Path):
        return Recording(RowReader(source, copy=copy), plane)
    connection = connect(None)
    connection.deserialize(source)
    return Recording(RowReader(None, connection), plane)


@final
class Recording(History):
    """A recorded run, made by `load`, `RecordingWriter.close` and `train`. Every array is read-only.

    Its traces are the attributes and methods of `History`.

    Attributes:
        path: the file; None for a recording in memory.
        complete: whether the run was recorded to its end; False after a crash, an error or ^C.
    """

    def __init__(self, reader: RowReader, plane: Plane | None = None, origin: Recording | None = None) -> None:
        # Rows in memory live as long as the recording that was returned first.
        self._origin: Final = origin
        self._reader: Final = reader
        self._other_plane: Final = plane
        contents = reader.contents()
        try:
            header = decode_header(*contents.header)
        except ValueError as error:
            reader.fail(f"is damaged: its header cannot be understood: {error}")
        try:
            traces = traces_of(contents.rows)
        except ValueError as error:
            reader.fail(f"is damaged: {error}")
        super().__init__(header.model, header if plane is None else header.on_plane(plane), traces)
        self._header: Final = header
        self.path: Final = reader.path
        self.complete: Final = contents.complete
        n_bytes = (self.model.n_values + self.model.n_gradients) * np.dtype(header.precision).itemsize
        if n_bytes * self.n_snapshots > contents.n_bytes:
            reader.fail("is damaged: it is too small for the network it describes")
        n_layers = len(self.network.activations) if self.is_dense else 0
        if traces.norms.shape[2] != n_layers:
            reader.fail("is damaged: its norms are not those of the network it describes")
        self._parameters: Final = Vectors(reader, self.model, traces.ordinals, "parameters", header.precision)
        self._gradients: Final = Vectors(reader, self.model, traces.ordinals, "gradients", header.precision)

    @cached_property
    def parameters(self) -> NamedArrays:
        """From ``"W1"`` … to arrays with one entry per snapshot; see `NamedArrays`. Errors as for `network`."""
        return NamedArrays(self._parameters, self.network)

    @cached_property
    def gradients(self) -> NamedArrays:
        """As `parameters`."""
        return NamedArrays(self._gradients, self.network)

    def __reduce__(self) -> tuple[Callable[..., Recording], tuple[object, ...]]:
        """For another process: a file is opened again there, a recording in memory is copied whole."""
        if self.path is not None:
            return _again, (self.path.absolute(), self._other_plane, self._reader.copy)
        assert self._reader.connection is not None
        return _again, (self._reader.connection.serialize(), self._other_plane)

    def __repr__(self) -> str:
        """In one line, for a prompt."""
        where = "in memory" if self.path is None else repr(str(self.path))
        return f"<Recording {self.title!r}: {self.n_steps} steps, {self.n_snapshots} snapshots, {where}>"

    def on_plane(self, plane: Plane) -> Recording:
        """The same recording drawn on another plane; UsageError for one in a space of another number of inputs."""
        return Recording(self._reader, plane, self)

    def outputs(self, points: ArrayLike, snapshot: One | Several = -1) -> Float:
        """What the model says at some points.

        Args:
            points (float array of shape (n, n_inputs)): float32 points are computed with in float32.
            snapshot: one, or several; negative ones count from the end.

        Returns:
            (float64 or float32 array of shape (n, n_outputs)): (n_asked, n, n_outputs) for several snapshots.

        Raises:
            UsageError: points of another shape or where nothing was sampled, or no such snapshot.
            RecordingError: the file is damaged or gone.
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        outputs = self._parameters.outputs(ordinals, checked_points(points, self.model))
        return read_only(outputs[0] if is_single else outputs)

    def hidden(self, points: ArrayLike, snapshot: One | Several = -1) -> list[Float]:
        """The activations of the hidden layers at some points; arguments and errors as for `outputs`.

        Returns:
            (list of float arrays of shape (n, width)): one per hidden layer, the first one first; for several
            snapshots of shape (n_asked, n, width).
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        array = checked_points(points, self.model)
        with np.errstate(all="ignore"):
            layers = self.model.hidden(self._parameters.matrix(ordinals, array.dtype.type), array)
        return [read_only(layer[0] if is_single else layer) for layer in layers]

    def parameter_vectors(self, snapshots: Several | None = None) -> Float64:
        """Parameters as flat vectors, reading only the snapshots asked for.

        Args:
            snapshots: several snapshots in any order, negative ones counting from the end; None for all.

        Returns:
            (float64 array of shape (n_asked, n_parameters)): in the layout of `Network`.

        Raises:
            UsageError: there is no such snapshot, or no network; see `network`.
            RecordingError: the file is damaged or gone.
        """
        return self._flat(self._parameters, snapshots)

    def gradient_vectors(self, snapshots: Several | None = None) -> Float64:
        """Gradients as flat vectors; see `parameter_vectors`."""
        return self._flat(self._gradients, snapshots)

    def _flat(self, vectors: Vectors, snapshots: Several | None) -> Float64:
        # What else is recorded is no parameter.
        self.require_network()
        chosen = slice(None) if snapshots is None else snapshots
        return vectors.matrix(ordinals_of(chosen, self.n_snapshots)[0])

    def save(self, path: str | os.PathLike[str], force: bool = False) -> None:
        """Write a copy to a file, which appears whole or not at all; a run that is not complete stays so.

        Args:
            path: a file name ending in ``.xorviz``.
            force: replace the file if it exists.

        Raises:
            UsageError: the path is no such name, its folder is missing, or the file exists and not ``force``.
            RecordingError: this recording's file is damaged or gone.
            XorvizError: the copy cannot be written; the disk is full, say.
        """
        # A name of its own: `run.xorviz.partial` may be the very file that is being copied.
        partial = PartialFile(path, force=force, argument="path", suffix=f".{secrets.token_hex(4)}.tmp")
        try:
            with self._reader.reading() as source, closing(connect(partial.path)) as copy:
                self._reader.check_unchanged(source)
                copy_closed(source, copy, str(partial.target))
        except BaseException:
            partial.discard()
            raise
        partial.publish()

    def verify(self) -> Verification:
        """Read every row, re-run the forward pass of every snapshot and compare with the recorded losses.

        Of a model that was only sampled, the recorded outputs stand for the forward pass. Where the loss is none that
        xorviz can take, the points on the right side of 0.5 are compared in its place.

        Raises:
            RecordingError: a row is damaged, or the file gone.
        """
        every = range(self.n_snapshots)
        with np.errstate(all="ignore"):
            reruns = self._parameters.batches(every, self.inputs)
            again = np.concatenate([self._again(outputs) for outputs in reruns])
        for _ in self._gradients.rows(every):
            pass
        return compare_losses(self.snapshot_losses if self.has_objective else self._n_correct.astype(float), again)

    def _again(self, outputs: Float) -> Float64:
        """What a re-run is compared by."""
        if self.has_objective:
            return np.asarray(self.objective.value(outputs, self.targets))
        return np.array([self._header.n_correct(one) for one in outputs], dtype=np.float64)
