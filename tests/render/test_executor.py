"""``--workers`` and ``--executor``."""

from __future__ import annotations

import sys

import pytest

from xorviz.render.app import main

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
