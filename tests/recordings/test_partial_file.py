"""Which paths are refused before any work, and that nothing anyone may still want is overwritten."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.rows import HEADER, add, check, names, record
from xorviz.errors import UsageError, XorvizError
from xorviz.recordings.recording import load
from xorviz.recordings.recording_writer import RecordingWriter


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("run.npz", "out must end in .xorviz; got {path!r}."),
        ("folder", "out must name a file; {path!r} is a folder. Add a file name."),
        (
            "none/run.xorviz",
            "out must be in a folder that exists; got {path!r}. Create {parent!r} first.",
        ),
        ("old.xorviz", "out must name a new file; {path!r} exists. Use force=True (--force) to replace it."),
        (
            "dead.xorviz",
            "out must name a new file; '{path}.partial' holds a run that was cut off, or is being recorded. "
            "Keep it with xorviz.load('{path}.partial').save('other.xorviz'), or use force=True (--force) to "
            "delete it.",
        ),
    ],
)
def test_refused_paths(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "old.xorviz").write_text("old")
    (tmp_path / "dead.xorviz.partial").write_text("dead")
    before = names(tmp_path)
    path = tmp_path / name
    with pytest.raises(UsageError) as caught:
        RecordingWriter(path, HEADER)
    assert str(caught.value) == message.format(path=str(path), parent=str(path.parent))
    assert names(tmp_path) == before
    assert (tmp_path / "old.xorviz").read_text() + (tmp_path / "dead.xorviz.partial").read_text() == "olddead"


def test_force_replaces_both_files(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    record(path, 5)
    (tmp_path / "run.xorviz.partial").write_text("dead")
    (tmp_path / "run.xorviz.partial-wal").write_bytes(bytes(1000))
    check(record(path, 2, force=True), 2)
    assert names(tmp_path) == ["run.xorviz"]


@pytest.mark.parametrize("force", [False, True])
def test_a_second_writer_is_refused_at_once(tmp_path: Path, force: bool) -> None:
    path = tmp_path / "run.xorviz"
    with RecordingWriter(path, HEADER) as first:
        for snapshot in range(3):
            start_s = time.monotonic()
            with pytest.raises(UsageError, match="is being recorded"):
                RecordingWriter(path, HEADER, force=force)
            assert time.monotonic() - start_s < 1
            add(first, snapshot)
            # Reading it in between must not give up the writer's lock.
            check(load(f"{path}.partial"), snapshot + 1)
        check(first.close(), 3)
    assert names(tmp_path) == ["run.xorviz"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("is_there", [False, True])
def test_a_link_is_followed(tmp_path: Path, is_there: bool) -> None:
    path, link = tmp_path / "run.xorviz", tmp_path / "link.xorviz"
    link.symlink_to(path.name)
    if is_there:
        record(path, 5)
    with RecordingWriter(link, HEADER, force=is_there) as writer:
        add(writer, 0)
        add(writer, 1)
        assert Path(f"{path}.partial").exists()
        assert not Path(f"{link}.partial").exists()
        # A run that is being recorded goes by the name it will have, and by that of its link.
        check(load(link), 5 if is_there else 2)
    assert link.is_symlink()
    assert names(tmp_path) == ["link.xorviz", "run.xorviz"]
    check(load(path), 2)


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes with names")
def test_a_pipe_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    os.mkfifo(path)
    for force in (False, True):
        with pytest.raises(UsageError) as caught:
            RecordingWriter(path, HEADER, force=force)
        assert str(caught.value) == (
            f"out must be a regular file; got {str(path)!r}, a pipe, device or circular link. Choose another name."
        )
    assert names(tmp_path) == ["run.xorviz"]


def test_a_file_that_appeared_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    writer = RecordingWriter(path, HEADER)
    add(writer, 0)
    path.write_text("someone else's")
    with pytest.raises(XorvizError) as caught:
        writer.close()
    assert str(caught.value) == (
        f"{str(path)!r} was created by someone else meanwhile; what was recorded is in "
        f"{str(path) + '.partial'!r}. Rename one of them."
    )
    with pytest.raises(UsageError, match="close must not be repeated once it failed; what was recorded is in "):
        writer.close()
    assert path.read_text() == "someone else's"
    check(load(f"{path}.partial"), 1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_copy_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    import resource

    recording = record(None, 500)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, limits[1]))
    try:
        with pytest.raises(XorvizError) as caught:
            recording.save(tmp_path / "run.xorviz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert type(caught.value) is XorvizError
    assert str(caught.value).startswith(f"{str(tmp_path / 'run.xorviz')!r} cannot be written: ")
    assert names(tmp_path) == []


def test_a_partial_recording_can_be_saved_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    with pytest.raises(ZeroDivisionError), RecordingWriter(path, HEADER, force=True) as writer:
        add(writer, 0)
        path.write_text("in the way")
        raise ZeroDivisionError
    path.unlink()
    partial = load(f"{path}.partial")
    partial.save(path)
    check(load(path), 1)
    check(partial, 1)
    load(path).save(path, force=True)
    check(load(path), 1)
    with pytest.raises(UsageError) as caught:
        partial.save(path)
    assert str(caught.value) == (
        f"path must name a new file; {str(path)!r} exists. Use force=True (--force) to replace it."
    )
    assert names(tmp_path) == ["run.xorviz", "run.xorviz.partial"]
