"""Losses: hand-checked values, reductions, saturation, messages."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.losses import Loss

OUTPUTS = np.array([[0.5, 0.25], [0.75, 1.0]])
TARGETS = np.array([[0.0, 0.0], [1.0, 1.0]])


def test_half_squared_error_by_hand():
    # ½(0.25 + 0.0625) and ½·0.0625
    assert Loss(kind="squared", reported="sum").value(OUTPUTS, TARGETS) == 0.1875
    assert Loss(kind="squared", reported="mean").value(OUTPUTS, TARGETS) == 0.09375


def test_cross_entropy_by_hand():
    expected = -np.log(0.5) - np.log(0.75) - np.log(0.75)
    value = Loss(kind="cross_entropy", reported="sum").value(OUTPUTS, TARGETS)
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    mean = Loss(kind="cross_entropy", reported="mean").value(OUTPUTS, TARGETS)
    np.testing.assert_allclose(mean, expected / 2, rtol=1e-14)


def test_leading_axes_are_runs():
    stacked = np.stack([OUTPUTS, OUTPUTS**2, OUTPUTS / 2])
    for kind in ("squared", "cross_entropy"):
        loss = Loss(kind=kind)
        np.testing.assert_allclose(
            loss.value(stacked, TARGETS), [loss.value(one, TARGETS) for one in stacked], rtol=1e-15
        )


def test_saturated_outputs_have_a_finite_cross_entropy():
    loss = Loss(kind="cross_entropy", reported="sum")
    right = loss.value(np.array([[0.0], [1.0]]), np.array([[0.0], [1.0]]))
    wrong = loss.value(np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]))
    np.testing.assert_allclose(right, 2e-15, rtol=0.2)
    np.testing.assert_allclose(wrong, -2 * np.log(1e-15), rtol=0.01)


def test_not_a_number_is_passed_on():
    for kind in ("squared", "cross_entropy"):
        assert np.isnan(Loss(kind=kind).value(np.array([[np.nan]]), np.array([[1.0]])))


def test_scale_is_of_the_descended_reduction():
    assert Loss(reduction="sum", reported="mean").scale(4) == 1
    assert Loss(reduction="mean", reported="sum").scale(4) == 0.25


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "kind",
            "crossentropy",
            "loss.kind must be one of squared, cross_entropy, categorical_cross_entropy; got 'crossentropy'. "
            "Did you mean 'cross_entropy'?",
        ),
        ("reduction", "total", "loss.reduction must be one of sum, mean; got 'total'."),
        ("reported", "total", "loss.reported must be one of sum, mean; got 'total'."),
    ],
)
def test_unknown_names(field, value, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Loss(**{field: value})


def test_cross_entropy_needs_a_sigmoid():
    message = (
        "the output layer's activation must be sigmoid for loss 'cross_entropy'; got 'tanh'. "
        "Use loss 'squared' with it."
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Loss(kind="cross_entropy").check_output("tanh")
    Loss(kind="squared").check_output("tanh")


def test_words():
    assert Loss(kind="cross_entropy").describe() == "cross-entropy"
    assert Loss(kind="squared").describe() == "squared error"


def test_categorical_cross_entropy_by_hand():
    outputs, targets = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]), np.eye(3)[[0, 2]]
    loss = Loss(kind="categorical_cross_entropy", reported="mean")
    np.testing.assert_allclose(loss.value(outputs, targets), -(np.log(0.5) + np.log(0.8)) / 2, rtol=1e-14)
    assert np.isfinite(loss.value(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])))
    assert np.isnan(loss.value(np.array([[np.nan, 1.0]]), np.array([[1.0, 0.0]])))
    message = (
        "the output layer's activation must be softmax for loss 'categorical_cross_entropy'; got 'sigmoid'. "
        "Use loss 'squared' with it."
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        loss.check_output("sigmoid")
