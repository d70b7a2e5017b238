"""Writing: what is refused, what a kill, an exception or a second writer leaves behind."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from tests.rows import HEADER, add, check, names, record
from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.recording import load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.storage import connect


@pytest.mark.parametrize("name", ["run.xorviz", "a b?c#d%41&mode=rw.xorviz", "проба “é”.xorviz", ".xorviz.xorviz"])
def test_closing_leaves_exactly_one_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with RecordingWriter(path, HEADER) as writer:
        for snapshot in range(4):
            add(writer, snapshot)
        assert not path.exists()
        # Readable while it is written, rows and all.
        check(load(f"{path}.partial"), 4)
        recording = writer.close()
        assert writer.close() is recording
    assert names(tmp_path) == [name]
    assert recording.path == path
    for one in (recording, load(path)):
        check(one, 4)
        assert one.complete
    # No write-ahead log in the closed file: it needs no second file, and none appears.
    assert path.read_bytes()[18:20] == b"\x01\x01"
    assert names(tmp_path) == [name]


def test_memory_and_file_are_equal(tmp_path: Path) -> None:
    in_memory, in_file = record(None, 20), record(tmp_path / "run.xorviz", 20)
    check(in_memory, 20)
    check(in_file, 20)
    assert in_memory.path is None
    assert in_memory.versions == in_file.versions
    in_memory.save(tmp_path / "copy.xorviz")
    with closing(connect(tmp_path / "copy.xorviz")) as one, closing(connect(in_file.path)) as other:
        assert list(one.iterdump()) == list(other.iterdump())


NINE = np.zeros(9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda w: w.add(1, [0.5], loss=0.5, parameters=NINE, gradients=NINE),
            "step must be greater than 2; got 1.",
        ),
        (
            lambda w: w.add(5, [0.5], loss=0.5, parameters=NINE, gradients=NINE),
            "losses must have shape (3,); got shape (1,).",
        ),
        (
            lambda w: w.add(3, [0.5], loss=0.5, parameters=NINE[:8], gradients=NINE),
            "parameters must have shape (9,); got shape (8,).",
        ),
        (
            lambda w: w.add(3, [0.5], loss=0.5, parameters=NINE, gradients=NINE.reshape(3, 3)),
            "gradients must have shape (9,); got shape (3, 3).",
        ),
        (
            lambda w: w.add(3, ["a"], loss=0.5, parameters=NINE, gradients=NINE),
            "losses must be numbers; got ['a'].",
        ),
    ],
)
def test_refused_rows(call: Callable[[RecordingWriter], None], message: str) -> None:
    with RecordingWriter(None, HEADER) as writer:
        with pytest.raises(UsageError) as caught:
            writer.add(1, [0.5], loss=0.5, parameters=NINE, gradients=NINE)
        assert str(caught.value) == "step must be 0 for the first snapshot; got 1."
        add(writer, 0)
        add(writer, 1)
        with pytest.raises(UsageError) as caught:
            call(writer)
        assert str(caught.value) == message
        add(writer, 2)
        check(writer.close(), 3)
        with pytest.raises(UsageError) as caught:
            add(writer, 3)
        assert str(caught.value) == "add must come before close. Open a new RecordingWriter."


def test_nothing_recorded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught, RecordingWriter(tmp_path / "run.xorviz", HEADER):
        pass
    assert str(caught.value) == "close must come after add; nothing was recorded. Add step 0 at least."
    with pytest.raises(ZeroDivisionError), RecordingWriter(tmp_path / "run.xorviz", HEADER):
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_an_exception_keeps_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    with pytest.raises(KeyboardInterrupt) as caught, RecordingWriter(path, HEADER) as writer:
        for snapshot in range(3):
            add(writer, snapshot)
        raise KeyboardInterrupt
    assert caught.value.__notes__ == [f"What was recorded until then is in {str(path)!r}."]
    assert names(tmp_path) == ["run.xorviz"]
    check(load(path), 3)
    assert not load(path).complete
    assert writer.close().path == path


def test_an_exception_never_replaces_an_older_recording(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    record(path, 5)
    with pytest.raises(ZeroDivisionError), RecordingWriter(path, HEADER, force=True) as writer:
        add(writer, 0)
        assert load(path).n_snapshots == 5
        raise ZeroDivisionError
    assert names(tmp_path) == ["run.xorviz", "run.xorviz.partial"]
    check(load(path), 5)
    check(load(f"{path}.partial"), 1)
    assert not load(f"{path}.partial").complete


def test_closing_waits_for_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    writer = RecordingWriter(path, HEADER)
    add(writer, 0)
    reader = connect(Path(f"{path}.partial"))
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM snapshot").fetchone() == (1,)
    timer = threading.Timer(0.2, reader.close)
    timer.start()
    check(writer.close(), 1)
    timer.join()
    assert names(tmp_path) == ["run.xorviz"]


def test_a_full_disk_keeps_what_was_recorded(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    writer = RecordingWriter(path, HEADER)
    n_pages = writer._connection.execute("PRAGMA page_count").fetchone()[0]
    writer._connection.execute(f"PRAGMA max_page_count={n_pages + 2}")
    n_added = 0
    with (
        pytest.raises(XorvizError, match=r"^step \d+ cannot be recorded: database or disk is full\.\n"),
        writer,
    ):
        for snapshot in range(1000):
            add(writer, snapshot)
            n_added += 1
    check(load(path), n_added)
    assert not load(path).complete


def test_many_rows(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    vectors, losses = generator.normal(size=(3_000, 9)), generator.normal(size=(3_000, 100))
    with RecordingWriter(tmp_path / "run.xorviz", HEADER) as writer:
        for snapshot, (nine, hundred) in enumerate(zip(vectors, losses, strict=True)):
            before = hundred if snapshot else []
            writer.add(100 * snapshot, before, loss=0.5, parameters=nine, gradients=nine)
    recording = load(tmp_path / "run.xorviz")
    np.testing.assert_array_equal(recording.loss, losses[1:].ravel())
    np.testing.assert_array_equal(recording.parameter_vectors(), vectors)


def test_sqlite_is_built_to_be_shared_by_threads() -> None:
    assert sqlite3.threadsafety == 3
