"""Starts of a study: repeatable from their address, independent, scaled alike where they are common."""

from __future__ import annotations

import re

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES, INIT_SCALE
from xorviz.learning.experiment import Stopping
from xorviz.learning.initialisations import Normal
from xorviz.sweeps.engines import engine_for
from xorviz.sweeps.seeds import experiment_at, initial_parameters

ADDRESS = {"study_seed": 7, "point": 3, "block": 2, "n_runs": 5}


def with_std(std):
    return INIT_SCALE.replace(initialisation=Normal(hidden_std=std, output_std=0.8165))


@pytest.mark.parametrize("experiment", ARTICLES.values(), ids=ARTICLES)
def test_an_address_gives_the_same_starts_again_and_another_gives_others(experiment):
    starts = initial_parameters(experiment, **ADDRESS)
    assert starts.shape == (5, experiment.network.n_parameters)
    np.testing.assert_array_equal(initial_parameters(experiment, **ADDRESS), starts)
    for name in ("study_seed", "point", "block"):
        others = initial_parameters(experiment, **(ADDRESS | {name: 11}))
        assert not np.isin(others, starts).any(), name


def test_starts_have_the_spread_that_the_initialisation_says():
    starts = initial_parameters(with_std(3.0), study_seed=0, point=0, block=0, n_runs=40_000)
    # The standard deviation of an estimated one is std / sqrt(2 n) = 0.35 % of it.
    np.testing.assert_allclose(starts.std(axis=0), [3.0] * 6 + [0.8165] * 3, rtol=0.015)
    np.testing.assert_allclose(starts.mean(axis=0), 0, atol=0.06)
    correlations = np.corrcoef(starts.T) - np.eye(9)
    assert np.abs(correlations).max() < 0.025


def test_common_numbers_differ_by_the_setting_alone():
    options = ADDRESS | {"common": True}
    narrow, wide = initial_parameters(with_std(0.5), **options), initial_parameters(with_std(2.0), **options)
    np.testing.assert_allclose(wide[:, :6], 4 * narrow[:, :6], rtol=1e-15)
    np.testing.assert_array_equal(wide[:, 6:], narrow[:, 6:])
    np.testing.assert_array_equal(initial_parameters(with_std(0.5), **(options | {"point": 9})), narrow)
    assert not np.isin(initial_parameters(with_std(0.5), **ADDRESS), narrow).any()


def test_a_run_is_trained_again_alone_as_a_recording():
    experiment = with_std(2.0).replace(stopping=Stopping(n_steps=700))
    result = engine_for(experiment, "numpy").run(experiment, initial_parameters(experiment, **ADDRESS))
    for index in (0, 4):
        recording = xorviz.train(experiment_at(experiment, index=index, **ADDRESS))
        assert recording.loss.sum() == pytest.approx(result.scores[index], rel=1e-11)
        assert recording.snapshot_losses[-1] == pytest.approx(result.final_losses[index], rel=1e-11)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"study_seed": -1}, "study_seed must be 0 or more; got -1."),
        ({"point": -1}, "point must be 0 or more; got -1."),
        ({"block": -2}, "block must be 0 or more; got -2."),
        ({"n_runs": 0}, "n_runs must be 1 or more; got 0."),
    ],
)
def test_no_such_block(change, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        initial_parameters(INIT_SCALE, **(ADDRESS | change))


@pytest.mark.parametrize("index", [-1, 5])
def test_no_such_run(index):
    message = f"index must be from 0 to 4, as many as the block has runs; got {index}."
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        experiment_at(INIT_SCALE, index=index, **ADDRESS)
