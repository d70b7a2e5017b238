"""Running studies: the same runs whoever trains them, in whatever order, and however often that was interrupted."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.parallel.workers import Given, crew_of
from xorviz.sweeps import running
from xorviz.sweeps.blocks import Trainer, pieces_of, prepare, trainer_of
from xorviz.sweeps.engines import engine_for
from xorviz.sweeps.passes import Address
from xorviz.sweeps.replay import runs_at
from xorviz.sweeps.running import run_study
from xorviz.sweeps.seeds import initial_parameters
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def same(one: Study, other: Study) -> None:
    assert list(one.blocks) == list(other.blocks)
    for address, runs in one.blocks.items():
        for field in ("scores", "final_losses", "solved_steps"):
            np.testing.assert_array_equal(getattr(runs, field), getattr(other.blocks[address], field))


def test_every_run_is_the_one_that_its_address_names(made):
    study = made(60)
    assert study.n_runs == 60
    for point, block, index in [(0, 0, 0), (1, 3, 4), (2, 1, 2)]:
        (experiment,) = runs_at(study, f"{point}:{block}:{index}", argument="x")
        assert experiment.optimizer.learning_rate == (0.5, 1.0, 2.0)[point]
        recording, at = xorviz.train(experiment), 5 * block + index
        runs = study.at(point)
        np.testing.assert_allclose(recording.loss.sum(), runs.scores[at], rtol=1e-12)
        np.testing.assert_allclose(recording.final_loss, runs.final_losses[at], rtol=1e-6)
        assert runs.solved_steps[at] == (-1 if recording.solved_at is None else recording.solved_at)


def test_starts_differ_from_run_to_run_unless_points_share_them(made, small):
    study = made(60)
    assert len({score for runs in study.by_point() for score in runs.scores.tolist()}) == 60
    common = made(60, name="common.db", common=True)
    starts = [
        initial_parameters(e, study_seed=0, point=i, block=1, n_runs=5, common=True)
        for i, e in enumerate(common.experiments)
    ]
    np.testing.assert_array_equal(starts[0], starts[2])
    assert common.at(0).scores[5] != study.at(0).scores[5]


def test_runs_are_rounded_up_to_blocks(made):
    study = made(17)
    assert study.n_runs == 20
    assert list(study.blocks) == [Address(0, 0), Address(1, 0), Address(2, 0), Address(0, 1)]


def test_a_longer_study_goes_on_with_a_shorter_one(made):
    made(20)
    same(made(60), made(60, name="at-once.db"))


@pytest.mark.parametrize("adaptive", [False, True])
def test_workers_and_order_change_nothing(made, small, tmp_path, adaptive):
    here = made(150, adaptive=adaptive)
    plan, n_runs = small(150, adaptive=adaptive)
    with Store(tmp_path / "threads.db", plan) as store, ThreadPoolExecutor(3) as threads:
        run_study(store, n_runs, Given(threads, 3))
    same(here, Study(tmp_path / "threads.db"))
    same(here, made(150, adaptive=adaptive, name="processes.db", workers=2))


@pytest.mark.parametrize("adaptive", [False, True])
def test_interruption_changes_nothing(made, small, tmp_path, adaptive, monkeypatch):
    whole = made(120, adaptive=adaptive)
    plan, n_runs = small(120, adaptive=adaptive)
    monkeypatch.setattr(running, "pieces_of", lambda at, experiments, n: pieces_of(at, experiments, 1))
    n_stored = []

    def interrupt(n_done: int, n_all: int) -> None:
        n_stored.append(n_done)
        assert n_all == 120
        if n_done % 35 == 0:
            raise KeyboardInterrupt

    for _ in range(10):
        try:
            with Store(tmp_path / "cut.db", plan) as store, crew_of(1, prepare=prepare) as crew:
                run_study(store, n_runs, crew, interrupt)
        except KeyboardInterrupt:
            continue
        break
    # Every block once, in spite of four interruptions.
    assert n_stored == list(range(5, 125, 5))
    same(whole, Study(tmp_path / "cut.db"))


def test_adaptive_passes_go_where_runs_differ_most(made):
    study = made(600, adaptive=True)
    counts = np.array([len(runs) for runs in study.by_point()])
    spread = [runs.scores.std(ddof=1) / runs.scores.mean() for runs in study.by_point()]
    assert counts.sum() == 600
    assert counts.argmax() == np.argmax(spread)
    assert counts.argmin() == np.argmin(spread)
    errors = spread / np.sqrt(counts)
    assert errors.max() < 1.35 * errors.min()


def test_blocks_go_together_where_one_call_can_train_them(small):
    plan, _ = small(grids=("hidden_std=1,2", "n_steps=3,4"))
    addresses = [Address(point, block) for block in range(2) for point in range(4)]
    apart = pieces_of(addresses, plan.experiments(), 10)
    assert [piece.addresses for piece in apart] == [(address,) for address in addresses]
    plan, _ = small(grids=("hidden_std=1,2,3",))
    addresses = [Address(point, 0) for point in range(3)]
    assert [len(piece.addresses) for piece in pieces_of(addresses, plan.experiments(), 2)] == [2, 1]


def test_blocks_that_go_together_give_what_they_give_alone(small):
    plan, _ = small(grids=("hidden_std=0.1,1,30",), block_runs=7)
    trainer = trainer_of(plan, engine_for(plan.experiments()[0], "numpy"))
    addresses = [Address(point, 3) for point in range(3)]
    (together,) = (trainer(piece) for piece in pieces_of(addresses, plan.experiments(), 3))
    alone = [trainer(piece)[0] for piece in pieces_of(addresses, plan.experiments(), 1)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one.scores, other.scores)
        np.testing.assert_array_equal(one.final_losses, other.final_losses)


@dataclass(frozen=True)
class Dies:
    """A trainer whose process dies at its first piece."""

    trainer: Trainer
    mark: str

    def __call__(self, piece):
        try:
            os.close(os.open(self.mark, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
        except FileExistsError:
            pass
        return self.trainer(piece)


def test_a_worker_that_dies_is_replaced(made, small, tmp_path, monkeypatch):
    whole = made(90)
    plan, n_runs = small(90)
    real = running.as_done

    def as_done(pieces, *, here, remote, workers):
        return real(pieces, here=here, remote=Dies(remote, str(tmp_path / "died")), workers=workers)

    monkeypatch.setattr(running, "as_done", as_done)
    monkeypatch.setattr(running, "pieces_of", lambda at, experiments, n: pieces_of(at, experiments, 1))
    with Store(tmp_path / "died.db", plan) as store, crew_of(2, prepare=prepare) as crew:
        crew.helps = False
        run_study(store, n_runs, crew)
    assert (tmp_path / "died").exists()
    same(whole, Study(tmp_path / "died.db"))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("1:2", "x must be POINT:BLOCK:INDEX, or POINT:BLOCK:FIRST-LAST; got '1:2'."),
        ("3:0:0", "x must have a point from 0 to 2; got '3:0:0'."),
        ("0:0:5", "x must have an index from 0 to 4; got '0:0:5'."),
        ("0:0:3-2", "x must have an index from 0 to 4; got '0:0:3-2'."),
    ],
)
def test_addresses_that_are_none(made, address, message):
    with pytest.raises(UsageError) as caught:
        runs_at(made(5), address, argument="x")
    assert str(caught.value) == message


def test_neighbours_by_one_address(made):
    study = made(5)
    several = runs_at(study, "2:7:1-3", argument="x")
    assert several == [runs_at(study, f"2:7:{i}", argument="x")[0] for i in (1, 2, 3)]
