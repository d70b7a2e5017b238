"""Who works for a command: the cores of this machine, or the workers of a dask scheduler."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from xorviz.errors import UsageError, XorvizError
from xorviz.parallel.workers import Workers, crew_of


@contextmanager
def crew(n_workers: int | None, address: str | None, *, prepare: Callable[[], None]) -> Iterator[Workers]:
    """The workers that ``--workers`` and ``--executor`` ask for, let go of in the end.

    Args:
        n_workers: how many; every core if None.
        address: of a dask scheduler whose workers work instead.
        prepare: called in every process of our own when it starts; picklable.

    Raises:
        UsageError: a number out of range, an address that is none, or dask is not installed.
        XorvizError: nobody answers at the address.
    """
    if address is None:
        with crew_of(n_cores() if n_workers is None else n_workers, prepare=prepare) as own:
            yield own
        return
    if "://" not in address:
        raise UsageError(f"--executor must be a scheduler's address, such as tcp://127.0.0.1:8786; got {address!r}.")
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("--executor must have dask.distributed; install it: pip install 'xorviz[dask]'.") from error
    try:
        client = Client(address, timeout=10)
    except OSError as error:
        raise XorvizError(f"--executor: no scheduler answers at {address!r}: {error}.") from error
    with client:
        n_threads = sum(client.nthreads().values())
        n_pieces = max(n_threads, 1) if n_workers is None else n_workers
        with crew_of(n_pieces, client.get_executor(), prepare=prepare) as theirs:
            yield theirs


def n_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
