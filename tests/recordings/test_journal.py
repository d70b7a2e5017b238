"""What a recorder has told and not yet written is read by another, up to where its journal is torn, and never wrong."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

import xorviz
from tests.rows import HEADER, Loop, names
from tests.soak.recordings import HOSTILE, used
from xorviz.errors import RecorderWarning, RecordingError, XorvizError
from xorviz.recorders import session
from xorviz.recordings.journal import SUFFIX, Begun, Journal, Record, Taken, Told, Updated, records
from xorviz.recordings.partial_file import partial_of
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.scalars import Series, encode_scalars

SOME: list[Record] = [
    Told(b""),
    Told(encode_scalars({"näme": Series(np.array([0, 2**40]), np.array([0.5, np.inf]))})),
    Taken(3, bytes(range(72))),
    Updated(0.25, None),
    Taken(4, bytes(72), passing=True),
    Updated(-1.0, bytes(72)),
]


def read(path: Path, seal: int = 7) -> list[Record]:
    with path.open("rb") as file:
        return list(records(file, seal))


@pytest.fixture
def _rows_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything but the start is in the journal."""
    monkeypatch.setattr(session, "_LONGEST_S", 1e9)
    monkeypatch.setattr(session, "_MOST_WAITING", 10**9)


def test_what_is_kept_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    journal = Journal(path, 7)
    journal.restart("tanh", SOME[:2])
    for record in SOME[2:]:
        journal.add(record)
    assert read(path) == [Begun("tanh"), *SOME[:2]]
    assert journal.keep() == path.stat().st_size
    assert read(path) == [Begun("tanh"), *SOME]
    assert read(path, 8) == []
    # Nothing of what an earlier one told follows, whether the file is a new one or written over.
    whole = path.stat().st_size
    journal.restart("tanh", SOME[:1])
    assert read(path) == [Begun("tanh", 1), *SOME[:1]]
    assert path.stat().st_size == whole
    journal.restart("tanh", SOME[2:3])
    assert read(path) == [Begun("tanh", 2), *SOME[2:3]]
    assert path.stat().st_size < whole
    journal.close()
    assert names(tmp_path) == ["a"]


