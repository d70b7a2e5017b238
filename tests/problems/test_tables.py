"""Tables of one's own: what becomes of columns, and what is said of files that cannot be used."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.problems import read_table

FLOWERS = "long, wide, kind\n1.0, 5, rose\n3.0, 5, tulip\n5.0, 8, aster\n7.0, 6, rose\n"


@pytest.fixture
def csv(tmp_path):
    def write(text, name="flowers.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_text_becomes_classes_in_alphabetical_order(csv):
    found = read_table(csv(FLOWERS), standardize=False)
    assert (found.name, found.task, found.class_names) == ("flowers", "multiclass", ("aster", "rose", "tulip"))
    assert found.feature_names == ("long", "wide")
    np.testing.assert_array_equal(found.inputs, [[1, 5], [3, 5], [5, 8], [7, 6]])
    np.testing.assert_array_equal(found.targets, np.eye(3)[[1, 2, 0, 1]])


def test_standardised_inputs_are_drawn_in_their_own_units(csv):
    found = read_table(csv(FLOWERS))
    np.testing.assert_allclose(found.inputs.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.inputs.std(axis=0), 1)
    plane = found.drawn_plane
    np.testing.assert_allclose(plane.coordinates(found.inputs), [[1, 5], [3, 5], [5, 8], [7, 6]])
    np.testing.assert_allclose(plane.inputs(plane.coordinates(found.inputs)), found.inputs, atol=1e-12)
    np.testing.assert_allclose(found.bounds, ((0.1, 7.9), (2.6, 10.4)))


@pytest.mark.parametrize(
    ("cells", "task", "n_outputs"),
    [
        ("0 1 1 0", "binary", 1),
        ("3 1 2 3", "multiclass", 3),
        ("0.5 1 2 3", "regression", 1),
        (" ".join(map(str, range(11))), "regression", 1),
    ],
)
def test_the_rule_for_numbers(csv, cells, task, n_outputs):
    rows = "\n".join(f"{k};{cell}" for k, cell in enumerate(cells.split()))
    found = read_table(csv(f"x;y\n{rows}\n"))
    assert (found.task, found.targets.shape[1]) == (task, n_outputs)


def test_the_rule_can_be_overruled(csv):
    path = csv("x,y\n1,0\n2,1\n3,2\n")
    found = read_table(path, task="regression")
    assert (found.task, found.target_name) == ("regression", "y, standardized")
    np.testing.assert_allclose(found.targets[:, 0], np.sqrt(1.5) * np.array([-1, 0, 1]))
    assert read_table(csv("x,y\n1,0.5\n2,1.5\n"), task="classification").class_names == ("0.5", "1.5")


def test_columns_are_chosen_by_name(csv):
    found = read_table(csv(FLOWERS), target="wide", features=["long"], standardize=False)
    assert found.inputs.shape == (4, 1)
    assert found.class_names == ("5", "6", "8")


def test_arrays(tmp_path):
    path = tmp_path / "arrays.npz"
    np.savez(path, x=np.arange(12.0).reshape(4, 3), y=np.array(["a", "b", "a", "b"]))
    found = read_table(path, standardize=False)
    assert found.feature_names == ("x1", "x2", "x3")
    np.testing.assert_array_equal(found.inputs, np.arange(12.0).reshape(4, 3))
    np.testing.assert_array_equal(found.targets[:, 0], [0, 1, 0, 1])


def test_nothing_is_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    path = tmp_path / "trap.npz"
    trap = np.empty(2, dtype=object)
    trap[:] = [1, 2]
    np.savez(path, x=trap, y=np.arange(2))
    with pytest.raises(UsageError, match="must be an NPZ file of plain arrays; Object arrays cannot be loaded"):
        read_table(path)
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(UsageError, match="must be an NPZ file of plain arrays"):
        read_table(path)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (
            "x,y\n1,0\n2,1\noops,0\n",
            {},
            "FILE, line 4, column 'x' must be a finite number; got 'oops'. "
            "Choose others by --features, or write its values as numbers.",
        ),
        (
            "x,y\n1,0\n\nnan,1\n",
            {},
            "FILE, line 4, column 'x' must be a finite number; got 'nan'. "
            "Choose others by --features, or write its values as numbers.",
        ),
        ("x,y\n1,0\n2\n", {}, "FILE, line 3 must have 2 cells; got 1."),
        ("1,0\n2,1\n", {}, "FILE must begin with a line of different column names; got ['1', '0']."),
        ("x,x\n1,0\n", {}, "FILE must begin with a line of different column names; got ['x', 'x']."),
        ("", {}, "FILE must begin with a line of column names; it is empty."),
        ("x\n1\n", {}, "FILE must have two columns or more of equal length, and rows below their names."),
        (
            "x,label\n1,a\n2,b\n",
            {"target": "lable"},
            "target of FILE must be one of x, label; got 'lable'. Did you mean 'label'?",
        ),
        ("x,y\n1,0\n2,1\n", {"features": ["z"]}, "features of FILE must be one of x, y; got 'z'."),
        (
            "x,y\n1,0\n2,1\n",
            {"features": ["y"]},
            "features of FILE must be different columns, without the target; got ['y'].",
        ),
        (
            "x,y\n1,a\n2,a\n",
            {},
            "target 'y' of FILE must have 2 to 10 classes; got 1. Choose another --target.",
        ),
        (
            "x,y\n1,a\n2,b\n",
            {"task": "regresion"},
            "task must be one of classification, regression; got 'regresion'. Did you mean 'regression'?",
        ),
        (
            "x,y\n1,2\n2,b\n",
            {"task": "regression"},
            "FILE, line 3, column 'y' must be a finite number; got 'b'. "
            "Text can only be classes: leave out --task regression.",
        ),
    ],
)
def test_what_is_refused(csv, text, options, message):
    path = csv(text)
    with pytest.raises(UsageError, match=f"^{re.escape(message.replace('FILE', repr(str(path))))}$"):
        read_table(path, **options)


def test_files_that_are_none(tmp_path):
    with pytest.raises(UsageError, match=r"^data must be a readable file; '.*none\.csv': No such file or directory\.$"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(UsageError, match=r"^data must be a \*\.csv, \*\.tsv or \*\.npz file; got 'a\.xlsx'\.$"):
        read_table("a.xlsx")
    (tmp_path / "latin.csv").write_bytes(b"x,y\n\xff\xfe,1\n")
    with pytest.raises(UsageError, match=r"must be text in UTF-8, in columns; "):
        read_table(tmp_path / "latin.csv")


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("xorviz.problems.columns._MOST_BYTES", 1_000_000)
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, x=np.zeros((50_000, 2)), label=np.zeros(50_000))
    assert path.stat().st_size < 10_000
    with pytest.raises(UsageError, match=r"bomb\.npz' must unpack to at most 1,000,000 bytes; got 1,200,\d{3}\."):
        read_table(path)
