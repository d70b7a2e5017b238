"""Coders that start threads of their own, at no higher priority than this process has."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id
from typing import Final

_THREADS: Final = Path("/proc/self/task")


@contextmanager
def own_priority() -> Iterator[None]:
    """Within it threads may start: they, and this one, are scheduled afterwards as this one was before.

    SVT-AV1 4.1 makes its threads and the one that opens it real-time ones (`SCHED_FIFO`, 99) where it is allowed to,
    which root is, in a container, too. That lasts beyond the file, and for every process started from then on: nothing
    else on the machine runs while they do.
    """
    if sys.platform != "linux":
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    others = {thread.name for thread in _THREADS.iterdir()} - {str(get_native_id())}
    try:
        yield
    finally:
        for thread in _THREADS.iterdir():
            if thread.name not in others:
                # One that has ended meanwhile needs nothing.
                with suppress(ProcessLookupError):
                    os.sched_setscheduler(int(thread.name), policy, parameters)
