"""Pieces of work shared among processes, their results in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from importlib import import_module
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self, TypeVar, final

from xorviz.errors import XorvizError

Piece = TypeVar("Piece")
_MOST_TRIES = 3


class Workers(ABC):
    """Who does the work beside this process.

    Attributes:
        n_remote: pieces that are under way elsewhere at one time.
        helps: whether this process works on pieces too while it waits.
    """

    n_remote: int
    helps: bool

    def start(self) -> None:  # noqa: B027 - most have nothing to start
        """Begin what takes time before the first piece; optional."""

    @abstractmethod
    def submit(self, function: Callable[[Piece], Any], piece: Piece) -> Future[Any]:
        """Start one piece."""

    def renew(self) -> None:  # noqa: B027 - most have nothing to renew
        """Replace what died; called when a piece ended with `BrokenExecutor`."""

    def close(self) -> None:  # noqa: B027 - what somebody else opened stays open
        """Stop what is under way and let go of processes."""

    def __enter__(self) -> Self:
        """The workers themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


@final
class Alone(Workers):
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
        module: what every process imports when it starts.
    """

    helps = True

    def __init__(self, n_workers: int, module: str) -> None:
        self.n_remote = n_workers - 1
        self._module = module
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False

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
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self.n_remote, mp_context=spawn, initializer=_prepare, initargs=(self._module,)
            )
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


@final
class Given(Workers):
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


def in_order(
    pieces: Sequence[Piece], *, here: Callable[[Piece], Any], remote: Callable[[Piece], Any], workers: Workers
) -> Iterator[Any]:
    """Do pieces of work and give their results in the order of the pieces.

    A piece whose worker died is done again by a new one, three times at most.

    Args:
        pieces: what is to be done.
        here: does a piece in this process.
        remote: does a piece in another; it and the pieces must be picklable.
        workers: who works.

    Raises:
        XorvizError: workers died over one piece three times.
    """
    board = _Board(pieces, remote, workers)
    board.start_all()
    results: dict[int, Any] = {}
    for index in range(len(pieces)):
        while index not in results:
            results.update(board.collected())
            if index in results:
                break
            mine = board.take() if workers.helps else None
            if mine is not None:
                results[mine] = here(pieces[mine])
            else:
                results.update([board.wait()])
        yield results.pop(index)


class _Board:
    """Which pieces are to be done, and which came back; callbacks of other threads write on it too."""

    def __init__(self, pieces: Sequence[Any], remote: Callable[[Any], Any], workers: Workers) -> None:
        self._pieces, self._remote, self._workers = pieces, remote, workers
        self._todo = deque(range(len(pieces)))
        self._tries = [0] * len(pieces)
        self._lock = Lock()
        self._back: SimpleQueue[tuple[int, Future[Any], int]] = SimpleQueue()
        # All pieces under way in a pool that breaks come back broken; only the first of them may replace it.
        self._generation = 0

    def start_all(self) -> None:
        """Give every idle worker a piece."""
        for _ in range(self._workers.n_remote):
            self._start_one()

    def take(self) -> int | None:
        """The next piece that nobody has begun."""
        with self._lock:
            return self._todo.popleft() if self._todo else None

    def collected(self) -> Iterator[tuple[int, Any]]:
        """Results that have come back."""
        while not self._back.empty():
            found = self._result(*self._back.get())
            if found is not None:
                yield found

    def wait(self) -> tuple[int, Any]:
        """The next result to come back."""
        while True:
            found = self._result(*self._back.get())
            if found is not None:
                return found

    def _start_one(self) -> None:
        index = self.take()
        if index is None:
            return
        try:
            future = self._workers.submit(self._remote, self._pieces[index])
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        generation = self._generation
        future.add_done_callback(lambda done: self._came_back(index, done, generation))

    def _came_back(self, index: int, future: Future[Any], generation: int) -> None:
        self._back.put((index, future, generation))
        if not future.cancelled() and future.exception() is None:
            self._start_one()

    def _result(self, index: int, future: Future[Any], generation: int) -> tuple[int, Any] | None:
        """A piece's result; None if its worker died and the piece has been begun again."""
        try:
            return index, future.result()
        except (BrokenExecutor, CancelledError) as error:
            self._tries[index] += 1
            if self._tries[index] >= _MOST_TRIES:
                raise XorvizError(
                    f"the workers died {_MOST_TRIES} times over {self._pieces[index]!r}. Is memory short? Try fewer "
                    "workers."
                ) from error
            with self._lock:
                self._todo.appendleft(index)
            if generation == self._generation:
                self._generation += 1
                self._workers.renew()
            self._start_one()
            return None


def _prepare(module: str) -> None:
    # Ctrl-C reaches every process of a terminal; only the one that speaks to the user answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    import_module(module)


def _end_with_parent() -> None:
    """Leave when the process that gives the pieces is gone, killed perhaps: nothing else would end this one."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
