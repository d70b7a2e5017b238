"""``--workers`` and ``--executor``."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from xorviz.render.app import main
from xorviz.sweeps.study import Study

TINY = ["--size", "160x90", "--duration", "3", "--hold", "0.2", "--fps", "25", "--quiet"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--workers", "0"], "workers must be a whole number from 1 to 256; got 0."),
        (["--workers", "two"], 'Invalid value for --workers: unable to convert "two" into int.'),
    ],
)
def test_refused(folder, capsys, words, message):
    assert main(["render", "--out", "xor.gif", *TINY, *words]) == 2
    assert capsys.readouterr().err == f"xorviz: {message}\n"
    assert list(folder.iterdir()) == []


def test_an_executor_without_dask(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["render", "--out", "xor.gif", *TINY, "--executor", "tcp://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err == (
        "xorviz: --executor must have dask.distributed; install it: pip install 'xorviz[dask]'.\n"
    )


def test_an_address_that_is_none(folder, capsys):
    assert main(["render", "--out", "xor.gif", *TINY, "--executor", "localhost"]) == 2
    assert capsys.readouterr().err == (
        "xorviz: --executor must be a scheduler's address, such as tcp://127.0.0.1:8786; got 'localhost'.\n"
    )


def test_a_dask_cluster(folder, capsys):
    distributed = pytest.importorskip("distributed", reason="dask.distributed comes with the extra 'dask'")
    assert main(["render", "--out", "here.gif", *TINY, "--workers", "1"]) == 0
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert main(["render", "--out", "there.gif", *TINY, "--executor", cluster.scheduler_address]) == 0
    assert (folder / "here.gif").read_bytes() == (folder / "there.gif").read_bytes()


def test_a_sweep_on_a_dask_cluster(folder):
    distributed = pytest.importorskip("distributed", reason="dask.distributed comes with the extra 'dask'")
    words = ["sweep", "init-scale", "--grid", "hidden_std=exp:-1:1:3", "--runs", "240", "--block", "20", "--quiet"]
    assert main([*words, "--store", "here.db", "--workers", "1"]) == 0
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        assert main([*words, "--store", "there.db", "--executor", cluster.scheduler_address]) == 0
    here, there = (Study(folder / name).blocks for name in ("here.db", "there.db"))
    assert len(here) == 12
    assert set(here) == set(there)
    for address, runs in here.items():
        np.testing.assert_array_equal(runs.scores, there[address].scores)
        np.testing.assert_array_equal(runs.solved_steps, there[address].solved_steps)
