"""R², RMSE and validation of a run, against scikit-learn's formulas written out, and the words for them."""

from __future__ import annotations

import numpy as np
import pytest

from xorviz.learning.data import Data
from xorviz.learning.defaults import experiment_for
from xorviz.problems import moons, sine
from xorviz.recordings.scores import Scores, r_squared, rmse
from xorviz.training import train


def test_by_hand():
    targets, outputs = np.array([[1.0], [2.0], [6.0]]), np.array([[1.0], [3.0], [4.0]])
    # The mean is 3: 4 + 1 + 9 = 14 in all, 0 + 1 + 4 = 5 left.
    assert r_squared(outputs, targets) == pytest.approx(1 - 5 / 14)
    assert rmse(outputs, targets) == pytest.approx(np.sqrt(5 / 3))
    np.testing.assert_allclose(r_squared(np.stack([targets, np.full((3, 1), 3.0)]), targets), [1, 0])
    assert r_squared(outputs, np.ones((3, 1))) == 0


def test_validation_points_are_evaluated_at_every_snapshot():
    recording = train(experiment_for(moons(40, noise=0.3).split(0.25), n_steps=50))
    scores = Scores(recording)
    for snapshot in (0, 7, -1):
        outputs = recording.outputs(recording.validation_inputs, snapshot=snapshot)
        expected = recording.objective.value(outputs, recording.validation_targets)
        assert scores.validation_loss[snapshot] == pytest.approx(float(expected), rel=1e-12)
        share = ((outputs > 0.5) == (recording.validation_targets > 0.5)).mean()
        assert scores.validation_score[snapshot] == share
    assert scores.text(0).endswith(f" correct, validation {scores.validation_score[0]:.0%}")
    assert len(scores.r_squared) == 0


def test_a_summed_loss_is_scaled_to_as_many_points():
    experiment = experiment_for(sine(40).split(0.25), n_steps=5)
    summed = experiment.replace(loss=type(experiment.loss)(reduction="mean", reported="sum"))
    one, other = (Scores(train(each)).validation_loss for each in (experiment, summed))
    np.testing.assert_allclose(other, one * 30)


def test_a_regression_in_words():
    recording = train(experiment_for(sine(40, noise=0.0), n_steps=600))
    scores = Scores(recording)
    assert scores.r_squared[-1] == pytest.approx(1 - 2 * recording.final_loss / recording.targets.var())
    assert scores.rmse[-1] == pytest.approx(np.sqrt(2 * recording.final_loss))
    assert scores.text(recording.n_snapshots - 1) == f"R² {scores.r_squared[-1]:.2f}"
    assert scores.r_squared[0] < 0
    assert scores.text(0) == "R² < 0"


def test_training_does_not_look_at_validation_points(tmp_path):
    problem = moons(40).split(0.25)
    blind = type(problem)(name="moons", inputs=problem.inputs, targets=problem.targets, bounds=problem.bounds)
    one, other = (train(experiment_for(each, n_steps=30)) for each in (problem, blind))
    np.testing.assert_array_equal(one.parameter_vectors([-1]), other.parameter_vectors([-1]))


def test_data_as_a_recipe_says_it(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,0\n2,1\n3,0\n4,1\n")
    made = Data(name="a.csv", validation=0.5, hidden=(3,), n_steps=7).experiment(tmp_path)
    assert made.network.widths == (1, 3, 1)
    assert made.stopping.n_steps == 7
    assert len(made.problem.validation_inputs) == 2
    assert Data(name="spirals", n_classes=4).experiment(tmp_path).network.widths == (2, 16, 16, 4)
