"""The file of a study: what is in it, who may write it, what is refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from struct import pack
from zlib import crc32

import msgspec
import numpy as np
import pytest

import xorviz
from xorviz.errors import StudyError, UsageError, XorvizError
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.passes import Address
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def result(seed: int, n: int = 5) -> BlockResult:
    random = np.random.default_rng(seed)
    return BlockResult(random.random(n), random.random(n), np.array([3, -1, 140, 0, 7], np.int64))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.db"


def altered(path, statement, *values):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_what_was_added_is_read_again(path, small):
    plan, _ = small()
    with Store(path, plan) as store:
        store.add(Address(2, 1), result(0))
        store.add(Address(0, 0), result(1))
        assert store.study.n_runs == 0
        assert store.study.refresh() == 2
        assert store.study.refresh() == 0
    study = Study(path)
    assert names(path.parent) == ["study.db"]
    assert (study.plan, study.n_runs, study.n_points) == (plan, 10, 3)
    assert list(study.blocks) == [Address(0, 0), Address(2, 1)]
    runs, expected = study.at(2), result(0)
    np.testing.assert_array_equal(runs.scores, expected.scores)
    np.testing.assert_array_equal(runs.final_losses, expected.final_losses.astype(np.float32))
    np.testing.assert_array_equal(runs.solved_steps, [3, -1, 140, 0, 7])
    assert [len(at) for at in study.by_point()] == [5, 0, 5]
    with pytest.raises(UsageError, match=r"^point must be from 0 to 2; got 3\.$"):
        study.at(3)


def test_the_file_is_as_it_says_of_itself(path, small):
    """Read without xorviz, by the words in its table `about`."""
    plan, _ = small()
    with Store(path, plan) as store:
        store.add(Address(1, 2), result(4))
    with closing(sqlite3.connect(path)) as connection:
        assert "xorviz export study.db" in connection.execute("SELECT text FROM about").fetchone()[0]
        text, seal = connection.execute("SELECT json, crc FROM header").fetchone()
        assert crc32(text.encode()) == seal
        assert msgspec.json.decode(text, type=Plan) == plan
        rows = connection.execute("SELECT * FROM block").fetchall()
    ((ordinal, point, block, scores, losses, steps, crc),) = rows
    assert (ordinal, point, block) == (7, 1, 2)
    np.testing.assert_array_equal(np.frombuffer(scores, "<f8"), result(4).scores)
    assert (len(losses), np.frombuffer(steps, "<i4").tolist()) == (20, [3, -1, 140, 0, 7])
    assert crc == crc32(pack("<qq", 1, 2) + scores + losses + steps, seal)


def test_another_study_is_refused_and_stays(path, small):
    with Store(path, small()[0]) as store:
        store.add(Address(0, 0), result(0))
    before = path.read_bytes()
    with pytest.raises(UsageError) as caught:
        Store(path, small(seed=9)[0])
    assert str(caught.value) == (
        f"--store must be new or of this study; {str(path)!r} is with seed 0, where 9 was asked for. Name another "
        "store, or give the command it was made with."
    )
    assert path.read_bytes() == before
    assert names(path.parent) == ["study.db"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("study.sqlite", "--store must name a file ending in .db; got {path!r}."),
        ("no/study.db", "--store must be in a folder that exists; got {path!r}. Create {folder!r} first."),
        ("folder.db", "--store must name a file ending in .db; got {path!r}."),
    ],
)
def test_names(tmp_path, small, name, message):
    (tmp_path / "folder.db").mkdir()
    path = tmp_path / name
    with pytest.raises(UsageError) as caught:
        Store(path, small()[0])
    assert str(caught.value) == message.format(path=str(path), folder=str(path.parent))


def test_a_second_writer_is_told_who_is_first(path, small):
    plan, _ = small()
    with Store(path, plan) as store:
        with pytest.raises(UsageError) as caught:
            Store(path, plan)
        store.add(Address(0, 0), result(0))
        # Whoever only reads may.
        assert Study(path).n_runs == 5
    assert str(caught.value).startswith(
        f"--store must be written by one sweep at a time; {str(path)!r} is being written by process "
    )
    assert str(caught.value).endswith(". Wait for it, or name another store.")
    with Store(path, plan):
        pass
    assert names(path.parent) == ["study.db"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_is_the_store_it_leads_to(path, small):
    """SQLite keeps its log beside the file, and whoever looks for it beside the link would miss what is in it."""
    plan, _ = small()
    link = path.with_name("link.db")
    link.symlink_to(path.name)
    with Store(link, plan) as store:
        store.add(Address(0, 0), result(0))
        for name in (path, link):
            assert Study(name).n_runs == 5
            with pytest.raises(UsageError, match="must be written by one sweep at a time"):
                Store(name, plan)
    assert link.is_symlink()
    assert names(path.parent) == ["link.db", "study.db"]


def test_a_killed_writer_holds_nothing(path, small):
    """Another process claims the store, stores one block, and is killed."""
    plan, _ = small()
    with Store(path, plan):
        pass
    code = f"""
        import os, signal, sys
        from pathlib import Path
        import numpy as np
        from xorviz.sweeps.engines._base import BlockResult
        from xorviz.sweeps.passes import Address
        from xorviz.sweeps.store import Store
        from xorviz.sweeps.study import Study
        path = Path({str(path)!r})
        store = Store(path, Study(path).plan)
        store.add(Address(0, 0), BlockResult(np.arange(5.0), np.ones(5), np.arange(5)))
        print("stored", flush=True)
        sys.stdin.read()
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline() == "stored\n"
        with pytest.raises(UsageError, match=f"is being written by process {child.pid} on "):
            Store(path, plan)
        child.kill()
        child.wait()
    assert "study.db.writer" in names(path.parent)
    assert Study(path).n_runs == 5
    with Store(path, plan) as store:
        store.add(Address(1, 0), result(0))
    assert Study(path).n_runs == 10
    np.testing.assert_array_equal(Study(path).at(0).scores, np.arange(5.0))
    assert names(path.parent) == ["study.db"]


