"""Pieces of work shared among workers, their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from queue import SimpleQueue
from threading import Lock
from typing import Any, TypeVar

from xorviz.errors import XorvizError
from xorviz.parallel.workers import Workers

Piece = TypeVar("Piece")
_MOST_TRIES = 3


def in_order(
    pieces: Sequence[Piece], *, here: Callable[[Piece], Any], remote: Callable[[Piece], Any], workers: Workers
) -> Iterator[Any]:
    """Do pieces of work and give their results in the order of the pieces; see `as_done`."""
    results: dict[int, Any] = {}
    n_given = 0
    for index, result in as_done(pieces, here=here, remote=remote, workers=workers):
        results[index] = result
        while n_given in results:
            yield results.pop(n_given)
            n_given += 1


def as_done(
    pieces: Sequence[Piece], *, here: Callable[[Piece], Any], remote: Callable[[Piece], Any], workers: Workers
) -> Iterator[tuple[int, Any]]:
    """Do pieces of work and give their results as they come.

    A piece whose worker died is done again by a new one, three times at most.

    Args:
        pieces: what is to be done.
        here: does a piece in this process.
        remote: does a piece in another; it and the pieces must be picklable.
        workers: who works.

    Yields:
        Which piece it was, and its result.

    Raises:
        XorvizError: workers died over one piece three times.
    """
    board = _Board(pieces, remote, workers)
    board.start_all()
    n_left = len(pieces)
    while n_left:
        found = list(board.collected())
        if not found:
            mine = board.take() if workers.helps else None
            found = [board.wait()] if mine is None else [(mine, here(pieces[mine]))]
        n_left -= len(found)
        yield from found


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
