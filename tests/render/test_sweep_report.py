"""``xorviz sweep --report`` of a store whose runs are made up."""

from __future__ import annotations

import json

import numpy as np
import pytest

from xorviz.learning.articles import BACKPROP, INIT_SCALE
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.passes import Address
from xorviz.sweeps.planning import Wanted, plan_of
from xorviz.sweeps.report import report
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def make(path, experiment, grid, n_runs=40):
    """A study whose scores are lowest in the middle of its points."""
    wanted = Wanted(experiment=experiment, grids=(grid,), block_runs=n_runs, engine="numpy")
    plan, _ = plan_of(wanted, None, n_runs=None, n_passes=1)
    random = np.random.default_rng(0)
    with Store(path, plan) as store:
        for point, place in enumerate(np.linspace(-1, 1, plan.n_points)):
            scores = 1000 + 300 * place**2 + 100 * random.standard_normal(n_runs)
            store.add(Address(point, 0), BlockResult(scores, scores / 1e4, np.arange(n_runs) - 10))


def test_the_report_is_printed(run, folder):
    make(folder / "s.db", INIT_SCALE, "hidden_std=exp:-1.1:0.4:60")
    code, out, err = run("sweep", "init-scale", "--store", "s.db", "--report")
    assert (code, err) == (0, "")
    assert out == report(Study(folder / "s.db")).text() + "\n"
    assert "2,400 runs at 60 hidden deviations" in out
    code, out, _ = run("sweep", "init-scale", "--store", "s.db", "--report", "--json")
    found = json.loads(out)
    assert code == 0
    assert [change["published"] for change in found["changes"]] == [0.085, 0.011]
    assert found["minimum"] == pytest.approx(np.exp(-0.35), rel=0.1)
    assert found["failed"] == 0.25


def test_a_study_of_something_else(run, folder):
    make(folder / "s.db", BACKPROP, "learning_rate=log:0.1:1:20")
    code, out, err = run("sweep", "init-scale", "--store", "s.db", "--report")
    assert (code, out) == (2, "")
    assert err == (
        "xorviz: --report must be of a study of init-scale over hidden_std; 's.db' is of backprop over learning_rate.\n"
    )
