from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.panels import panel
from xorviz.production.canvas import panels_of
from xorviz.scenes.multiples import scene_of
from xorviz.scenes.scene import SCENES


@pytest.fixture(scope="module")
def runs():
    return [xorviz.train("backprop", seed=seed) for seed in range(6)]


def test_every_run_and_how_it_ends(runs):
    shown = [np.arange(run.n_snapshots) for run in runs]
    found = panel({"kind": "cloud"}).measure_runs(runs, shown)
    assert found.titles[0] == "loss of 6 runs"
    ends = [trace.name for trace in found.traces]
    n_stuck = sum(run.n_correct() < 4 for run in runs)
    assert 0 < n_stuck < 6
    # Those that are stuck are drawn last, above the others.
    assert ends == ["solved"] * (6 - n_stuck) + ["stuck"] * n_stuck
    order = sorted(runs, key=lambda run: run.n_correct() < 4)
    for trace, run in zip(found.traces, order, strict=True):
        np.testing.assert_array_equal(trace.values, np.append(run.loss, run.final_loss))
        np.testing.assert_array_equal(trace.steps, np.arange(141))


def test_the_title_line_counts_who_is_stuck(runs):
    shown = [np.arange(run.n_snapshots) for run in runs]
    found = panel({"kind": "summary"}).measure_runs(runs, shown)
    n_stuck = sum(run.n_correct() < 4 for run in runs)
    text, settled = found.stuck
    assert text == f"{n_stuck} of 6 stuck"
    assert found.readings.n_correct[settled] == 6 - n_stuck
    assert found.readings.n_correct[settled - 1] < 6 - n_stuck


def test_where_all_learn_it_nobody_is_stuck(runs):
    solved = [run for run in runs if run.n_correct() == 4]
    found = panel({"kind": "summary"}).measure_runs(solved, [np.arange(run.n_snapshots) for run in solved])
    assert found.stuck[0] == ""


def test_no_single_run_is_named_above_all(runs, tmp_path):
    assert "run@1" not in panels_of(scene_of(SCENES["cloud"], runs))
    assert "run@1" in panels_of(scene_of(SCENES["multiples"], runs))
    assert xorviz.animate(runs, tmp_path / "a.gif", scene="cloud", size=(320, 180), duration_s=2.9, fps=4).n_frames == 4
