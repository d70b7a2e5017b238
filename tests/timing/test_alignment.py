from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from xorviz.recordings.recording import Recording
from xorviz.timing.alignment import course, steps_an_epoch


def run(steps: list[int], losses: Any = None, batch: Any = "full") -> Any:
    losses = np.linspace(1, 0.1, len(steps)) if losses is None else np.array(losses, dtype=np.float64)
    return SimpleNamespace(steps=np.array(steps), snapshot_losses=losses, experiment={"batch": batch})


@pytest.mark.parametrize("align", ["step", "epoch", "loss"])
def test_of_one_recording_the_moments_are_its_snapshots(align: str) -> None:
    moments = course([run([0, 4, 8, 10], [1, 3, 2, np.nan], batch=[0, 1, 2, 3])], align)
    assert moments.snapshots.tolist() == [[0, 1, 2, 3]]
    assert moments.at.tolist() == [0, 4, 8, 10]
    np.testing.assert_allclose(moments.log_at, np.log([1, 5, 9, 11]))


def test_by_step_each_shows_its_last_snapshot_and_the_shorter_waits() -> None:
    moments = course([run([0, 1, 2, 3]), run([0, 2, 6])], "step")
    assert moments.at.tolist() == [0, 1, 2, 3, 6]
    assert moments.snapshots.tolist() == [[0, 1, 2, 3, 3], [0, 0, 1, 1, 2]]


def test_by_epoch_a_point_is_a_part_of_one() -> None:
    moments = course([run([0, 1, 2, 3]), run([0, 4, 6, 12], batch=[0, 2, 1, 3])], "epoch")
    assert moments.at.tolist() == [0, 1, 1.5, 2, 3]
    assert moments.snapshots.tolist() == [[0, 1, 1, 2, 3], [0, 1, 2, 2, 3]]


def test_by_loss_each_shows_the_first_snapshot_that_comes_so_far() -> None:
    falls, rises = run([0, 1, 2, 3], [4, 2, 1, 0.5]), run([0, 5, 6, 7, 8], [3, 5, 2, 3.5, 1.5])
    moments = course([falls, rises], "loss")
    levels = [4, 3, 2, 1.5, 1, 0.5]
    np.testing.assert_allclose(moments.at, np.log(4 / np.array(levels)))
    np.testing.assert_array_equal(moments.log_at, moments.at)
    assert moments.snapshots.tolist() == [[0, 1, 1, 2, 2, 3], [0, 0, 2, 4, 4, 4]]


def test_by_loss_who_does_not_come_so_far_stays_at_its_best() -> None:
    moments = course([run([0, 1, 2], [4, 1, 0]), run([0, 1, 2, 3], [4, 3, 3.2, 9])], "loss")
    assert moments.snapshots[1].tolist() == [0, 1, 1, 1]
    assert moments.snapshots[0].tolist() == [0, 1, 1, 2]
    assert np.isfinite(moments.at).all()


def test_by_loss_a_run_that_begins_beyond_all_numbers_waits_for_the_others() -> None:
    moments = course([run([0, 1, 2], [np.inf, 3, 1]), run([0, 1, 2], [4, 2, 1])], "loss")
    np.testing.assert_allclose(moments.at, np.log(4 / np.array([4.0, 3, 2, 1])))
    assert moments.snapshots.tolist() == [[1, 1, 2, 2], [0, 1, 1, 2]]


@pytest.mark.parametrize("losses", [[np.nan, np.nan], [np.inf, 2.0], [0.0, 0.0]])
def test_by_loss_of_runs_without_usable_losses(losses: list[float]) -> None:
    for others in (losses, [3.0, 1.0]):
        moments = course([run([0, 1], losses), run([0, 1], others)], "loss")
        assert np.isfinite(moments.at).all()
        assert (np.diff(moments.at) >= 0).all()
        assert ((moments.snapshots >= 0) & (moments.snapshots < 2)).all()
        assert (np.diff(moments.snapshots, axis=1) >= 0).all()


def test_steps_an_epoch(recording: Recording) -> None:
    assert steps_an_epoch(recording) == 1
    assert steps_an_epoch(run([0], batch=[0, 2, 1, 3])) == 4
    assert steps_an_epoch(SimpleNamespace(experiment={})) == 1
