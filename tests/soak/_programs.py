"""Programs that start in a few milliseconds, so that killing hundreds of them takes a minute.

Starting Python and importing xorviz costs a second. A mother process does that once and forks a child for every
command line: each is a process of its own, with a process group of its own, and dies by a real signal.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 120.0


@dataclass
class Program:
    """A child of the mother.

    Attributes:
        pid: its process, and its process group.
        out: the file that its standard output goes to.
        err: likewise its standard error.
    """

    mother: Mother
    pid: int
    out: Path
    err: Path
    _code: int | None = field(default=None, init=False)

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal to it, or to all of its group, as a terminal does."""
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.pid, number)

    def is_running(self) -> bool:
        if self._code is None:
            self._code = self.mother.ask({"poll": self.pid})
        return self._code is None

    def wait(self, patience_s: float = _PATIENCE_S) -> int:
        """Its exit code; minus the signal that ended it."""
        deadline = time.monotonic() + patience_s
        while self.is_running():
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL, group=True)
                raise AssertionError(f"still running after {patience_s:g} s: {self.err.read_text()}")
            time.sleep(0.002)
        assert self._code is not None
        return self._code

    def others(self) -> list[int]:
        """Other processes of its group that still live."""
        return [pid for pid in _group(self.pid) if pid != self.pid]


class Mother:
    """Forks programs.

    Args:
        folder: where what they print is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._n = folder, 0
        folder.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XORVIZ_")}
        environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
        environment |= {"OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak._mother"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=ROOT,
        )

    def start(self, *words: str, cwd: Path, limit_bytes: int | None = None, function: str = "command") -> Program:
        """Start a command line of xorviz, or another function of `_mother`.

        Args:
            words: the arguments.
            cwd: where.
            limit_bytes: no file it writes may grow beyond that.
            function: of `_mother`.
        """
        self._n += 1
        out, err = (self._folder / f"{self._n}.{stream}" for stream in ("out", "err"))
        for stream in (out, err):
            stream.touch()
        request: dict[str, Any] = {"function": function, "words": list(words), "cwd": str(cwd), "limit": limit_bytes}
        pid = self.ask(request | {"out": str(out), "err": str(err)})
        return Program(self, pid, out, err)

    def ask(self, request: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Have it end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@cache
def mother() -> Mother:
    """The one of this process, which ends with it."""
    folder = tempfile.TemporaryDirectory(prefix="xorviz-said-")
    made = Mother(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(made.close)
    return made


def _stat(pid: int) -> tuple[str, int] | None:
    """State and process group of a process; None if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, _, group = text.rpartition(")")[2].split()[:3]
    return state, int(group)


def _group(group: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            found = _stat(int(entry.name))
            if found is not None and found[1] == group and found[0] not in "ZX":
                yield int(entry.name)


@contextmanager
def nothing_left_running(program: Program) -> Iterator[None]:
    """What belongs to a program ends with it: within ten seconds of the end of the block."""
    yield
    deadline = time.monotonic() + 10
    while program.others() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert program.others() == [], "processes were left running"
