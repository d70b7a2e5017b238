"""Stores of studies: mutated, hostile, made up with checksums that are right."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tests.soak.damage import altered_json, mutated, vandalised
from xorviz.errors import StudyError, UsageError
from xorviz.learning.articles import article
from xorviz.recordings.storage import begin_tables, connect
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.passes import Address
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.planning import Wanted, plan_of
from xorviz.sweeps.store import Store
from xorviz.sweeps.store_format import STUDY, block_crc, header_crc, ordinal_of
from xorviz.sweeps.study import Study

_SLOW_S = 10.0
_N_BLOCKS = 4


def plan(*, grid: str = "learning_rate=0.5,1,2", block_runs: int = 5) -> Plan:
    wanted = Wanted(experiment=article("backprop"), grids=(grid,), block_runs=block_runs, engine="numpy")
    return plan_of(wanted, None, n_runs=1, n_passes=None)[0]


def write(path: Path) -> None:
    """A study whose every number follows from its address."""
    with Store(path, plan()) as store:
        for block in range(_N_BLOCKS):
            for point in range(3):
                store.add(Address(point, block), _result(Address(point, block)))


def _result(address: Address) -> BlockResult:
    first = 100.0 * address.block + 10.0 * address.point
    scores = np.append(first + np.arange(4.0), np.nan)
    return BlockResult(scores, scores / 8, np.array([address.block, -1, 140, 0, 7], np.int64))


def check(study: Study) -> None:
    assert study.plan == plan()
    for address, runs in study.blocks.items():
        expected = _result(address)
        np.testing.assert_array_equal(runs.scores, expected.scores)
        np.testing.assert_array_equal(runs.final_losses, expected.final_losses.astype(np.float32))
        np.testing.assert_array_equal(runs.solved_steps, expected.solved_steps)


def _is_refused(path: Path, use: Callable[[Study], object]) -> bool:
    """Whether a store is refused in one sentence, soon."""
    begin = time.monotonic()
    try:
        use(Study(path))
    except StudyError as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)
        return True
    finally:
        assert time.monotonic() - begin < _SLOW_S
    return False


def mutated_study(n: int, generator: random.Random, folder: Path) -> str:
    """No mutation changes a value; a block may be missing, which a sweep would train again.

    Broken on purpose (the check of a block's CRC left out) this fails within the first hundred.
    """
    path = folder / "study.db"
    write(path)
    whole, n_refused = path.read_bytes(), 0
    for _ in range(n):
        path.write_bytes(mutated(whole, generator))
        n_refused += _is_refused(path, check)
    assert n_refused > n / 4
    assert [entry.name for entry in folder.iterdir()] == ["study.db"]
    return f"{n_refused:,} of {n:,} mutations refused, the others without effect"


#: What an enemy would write, with the checksums of the file left as they are.
_HOSTILE = (
    "CREATE TRIGGER evil AFTER INSERT ON block BEGIN DELETE FROM block; END",
    "ALTER TABLE block RENAME TO rows; CREATE VIEW block AS SELECT * FROM rows",
    "ALTER TABLE block ADD COLUMN more GENERATED ALWAYS AS (randomblob(1000000000)) VIRTUAL",
    "ALTER TABLE header RENAME TO h; CREATE VIEW header AS SELECT * FROM h",
    "UPDATE block SET scores = zeroblob(30000000) WHERE ordinal = 1",
    "UPDATE block SET scores = zeroblob(40) WHERE ordinal = 1",
    "UPDATE block SET ordinal = 9223372036854775807 WHERE ordinal = 2",
    "UPDATE block SET ordinal = -2, block = -1, point = 1 WHERE ordinal = 3",
    "UPDATE block SET crc = 'x' WHERE ordinal = 3",
    "UPDATE header SET json = zeroblob(30000000)",
    "INSERT INTO header SELECT * FROM header",
    "DELETE FROM header",
    "PRAGMA user_version = 2000000000",
    "PRAGMA application_id = 1",
    "CREATE TABLE sqlite_stat9 (x)",
    "CREATE INDEX i ON block (abs(point))",
    "DROP TABLE block; CREATE VIRTUAL TABLE block USING fts5(ordinal, point)",
)


def hostile_study(n: int, generator: random.Random, folder: Path) -> str:
    """A store with other tables, views, triggers or sizes than ours is refused or read as it was."""
    path = folder / "study.db"
    refused = [_is_refused(path, check) for _ in vandalised(path, lambda: write(path), n * _HOSTILE)]
    assert len(refused) >= 10 * n
    return f"{sum(refused)} of {len(refused)} hostile stores refused, the others read as they were"


_AXIS = {"setting": "learning_rate", "scale": "list", "values": [0.5, 1.0]}
#: Plans that would fail late, or take a machine's memory.
_MADE_UP: tuple[dict[str, Any], ...] = (
    {"axes": []},
    {"axes": [], "is_random": True},
    {"axes": [_AXIS, _AXIS | {"setting": "hidden_std", "values": [1.0]}], "is_random": True},
    {"axes": [_AXIS | {"values": [0.5] * 100_000}] * 3},
    {"axes": [_AXIS | {"values": []}]},
    {"block_runs": 0},
    {"block_runs": 2**40},
)


def forged_study(n: int, generator: random.Random, folder: Path) -> str:
    """A store whose plan somebody made up, with every checksum right, is refused, or it is that study.

    Broken on purpose (sizes of a plan not looked at) this fails at the plans that are there for it.
    """
    for number, made_up in enumerate(_MADE_UP):
        path = folder / f"made-up-{number}.db"
        forge(path, msgspec.json.encode(msgspec.to_builtins(plan()) | made_up), Address(2, 0))
        assert _is_refused(path, used), made_up
        path.unlink()
    text = msgspec.json.encode(plan())
    n_refused = 0
    for number in range(n):
        path = folder / f"{number}.db"
        address = Address(generator.choice([0, 1, -1, 2**40]), generator.choice([0, -1])) if number % 4 == 0 else None
        forge(path, altered_json(text, generator), address or Address(2, 0))
        n_refused += _is_refused(path, used)
        path.unlink()
    assert n_refused > n / 4
    return f"{n_refused:,} of {n:,} forged stores refused, the others used"


def forge(path: Path, text: bytes, address: Address) -> None:
    """A store with a plan of anybody's, and every checksum right."""
    seal, blobs = header_crc(text), (np.arange(5.0).tobytes(), bytes(20), bytes(20))
    with closing(connect(path)) as connection:
        begin_tables(connection, STUDY)
        connection.execute("INSERT INTO header VALUES (CAST(? AS TEXT), ?)", (text, seal))
        row = (ordinal_of(3, *address), *address, *blobs, block_crc(seal, *address, blobs))
        try:
            connection.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        except OverflowError:
            pass
        connection.execute("COMMIT")


def used(study: Study) -> None:
    """What pictures and reports ask of a study; experiments that it makes impossible are refused as such."""
    try:
        growth = Growth(study)
        assert growth.means.shape == (growth.n_snapshots, study.n_points)
        assert len(study.experiments) == study.n_points
    except UsageError as error:
        assert "\n" not in str(error), error
