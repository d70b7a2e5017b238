from __future__ import annotations

import csv
import sys

import numpy as np
import pytest

from xorviz.errors import UsageError, XorvizError
from xorviz.sweeps.export import export

COLUMNS = ["point", "block", "index", "learning_rate", "widths", "score", "final_loss", "solved_step"]


@pytest.fixture
def study(made):
    return made(30, grids=("learning_rate=0.5,2", "widths=2-2-1,2-3-1"))


def test_csv_holds_every_run_to_the_last_digit(study, tmp_path):
    out = tmp_path / "study.csv"
    assert export(study, out, "csv") == 30
    with out.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == COLUMNS
    assert len(rows) == 30
    assert [row[:5] for row in rows[::5]] == [
        ["0", "0", "0", "0.5", "2-2-1"],
        ["0", "1", "0", "0.5", "2-2-1"],
        ["1", "0", "0", "0.5", "2-3-1"],
        ["1", "1", "0", "0.5", "2-3-1"],
        ["2", "0", "0", "2.0", "2-2-1"],
        ["3", "0", "0", "2.0", "2-3-1"],
    ]
    runs = study.by_point()
    np.testing.assert_array_equal([float(row[5]) for row in rows], np.concatenate([one.scores for one in runs]))
    losses = np.array([row[6] for row in rows]).astype(np.float32)
    np.testing.assert_array_equal(losses, np.concatenate([one.final_losses for one in runs]))
    steps = [-1 if row[7] == "" else int(row[7]) for row in rows]
    assert steps == np.concatenate([one.solved_steps for one in runs]).tolist()
    assert "" in [row[7] for row in rows]


def test_parquet_holds_the_same(study, tmp_path):
    pytest.importorskip("pyarrow", reason="pyarrow comes with the extra 'parquet'")
    from pyarrow import parquet

    out = tmp_path / "study.parquet"
    assert export(study, out, "parquet") == 30
    table = parquet.read_table(out)
    assert table.column_names == COLUMNS
    runs = study.by_point()
    np.testing.assert_array_equal(table["score"].to_numpy(), np.concatenate([one.scores for one in runs]))
    np.testing.assert_array_equal(table["final_loss"].to_numpy(), np.concatenate([one.final_losses for one in runs]))
    steps = np.concatenate([one.solved_steps for one in runs]).tolist()
    assert table["solved_step"].to_pylist() == [None if step < 0 else step for step in steps]
    assert table["widths"].to_pylist() == (["2-2-1"] * 10 + ["2-3-1"] * 10 + ["2-2-1"] * 5 + ["2-3-1"] * 5)
    assert [str(table.schema.field(name).type) for name in COLUMNS] == [
        "int32", "int32", "int32", "double", "string", "double", "float", "int32",
    ]  # fmt: skip


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_the_same_study_is_the_same_file_also_without_a_run(made, study, tmp_path, to):
    pytest.importorskip("pyarrow", reason="pyarrow comes with the extra 'parquet'")
    for name in ("one", "other"):
        export(study, tmp_path / name, to)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_format_that_is_none(study, tmp_path):
    with pytest.raises(UsageError, match=r"^--to must be one of csv, parquet; got 'xlsx'\.$"):
        export(study, tmp_path / "a", "xlsx")


def test_parquet_without_pyarrow(study, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    message = r"^--to parquet must have pyarrow; install it: pip install 'xorviz\[parquet\]'\.$"
    with pytest.raises(UsageError, match=message):
        export(study, tmp_path / "a.parquet", "parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["study.db"]


def test_a_table_that_cannot_be_written_leaves_the_old_one(study, tmp_path, monkeypatch):
    out = tmp_path / "study.csv"
    out.write_text("older")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(__import__("xorviz.sweeps.export", fromlist=["FORMATS"]).FORMATS, "csv", full)
    with pytest.raises(XorvizError, match=r"could not be written: No space left on device\.$"):
        export(study, out, "csv")
    assert out.read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study.csv", "study.db"]
