"""Pieces come back in order, whoever does them and whoever dies."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from xorviz.errors import XorvizError
from xorviz.parallel.sharing import in_order
from xorviz.parallel.workers import Alone, Given, Processes


def square(piece: int) -> tuple[int, int]:
    return piece * piece, os.getpid()


def slowly(piece: int) -> tuple[int, int]:
    # The first pieces take longest, so that results come back out of order.
    time.sleep(0.02 * (6 - piece))
    return square(piece)


def dies_once(marker: Path, piece: int) -> tuple[int, int]:
    if piece == 1 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return square(piece)


def dies(piece: int) -> tuple[int, int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return square(piece)


def fails(piece: int) -> tuple[int, int]:
    raise ValueError(f"piece {piece}")


def never(piece: int) -> tuple[int, int]:
    raise AssertionError(f"piece {piece} was done here")


def processes(n_workers: int) -> Processes:
    return Processes(n_workers, nothing)


def nothing() -> None:
    """No process needs preparing here."""


def test_alone_does_everything_here() -> None:
    results = list(in_order(range(5), here=square, remote=never, workers=Alone()))
    assert results == [(n * n, os.getpid()) for n in range(5)]


def test_nothing_to_do() -> None:
    assert list(in_order([], here=never, remote=never, workers=Alone())) == []


def test_processes_and_this_one_share_the_work() -> None:
    with processes(3) as workers:
        results = list(in_order(range(6), here=slowly, remote=slowly, workers=workers))
    assert [value for value, _ in results] == [n * n for n in range(6)]
    assert os.getpid() in {pid for _, pid in results}


def test_started_early() -> None:
    with processes(2) as workers:
        workers.start()
        workers.start()
        assert [value for value, _ in in_order(range(3), here=square, remote=square, workers=workers)] == [0, 1, 4]


def test_an_executor_does_everything_there() -> None:
    with ThreadPoolExecutor(2) as executor:
        results = list(in_order(range(6), here=never, remote=slowly, workers=Given(executor, 2)))
        assert [value for value, _ in results] == [n * n for n in range(6)]
        # It is not ours to close.
        assert executor.submit(square, 2).result()[0] == 4


def test_an_executor_has_no_more_under_way_than_asked() -> None:
    under_way = []
    most = []

    def counted(piece: int) -> int:
        under_way.append(piece)
        most.append(len(under_way))
        time.sleep(0.01)
        under_way.remove(piece)
        return piece

    with ThreadPoolExecutor(8) as executor:
        assert list(in_order(range(20), here=never, remote=counted, workers=Given(executor, 3))) == list(range(20))
    assert max(most) <= 3


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
def test_a_worker_that_dies_is_replaced_and_its_piece_done_again(tmp_path: Path) -> None:
    with processes(3) as workers:
        remote = partial(dies_once, tmp_path / "died")
        # This process must not take the deadly piece, so it is slow to begin.
        results = list(in_order(range(8), here=slowly_here, remote=remote, workers=workers))
    assert [value for value, _ in results] == [n * n for n in range(8)]
    assert (tmp_path / "died").exists()


def slowly_here(piece: int) -> tuple[int, int]:
    time.sleep(1.0)
    return square(piece)


@pytest.mark.skipif(os.name != "posix", reason="kills a process as POSIX does")
def test_a_piece_that_kills_every_worker_is_given_up() -> None:
    workers = processes(2)
    # Nobody else can do it.
    workers.helps = False
    with workers, pytest.raises(XorvizError) as caught:
        list(in_order(range(3), here=never, remote=dies, workers=workers))
    assert str(caught.value) == "the workers died 3 times over 0. Is memory short? Try fewer workers."


def test_an_error_of_a_worker_is_raised_here() -> None:
    with processes(2) as workers, pytest.raises(ValueError, match=r"piece \d"):
        list(in_order(range(4), here=slowly_here, remote=fails, workers=workers))
