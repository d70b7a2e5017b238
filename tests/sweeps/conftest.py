"""Studies small enough to run whole in a test: `backprop` takes 140 steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xorviz.learning.articles import article
from xorviz.parallel.workers import crew_of
from xorviz.sweeps.blocks import prepare
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.planning import Wanted, plan_of
from xorviz.sweeps.running import run_study
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def small_plan(n_runs: int = 60, **more) -> tuple[Plan, int]:
    wanted = {
        "experiment": article("backprop"),
        "grids": ("learning_rate=0.5,1,2",),
        "block_runs": 5,
        "engine": "numpy",
    }
    return plan_of(Wanted(**{**wanted, **more}), None, n_runs=n_runs, n_passes=None)


@pytest.fixture
def small() -> Callable[..., tuple[Plan, int]]:
    """small(n_runs, …): a plan of three points in blocks of five, and how many runs it shall have."""
    return small_plan


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Study]:
    """made(n_runs, …): a study of three points in blocks of five, run here."""

    def make(n_runs: int = 60, *, name: str = "study.db", workers: int = 1, **more) -> Study:
        plan, n_runs = small_plan(n_runs, **more)
        with Store(tmp_path / name, plan) as store, crew_of(workers, prepare=prepare) as crew:
            run_study(store, n_runs, crew)
        return Study(tmp_path / name)

    return make
