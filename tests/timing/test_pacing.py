from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xorviz.errors import UsageError
from xorviz.timing.pacing import EASINGS, FIRST_HOLD_S, SLOW_WIDTH, Pace, progress


@pytest.mark.parametrize(
    ("easing", "expected"),
    [
        ("none", [0, 0.25, 0.5, 0.75, 1]),
        ("in", [0, 1 / 16, 1 / 4, 9 / 16, 1]),
        ("out", [0, 7 / 16, 3 / 4, 15 / 16, 1]),
        ("in-out", [0, 5 / 32, 0.5, 27 / 32, 1]),
    ],
)
def test_easing(easing: str, expected: list[float]) -> None:
    np.testing.assert_allclose(progress(5, easing=easing), expected, atol=1e-15)


def test_slow_motion_is_denser_by_its_factor_and_takes_no_longer() -> None:
    """Four times slower over 0.15 of the way: the whole would take 1.45 times as long, so all goes faster by that."""
    way = progress(1001, slow_at=0.5, slow_factor=4.0)
    speed = np.diff(way) * 1000
    np.testing.assert_allclose([speed[0], speed[-1]], 1 + 3 * SLOW_WIDTH, rtol=1e-4)
    assert speed.min() == pytest.approx((1 + 3 * SLOW_WIDTH) / 4, rel=1e-4)
    # Within a quarter of the width to both sides it is as slow as it gets.
    inside = np.abs(way[1:] - 0.5) < 0.24 * SLOW_WIDTH
    np.testing.assert_allclose(speed[inside], speed.min(), rtol=1e-3)
    # The shoulders are smooth: the speed never jumps.
    assert np.abs(np.diff(speed)).max() < 0.04 * np.ptp(speed)
    assert way[500] == pytest.approx(0.5)


@given(st.sampled_from(EASINGS), st.integers(1, 200), st.one_of(st.none(), st.floats(0, 1)), st.floats(1, 20))
def test_progress_goes_from_start_to_end_and_never_back(
    easing: str, n_frames: int, slow_at: float | None, slow_factor: float
) -> None:
    way = progress(n_frames, easing=easing, slow_at=slow_at, slow_factor=slow_factor)
    assert len(way) == n_frames
    assert way[-1] == 1
    assert (np.diff(way) >= 0).all()
    if n_frames > 1:
        assert way[0] == 0


def test_there_and_back() -> None:
    pace = Pace(fps=10, duration_s=1.2, first_hold_s=0.2, hold_s=0.4, ping_pong=True)
    assert (pace.n_there, pace.order) == (4, [0, 1, 2, 3, 2, 1])
    np.testing.assert_allclose(pace.durations_ms, [300, 100, 100, 500, 100, 100])


@pytest.mark.parametrize(("n", "order"), [(1, [0]), (2, [0, 1]), (3, [0, 1]), (4, [0, 1, 2, 1]), (5, [0, 1, 2, 1])])
def test_ends_are_not_shown_twice(n: int, order: list[int]) -> None:
    pace = Pace(fps=10, duration_s=n / 10, first_hold_s=0, hold_s=0, ping_pong=True)
    assert pace.order == order
    # An odd frame's time goes to the far end.
    assert pace.durations_ms.sum() == pytest.approx(100 * n)
    assert pace.durations_ms.argmax() == (n // 2 if n % 2 else 0)


@given(st.floats(0.5, 60), st.floats(0, 5), st.floats(0, 5), st.floats(0.05, 20), st.booleans())
def test_durations_are_positive_and_add_up(
    fps: float, first_hold_s: float, hold_s: float, moving_s: float, ping_pong: bool
) -> None:
    duration_s = first_hold_s + hold_s + moving_s
    if duration_s < 0.1 or round((duration_s - first_hold_s - hold_s) * fps) < 1:
        return
    pace = Pace(fps=fps, duration_s=duration_s, first_hold_s=first_hold_s, hold_s=hold_s, ping_pong=ping_pong)
    assert pace.durations_ms.min() > 0
    assert pace.durations_ms.sum() == pytest.approx(1000 * duration_s)
    assert len(pace.durations_ms) == len(pace.order)


def test_listed_steps_take_a_frame_each() -> None:
    pace = Pace(clock="steps", steps=(0, 20, 40), fps=5, duration_s=99, first_hold_s=0.1, hold_s=0.5)
    np.testing.assert_allclose(pace.durations_ms, [300, 200, 700])
    assert Pace(clock="steps", steps=(7,), fps=5, first_hold_s=0, hold_s=0).durations_ms.tolist() == [200]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fps": 0}, "fps must be a number from 0.1 to 3600; got 0."),
        ({"first_hold_s": -0.1}, "first_hold_s must be a number from 0 to 3600; got -0.1."),
        ({"slow_factor": 0.5}, "slow_factor must be a number from 1 to 20; got 0.5."),
        ({"slow_factor": float("nan")}, "slow_factor must be a number from 1 to 20; got nan."),
        (
            {"clock": "chnage"},
            "clock must be one of change, linear, log, loss, steps; got 'chnage'. Did you mean 'change'?",
        ),
        ({"easing": "inout"}, "easing must be one of none, in, out, in-out; got 'inout'. Did you mean 'in-out'?"),
        ({"align": "time"}, "align must be one of step, epoch, loss; got 'time'. Did you mean 'step'?"),
        (
            {"slow": "solvd"},
            "slow must be one of solved, diverged, plateau end, lowest loss, dead unit, plateau start, a step; got "
            "'solvd'. Did you mean 'solved'?",
        ),
        (
            {"clock": "steps"},
            "steps must be rising steps for clock 'steps', such as [0, 20, 40]; got [].",
        ),
        (
            {"clock": "steps", "steps": (0, 20, 20)},
            "steps must be rising steps for clock 'steps', such as [0, 20, 40]; got [0, 20, 20].",
        ),
        (
            {"clock": "steps", "steps": (-1, 20)},
            "steps must be rising steps for clock 'steps', such as [0, 20, 40]; got [-1, 20].",
        ),
        (
            {"clock": "steps", "steps": (0, 20), "easing": "in"},
            "easing must be 'none' with clock 'steps', which lists all frames; got 'in'.",
        ),
        (
            {"clock": "steps", "steps": (0, 20), "slow": 3},
            "slow must be '' with clock 'steps', which lists all frames; got 3.",
        ),
    ],
)
def test_refused(fields: dict[str, Any], message: str) -> None:
    assert FIRST_HOLD_S == 0.4
    with pytest.raises(UsageError) as caught:
        Pace(**fields)
    assert str(caught.value) == message
