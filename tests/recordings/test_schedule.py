from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xorviz.errors import UsageError
from xorviz.recordings.schedule import SnapshotSchedule

schedules = st.builds(SnapshotSchedule, st.integers(1, 600), st.integers(1, 600))


def steps_up_to(schedule: SnapshotSchedule, last: int) -> list[int]:
    steps = [schedule.next_after(-1)]
    while steps[-1] < last:
        steps.append(schedule.next_after(steps[-1]))
    return steps


def test_by_hand() -> None:
    # 0 to 4 dense; then 4 to 8, 8 to 16, 16 to 32 in two parts each.
    assert steps_up_to(SnapshotSchedule(4, 2), 32) == [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32]
    # Three parts of 4 are no whole steps: 4 + 4/3 and 4 + 8/3 are rounded down.
    assert steps_up_to(SnapshotSchedule(4, 3), 16) == [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16]
    # More parts than steps: every step.
    assert steps_up_to(SnapshotSchedule(1, 4), 16) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16]


def test_default_counts() -> None:
    assert len(steps_up_to(SnapshotSchedule(), 2**63)) == 14_337
    assert len(steps_up_to(SnapshotSchedule(), 512)) == 513


@given(schedules, st.integers(-5, 2**80))
def test_next_is_later_and_on_the_schedule(schedule: SnapshotSchedule, step: int) -> None:
    found = schedule.next_after(step)
    assert found > step
    # On the schedule: whoever asks from anywhere between gets the same answer.
    assert schedule.next_after(found - 1) == found
    assert schedule.next_after((max(step, -1) + found) // 2) == found or found == step + 1


@given(schedules, st.integers(1, 5_000))
def test_number_is_bounded(schedule: SnapshotSchedule, n_steps: int) -> None:
    on_schedule = [step for step in steps_up_to(schedule, n_steps) if step <= n_steps]
    n_doublings = max(0, math.ceil(math.log2(n_steps / schedule.n_dense)))
    assert len(on_schedule) <= schedule.n_dense + 1 + schedule.n_per_doubling * n_doublings
    dense = range(min(n_steps, schedule.n_dense) + 1)
    assert on_schedule[: len(dense)] == list(dense)


@given(schedules, st.integers(1, 5_000), st.integers(1, 5))
def test_the_most_is_never_exceeded(schedule: SnapshotSchedule, n_steps: int, every: int) -> None:
    schedule = SnapshotSchedule(schedule.n_dense, schedule.n_per_doubling, every)
    on_schedule = [step for step in steps_up_to(schedule, n_steps) if step <= n_steps]
    n_found = len(on_schedule) + (on_schedule[-1] != n_steps)
    assert n_found <= schedule.n_most(n_steps)


@given(st.integers(1, 10**7), st.integers(1, 5_000), st.integers(1, 5))
def test_bounded_is_the_densest_that_fits(n_steps: int, n_most: int, every: int) -> None:
    found = SnapshotSchedule.bounded(n_steps, n_most=n_most, every=every)
    assert found.every == every
    assert found.n_dense == 2 * found.n_per_doubling
    n_per_doubling = found.n_per_doubling
    assert n_per_doubling == 1 or found.n_most(n_steps) <= n_most
    if n_per_doubling < 256:
        denser = SnapshotSchedule(2 * n_per_doubling + 2, n_per_doubling + 1, every)
        assert denser.n_most(n_steps) > n_most


def test_a_small_network_gets_the_default() -> None:
    assert SnapshotSchedule.bounded(10**9, n_most=10**9 // (16 * 9)) == SnapshotSchedule()


@given(schedules, st.integers(1, 2**70))
def test_gaps_stay_a_fixed_fraction_of_the_step(schedule: SnapshotSchedule, step: int) -> None:
    gap = schedule.next_after(step) - step
    assert gap <= max(1, -(-step // schedule.n_per_doubling))


def test_counted_in_epochs_of_four_steps() -> None:
    plain, epochs = SnapshotSchedule(4, 2), SnapshotSchedule(4, 2, every=4)
    assert steps_up_to(epochs, 128) == [4 * step for step in steps_up_to(plain, 32)]
    assert [epochs.next_after(step) for step in (0, 1, 3, 4, 5)] == [4, 4, 4, 8, 8]


@pytest.mark.parametrize("field", ["n_dense", "n_per_doubling", "every"])
@pytest.mark.parametrize("value", [0, -3, 1.5, "4"])
def test_refuses_what_is_no_positive_number(field: str, value: object) -> None:
    with pytest.raises(UsageError) as caught:
        SnapshotSchedule(**{field: value})
    assert str(caught.value) == f"{field} must be a whole number of at least 1; got {value!r}."
