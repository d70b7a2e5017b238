"""The format of a recording: one SQLite file whose every row carries a checksum.

Numbers are kept in blobs, to survive bit for bit: SQLite would turn a NaN in a REAL column into NULL. SQLite
checks no page, so each row has three CRC-32s, over its trace, its parameters and its gradients: traces can be trusted
without reading a single parameter, parameters without a gradient. All start from the header's CRC-32, so rows of two
runs cannot be mixed. Each row names the step of the one before it, so that rows can be taken out of a run that grows
too long (`thinning`) and a row that is lost is still missed: only who takes it out joins its neighbours. What is drawn
of every snapshot (points correct, norms by layer) is part of the trace, so that nobody reads the parameters of all
snapshots of a large network for it.
A CRC-32 finds accidents; against forgery the reader checks every length before using it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from struct import Struct
from typing import Literal, NamedTuple, TypeAlias, get_args
from zlib import crc32

from xorviz.errors import RecordingError, XorvizError
from xorviz.recordings.storage import FileFormat, begin_tables

Column: TypeAlias = Literal["parameters", "gradients"]

APPLICATION_ID = 0x786F7276  # "xorv"
FORMAT_VERSION = 2

ABOUT = """\
A training run recorded by xorviz. With xorviz: xorviz.load("run.xorviz"). Without it:
- header.json describes the run: the network, the experiment, versions, the shapes of the named parameters.
  header.inputs and header.targets are the training points, then n_validation points that were not trained on. Every
  blob holds little-endian float64 in C order, parameters and gradients the type that header.json calls precision.
- snapshot has one row per kept step, in order. since: the previous row's step. loss: of the parameters in this row.
  n_correct: training points that are correct: task "binary", every output is on its target's side of 0.5; task
  "multiclass", the output of the target's class is the largest; task "regression", always 0. norms: Euclidean norm of
  each layer's weights and biases, first layer first, then of each layer's gradients. losses: of every step from since
  up to, not including, this row's; empty where not every one was kept. scalars: a MessagePack map, from a name to the
  steps (int64) and values at which a number was given; "loss" where losses is empty. parameters and gradients: the
  named arrays in the header's order, one after another. Where header.json has a probe in place of a network, parameters
  are the model's outputs at the training points, then at the others, then on the probe's grid over the plane (last
  coordinate fastest), then the activations of each layer at the training and other points.
- closing.state is "open" while recording and after a crash, "complete" after the last step, "interrupted" if
  an error stopped the run; in the last two cases n_snapshots and n_steps count what the file holds.
- The crc columns are CRC-32s as of zlib, with integers as little-endian int64. header.crc is that of the
  lengths of json, inputs and targets, then of the three. The others start from header.crc. trace_crc: ordinal, step,
  since, n_correct, the lengths of norms and losses, then loss, norms, losses, scalars. parameters_crc: ordinal, the
  word "parameters", parameters; gradients_crc likewise. closing.crc: n_snapshots, n_steps, state.
In Python: numpy.frombuffer(row["losses"], "<f8")
"""

#: The traces come first, the gradients last: SQLite walks over what stands before a column to read it.
TABLES = {
    "about": "CREATE TABLE about (text TEXT NOT NULL)",
    "header": (
        "CREATE TABLE header (json TEXT NOT NULL, inputs BLOB NOT NULL, targets BLOB NOT NULL, crc INTEGER NOT NULL)"
    ),
    "snapshot": (
        "CREATE TABLE snapshot "
        "(ordinal INTEGER PRIMARY KEY, step INTEGER NOT NULL, since INTEGER NOT NULL, n_correct INTEGER NOT NULL, "
        "loss BLOB NOT NULL, norms BLOB NOT NULL, losses BLOB NOT NULL, scalars BLOB NOT NULL, "
        "trace_crc INTEGER NOT NULL, parameters BLOB NOT NULL, parameters_crc INTEGER NOT NULL, "
        "gradients BLOB NOT NULL, gradients_crc INTEGER NOT NULL)"
    ),
    "closing": (
        "CREATE TABLE closing "
        "(state TEXT NOT NULL, n_snapshots INTEGER NOT NULL, n_steps INTEGER NOT NULL, crc INTEGER NOT NULL)"
    ),
}

#: What format 1 had in their place: no rows were taken out, and no numbers but the loss recorded.
_TABLES_1 = {
    "snapshot": (
        "CREATE TABLE snapshot "
        "(ordinal INTEGER PRIMARY KEY, step INTEGER NOT NULL, n_correct INTEGER NOT NULL, loss BLOB NOT NULL, "
        "norms BLOB NOT NULL, losses BLOB NOT NULL, trace_crc INTEGER NOT NULL, "
        "parameters BLOB NOT NULL, parameters_crc INTEGER NOT NULL, "
        "gradients BLOB NOT NULL, gradients_crc INTEGER NOT NULL)"
    )
}

RECORDING = FileFormat(
    "recording", ".xorviz file", RecordingError, APPLICATION_ID, FORMAT_VERSION, TABLES, ABOUT, {1: _TABLES_1}
)

_ONE, _TWO, _THREE, _SIX = Struct("<q"), Struct("<qq"), Struct("<qqq"), Struct("<qqqqqq")
_LARGE_ROW, _LARGE_PAGE = 1 << 18, 1 << 16
_INSERT = "INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Trace(NamedTuple):
    """What a row adds to the traces, in the order of its columns."""

    ordinal: int
    step: int
    since: int
    n_correct: int
    loss: bytes
    norms: bytes
    losses: bytes
    scalars: bytes


def header_crc(text: bytes, inputs: bytes, targets: bytes) -> int:
    """CRC-32 of a header; the *seal* every other checksum of the file starts from."""
    lengths = _THREE.pack(len(text), len(inputs), len(targets))
    return crc32(targets, crc32(inputs, crc32(text, crc32(lengths))))


def trace_crc(seal: int, trace: Trace, *, version: int = FORMAT_VERSION) -> int:
    """CRC-32 of what a row adds to the traces, in this or an older format."""
    if version == 1:
        found = crc32(_THREE.pack(trace.ordinal, trace.step, trace.n_correct), seal)
    else:
        found = crc32(_SIX.pack(*trace[:4], len(trace.norms), len(trace.losses)), seal)
    return crc32(b"".join(trace[4:]), found)


def vector_crc(seal: int, ordinal: int, column: Column, vector: bytes) -> int:
    """CRC-32 of a row's parameters or gradients."""
    return crc32(vector, crc32(column.encode(), crc32(_ONE.pack(ordinal), seal)))


