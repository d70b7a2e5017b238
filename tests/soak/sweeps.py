"""Sweeps: killed and gone on with, and many at one store."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import numpy as np

from tests.soak._programs import Program, mother, nothing_left_running
from xorviz.sweeps.study import Study

#: 60 blocks of five runs at three points, each a row of its own.
_N_RUNS = 300
_WORDS = ("sweep", "backprop", "--grid", "learning_rate=0.5,1,2", "--engine", "numpy", "--block", "5", "--quiet")
_STEP = 50


def _sweep(folder: Path, n_runs: int = _N_RUNS, workers: int = 1) -> Program:
    return mother().start(*_WORDS, "--workers", str(workers), "--runs", str(n_runs), "--store", "study.db", cwd=folder)


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def _same(one: Study, other: Study) -> None:
    """Two studies to the bit, which a run that was counted twice would break."""
    assert list(one.blocks) == list(other.blocks)
    for address, runs in one.blocks.items():
        for field in ("scores", "final_losses", "solved_steps"):
            np.testing.assert_array_equal(getattr(runs, field), getattr(other.blocks[address], field))


def _whole(folder: Path) -> Study:
    """A study that nothing interrupted, moved out of the way."""
    assert _sweep(folder).wait() == 0
    return Study((folder / "study.db").rename(folder.parent / "whole.db"))


def killed_sweep(n: int, generator: random.Random, folder: Path) -> str:
    """The parent of a sweep dies by kill -9, again and again, and the same command goes on.

    No block that a reader had seen is lost, none is there twice, and the study in the end is to the bit the one that
    nobody interrupted. Broken on purpose (blocks stored in one transaction that ends with the sweep) nothing is kept
    and this fails at once.
    """
    work, n_kept, n_finished = folder / "work", 0, 0
    work.mkdir()
    store = work / "study.db"
    whole = _whole(work)
    for number in range(n):
        n_seen = Study(store).n_runs if store.exists() else 0
        # Every tenth has workers, who must not outlive it.
        child = _sweep(work, workers=2 if number % 10 == 9 else 1)
        with nothing_left_running(child):
            _wait_for(store, child, min(n_seen + generator.randrange(_STEP), _N_RUNS))
            child.signal(signal.SIGKILL)
            assert child.wait() in (-signal.SIGKILL, 0), child.err.read_text()
        if not store.exists():
            continue
        study = Study(store)
        assert study.n_runs >= n_seen, "a run was lost"
        for address, runs in study.blocks.items():
            np.testing.assert_array_equal(runs.scores, whole.blocks[address].scores)
        n_kept += study.n_runs - n_seen
        if study.n_runs == _N_RUNS or number == n - 1:
            assert _sweep(work).wait() == 0
            assert _names(work) == ["study.db"]
            _same(Study(store), whole)
            store.unlink()
            n_finished += 1
    assert n_kept > n, "hardly anything was kept"
    return f"{n} sweeps killed, {n_kept:,} runs kept, {n_finished} studies finished to the bit as without"


def _wait_for(store: Path, child: Program, n_runs: int) -> None:
    """Until so many runs can be read, or the sweep is over."""
    while child.is_running() and not (store.exists() and Study(store).n_runs >= n_runs):
        time.sleep(0.004)


def eight_sweeps(n: int, generator: random.Random, folder: Path) -> str:
    """Eight sweeps at one store: one writes, the others are refused at once, told who it is; each block is there once.

    They race, or seven come while one is in the middle of its work. Broken on purpose (a claim that nobody asks for)
    several write, and this fails at the first block stored twice.
    """
    work, n_refused, n_held = folder / "work", 0, 0
    work.mkdir()
    whole = _whole(work)
    for number in range(n):
        children, is_held = [_sweep(work)], False
        if number % 2 == 0:
            _wait_for(work / "study.db", children[0], 1)
            children[0].signal(signal.SIGSTOP)
            is_held = children[0].is_running()
            n_held += is_held
        for _ in range(7):
            time.sleep(generator.random() * 0.01)
            children.append(_sweep(work))
        codes = [child.wait() for child in children[1:]]
        children[0].signal(signal.SIGCONT)
        codes.insert(0, children[0].wait())
        for child, code in zip(children, codes, strict=True):
            if code == 0:
                continue
            said = child.err.read_text()
            assert code == 2, (code, said)
            assert said.count("\n") == 1, said
            assert "--store must be written by one sweep at a time; 'study.db' is being written by " in said, said
            n_refused += 1
        assert 0 in codes
        assert codes == [0] + [2] * 7 or not is_held, codes
        assert _names(work) == ["study.db"]
        _same(Study(work / "study.db"), whole)
        (work / "study.db").unlink()
    assert n_held > n / 4, "most sweeps are over before they can be held"
    return f"{8 * n} sweeps at {n} stores: {n_refused} refused, every block once"
