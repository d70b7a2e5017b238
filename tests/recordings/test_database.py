"""The file format: what is in it, and that no damage to it passes unseen."""

from __future__ import annotations

import math
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.soak.damage import mutated
from xorviz.errors import RecordingError
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.recordings.header import Header
from xorviz.recordings.recording import Recording, load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.scalars import Series
from xorviz.recordings.snapshot import Snapshot

NETWORK = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))
INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])
HEADER = Header(
    title="XOR",
    description="Drawn, not trained: “é”",
    network=NETWORK,
    loss=Loss(),
    experiment={"optimizer": {"rate": 0.1}, "stop": None},
    seed=7,
    bounds=((-0.5, 1.5), (-0.5, 1.5)),
    inputs=INPUTS,
    targets=TARGETS,
)


def write(path: Path, n_snapshots: int = 12, width: int = 2) -> Recording:
    generator = np.random.default_rng(0)
    header = msgspec.structs.replace(HEADER, network=msgspec.structs.replace(NETWORK, widths=(2, width, 1)))
    with RecordingWriter(path, header) as writer:
        for snapshot in range(n_snapshots):
            losses = generator.normal(size=3 if snapshot else 0)
            parameters, gradients = generator.normal(size=(2, header.network.n_parameters))
            if snapshot == 5:
                parameters[:3] = np.nan, np.inf, -0.0
            scalars = {"val_loss": Series(np.array([3 * snapshot]), np.array([snapshot / 4]))}
            row = Snapshot(3 * snapshot, losses, snapshot / 8, parameters, gradients, scalars=scalars)
            writer.add_all([row])
        return writer.close()


def values(recording: Recording) -> list[object]:
    """Everything a caller can get from a recording, bit for bit."""
    arrays: list[NDArray[Any]] = [recording.parameter_vectors(), recording.gradient_vectors()]
    arrays += [*recording.layer_norms("parameters").values(), *recording.layer_norms("gradients").values()]
    arrays += [
        recording.n_correct(slice(None)),
        recording.inputs,
        recording.targets,
        recording.steps,
        recording.loss,
        recording.loss_steps,
        *recording.metrics.values(),
        recording.snapshot_losses,
    ]
    texts = [recording.title, recording.description, recording.network, recording.objective]
    rest = [recording.experiment, recording.seed, recording.bounds, recording.versions, recording.complete]
    return [*((array.shape, array.tobytes()) for array in arrays), *texts, *rest]


def is_refused(path: Path, expected: list[object]) -> bool:
    """Whether a damaged file is refused; if not, it must give what it gave before."""
    try:
        found = values(load(path))
    except RecordingError as error:
        assert str(path) in str(error)
        return True
    assert found == expected
    return False


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    expected = values(write(path))
    n_bytes = path.stat().st_size
    for n_left in reversed(range(n_bytes)):
        os.truncate(path, n_left)
        assert is_refused(path, expected), n_left


@pytest.mark.parametrize(("n_snapshots", "width"), [(12, 2), (3, 200)], ids=["small rows", "overflow pages"])
def test_no_mutation_changes_a_value(tmp_path: Path, n_snapshots: int, width: int) -> None:
    path = tmp_path / "run.xorviz"
    expected = values(write(path, n_snapshots, width))
    whole = path.read_bytes()
    generator = random.Random(int(os.environ.get("XORVIZ_SEED", "1")))
    n_mutations = int(os.environ.get("XORVIZ_MUTATIONS", "1200"))
    n_refused = 0
    for _ in range(n_mutations):
        path.write_bytes(mutated(whole, generator))
        n_refused += is_refused(path, expected)
    assert n_refused > n_mutations / 3
    # Nothing appears beside a file that is read, however damaged.
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.xorviz"]


COLUMNS = [
    *(("snapshot", name, "traces") for name in ("step", "since", "n_correct", "loss", "norms", "losses")),
    *(("snapshot", name, "traces") for name in ("scalars", "trace_crc")),
    *(("snapshot", name, "parameters") for name in ("parameters", "parameters_crc")),
    *(("snapshot", name, "gradients") for name in ("gradients", "gradients_crc")),
    *(("header", name, "traces") for name in ("json", "inputs", "targets", "crc")),
    *(("closing", name, "traces") for name in ("state", "n_snapshots", "n_steps", "crc")),
]


