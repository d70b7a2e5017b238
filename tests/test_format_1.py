"""Files of the first format stay readable: these were written by the program of that time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import xorviz
from xorviz.sweeps.replay import runs_at
from xorviz.sweeps.study import Study

PATH = Path(__file__).with_name("format-1.xorviz")
STUDY = Path(__file__).with_name("study-1.db")


def test_a_recording_of_format_1_reads_as_it_did(tmp_path: Path) -> None:
    recording = xorviz.load(PATH)
    np.testing.assert_array_equal(recording.steps, [0, 1, 2, 3, 4, 8, 16, 20])
    assert recording.loss[:3].tolist() == [2.9991464995409807, 3.0771067992282806, 3.16738279060219]
    np.testing.assert_array_equal(recording.loss_steps, np.arange(20))
    assert recording.final_loss == 2.8500675437540943
    last = [[1.7880052765815944, 0.5805783038758241], [0.7960967473804191, 1.8314323370505234]]
    assert recording.parameters["W1"][-1].tolist() == last
    assert (recording.complete, dict(recording.metrics)) == (True, {})
    assert recording.verify().ok
    recording.save(tmp_path / "copy.xorviz")
    assert xorviz.load(tmp_path / "copy.xorviz").verify().ok


def test_a_study_of_format_1_reads_as_it_did() -> None:
    study = Study(STUDY)
    assert (study.n_runs, study.n_points, study.plan.block_runs, study.plan.engine) == (24, 3, 4, "numpy")
    assert [axis.setting for axis in study.plan.axes] == ["learning_rate"]
    assert study.points == [(0.5,), (1.0,), (2.0,)]
    assert study.at(0).scores[:3].tolist() == [312.77452576692235, 385.41954452815907, 388.57856458404416]
    assert study.at(2).solved_steps.tolist() == [-1, 27, 90, 68, -1, -1, 56, 54]
    assert study.at(1).final_losses[:2].tolist() == [1.6302406787872314, 2.6163113117218018]
    # A run's address names the same start for ever, and the same losses to the last digits.
    (experiment,) = runs_at(study, "2:0:1", argument="x")
    np.testing.assert_allclose(xorviz.train(experiment).loss.sum(), study.at(2).scores[1], rtol=1e-11)
