"""Recordings: killed while they are written, cut, mutated, hostile."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from tests import rows
from tests.soak._programs import mother
from tests.soak.damage import altered_json, mutated, vandalised
from xorviz.errors import RecordingError, UsageError
from xorviz.recordings.database import Trace, append, create, write_closing
from xorviz.recordings.header import encode_header
from xorviz.recordings.recording import Recording, load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.storage import connect

_SLOW_S = 1.0


def killed_recorder(n: int, generator: random.Random, folder: Path) -> str:
    """A recorder dies by kill -9 at a random moment; every step that returned is there, and right.

    Every other one is a `RecordingWriter`, the others are recorders in loops of which every step, or one in a few, is a
    snapshot. Broken on purpose this fails at once: each row's COMMIT left out; the journal written only with the rows.
    """
    n_returned = 0
    for number in range(n):
        every = generator.choice([1, 1, 2, 7])
        path, is_loop = folder / f"{number}.xorviz", number % 2 == 1
        words, function = ([str(path), str(every)], "train_and_record") if is_loop else ([str(path)], "record_rows")
        child = mother().start(*words, cwd=folder, function=function)
        wanted = generator.choice([1, 5, 50, 300] * 5 + [3000])
        while child.is_running() and child.out.stat().st_size < wanted:
            time.sleep(0.0005)
        time.sleep(generator.random() * 0.002)
        child.signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL, child.err.read_text()
        n_acknowledged = child.out.stat().st_size
        recording = load(folder / f"{number}.xorviz.partial")
        assert not recording.complete
        # One more row may have been committed, and the process killed before it could say so.
        assert is_loop or n_acknowledged <= recording.n_snapshots <= n_acknowledged + 1
        copy = folder / "copy.xorviz"
        recording.save(copy, force=True)
        for one in (recording, load(copy)):
            if is_loop:
                rows.Loop.check(one, n_acknowledged, every)
            else:
                rows.check(one)
        assert sorted(entry.name for entry in folder.glob("copy*")) == ["copy.xorviz"]
        for left in folder.glob(f"{number}.*"):
            left.unlink()
        n_returned += n_acknowledged
    return f"{n} recorders killed, {n_returned:,} steps had returned, all of them there"


def _is_refused(path: Path, use: Callable[[Recording], object] = rows.check) -> bool:
    """Whether a file is refused, and if not, whether every value is right."""
    begin = time.monotonic()
    try:
        use(load(path))
    except RecordingError as error:
        assert str(path) in str(error)
        return True
    finally:
        # A second, with room for a busy machine.
        assert time.monotonic() - begin < 10 * _SLOW_S
    return False


def cut_recording(n: int, generator: random.Random, folder: Path) -> str:
    """A closed recording, and the log of a running one, cut at every page and at random bytes."""
    path = folder / "run.xorviz"
    rows.record(path, 40)
    whole = path.read_bytes()
    n_refused, cuts = 0, [*range(0, len(whole), 4096), *(generator.randrange(len(whole)) for _ in range(n))]
    for n_left in cuts:
        path.write_bytes(whole[:n_left])
        assert _is_refused(path), f"a recording cut at byte {n_left} was loaded"
        n_refused += 1
    # The log: what is in it up to the cut is loaded, row by row.
    running = folder / "running.xorviz"
    one = RecordingWriter(running, rows.HEADER)
    for snapshot in range(40):
        rows.add(one, snapshot)
    cut = folder / "cut.xorviz.partial"
    file, log = (Path(f"{running}.partial{suffix}") for suffix in ("", "-wal"))
    whole_log, n_loaded = log.read_bytes(), set[int]()
    for n_left in (*range(0, len(whole_log), 4096 + 24), *(generator.randrange(len(whole_log)) for _ in range(n))):
        for old in folder.glob("cut.*"):
            old.unlink()
        cut.write_bytes(file.read_bytes())
        Path(f"{cut}-wal").write_bytes(whole_log[:n_left])
        if not _is_refused(cut):
            n_loaded.add(load(cut).n_snapshots)
    assert len(n_loaded) > 10, n_loaded
    one.close()
    return f"{n_refused} cuts of a closed file refused; of a log, prefixes of {len(n_loaded)} lengths loaded"


def mutated_recording(n: int, generator: random.Random, folder: Path) -> str:
    """No mutation changes a value: it is refused, or without effect.

    Broken on purpose (the check of a row's CRC left out) this fails within the first hundred.
    """
    path = folder / "run.xorviz"
    rows.record(path, 12)
    whole, n_refused = path.read_bytes(), 0
    for _ in range(n):
        path.write_bytes(mutated(whole, generator))
        n_refused += _is_refused(path)
    assert n_refused > n / 3
    # Nothing appears beside a file that is read, however damaged.
    assert [entry.name for entry in folder.iterdir()] == ["run.xorviz"]
    return f"{n_refused:,} of {n:,} mutations refused, the others without effect"


#: What an enemy would write, with the checksums of the file left as they are.
HOSTILE = (
    "CREATE TRIGGER evil AFTER INSERT ON snapshot BEGIN DELETE FROM snapshot; END",
    "ALTER TABLE snapshot RENAME TO rows; CREATE VIEW snapshot AS SELECT * FROM rows",
    "ALTER TABLE snapshot ADD COLUMN more GENERATED ALWAYS AS (randomblob(1000000000)) VIRTUAL",
    "ALTER TABLE header RENAME TO h; CREATE VIEW header AS SELECT * FROM h",
    "UPDATE snapshot SET parameters = zeroblob(30000000) WHERE ordinal = 1",
    "UPDATE snapshot SET step = 9223372036854775807 WHERE ordinal = 11",
    "UPDATE snapshot SET ordinal = 99 WHERE ordinal = 3",
    "DELETE FROM snapshot WHERE ordinal = 4",
    "INSERT INTO snapshot SELECT * FROM snapshot WHERE 0; DELETE FROM closing",
    "DELETE FROM header",
    "PRAGMA user_version = 2000000000",
    "PRAGMA application_id = 1",
    "CREATE TABLE sqlite_stat9 (x)",
    "CREATE INDEX i ON snapshot (abs(step))",
    "DROP TABLE snapshot; CREATE VIRTUAL TABLE snapshot USING fts5(ordinal, step)",
)


def hostile_recording(n: int, generator: random.Random, folder: Path) -> str:
    """A file with other tables, views, triggers or sizes than ours is refused or read as it was."""
    path = folder / "run.xorviz"
    refused = [_is_refused(path) for _ in vandalised(path, lambda: rows.record(path, 12), n * HOSTILE)]
    assert len(refused) >= 10 * n
    return f"{sum(refused)} of {len(refused)} hostile files refused, the others read as they were"


def forged_recording(n: int, generator: random.Random, folder: Path) -> str:
    """A recording whose header somebody made up, with every checksum right, is refused, or it is that recording.

    Broken on purpose (a text that nests too deep not caught) this fails at the first such header.
    """
    text, n_refused = encode_header(rows.HEADER)[0].encode(), 0
    two = np.ones(2).tobytes()
    for number in range(n):
        path = folder / f"{number}.xorviz"
        scalars = generator.choice([b""] * 6 + [b"\x81\xa4loss", msgspec.msgpack.encode({"a": (bytes(8), bytes(8))})])
        norms = generator.choice([2 * two] * 9 + [b"", 3 * two])
        forge(path, altered_json(text, generator), norms=norms, scalars=scalars)
        n_refused += _is_refused(path, used)
        path.unlink()
    assert n_refused > n / 4
    return f"{n_refused:,} of {n:,} forged recordings refused, the others used"


def forge(path: Path, text: bytes, *, norms: bytes = bytes(32), scalars: bytes = b"") -> None:
    """A recording with a header of anybody's, and every checksum right."""
    _, inputs, targets = encode_header(rows.HEADER)
    nine = np.arange(9.0).tobytes()
    with closing(connect(path)) as connection:
        seal = create(connection, (text.decode("utf-8", "replace"), inputs, targets))
        for ordinal in range(3):
            losses = bytes(8 * (ordinal > 0))
            trace = Trace(ordinal, ordinal, max(ordinal - 1, 0), 4, bytes(8), norms, losses, scalars)
            append(connection, seal, [(trace, nine, nine)])
        write_closing(connection, seal, complete=True)


def used(recording: Recording) -> None:
    """What pictures ask of a recording; what it is not made for is refused as such."""
    try:
        assert np.isfinite(recording.steps).all()
        if recording.is_dense:
            recording.parameter_vectors()
            recording.gradients[next(iter(recording.gradients))]
        recording.verify()
        recording.outputs(recording.inputs)
        recording.layer_norms("parameters")
    except UsageError as error:
        assert "\n" not in str(error), error
