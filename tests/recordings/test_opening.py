from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests import rows
from xorviz.errors import RecordingError
from xorviz.learning.network import Network
from xorviz.recordings.database import Trace, append, create, write_closing
from xorviz.recordings.header import encode_header
from xorviz.recordings.opening import open_file
from xorviz.recordings.recording import load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.storage import connect


def record(path: Path) -> None:
    with RecordingWriter(path, rows.HEADER) as writer:
        writer.add(0, [], loss=0.5, parameters=np.zeros(9), gradients=np.zeros(9))


def other_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE snapshot (ordinal INTEGER PRIMARY KEY)")


def newer(path: Path) -> None:
    record(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 3")


def cut_short(path: Path) -> None:
    record(path)
    os.truncate(path, 9000)


NO_RECORDING = "is not an xorviz recording. Give a .xorviz file."


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_text("step,loss\n0,0.5\n" * 10), NO_RECORDING),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000)), NO_RECORDING),
        (lambda path: path.write_bytes(b"SQLite format 3\0"), NO_RECORDING),
        (lambda path: path.touch(), "is empty: it is not a recording. Train again."),
        (lambda path: path.mkdir(), "is a folder, not a recording. Give the .xorviz file inside it."),
        (lambda path: None, "does not exist. Check the path."),
        (other_sqlite, "is an SQLite file of another program, not an xorviz recording. Give a .xorviz file."),
        (
            newer,
            "has recording format 3, newer than the 2 this xorviz reads. Upgrade it: pip install --upgrade xorviz.",
        ),
        (
            cut_short,
            "is cut short: 9000 of 20480 bytes are there. Copy it again from where it came.",
        ),
    ],
)
def test_wrong_kinds_of_files(tmp_path: Path, make: Callable[[Path], object], reason: str) -> None:
    path = tmp_path / "run.xorviz"
    make(path)
    with pytest.raises(RecordingError) as caught:
        load(path)
    assert str(caught.value) == f"{str(path)!r} {reason}"


def test_the_name_stands_for_a_run_that_is_not_yet_closed(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    with RecordingWriter(path, rows.HEADER) as writer:
        writer.add(0, [], loss=0.5, parameters=np.zeros(9), gradients=np.zeros(9))
        recording = load(path)
        assert recording.path == Path(f"{path}.partial")
        # It is shown as it was, whatever happens to the run and its file.
        writer.add(1, [0.5], loss=0.5, parameters=np.ones(9), gradients=np.ones(9))
        writer.close()
        assert (recording.n_snapshots, recording.parameter_vectors().shape, recording.complete) == (1, (1, 9), False)
        copy = recording._reader.copy
        assert copy is not None
        assert copy.exists()
        del recording
        assert not copy.exists()
    assert load(path).n_snapshots == 2


def test_forged_header_allocates_nothing(tmp_path: Path) -> None:
    """All checksums agree on a network of 10**14 weights: refused by its size, not for lack of memory."""
    path = tmp_path / "run.xorviz"
    network = Network(widths=(2, 10**7, 10**7, 1), activations=("sigmoid",) * 3)
    with closing(connect(path)) as connection:
        seal = create(connection, encode_header(msgspec.structs.replace(rows.HEADER, network=network)))
        append(connection, seal, [(Trace(0, 0, 0, 0, bytes(8), bytes(48), b"", b""), b"", b"")])
        write_closing(connection, seal, complete=True)
    with pytest.raises(RecordingError, match="is damaged: it is too small for the network it describes"):
        load(path)


def test_a_file_without_its_write_ahead_log_is_read_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "copied"
    folder.mkdir()
    with RecordingWriter(tmp_path / "run.xorviz", rows.HEADER) as writer:
        writer.add(0, [], loss=0.5, parameters=np.zeros(9), gradients=np.zeros(9))
        writer._connection.execute("PRAGMA wal_checkpoint")
        writer.add(1, [0.5], loss=0.5, parameters=np.zeros(9), gradients=np.zeros(9))
        shutil.copyfile(tmp_path / "run.xorviz.partial", folder / "run.xorviz.partial")
    recording = load(folder / "run.xorviz.partial")
    # What was in the log is not there, and nothing claims that it is.
    assert (recording.n_snapshots, recording.complete) == (1, False)
    assert recording.verify().n_snapshots == 1
    assert [path.name for path in folder.iterdir()] == ["run.xorviz.partial"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_ahead_log_in_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    """SQLite needs a file beside the log to read it; the refusal must not call the recording damaged."""
    folder = tmp_path / "copied"
    folder.mkdir()
    with RecordingWriter(tmp_path / "run.xorviz", rows.HEADER) as writer:
        writer.add(0, [], loss=0.5, parameters=np.zeros(9), gradients=np.zeros(9))
        for name in ("run.xorviz.partial", "run.xorviz.partial-wal"):
            shutil.copyfile(tmp_path / name, folder / name)
    folder.chmod(0o555)
    try:
        with pytest.raises(RecordingError, match=r" cannot be read: .*\. Check the disk and the permissions"):
            load(folder / "run.xorviz.partial")
    finally:
        folder.chmod(0o755)


def test_a_file_is_opened_so_that_nothing_in_it_can_act(tmp_path: Path) -> None:
    """As SECURITY.md says."""
    path = tmp_path / "run.xorviz"
    rows.record(path)
    with closing(open_file(path)) as connection:
        pragmas = ("trusted_schema", "query_only", "cell_size_check", "mmap_size")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        assert found == [0, 1, 1, 0]
        connection.execute("PRAGMA query_only=OFF")
        # Read-only also without it.
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM snapshot")
        assert connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) == path.stat().st_size
