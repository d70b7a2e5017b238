"""Running the command line, in this process and in one of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from xorviz.render.app import main

#: Seven frames.
SHORT = ("--fps", "5", "--duration", "2", "--hold", "0.2")


class Outcome(NamedTuple):
    """What came of one command line."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and an environment that says nothing about xorviz."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("XORVIZ_")]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def short() -> tuple[str, ...]:
    """Options of an animation of seven frames."""
    return SHORT


@pytest.fixture
def tiny() -> tuple[str, ...]:
    """Options of an animation that takes a tenth of a second to draw."""
    return ("--size", "160x90", *SHORT)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """run("render", …): a command line in this process."""

    def run(*words: str) -> Outcome:
        capsys.readouterr()
        code = main(list(words))
        return Outcome(code, *capsys.readouterr())

    return run


def _heed_ctrl_c() -> None:
    """Whoever runs the tests in the background has them ignore Ctrl-C, and their children with them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """start("-m", "xorviz", …, env={…}): a Python process of its own, here; killed if a test leaves it running."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, env: dict[str, str] | None = None, **streams: int) -> subprocess.Popen[str]:
        environment = {**os.environ, **(env or {})}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        command = [sys.executable, *words]
        started.append(
            subprocess.Popen(
                command, env=environment, encoding="utf-8", errors="replace", preexec_fn=_heed_ctrl_c, **streams
            )
        )
        return started[-1]

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def finish() -> Callable[[subprocess.Popen[str]], Outcome]:
    """finish(child): wait for a process."""

    def finish(child: subprocess.Popen[str]) -> Outcome:
        out, err = child.communicate(timeout=60)
        return Outcome(child.returncode, out or "", err or "")

    return finish
