"""Problems: the truth table, copies, messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.problems import Problem, moons, xor

BOUNDS = ((0.0, 1.0), (0.0, 1.0))


def test_the_truth_table():
    problem = xor()
    np.testing.assert_array_equal(problem.inputs, [[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(problem.targets, [[0], [1], [1], [0]])
    assert problem.inputs.dtype == problem.targets.dtype == np.float64
    assert problem.bounds == ((-0.35, 1.35), (-0.35, 1.35))


def test_arrays_are_copied_and_read_only():
    inputs = np.zeros((2, 2), dtype=np.float32)
    problem = Problem(name="two", inputs=inputs, targets=np.ones((2, 1)), bounds=BOUNDS)
    inputs[0, 0] = 7
    assert problem.inputs[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        problem.inputs[0, 0] = 1


def test_equality_is_by_content():
    assert xor() == xor()
    assert hash(xor()) == hash(xor())
    other = Problem(name="XOR", inputs=xor().inputs, targets=1 - xor().targets, bounds=xor().bounds)
    assert xor() != other
    assert xor() != "XOR"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"targets": np.ones(2)},
            "targets must be finite numbers of shape (n_points, n), at least one of each; got shape (2,). "
            "A single output per point has shape (n_points, 1).",
        ),
        (
            {"inputs": [[0.0, np.nan], [0.0, 1.0]]},
            "inputs must be finite numbers of shape (n_points, n), at least one of each; got shape (2, 2). "
            "A single output per point has shape (n_points, 1).",
        ),
        ({"targets": np.ones((3, 1))}, "targets must have one row per point, here 2; got 3."),
        (
            {"bounds": ((0.0, 0.0), (0.0, 1.0))},
            "bounds must be ((x_min, x_max), (y_min, y_max)); got ((0.0, 0.0), (0.0, 1.0)).",
        ),
    ],
)
def test_what_is_refused(changes, message):
    good = {"name": "two", "inputs": np.zeros((2, 2)), "targets": np.ones((2, 1)), "bounds": BOUNDS}
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Problem(**(good | changes))


def test_ragged_rows_are_refused():
    with pytest.raises(UsageError, match=r"^inputs must be numbers in rows of equal length; "):
        Problem(name="two", inputs=[[0.0], [0.0, 1.0]], targets=np.ones((2, 1)), bounds=BOUNDS)


def test_bounds_are_found_where_none_are_given():
    problem = Problem(name="two", inputs=[[0.0, 0.0], [1.0, 1.0]], targets=np.eye(2)[:, :1])
    np.testing.assert_allclose(problem.bounds, ((-0.15, 1.15), (-0.15, 1.15)))


def test_a_split_keeps_every_point_once():
    whole = moons(41, seed=1)
    split = whole.split(0.25, seed=3)
    assert (len(split.inputs), len(split.validation_inputs)) == (31, 10)
    together = np.concatenate([split.inputs, split.validation_inputs])
    assert sorted(map(tuple, together)) == sorted(map(tuple, whole.inputs))
    of_point = dict(zip(map(tuple, whole.inputs), whole.targets[:, 0], strict=True))
    for inputs, targets in ((split.inputs, split.targets), (split.validation_inputs, split.validation_targets)):
        assert [of_point[tuple(point)] for point in inputs] == targets[:, 0].tolist()
    assert split.bounds == whole.bounds
    assert split == whole.split(0.25, seed=3)
    assert split != whole.split(0.25, seed=4)
    with pytest.raises(UsageError, match=r"^validation must be a share above 0 and below 1 of two or more points"):
        split.split(0.5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"feature_names": ("a",)}, "feature_names must be 2, one an input; got ['a']."),
        ({"class_names": ("a",)}, "class_names must be 2 for task 'binary' here; got ['a']."),
        ({"validation_inputs": [[1.0]]}, "validation_inputs must have 2 columns; got 1."),
        ({"validation_inputs": [[1.0, 2.0]]}, "validation_targets must have one row per point, here 1; got 0."),
        ({"units": ((0.0, 1.0),)}, "units must be 2, one an input; got 1."),
    ],
)
def test_what_more_is_refused(changes, message):
    good = {"name": "two", "inputs": np.zeros((2, 2)), "targets": np.ones((2, 1)), "bounds": BOUNDS}
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Problem(**(good | changes))
