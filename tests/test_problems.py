"""Problems: the truth table, copies, messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.problems import Problem, xor

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