def closing_crc(seal: int, state: bytes, n_snapshots: int, n_steps: int) -> int:
    """CRC-32 of the closing row."""
    return crc32(state, crc32(_TWO.pack(n_snapshots, n_steps), seal))


def create(connection: sqlite3.Connection, header: tuple[str, bytes, bytes], *, row_bytes: int = 0) -> int:
    """Write the tables and the header into an empty database.

    Args:
        connection: to an empty file or to memory.
        header: JSON text, inputs, targets.
        row_bytes: what the vectors of a row will take.

    Returns:
        The seal.
    """
    text, inputs, targets = header
    seal = header_crc(text.encode(), inputs, targets)
    if row_bytes >= _LARGE_ROW:
        # SQLite writes rows of many pages in half the time when the pages are large.
        connection.execute(f"PRAGMA page_size={_LARGE_PAGE}")
    begin_tables(connection, RECORDING)
    connection.execute("INSERT INTO header VALUES (?, ?, ?, ?)", (text, inputs, targets, seal))
    crc = closing_crc(seal, b"open", 0, 0)
    connection.execute("INSERT INTO closing VALUES ('open', 0, 0, ?)", (crc,))
    connection.execute("COMMIT")
    return seal


def append(connection: sqlite3.Connection, seal: int, rows: Iterable[tuple[Trace, bytes, bytes]]) -> None:
    """Commit rows together; when this returns, killing the process cannot lose them.

    Args:
        connection: to a recording that is open.
        seal: as `create` returned it.
        rows: what each adds to the traces, its parameters and its gradients.
    """
    connection.execute("BEGIN")
    try:
        for trace, *vectors in rows:
            crcs = [
                vector_crc(seal, trace.ordinal, column, vector)
                for column, vector in zip(get_args(Column), vectors, strict=True)
            ]
            row = (*trace, trace_crc(seal, trace), vectors[0], crcs[0], vectors[1], crcs[1])
            connection.execute(_INSERT, row)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def write_closing(connection: sqlite3.Connection, seal: int, *, complete: bool) -> None:
    """Count what the file holds, so that a missing row cannot pass."""
    # Counted, not remembered: an interrupt may fall between a row's commit and whatever would count it.
    n_snapshots, n_steps = connection.execute("SELECT count(*), coalesce(max(step), 0) FROM snapshot").fetchone()
    state = "complete" if complete else "interrupted"
    crc = closing_crc(seal, state.encode(), n_snapshots, n_steps)
    connection.execute(
        "UPDATE closing SET state = ?, n_snapshots = ?, n_steps = ?, crc = ?",
        (state, n_snapshots, n_steps, crc),
    )


def copy_closed(
    source: sqlite3.Connection,
    copy: sqlite3.Connection,
    name: str,
    finish: Callable[[sqlite3.Connection, int], None] | None = None,
) -> None:
    """Copy a recording, open or closed, into a closed one that needs no second file.

    Args:
        source: to the recording.
        copy: to an empty file.
        name: what the copy is called, for messages.
        finish: what is to be done with the copy of an open one before it is closed; given its seal, too.

    Raises:
        XorvizError: the copy cannot be written.
    """
    try:
        source.backup(copy)
        # The copy of a file with a write-ahead log says that it has one, too.
        copy.execute("PRAGMA journal_mode=MEMORY")
        state, seal = copy.execute("SELECT closing.state, header.crc FROM closing, header").fetchone() or ("", None)
        # What is not as it should be is refused by who reads the copy.
        if state == "open" and isinstance(seal, int):
            if finish is not None:
                finish(copy, seal)
            write_closing(copy, seal, complete=False)
    except sqlite3.Error as error:
        raise XorvizError(f"{name!r} cannot be written: {error}.") from error
