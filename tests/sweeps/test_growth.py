from __future__ import annotations

import base64
import pickle

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.production.narration import study_in_words
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.passes import Address
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def test_states_are_the_first_runs_of_every_point(made):
    growth = Growth(made(300))
    assert (growth.per_point[0], growth.per_point[-1], growth.n_steps) == (10, 100, 300)
    assert (np.diff(growth.per_point) > 0).all()
    np.testing.assert_array_equal(growth.steps, 3 * growth.per_point)
    for state in (0, growth.n_snapshots // 2, -1):
        n = growth.per_point[state]
        for point in range(3):
            scores = growth.study.at(point).scores[:n]
            np.testing.assert_allclose(growth.means[state, point], scores.mean(), rtol=1e-12)
            error = scores.std(ddof=1) / np.sqrt(n)
            np.testing.assert_allclose(growth.standard_errors[state, point], error, rtol=1e-9)
            np.testing.assert_array_equal(growth.runs(point, state).scores, scores)


def test_a_point_of_fewer_runs_stays_at_what_it_has(made):
    growth = Growth(made(600, adaptive=True))
    counts = [len(runs) for runs in growth.by_point]
    assert len(set(counts)) > 1
    fewest = int(np.argmin(counts))
    expected = growth.by_point[fewest].scores.mean()
    np.testing.assert_allclose(growth.means[-1, fewest], expected)
    assert growth.steps[-1] == sum(counts)


def test_runs_that_diverged_are_left_out(tmp_path, small):
    from xorviz.sweeps.engines._base import BlockResult

    with Store(tmp_path / "s.db", small()[0]) as store:
        scores = np.array([1.0, np.nan, 3.0, 5.0, np.nan])
        store.add(Address(0, 0), BlockResult(scores, scores, np.array([1, -1, 1, 1, -1])))
    growth = Growth(Study(tmp_path / "s.db"))
    assert growth.means[-1, 0] == 3.0
    assert growth.standard_errors[-1, 0] == pytest.approx(2.0 / np.sqrt(3))
    assert np.isnan(growth.means[-1, 1])


def test_it_is_opened_again_elsewhere(made):
    growth = Growth(made(60))
    again = pickle.loads(pickle.dumps(growth))
    assert len(pickle.dumps(growth)) < 1000
    np.testing.assert_array_equal(again.means, growth.means)


def test_what_falls_is_the_relative_error(made):
    growth = Growth(made(1200, block_runs=100))
    assert growth.snapshot_losses[-1] < growth.snapshot_losses[0] / 2


def test_clocks_see_the_means(made):
    growth = Growth(made(300))
    (last,) = growth.pictures([growth.n_snapshots - 1])
    means = growth.means[-1]
    np.testing.assert_allclose(last, (means - means.min()) / np.ptp(means), rtol=1e-6)
    assert growth.pictures([0, 5]).shape == (2, 3)


def test_a_study_without_a_run(tmp_path, small):
    with Store(tmp_path / "s.db", small()[0]):
        pass
    with pytest.raises(UsageError, match=r"^SOURCE must be a study with runs; '.*s\.db' has none yet\.$"):
        Growth(Study(tmp_path / "s.db"))


def test_a_study_in_words(made):
    study = made(60)
    best = int(np.argmin([runs.scores.mean() for runs in study.by_point()]))
    failed = np.mean(np.concatenate([runs.solved_steps for runs in study.by_point()]) < 0)
    lowest = study.at(best).scores.mean()
    assert study_in_words(Growth(study)) == (
        "60 training runs over learning_rate: XOR, 2–2–1 sigmoid, cross-entropy, gradient descent. "
        f"The mean total loss is lowest, {lowest:,.4g}, at learning_rate {(0.5, 1, 2)[best]}; "
        f"{failed:.0%} of the runs do not end with every point correct."
    )


def test_a_notebook_shows_the_picture_of_a_study(made):
    study = made(60)
    data, metadata = study._repr_mimebundle_()
    assert data["text/plain"] == repr(study) == f"<Study 'XOR': 60 runs at 3 points, {str(study.path)!r}>"
    assert data["text/html"].startswith('<img src="data:image/png;base64,')
    assert f'alt="{study_in_words(Growth(study))}"' in data["text/html"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata == {"image/png": {"width": 800, "height": 450}}


def test_a_notebook_says_that_a_study_has_no_runs(made):
    study = made(60)
    study._rows.clear()
    data, _ = study._repr_mimebundle_()
    assert list(data) == ["text/plain"]
    assert "has none yet" in data["text/plain"]
