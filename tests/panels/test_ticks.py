from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xorviz.panels.ticks import linear_ticks, log_ticks, loss_text, value_text, written


@pytest.mark.parametrize(
    ("low", "high", "n", "ticks"),
    [
        (0, 1, 2, [0, 0.5, 1]),
        (0, 3.3, 3, [0, 1, 2, 3]),
        (-0.35, 1.35, 4, [0, 0.5, 1]),
        (0, 140, 2, [0, 50, 100]),
        (0, 390_111, 2, [0, 200_000]),
        (-1, 2, 2, [0, 2]),
        (-1, 2, 3, [-1, 0, 1, 2]),
    ],
)
def test_linear_ticks(low: float, high: float, n: int, ticks: list[float]) -> None:
    assert linear_ticks(low, high, n).tolist() == ticks


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(1, 9))
def test_linear_ticks_are_round_even_inside_and_about_as_many(low: float, span: float, n: int) -> None:
    ticks = linear_ticks(low, low + span, n)
    assert len(ticks) <= 2.6 * n + 2
    if len(ticks) > 1:
        step = ticks[1] - ticks[0]
        np.testing.assert_allclose(np.diff(ticks), step, rtol=1e-6, atol=1e-9)
        assert ticks[0] >= low - 1e-6 * step
        assert ticks[-1] <= low + span + 1e-6 * step
        mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
        assert min(abs(mantissa - m) for m in (1, 2, 5, 10)) < 1e-3


@pytest.mark.parametrize(
    ("low", "high", "n", "ticks"),
    [
        (0.01, 1, 5, [0.01, 0.1, 1]),
        (0.02, 3, 5, [0.1, 1]),
        (1e-4, 1, 3, [1e-4, 1e-2, 1]),
        (1, 390_111, 4, [10, 1e3, 1e5]),
        (2, 5, 3, [2, 5]),
    ],
)
def test_log_ticks(low: float, high: float, n: int, ticks: list[float]) -> None:
    np.testing.assert_allclose(log_ticks(low, high, n), ticks)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (-1.0, "−1"),
        (20.0, "20"),
        (999.0, "999"),
        (1000.0, "1k"),
        (1500.0, "1.5k"),
        (-300_000.0, "−300k"),
        (2e6, "2M"),
        (1e7, "1e7"),
        (5e8, "5e8"),
        (0.001, "0.001"),
        (1e-4, "1e−4"),
        (2e-5, "2e−5"),
        (-1e-4, "−1e−4"),
        (1e-12, "1e−12"),
    ],
)
def test_written(value: float, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.565, "0.56"),
        (0.999, "1.00"),
        (-0.001, "0.00"),
        (-0.3, "−0.30"),
        (1234.5, "1234.50"),
        (12345.0, "1.2e+04"),
        (np.nan, "–"),
        (np.inf, "–"),
        (-np.inf, "–"),
    ],
)
def test_value_text(value: float, text: str) -> None:
    assert value_text(value) == text


def test_value_text_places() -> None:
    assert value_text(0.123456, 3) == "0.123"
    assert value_text(0.5, 0) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.5024, "1.502"), (0.001, "0.001"), (9.87e-5, "9.9e-5"), (3e-12, "3.0e-12"), (0.0, "0.000"), (np.inf, "–")],
)
def test_loss_text(value: float, text: str) -> None:
    assert loss_text(value) == text.replace("-", "−")
