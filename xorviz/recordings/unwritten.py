"""The rows that a recorder would have written next, made of its journal."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable
from typing import Any, BinaryIO

import numpy as np

from xorviz.errors import UsageError
from xorviz.learning.activations import ActivationName
from xorviz.parallel.threads import on_one_thread
from xorviz.recordings.database import append, header_crc
from xorviz.recordings.header import Header, decode_header
from xorviz.recordings.journal import MOST_STEPS, Begun, Record, Taken, Told, Updated, records
from xorviz.recordings.scalar_log import ScalarLog
from xorviz.recordings.scalars import decode_scalars
from xorviz.recordings.snapshot import RowMaker, Snapshot
from xorviz.recordings.traces import LOSS
from xorviz.recordings.waiting import SnapshotMaker, Waiting


@on_one_thread
def add_unwritten(connection: sqlite3.Connection, seal: int, journal: BinaryIO) -> None:
    """Append what a journal tells and no row does.

    What the file holds is not checked here but by who reads it: where it is not as it should be, nothing is added.

    Args:
        connection: to a copy of the recording that can be written to.
        seal: of the recording.
        journal: open since before the copy was made, so that nothing is missing between the two.
    """
    text, inputs, targets = connection.execute("SELECT json, inputs, targets FROM header").fetchone()
    last = connection.execute("SELECT ordinal, step, loss FROM snapshot ORDER BY ordinal DESC LIMIT 1").fetchone()
    types = [type(value) for value in (text, inputs, targets, *(last or (0, 0, bytes(8))))]
    if types != [str, bytes, bytes, int, int, bytes] or header_crc(text.encode(), inputs, targets) != seal:
        return
    ordinal, step, loss = last or (-1, -1, struct.pack("<d", np.nan))
    if max(ordinal, step) >= MOST_STEPS or min(ordinal, step) < -1:
        return
    try:
        header = decode_header(text.encode(), inputs, targets)
        told = _snapshots(header, records(journal, seal), step, struct.unpack("<d", loss)[0])
        rows = RowMaker(header).rows(told, ordinal + 1, max(step, 0)) if told else []
    except (UsageError, ValueError, struct.error):
        return
    append(connection, seal, rows)


def _snapshots(header: Header, journal: Iterable[Record], last_step: int, last_loss: float) -> list[Snapshot]:
    """Those after a step, -1 for all."""
    log, waiting, reported = ScalarLog(), list[Waiting](), np.nan
    link: ActivationName = "linear"
    passing: Waiting | None = None
    for record in journal:
        if isinstance(record, Begun):
            link = record.link
        elif isinstance(record, Told):
            for name, series in decode_scalars(record.scalars).items():
                for step, value in zip(series.steps.tolist(), series.values.tolist(), strict=True):
                    # The loss of a step belongs to what follows it.
                    if step > last_step - (name == LOSS):
                        log.add(name, step, value)
        elif isinstance(record, Taken):
            taken = Waiting(record.step, _numbers(record.vector, header))
            passing = taken if record.passing else None
            if not record.passing:
                waiting.append(taken)
        elif isinstance(record, Updated):
            reported = record.reported
            if waiting:
                gradient = None if record.gradient is None else _numbers(record.gradient, header)
                waiting[-1].complete(gradient, reported)
    maker = SnapshotMaker(header, link, log, since=max(last_step, 0), last_loss=last_loss)
    maker.last_reported = reported
    if passing is not None:
        waiting.append(passing)
    new = [one for one in waiting if one.step > last_step]
    if any(len(one.vector) != header.model.n_values for one in new):
        raise ValueError("a snapshot of another length")
    return maker.snapshots(new) if new else []


def _numbers(stored: bytes, header: Header) -> Any:
    return np.frombuffer(stored, np.dtype(header.precision).newbyteorder("<"))
