"""A process that records is killed, for real and at random, and its parent looks at what is left."""

from __future__ import annotations

import math
import os
import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import msgspec
import numpy as np

from xorviz.errors import RecordingError
from xorviz.losses import Loss
from xorviz.network import Network
from xorviz.recording import Header, Recording, load
from xorviz.recording_writer import RecordingWriter

HEADER = Header(
    title="XOR",
    description="",
    network=Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid")),
    loss=Loss(),
    experiment={},
    seed=0,
    bounds=((-0.5, 1.5), (-0.5, 1.5)),
    inputs=np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
    targets=np.array([[0.0], [1.0], [1.0], [0.0]]),
)


def add(writer: RecordingWriter, snapshot: int) -> None:
    """A row whose every number follows from its ordinal."""
    losses = [] if snapshot == 0 else [snapshot - 1.0, math.nan]
    nine = np.arange(9.0) + snapshot
    writer.add(2 * snapshot, losses, loss=float(snapshot), parameters=nine, gradients=-nine)


def check(recording: Recording, n_snapshots: int) -> None:
    """Every number of the rows that `add` wrote."""
    assert recording.n_snapshots == n_snapshots
    ordinals = np.arange(float(n_snapshots))
    np.testing.assert_array_equal(recording.steps, 2 * ordinals)
    np.testing.assert_array_equal(recording.snapshot_losses, ordinals)
    np.testing.assert_array_equal(recording.loss[::2], ordinals[:-1])
    assert np.isnan(recording.loss[1::2]).all()
    np.testing.assert_array_equal(recording.parameter_vectors(), ordinals[:, None] + np.arange(9))
    np.testing.assert_array_equal(recording.gradient_vectors(), -ordinals[:, None] - np.arange(9))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def record(path: Path, *, seed: int = 0) -> Recording:
    with RecordingWriter(path, msgspec.structs.replace(HEADER, seed=seed), force=True) as writer:
        for snapshot in range(3):
            add(writer, snapshot)
        return writer.close()


#: Records one row after the other, and says so after each.
CHILD = """
    import sys
    sys.path[:0] = [{folder!r}]
    from test_recording_writer_killed import HEADER, RecordingWriter, add
    writer = RecordingWriter({path!r}, HEADER)
    for snapshot in range(10**9):
        add(writer, snapshot)
        sys.stdout.write("+")
        sys.stdout.flush()
"""


#: Records run after run to one file.
CLOSING_CHILD = """
    import sys
    sys.path[:0] = [{folder!r}]
    from test_recording_writer_killed import Path, record
    for run in range(10**9):
        record(Path({path!r}), seed=run)
        sys.stdout.write("+")
        sys.stdout.flush()
"""


def start_child(path: Path, code: str = CHILD) -> subprocess.Popen[bytes]:
    code = textwrap.dedent(code.format(folder=str(Path(__file__).parent), path=str(path)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)


def test_every_acknowledged_row_survives_kill_9(tmp_path: Path) -> None:
    generator = random.Random(2)
    # The next child starts while this one runs: a start costs far more than a run.
    n_kills, n_rows = 20, 0
    children = [start_child(tmp_path / "0.xorviz"), start_child(tmp_path / "1.xorviz")]
    for kill in range(n_kills):
        child = children.pop(0)
        if kill + 2 < n_kills:
            children.append(start_child(tmp_path / f"{kill + 2}.xorviz"))
        assert child.stdout is not None
        # Some die in their first rows, some after the write-ahead log was folded in a few times.
        n_acknowledged = len(child.stdout.read(generator.choice([1, 5, 50, 500, 5000])))
        time.sleep(generator.random() * 0.002)
        child.kill()
        n_acknowledged += len(child.stdout.read())
        child.stdout.close()
        assert child.wait() == -9
        partial = tmp_path / f"{kill}.xorviz.partial"
        recording = load(partial)
        # One more row may have been committed, and the process killed before it could say so.
        assert n_acknowledged <= recording.n_snapshots <= n_acknowledged + 1
        check(recording, recording.n_snapshots)
        assert not recording.complete
        n_rows += n_acknowledged
        if kill < 3:
            copy = tmp_path / f"kept-{kill}.xorviz"
            recording.save(copy)
            assert copy.read_bytes()[18:20] == b"\x01\x01"
            check(load(copy), recording.n_snapshots)
            assert not load(copy).complete
    print(f"{n_kills} kills, {n_rows} acknowledged rows, all there")  # noqa: T201
    # A dead run is no obstacle to a forced one.
    check(record(tmp_path / "0.xorviz"), 3)


def test_a_kill_while_closing_leaves_a_whole_target(tmp_path: Path) -> None:
    generator = random.Random(3)
    path, partial = tmp_path / "run.xorviz", tmp_path / "run.xorviz.partial"
    for _ in range(int(os.environ.get("XORVIZ_KILLS", "5"))):
        child = start_child(path, CLOSING_CHILD)
        assert child.stdout is not None
        n_closed = len(child.stdout.read(generator.randrange(1, 40)))
        time.sleep(generator.random() * 0.004)
        child.kill()
        n_closed += len(child.stdout.read())
        child.stdout.close()
        assert child.wait() == -9
        recording = load(path)
        check(recording, 3)
        assert recording.complete
        assert recording.seed in (n_closed - 1, n_closed)
        if recording.seed == n_closed - 1 and partial.exists():
            try:
                cut_off = load(partial)
            except RecordingError:
                continue  # killed before its first row
            check(cut_off, cut_off.n_snapshots)
            assert cut_off.seed == n_closed
    assert set(names(tmp_path)) <= {path.name, *(partial.name + end for end in ("", "-wal", "-shm"))}
