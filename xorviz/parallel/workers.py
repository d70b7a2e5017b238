"""Who does work beside this process: nobody, processes of our own, or an executor that somebody gives."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar, final

from xorviz.errors import UsageError

Piece = TypeVar("Piece")
_MOST_WORKERS = 256
_SPAWN = multiprocessing.get_context("spawn")


class Workers(ABC):
    """Who does the work beside this process.

    Attributes:
        n_remote: pieces that are under way elsewhere at one time.
        helps: whether this process works on pieces too while it waits.
    """

    n_remote: int
    helps: bool

    @abstractmethod
    def start(self) -> None:
        """Begin what takes time before the first piece; optional."""

    @abstractmethod
    def submit(self, function: Callable[[Piece], Any], piece: Piece) -> Future[Any]:
        """Start one piece."""

    @abstractmethod
    def renew(self) -> None:
        """Replace what died; called when a piece ended with `BrokenExecutor`."""

    @abstractmethod
    def close(self) -> None:
        """Stop what is under way and let go of processes."""

    def abandon(self) -> None:
        """Close without waiting for anything: nobody wants it any more."""
        self.close()

    def __enter__(self) -> Self:
        """The workers themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; after an exception, at once."""
        if error is None:
            self.close()
        else:
            self.abandon()


class _NotOurs(Workers):
    """Nobody that xorviz started: there is nothing to start, to replace or to let go of."""

    def start(self) -> None:
        """See `Workers.start`."""

    def renew(self) -> None:
        """See `Workers.renew`."""

    def close(self) -> None:
        """See `Workers.close`; what somebody else opened stays open."""


@final
class Alone(_NotOurs):
    """Nobody else: this process does every piece."""

    n_remote = 0
    helps = True

    def submit(self, function: Callable[[Piece], Any], piece: Piece) -> Future[Any]:
        """Never called: nothing is under way elsewhere."""
        raise AssertionError("Alone has no remote pieces")


@final
class Processes(Workers):
    """Processes of this machine, started when the first piece is; this process works with them.

    They are always spawned, never forked, so that every platform behaves the same and threads do no harm. A script
    that starts them needs the usual ``if __name__ == "__main__":``.

    Args:
        n_workers: how many work, this process included; at least 2.
        prepare: called in every process when it starts; picklable.
    """

    helps = True

    def __init__(self, n_workers: int, prepare: Callable[[], None]) -> None:
        self.n_remote = n_workers - 1
        self._prepare = prepare
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False
        # Every process waits for the end of the pipe whose other end is here.
        self._alive, self._leash = _SPAWN.Pipe(duplex=False)

    def start(self) -> None:
        """Start the processes, which import while this one does something else."""
        if self._pool is None:
            self.submit(int, 0)

    def submit(self, function: Callable[[Piece], Any], piece: Piece) -> Future[Any]:
        """See `Workers.submit`."""
        if self._is_closed:
            # A piece that comes back while closing asks for the next one.
            raise BrokenExecutor("the processes were let go of")
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.n_remote, mp_context=_SPAWN, initializer=_begin, initargs=(self._prepare, self._alive)
            )
        with _deaf_to_ctrl_c():
            return self._pool.submit(function, piece)

    def renew(self) -> None:
        """Drop the broken pool; the next piece starts another."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        """See `Workers.close`."""
        self._is_closed = True
        self.renew()
        self._alive.close()
        self._leash.close()

    def abandon(self) -> None:
        """See `Workers.abandon`: a piece may take seconds."""
        self._leash.close()
        self.close()


@final
class Given(_NotOurs):
    """An executor that somebody else opened and will close, such as that of a ``dask.distributed`` client.

    Args:
        executor: any `concurrent.futures.Executor` whose workers can import xorviz.
        n_workers: pieces under way at one time.
    """

    helps = False

    def __init__(self, executor: Executor, n_workers: int) -> None:
        self.n_remote = n_workers
        self._executor = executor

    def submit(self, function: Callable[[Piece], Any], piece: Piece) -> Future[Any]:
        """See `Workers.submit`."""
        return self._executor.submit(function, piece)


def crew_of(workers: int, executor: Executor | None = None, *, prepare: Callable[[], None]) -> Workers:
    """Who works.

    Args:
        workers: processes, this one included; or pieces under way at one time with an executor.
        executor: works instead.
        prepare: called in every process of our own when it starts; picklable.

    Raises:
        UsageError: fewer than one worker.
    """
    if isinstance(workers, bool) or not isinstance(workers, int) or not 1 <= workers <= _MOST_WORKERS:
        raise UsageError(f"workers must be a whole number from 1 to {_MOST_WORKERS}; got {workers!r}.")
    if executor is not None:
        return Given(executor, workers)
    return Alone() if workers == 1 else Processes(workers, prepare)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes started in this block begin with Ctrl-C held back: one that came while they import would be told."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Started later, it would let the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(prepare: Callable[[], None], alive: Connection) -> None:
    """What every process does first; that ``prepare`` arrived has imported what it needs."""
    # Ctrl-C reaches every process of a terminal; only the one that speaks to the user answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_when_abandoned, args=(alive,), daemon=True).start()
    # Nobody waits for an interpreter that takes itself apart; all that a piece leaves behind has been sent.
    atexit.register(os._exit, 0)
    prepare()


def _end_when_abandoned(alive: Connection) -> None:
    """Leave when the process that gives the pieces lets go, or is gone, killed perhaps: nothing else would do it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel, alive])
        os._exit(1)
