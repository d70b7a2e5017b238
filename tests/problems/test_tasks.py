"""When a point is correct, and which targets belong to a task."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.problems.tasks import check_task, is_correct

ONE_HOT = np.eye(3)[[0, 1, 2, 1]]


def test_the_largest_output_decides_and_a_tie_is_not_correct():
    outputs = np.array([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.1, 0.2, 0.7], [0.9, 0.05, 0.05]])
    np.testing.assert_array_equal(is_correct("multiclass", outputs, ONE_HOT), [True, False, True, False])
    outputs[2] = [0.1, np.nan, 0.7]
    several = np.stack([outputs, ONE_HOT])
    expected = [[True, False, False, False], [True] * 4]
    np.testing.assert_array_equal(is_correct("multiclass", several, ONE_HOT), expected)


def test_binary_outputs_are_each_on_their_side():
    outputs, targets = np.array([[0.6, 0.4], [0.5, 0.1], [np.inf, 0.1]]), np.array([[1.0, 0.0]] * 3)
    np.testing.assert_array_equal(is_correct("binary", outputs, targets), [True, False, False])


def test_no_point_of_a_regression_is_correct():
    assert not is_correct("regression", np.ones((3, 1)), np.ones((3, 1))).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("clasify", ONE_HOT, ()), "task must be one of binary, multiclass, regression; got 'clasify'."),
        (
            ("multiclass", np.ones((3, 2)), ()),
            "targets must be one column for each of 2 to 10 classes, 1 in the column of a point's class and 0 "
            "elsewhere, for task 'multiclass'; got 2 columns.",
        ),
        (
            ("multiclass", np.eye(11), ()),
            "targets must be one column for each of 2 to 10 classes, 1 in the column of a point's class and 0 "
            "elsewhere, for task 'multiclass'; got 11 columns.",
        ),
        (("binary", ONE_HOT[:, :1], ("a",)), "class_names must be 2 for task 'binary' here; got ['a']."),
    ],
)
def test_what_is_refused(arguments, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        check_task(*arguments)
