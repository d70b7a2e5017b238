from __future__ import annotations

from itertools import chain

import numpy as np
import pytest

from xorviz.learning.articles import article
from xorviz.sweeps.passes import Address, passes
from xorviz.sweeps.planning import Wanted, plan_of


def plan(n_points, *, adaptive):
    grids = (f"n_steps=lin:1:{n_points}:{n_points}",)
    wanted = Wanted(experiment=article("backprop"), grids=grids, adaptive=adaptive, block_runs=5, engine="numpy")
    return plan_of(wanted, None, n_runs=1, n_passes=None)[0]


def never(counts):
    raise AssertionError("an even plan asks nothing")


def test_even_passes_go_everywhere_once():
    found = list(passes(plan(3, adaptive=False), 7, never))
    assert found == [
        [Address(0, 0), Address(1, 0), Address(2, 0)],
        [Address(0, 1), Address(1, 1), Address(2, 1)],
        [Address(0, 2)],
    ]


def test_adaptive_passes_go_where_the_relative_error_is_largest():
    asked = []

    def deviations(counts):
        asked.append(counts.tolist())
        return np.array([1.0, 4.0, 1.0])

    found = list(passes(plan(3, adaptive=True), 9, deviations))
    # 4/√1, 4/√2, 4/√3 are all above 1/√1; then 4/√4, 4/√5, 4/√6.
    assert found[1] == [Address(1, 1), Address(1, 2), Address(1, 3)]
    assert found[2] == [Address(1, 4), Address(1, 5), Address(1, 6)]
    assert asked == [[1, 1, 1], [1, 4, 1]]


def test_in_the_end_relative_errors_are_alike():
    spread = np.array([1.0, 2.0, 3.0, 6.0])
    found = chain.from_iterable(passes(plan(4, adaptive=True), 400, lambda counts: spread))
    counts = np.bincount([at.point for at in found])
    # Errors σ/√n are equal where n goes with σ².
    np.testing.assert_allclose(counts, 400 * spread**2 / (spread**2).sum(), atol=2)


def test_of_equal_points_the_first_comes_first_and_unknown_ones_last():
    found = list(passes(plan(3, adaptive=True), 6, lambda counts: np.array([np.nan, 1.0, 1.0])))
    assert found[1] == [Address(1, 1), Address(2, 1), Address(1, 2)]


@pytest.mark.parametrize("adaptive", [False, True])
def test_a_longer_study_begins_with_a_shorter_one(adaptive):
    def deviations(counts):
        return np.cos(counts + np.arange(5.0)) ** 2

    short, long = (list(chain(*passes(plan(5, adaptive=adaptive), n, deviations))) for n in (13, 31))
    assert long[:13] == short
    assert len(set(long)) == 31
