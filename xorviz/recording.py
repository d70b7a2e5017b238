"""Reading a recorded run: traces at once, parameters and gradients only where they are asked for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Final, final, get_args, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.database import Column, copy_closed
from xorviz.described import Described
from xorviz.errors import unknown
from xorviz.header import Float64, decode_header, read_only
from xorviz.header import Header as Header
from xorviz.partial_file import PartialFile
from xorviz.planes import Plane
from xorviz.row_reader import RowReader
from xorviz.storage import connect
from xorviz.vectors import Float, NamedArrays, One, Several, Vectors, checked_points, ordinals_of
from xorviz.verification import Verification, compare_losses


def load(path: str | os.PathLike[str]) -> Recording:
    """Open a recording: a closed one, or the ``.partial`` of a run that was cut off or still goes on.

    Reads the header and the traces. Parameters and gradients are read from the file when they are asked for,
    so keep it. The file is neither changed nor kept open.

    Args:
        path: the file.

    Returns:
        The recording.

    Raises:
        RecordingError: it is missing, of another kind, of a newer format, cut short or altered.
    """
    return Recording(RowReader(Path(path)))


def _again(source: Path | bytes, plane: Plane | None) -> Recording:
    if isinstance(source, Path):
        return Recording(RowReader(source), plane)
    connection = connect(None)
    connection.deserialize(source)
    return Recording(RowReader(None, connection), plane)


@final
class Recording(Described):
    """A recorded run, made by `load`, `RecordingWriter.close` and `train`. Every array is read-only.

    Attributes:
        path: the file; None for a recording in memory.
        title … plane: what its header says; see `Described`.
        steps (int64 array of shape (n_snapshots,)): step of each snapshot, from 0 to ``n_steps``.
        loss (float64 array of shape (n_steps,)): ``loss[k]`` is that of the parameters before update ``k``.
        snapshot_losses (float64 array of shape (n_snapshots,)): loss of each snapshot's parameters.
        n_snapshots, n_steps: lengths of these; there is at least one snapshot.
        parameters, gradients: mappings from ``"W1"`` … to arrays, one entry per snapshot; see `NamedArrays`.
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
        self.path: Final = reader.path
        super().__init__(header if plane is None else header.on_plane(plane))
        self.steps: Final = read_only(np.array(contents.steps, dtype=np.int64))
        self.loss: Final = read_only(np.frombuffer(contents.losses, "<f8").astype(np.float64))
        losses = np.frombuffer(contents.snapshot_losses, "<f8").astype(np.float64)
        self.snapshot_losses: Final = read_only(losses)
        self._n_correct: Final = read_only(np.array(contents.n_correct, dtype=np.int64))
        self.n_snapshots: Final = len(self.steps)
        self.n_steps: Final = len(self.loss)
        self.complete: Final = contents.complete
        if 16 * self.network.n_parameters * self.n_snapshots > contents.n_bytes:
            reader.fail("is damaged: it is too small for the network it describes")
        if {len(norms) for norms in contents.norms} != {16 * len(self.network.activations)}:
            reader.fail("is damaged: its norms are not those of the network it describes")
        self._norms: Final = np.frombuffer(b"".join(contents.norms), "<f8").reshape(self.n_snapshots, 2, -1)
        self._parameters: Final = Vectors(reader, self.network, self.n_snapshots, "parameters")
        self._gradients: Final = Vectors(reader, self.network, self.n_snapshots, "gradients")
        self.parameters: Final = NamedArrays(self._parameters)
        self.gradients: Final = NamedArrays(self._gradients)

    def __reduce__(self) -> tuple[Callable[..., Recording], tuple[object, ...]]:
        """For another process: a file is opened again there, a recording in memory is copied whole."""
        if self.path is not None:
            return _again, (self.path.absolute(), self._other_plane)
        assert self._reader.connection is not None
        return _again, (self._reader.connection.serialize(), self._other_plane)

    def __repr__(self) -> str:
        """In one line, for a prompt."""
        where = "in memory" if self.path is None else repr(str(self.path))
        return f"<Recording {self.title!r}: {self.n_steps} steps, {self.n_snapshots} snapshots, {where}>"

    def on_plane(self, plane: Plane) -> Recording:
        """The same recording drawn on another plane; UsageError for one in a space of another number of inputs."""
        return Recording(self._reader, plane, self)

    @property
    def final_loss(self) -> float:
        """Loss of the last snapshot's parameters."""
        return float(self.snapshot_losses[-1])

    @cached_property
    def diverged_at(self) -> int | None:
        """First step whose loss is infinite or NaN; None if there is none."""
        bad = np.flatnonzero(~np.isfinite(np.append(self.loss, self.final_loss)))
        return int(bad[0]) if len(bad) else None

    @cached_property
    def solved_at(self) -> int | None:
        """First snapshot's step from which every point stays correct to the end; None if the end is not."""
        wrong = np.flatnonzero(self._n_correct < len(self.inputs))
        first = int(wrong[-1]) + 1 if len(wrong) else 0
        return int(self.steps[first]) if first < self.n_snapshots else None

    @overload
    def n_correct(self, snapshot: One = -1) -> int: ...
    @overload
    def n_correct(self, snapshot: Several) -> NDArray[np.int64]: ...
    def n_correct(self, snapshot: One | Several = -1) -> int | NDArray[np.int64]:
        """How many training points are correct; see `xorviz.tasks.is_correct`. Of a regression none is.

        Args:
            snapshot: one, or several; negative ones count from the end.

        Returns:
            A number, or an int64 array of shape (n_asked,) for several.
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        return int(self._n_correct[ordinals[0]]) if is_single else self._n_correct[list(ordinals)]

    def layer_norms(self, of: Column) -> dict[str, Float64]:
        """Euclidean norm over each layer's weights and biases; read with the traces, like `n_correct`.

        Args:
            of: ``"parameters"`` or ``"gradients"``; UsageError for any other word.

        Returns:
            (dict of float64 arrays of shape (n_snapshots,)): by the names of `Network.layer_ranges`.
        """
        if of not in (columns := get_args(Column)):
            raise unknown("of", of, columns)
        return dict(zip(self.network.layer_ranges, self._norms[:, columns.index(of)].T, strict=True))

    def outputs(self, points: ArrayLike, snapshot: One | Several = -1) -> Float:
        """What the network says at some points.

        Args:
            points (float array of shape (n, n_inputs)): float32 points are computed with in float32.
            snapshot: one, or several; negative ones count from the end.

        Returns:
            (float64 or float32 array of shape (n, n_outputs)): (n_asked, n, n_outputs) for several snapshots.

        Raises:
            UsageError: points of another shape, or no such snapshot.
            RecordingError: the file is damaged or gone.
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        outputs = self._parameters.outputs(ordinals, checked_points(points, self.network))
        return read_only(outputs[0] if is_single else outputs)

    def hidden(self, points: ArrayLike, snapshot: One | Several = -1) -> list[Float]:
        """The activations of the hidden layers at some points; arguments and errors as for `outputs`.

        Returns:
            (list of float arrays of shape (n, width)): one per hidden layer, the first one first; for several
            snapshots of shape (n_asked, n, width).
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        array = checked_points(points, self.network)
        with np.errstate(all="ignore"):
            layers = self.network.layers(self._parameters.matrix(ordinals, array.dtype.type), array)[:-1]
        return [read_only(layer[0] if is_single else layer) for layer in layers]

    def parameter_vectors(self, snapshots: Several | None = None) -> Float64:
        """Parameters as flat vectors, reading only the snapshots asked for.

        Args:
            snapshots: several snapshots in any order, negative ones counting from the end; None for all.

        Returns:
            (float64 array of shape (n_asked, n_parameters)): in the layout of `Network`.

        Raises:
            UsageError: there is no such snapshot.
            RecordingError: the file is damaged or gone.
        """
        chosen = slice(None) if snapshots is None else snapshots
        return self._parameters.matrix(ordinals_of(chosen, self.n_snapshots)[0])

    def gradient_vectors(self, snapshots: Several | None = None) -> Float64:
        """Gradients as flat vectors; see `parameter_vectors`."""
        chosen = slice(None) if snapshots is None else snapshots
        return self._gradients.matrix(ordinals_of(chosen, self.n_snapshots)[0])

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

        Raises:
            RecordingError: a row is damaged, or the file gone.
        """
        every = range(self.n_snapshots)
        with np.errstate(all="ignore"):
            reruns = self._parameters.batches(every, self.inputs)
            losses = [self.objective.value(outputs, self.targets) for outputs in reruns]
        for _ in self._gradients.rows(every):
            pass
        return compare_losses(self.snapshot_losses, np.concatenate(losses))
