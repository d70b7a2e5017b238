from __future__ import annotations

from math import log

import numpy as np
import pytest

from xorviz.learning.articles import article
from xorviz.sweeps.plateaus import kinds, plateaus


def entropy(p):
    return -p * log(p) - (1 - p) * log(1 - p)


def test_the_levels_of_xor_by_hand():
    """Two points of other targets share 1/2, three share 1/3 or 2/3, all four share 1/2; the loss is the mean of 4."""
    found = plateaus(article("init-scale"))
    assert [level.name for level in found] == ["2 points alike", "3 points alike", "4 points alike"]
    expected = [2 * entropy(1 / 2) / 4, 3 * entropy(1 / 3) / 4, 4 * entropy(1 / 2) / 4]
    assert [level.loss for level in found] == pytest.approx(expected, abs=1e-8)


def test_the_levels_of_squared_errors():
    """½(out − y)², of the mean over 4 points: two at 1/2 cost ¼; three at 1/3 cost ⅓; four at 1/2 cost ½."""
    found = plateaus(article("convergence"))
    assert [level.loss for level in found] == pytest.approx([0.25 / 4, (1 / 3) / 4, 0.5 / 4])


def test_a_run_is_on_the_level_it_is_near():
    levels = plateaus(article("init-scale"))
    losses = np.array([0.3466, 0.3500, 0.36, 0.478, 0.6932, 0.01, np.nan, 0.3466], np.float32)
    solved = np.array([-1, -1, -1, -1, -1, -1, -1, 900], np.int32)
    assert kinds(losses, solved, levels).tolist() == [0, 0, 3, 1, 2, 3, 3, -1]


def test_stuck_runs_do_lie_on_these_levels():
    """Runs of the article itself, trained to their end, that fail."""
    from xorviz.sweeps.engines import engine_for
    from xorviz.sweeps.seeds import initial_parameters

    experiment = article("init-scale")
    starts = initial_parameters(experiment, study_seed=0, point=0, block=0, n_runs=100)
    result = engine_for(experiment, "numpy").run(experiment, starts)
    ends = kinds(result.final_losses.astype("f4"), result.solved_steps.astype("i4"), plateaus(experiment))
    failed = result.solved_steps < 0
    assert failed.sum() > 10
    assert ((ends >= 0) == failed).all()
    assert (ends[failed] < 3).mean() > 0.9