def test_a_full_disk_keeps_what_was_stored(path, small):
    plan, _ = small(block_runs=1000, grids=("learning_rate=1",))
    n_added = 0
    big = BlockResult(np.arange(1000.0), np.ones(1000), np.arange(1000))
    with pytest.raises(XorvizError) as caught, Store(path, plan) as store:
        n_pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count={n_pages + 30}")
        for block in range(1000):
            store.add(Address(0, block), big)
            n_added += 1
    assert str(caught.value) == (
        f"{str(path)!r} cannot be written: database or disk is full. Everything stored before is kept; make room and "
        "give the same command to go on."
    )
    assert n_added > 2
    assert Study(path).n_runs == 1000 * n_added
    with Store(path, plan) as store:
        store.add(Address(0, n_added), big)
    assert Study(path).n_runs == 1000 * (n_added + 1)


def test_a_folder_that_refuses(tmp_path, small):
    (tmp_path / "study.db.writer").mkdir()
    with pytest.raises(XorvizError, match=r"^'.*study\.db' cannot be written: unable to open database file\.$"):
        Store(tmp_path / "study.db", small()[0])


COPY = "Copy it again from where it came."


@pytest.mark.parametrize(
    ("statement", "values", "reason"),
    [
        (
            "UPDATE block SET scores = zeroblob(40) WHERE ordinal = 1",
            (),
            "is damaged: block 0 of point 1 does not match its checksum",
        ),
        (
            "UPDATE block SET scores = x'00' WHERE ordinal = 1",
            (),
            "is damaged: block 0 of point 1 does not hold 5 runs",
        ),
        (
            "UPDATE block SET solved_steps = 'word' WHERE ordinal = 1",
            (),
            "is damaged: block 0 of point 1 does not hold 5 runs",
        ),
        # A row in another's place.
        ("UPDATE block SET point = 2 WHERE ordinal = 1", (), "is damaged: row 1 is no block of this study"),
        ("UPDATE block SET point = 'x' WHERE ordinal = 1", (), "is damaged: row 1 is no block of this study"),
        (
            "UPDATE block SET ordinal = 2, point = 2 WHERE ordinal = 1",
            (),
            "is damaged: block 0 of point 2 does not match its checksum",
        ),
        ("UPDATE header SET json = replace(json, '\"seed\":0', '\"seed\":1')", (),
         "is damaged: its header does not match its checksum"),
        ("DELETE FROM header", (), "is damaged: it has no header"),
        ("DROP TABLE about", (), "is damaged: its tables are not those of a study"),
        ("UPDATE header SET json = '{}', crc = ?", (crc32(b"{}"),),
         "is damaged: its header cannot be understood: Object missing required field `experiment`"),
    ],
)  # fmt: skip
def test_a_damaged_store(path, small, statement, values, reason):
    plan, _ = small()
    with Store(path, plan) as store:
        store.add(Address(0, 0), result(0))
        store.add(Address(1, 0), result(1))
    altered(path, statement, *values)
    before = path.read_bytes()
    for use in (lambda: Study(path), lambda: Store(path, plan)):
        with pytest.raises(StudyError) as caught:
            use()
        assert str(caught.value) == f"{str(path)!r} {reason}. {COPY}"
    assert path.read_bytes() == before
    assert names(path.parent) == ["study.db"]


def test_files_of_other_kinds(tmp_path, path, small):
    xorviz.train("backprop", out=tmp_path / "run.xorviz")
    (tmp_path / "text.db").write_text("no database, but longer than its header would be")
    (tmp_path / "empty.db").touch()
    for name, reason in (
        ("run.xorviz", "is an SQLite file of another program, not an xorviz study. Give a study's .db file."),
        ("text.db", "is not an xorviz study. Give a study's .db file."),
        ("empty.db", "is empty: it is not a study. Train again."),
        ("none.db", "does not exist. Check the path."),
    ):
        with pytest.raises(StudyError) as caught:
            Study(tmp_path / name)
        assert str(caught.value) == f"{str(tmp_path / name)!r} {reason}"


def test_another_file_in_its_place(path, small):
    with Store(path, small()[0]):
        pass
    study = Study(path)
    path.unlink()
    with Store(path, small(seed=1)[0]):
        pass
    with pytest.raises(StudyError, match=r"is no longer the study that was opened\. Open it again\.$"):
        study.refresh()