def test_where_the_old_one_cannot_be_replaced_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows replaces no file that somebody has open."""
    path = tmp_path / "a"
    journal = Journal(path, 7)
    journal.restart("tanh", SOME[:3])
    journal.add(SOME[3])

    def held(*_: object) -> None:
        raise PermissionError(13, "being used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        journal.restart("tanh", SOME[2:4])
    assert read(path) == [Begun("tanh"), *SOME[:4]]
    journal.add(SOME[4])
    assert journal.keep() == path.stat().st_size
    assert read(path) == [Begun("tanh"), *SOME[:5]]
    journal.restart("tanh", SOME[2:4])
    assert read(path) == [Begun("tanh", 2), *SOME[2:4]]
    journal.close()
    assert names(tmp_path) == ["a"]


def test_a_torn_or_altered_journal_ends_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    journal = Journal(path, 7)
    journal.restart("tanh", SOME)
    journal.close()
    whole, every = path.read_bytes(), [Begun("tanh"), *SOME]
    seen = set()
    for n in range(len(whole)):
        path.write_bytes(whole[:n])
        found = read(path)
        assert found == every[: len(found)]
        seen.add(len(found))
    assert seen == set(range(len(every)))
    generator = random.Random(1)
    for _ in range(300):
        altered = bytearray(whole)
        altered[generator.randrange(len(whole))] ^= 1 << generator.randrange(8)
        path.write_bytes(altered)
        found = read(path)
        assert found == every[: len(found)]
        assert len(found) < len(every)


@pytest.mark.usefixtures("_rows_late")
@pytest.mark.parametrize("every", [1, 3])
def test_steps_without_a_row_are_read_while_the_loop_goes_on(tmp_path: Path, every: int) -> None:
    path = tmp_path / "run.xorviz"
    loop = iter(Loop(str(path), every))
    for step in loop:
        Loop.check(xorviz.load(path), step + 1, every)
        if step == 20:
            break
    loop.close()
    assert names(tmp_path) == ["run.xorviz"]


def test_the_journal_begins_anew_when_it_is_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_JOURNAL_BYTES", 2000)
    monkeypatch.setattr(session, "_PASSING_S", 0.0)
    monkeypatch.setattr(session, "_PASSING_COSTS", 0)
    path = tmp_path / "run.xorviz"
    journal, sizes = Path(f"{partial_of(path)}{SUFFIX}"), []
    for step in Loop(str(path), 10**6):
        sizes.append(journal.stat().st_size)
        if step % 100 == 0:
            found = xorviz.load(path)
            # It was looked at in passing, as late as now.
            assert found.n_steps >= step
            Loop.check(found, found.n_steps, 10**6)
        if step == 1000:
            break
    assert min(np.diff(sizes)) < -1000
    # A model of nine numbers at every one of a thousand steps would be more.
    assert max(sizes) < 10**5


class Guess:
    """A model of which nothing is known but what it says."""

    def __init__(self) -> None:
        self.shift = 0.0

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return points.sum(axis=1, keepdims=True) + self.shift


@pytest.mark.usefixtures("_rows_late")
def test_of_any_model_the_outputs_are_linked(tmp_path: Path) -> None:
    path, model = tmp_path / "run.xorviz", Guess()
    options = {"predict": lambda model, points: model(points), "link": "sigmoid", "every": 1, "loss": "cross_entropy"}
    with xorviz.record(path, model, HEADER.inputs, HEADER.targets, strict=True, **options) as recorder:
        for step in range(5):
            model.shift = step + 1.0
            recorder.step()
        early = xorviz.load(path)
    late = xorviz.load(path)
    np.testing.assert_array_equal(early.steps, np.arange(6))
    np.testing.assert_array_equal(early.outputs(early.inputs), late.outputs(late.inputs))
    np.testing.assert_array_equal(early.snapshot_losses, late.snapshot_losses)
    expected = 1 / (1 + np.exp(-HEADER.inputs.sum(axis=1) - 5))
    np.testing.assert_allclose(early.outputs(early.inputs)[:, 0], expected, rtol=1e-12)


def test_a_journal_of_another_run_or_of_anybody_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    loop = iter(Loop(str(path), 1))
    for _ in range(10):
        next(loop)
    partial = partial_of(path)
    cut = tmp_path / "cut.xorviz.partial"
    for suffix in ("", "-wal"):
        shutil.copy(f"{partial}{suffix}", f"{cut}{suffix}")
    n_rows = xorviz.load(cut).n_snapshots
    for content in (b"", bytes(1000), Path(f"{partial}{SUFFIX}").read_bytes()[8:], b"\xff" * 50):
        Path(f"{cut}{SUFFIX}").write_bytes(content)
        assert xorviz.load(cut).n_snapshots == n_rows
    shutil.copy(f"{partial}{SUFFIX}", f"{cut}{SUFFIX}")
    assert xorviz.load(cut).n_snapshots > n_rows
    # Beside a closed recording it tells nothing.
    closed = tmp_path / "closed.xorviz"
    xorviz.load(cut).save(closed)
    n_closed = xorviz.load(closed).n_snapshots
    shutil.copy(f"{partial}{SUFFIX}", f"{closed}{SUFFIX}")
    assert xorviz.load(closed).n_snapshots == n_closed


def told(name: str, *steps: int) -> Told:
    return Told(encode_scalars({name: Series(np.array(steps), np.full(len(steps), np.nan))}))


FORGED: list[list[Record]] = [
    [Taken(1, bytes(71))],
    [Taken(1, b"")],
    [Taken(1, bytes(72)), Updated(0.0, bytes(8))],
    [Taken(2, bytes(72)), Taken(1, bytes(72))],
    [Taken(1, bytes(72)), Taken(1, bytes(72))],
    [Taken(2**61, bytes(72))],
    [Taken(2**64 - 1, bytes(72))],
    [Taken(-5, bytes(72))],
    [Updated(0.0, None)],
    [told("loss", -1, 2**62), Taken(3, bytes(72))],
    [told("loss", 5, 1), told("rate", 2**63 - 1), Taken(3, bytes(72))],
    [told("\ud7ff", 0), Taken(3, b"\xff" * 72)],
    [Told(b"\xc1"), Taken(3, bytes(72))],
    [Begun("softmax"), Begun("relu", -1), Taken(3, bytes(72))],
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_journal_that_somebody_made_up_is_refused_or_taken_at_its_word(tmp_path: Path, forged: list[Record]) -> None:
    writer = RecordingWriter(tmp_path / "run.xorviz", HEADER)
    zeros = np.zeros(9)
    writer.add(0, [], loss=0.5, parameters=zeros, gradients=zeros)
    journal = writer.journal()
    assert journal is not None
    journal.restart("sigmoid", forged)
    try:
        found = xorviz.load(tmp_path / "run.xorviz")
    except RecordingError as error:
        assert "\n" not in str(error)
    else:
        assert found.steps[0] == 0
        assert (np.diff(found.steps) > 0).all()
        assert (found.parameter_vectors()[0] == 0).all()
        used(found)
    finally:
        journal.close()
        writer.close()


LAST = "WHERE ordinal = (SELECT max(ordinal) FROM snapshot)"


@pytest.mark.parametrize(
    "statement",
    [
        *HOSTILE,
        "DELETE FROM snapshot",
        "UPDATE header SET crc = 'a'",
        "UPDATE header SET json = x'00'",
        f"UPDATE snapshot SET ordinal = 9223372036854775807 {LAST}",
        f"UPDATE snapshot SET step = -9223372036854775808 {LAST}",
        f"UPDATE snapshot SET loss = x'00' {LAST}",
        f"UPDATE snapshot SET loss = 'a' {LAST}",
        "UPDATE closing SET state = 5",
    ],
)
def test_a_recording_that_goes_on_and_was_tampered_with_is_refused_or_right(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "run.xorviz"
    loop = iter(Loop(str(path), 1))
    for _ in range(14):
        next(loop)
    cut = tmp_path / "cut.xorviz.partial"
    for suffix in ("", "-wal", SUFFIX):
        shutil.copy(f"{partial_of(path)}{suffix}", f"{cut}{suffix}")
    loop.close()
    # Where SQLite refuses a statement, what it did until then counts.
    with closing(sqlite3.connect(cut)) as connection, suppress(sqlite3.Error):
        connection.executescript(statement)
    try:
        found = xorviz.load(cut)
        Loop.check(found, found.n_steps, 1)
    except RecordingError as error:
        assert "\n" not in str(error)


def test_a_journal_that_cannot_be_written_stops_the_recording_and_not_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = {"W1": np.zeros((2, 1)), "b1": np.zeros(1)}
    options = {"every": 1, "activations": ("linear",), "loss": None}
    path = tmp_path / "run.xorviz"

    def full(*_: object) -> None:
        raise XorvizError("'a' cannot be written: no space left.")

    with xorviz.record(path, parameters, HEADER.inputs, HEADER.targets, **options) as recorder:
        for step in range(10):
            if step == 5:
                monkeypatch.setattr(Journal, "keep", full)
                with pytest.warns(RecorderWarning, match="no space left"):
                    recorder.step(loss=0.0)
            else:
                recorder.step(loss=0.0)
    assert xorviz.load(path).n_steps in (5, 6)
    assert names(tmp_path) == ["run.xorviz"]
    other = tmp_path / "other.xorviz"
    monkeypatch.setattr(Journal, "restart", full)
    with (
        pytest.warns(RecorderWarning, match="no space left"),
        xorviz.record(other, parameters, HEADER.inputs, HEADER.targets, **options) as recorder,
    ):
        recorder.step(loss=0.0)
    assert names(tmp_path) == ["run.xorviz"]
