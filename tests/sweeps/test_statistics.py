from __future__ import annotations

import statistics as standard

import numpy as np
import pytest

from xorviz.sweeps.statistics import statistics
from xorviz.sweeps.study import Runs


def runs(scores, solved):
    return Runs(np.array(scores), np.zeros(len(scores), np.float32), np.array(solved, np.int32))


def test_against_the_standard_library():
    scores = [[3.0, 1.0, 7.5, 2.0], [10.0, 10.0, 11.0]]
    found = statistics([runs(scores[0], [-1, 2, 3, -1]), runs(scores[1], [1, 1, 1])])
    assert found.n_runs.tolist() == [4, 3]
    np.testing.assert_allclose(found.means, [standard.fmean(one) for one in scores])
    np.testing.assert_allclose(found.deviations, [standard.stdev(one) for one in scores])
    np.testing.assert_allclose(found.medians, [standard.median(one) for one in scores])
    np.testing.assert_allclose(found.standard_errors, [standard.stdev(s) / len(s) ** 0.5 for s in scores])
    np.testing.assert_allclose(found.relative_deviations, [standard.stdev(s) / standard.fmean(s) for s in scores])
    assert found.failed.tolist() == [0.5, 0.0]


def test_runs_that_diverged_have_failed_and_have_no_score():
    found = statistics([runs([1.0, np.nan, 3.0], [5, -1, 6]), runs([np.nan], [-1])])
    assert found.n_runs.tolist() == [2, 0]
    assert found.n_diverged.tolist() == [1, 1]
    assert found.means[0] == 2.0
    assert np.isnan(found.means[1])
    assert found.failed.tolist() == [pytest.approx(1 / 3), 1.0]


def test_no_runs_and_one_run():
    found = statistics([runs([], []), runs([4.0], [3])])
    assert found.n_runs.tolist() == [0, 1]
    assert np.isnan(found.means[0]) and np.isnan(found.failed[0]) and np.isnan(found.deviations[1])
    assert (found.means[1], found.failed[1]) == (4.0, 0.0)