@pytest.mark.parametrize(("table", "column", "part"), COLUMNS)
def test_every_column_is_checked(tmp_path: Path, table: str, column: str, part: str) -> None:
    """Altered through SQLite itself, so that only a checksum can tell."""
    path = tmp_path / "run.xorviz"
    write(path)
    rowid = 4 if table == "snapshot" else 1
    with closing(sqlite3.connect(path)) as connection:
        value = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = {rowid}").fetchone()[0]
        match value:
            case bytes():
                value = bytes([value[0] ^ 1]) + value[1:]
            case str():
                value = "interrupted" if value == "complete" else value.replace("XOR", "OR!")
            case _:
                value += 1
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = {rowid}", (value,))
        connection.commit()
    with pytest.raises(RecordingError, match=r" is damaged: .* (its|their) checksum\. "):
        recording = load(path)
        assert part in ("parameters", "gradients")
        if part == "parameters":
            recording.gradient_vectors()
            recording.outputs(INPUTS, 4)
        recording.parameter_vectors()
        recording.gradient_vectors([4])


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM snapshot WHERE ordinal = 4", "the row before row 5 is missing"),
        ("DELETE FROM snapshot WHERE ordinal = 11", "11 of 12 rows are there"),
        ("DELETE FROM closing", "it has no closing row"),
        ("INSERT INTO closing SELECT * FROM closing", "it has no closing row"),
        ("DELETE FROM header", "it has no header"),
        ("UPDATE snapshot SET loss = 1.5 WHERE ordinal = 4", "row 4 is not a snapshot"),
        ("UPDATE snapshot SET n_correct = 1.5 WHERE ordinal = 4", "row 4 is not a snapshot"),
        ("UPDATE snapshot SET parameters = x'00' WHERE ordinal = 4", "row 4 does not hold 72 bytes of parameters"),
        ("CREATE TABLE more (a)", "its tables are not those of a recording"),
        (
            "CREATE TRIGGER t AFTER INSERT ON about BEGIN SELECT 1; END",
            "its tables are not those of a recording",
        ),
        ("PRAGMA user_version = 0", "recording format 0 does not exist"),
    ],
)
def test_altered_by_a_statement(tmp_path: Path, statement: str, reason: str) -> None:
    path = tmp_path / "run.xorviz"
    write(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    with pytest.raises(RecordingError) as caught:
        load(path).parameter_vectors()
    assert str(caught.value) == f"{str(path)!r} is damaged: {reason}. Copy it again from where it came."


def test_anyone_can_query_it(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    recording = write(path)
    with closing(sqlite3.connect(path)) as connection:
        about = connection.execute("SELECT text FROM about").fetchone()[0]
        assert about.startswith("A training run recorded by xorviz.")
        query = "SELECT json_extract(json, '$.title'), json_extract(json, '$.parameters.W2') FROM header"
        assert connection.execute(query).fetchone() == ("XOR", "[2,1]")
        blob = connection.execute("SELECT parameters FROM snapshot WHERE step = 15").fetchone()[0]
        assert blob == recording.parameter_vectors([5]).tobytes()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_not_a_number_survives(tmp_path: Path) -> None:
    # A quiet NaN with a payload and a sign, both infinities, a negative zero, the smallest number.
    bits = np.array([0xFFF8_0000_0000_1234, 0x7FF0 << 48, 0xFFF0 << 48, 1 << 63, 1], dtype=np.uint64)
    odd = bits.view(np.float64)
    path = tmp_path / "odd.xorviz"
    with RecordingWriter(path, HEADER) as writer:
        nine = np.resize(odd, 9)
        writer.add(0, [], loss=float(odd[0]), parameters=nine, gradients=-nine)
        writer.add(5, odd, loss=math.inf, parameters=-nine, gradients=nine)
    recording = load(path)
    assert recording.loss.tobytes() == odd.tobytes()
    assert recording.snapshot_losses.tobytes() == np.array([odd[0], np.inf]).tobytes()
    assert recording.parameter_vectors().tobytes() == np.stack([nine, -nine]).tobytes()
    assert recording.gradient_vectors().tobytes() == np.stack([-nine, nine]).tobytes()
    assert recording.diverged_at == 0
