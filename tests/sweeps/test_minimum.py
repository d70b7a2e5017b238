from __future__ import annotations

import numpy as np
import pytest

from xorviz.sweeps.minimum import minimum, window, window_of_article

POSITIONS = np.linspace(-3.0, 4.0, 200)


def scores_of(n_runs, *, lowest=-0.5, noise=20.0, seed=0):
    random = np.random.default_rng(seed)
    return [1000 + 60 * (x - lowest) ** 2 + noise * random.standard_normal(n_runs) for x in POSITIONS]


def test_the_window_is_around_the_lowest_mean():
    means = np.array([scores.mean() for scores in scores_of(40)])
    inside = window(POSITIONS, means)
    assert len(inside) == 50
    assert POSITIONS[inside[0]] < -0.5 < POSITIONS[inside[-1]]
    assert np.diff(inside).tolist() == [1] * 49
    assert window(POSITIONS[:5], means[:5]).tolist() == [0, 1, 2, 3, 4]
    means[10] = np.nan
    assert 10 not in window(POSITIONS, means)


def test_the_window_of_the_article_is_its_reports():
    inside = window_of_article(POSITIONS)
    assert np.exp(POSITIONS[inside[0]]) == pytest.approx(0.3, rel=0.04)
    assert np.exp(POSITIONS[inside[-1]]) == pytest.approx(1.65, rel=0.04)


def test_the_interval_covers_what_is_true_as_often_as_it_says():
    """Over studies drawn anew; 95 of 100, and no more than noise allows fewer."""
    n_covered = 0
    for seed in range(20):
        scores = scores_of(40, seed=seed)
        inside = window(POSITIONS, np.array([one.mean() for one in scores]))
        found = minimum(POSITIONS[inside], [scores[i] for i in inside], common=False)
        assert found.low <= found.at <= found.high
        n_covered += found.low <= -0.5 <= found.high
    assert n_covered >= 16


def test_more_runs_are_more_certain():
    widths = []
    for n_runs in (40, 4000):
        scores = scores_of(n_runs)[50:120]
        found = minimum(POSITIONS[50:120], scores, common=False)
        widths.append(found.high - found.low)
        assert found.at == pytest.approx(-0.5, abs=widths[-1])
    assert widths[1] < widths[0] / 4


def test_nothing_is_said_of_too_little():
    assert minimum(POSITIONS[:11], scores_of(40)[:11], common=False) is None
    assert minimum(POSITIONS[:20], scores_of(29)[:20], common=False) is None
