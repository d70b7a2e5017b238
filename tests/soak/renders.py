"""Renders: killed, interrupted, without room, with workers that die."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageSequence

from tests.soak._programs import Program, mother, nothing_left_running

#: 41 frames in two runs, of a run that is recorded already: a quarter of a second of work.
_WORDS = ("render", "../run.xorviz", "--scene", "field", "--size", "128x128", "--fps", "20", "--duration", "2.9")
_WORDS += ("--hold", "0.5", "--quiet", "--force")
_OUTS = (".gif", ".mp4")


def _render(folder: Path, name: str, workers: int, **more: int) -> Program:
    return mother().start(*_WORDS, "--workers", str(workers), "--out", name, cwd=folder, **more)


def _references(folder: Path) -> dict[str, bytes]:
    """The whole file of each format; makes what they are of, too."""
    train = mother().start("train", "backprop", "--out", "../run.xorviz", "--quiet", cwd=folder)
    assert train.wait() == 0, train.err.read_text()
    found = {}
    for suffix in _OUTS:
        assert _render(folder, f"whole{suffix}", 1).wait() == 0
        found[suffix] = (folder / f"whole{suffix}").read_bytes()
        (folder / f"whole{suffix}").unlink()
    with Image.open(_kept(folder, "check.gif", found[".gif"])) as picture:
        assert sum(1 for _ in ImageSequence.Iterator(picture)) > 30
    (folder / "check.gif").unlink()
    return found


def _kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def _wait_for_a_file(child: Program, folder: Path) -> None:
    """Until it has begun to write, or has ended."""
    while child.is_running() and not _names(folder):
        time.sleep(0.001)


def _duration_s(start: Callable[[], Program]) -> float:
    begin = time.monotonic()
    assert start().wait() == 0
    return time.monotonic() - begin


def killed_render(n: int, generator: random.Random, folder: Path) -> str:
    """Killed by -9 at any moment, alone or with its worker: the file is absent, the old one, or the new one whole.

    Broken on purpose (frames written under the final name, without the replace) this fails within a few kills.
    """
    work = folder / "work"
    work.mkdir()
    n_of = dict.fromkeys(("absent", "old", "new"), 0)
    whole = _references(work)
    lasts_s = {k: _duration_s(lambda k=k: _render(work, "warm.gif", k)) for k in (1, 2)}
    (work / "warm.gif").unlink()
    for number in range(n):
        suffix, workers, had_old = generator.choice(_OUTS), 1 + (number % 10 == 9), generator.random() < 0.5
        out = work / f"xor{suffix}"
        out.unlink(missing_ok=True)
        if had_old:
            out.write_bytes(b"old")
        child = _render(work, out.name, workers)
        with nothing_left_running(child):
            # Most of the time is preparation; half of the kills are aimed at the end, where files get their names.
            share = generator.random() if generator.random() < 0.5 else generator.uniform(0.7, 1.1)
            time.sleep(share * lasts_s[workers])
            child.signal(signal.SIGKILL)
            assert child.wait() in (-signal.SIGKILL, 0)
        if not out.exists():
            assert not had_old, "the old file is gone"
            n_of["absent"] += 1
        elif out.read_bytes() == b"old":
            n_of["old"] += 1
        else:
            assert out.read_bytes() == whole[suffix], "the file is neither the old one nor the new one"
            n_of["new"] += 1
        if number % 10 == 9:
            # Hidden leftovers go with the next run to the same name.
            for one in _OUTS:
                assert _render(work, f"xor{one}", 1).wait() == 0
            assert _names(work) == ["xor.gif", "xor.mp4"], _names(work)
            (work / "xor.gif").unlink()
            (work / "xor.mp4").unlink()
    assert min(n_of.values()) > 0 or n < 30, n_of
    counts = ", ".join(f"{count} {what}" for what, count in n_of.items())
    return f"{n} renders killed: {counts}; no leftovers, no orphans"


def killed_worker(n: int, generator: random.Random, folder: Path) -> str:
    """A worker dies by kill -9 while it draws: its run is done again, and the file is the same to the byte.

    Broken on purpose (what a dead worker had begun not put back) the render waits for ever, and this fails.
    """
    work, n_killed, n_renders = folder / "work", 0, 0
    work.mkdir()
    whole = _references(work)
    while n_killed < n:
        suffix = _OUTS[n_renders % 2]
        n_renders += 1
        child = _render(work, f"xor{suffix}", 2)
        with nothing_left_running(child):
            while child.is_running() and not _workers(child):
                time.sleep(0.01)
            # From its first import to its last frame.
            time.sleep(generator.random() * 0.5)
            if workers := _workers(child):
                with suppress(ProcessLookupError):
                    os.kill(generator.choice(workers), signal.SIGKILL)
                    n_killed += 1
            assert child.wait() == 0, child.err.read_text()
        assert (work / f"xor{suffix}").read_bytes() == whole[suffix]
        assert _names(work) == [f"xor{suffix}"]
        (work / f"xor{suffix}").unlink()
        assert n_renders < 4 * n + 10, "most renders are over before a worker can be killed"
    return f"{n_killed} workers killed in {n_renders} renders, every file the same to the byte"


def _workers(child: Program) -> list[int]:
    return [pid for pid in child.others() if b"spawn_main" in _command_of(pid)]


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def interrupted(n: int, generator: random.Random, folder: Path) -> str:
    """Ctrl-C, once or twice, to a render with and without a worker, and to a training run that is recorded.

    It ends soon, says what was kept, exits 130 without a traceback, and leaves neither files nor processes. Broken on
    purpose (a second Ctrl-C that is heard, or workers that hear the first) this fails within thirty.
    """
    work, slowest_s = folder / "work", 0.0
    early = Counter[tuple[str, int, bool]]()
    work.mkdir()
    _references(work)
    for number in range(n):
        kind, n_times = ("alone", "training", "alone", "training", "pool")[number % 5], 1 + number // 5 % 2
        if kind == "training":
            child = mother().start("train", "convergence", "--out", "run.xorviz", "--force", cwd=work)
        else:
            child = _render(work, "xor.mp4", 2 if kind == "pool" else 1)
        with nothing_left_running(child):
            # Most have begun: on a busy machine that takes a while.
            if generator.random() < 0.8:
                _wait_for_a_file(child, work)
            time.sleep(generator.uniform(0.0, {"alone": 0.1, "pool": 0.3, "training": 0.1}[kind]))
            begin = time.monotonic()
            for _ in range(n_times):
                child.signal(signal.SIGINT, group=True)
                time.sleep(generator.random() * 0.05)
            code = child.wait()
            took_s = time.monotonic() - begin
        said = child.err.read_text()
        if code == 0 or not said:
            # It was done before the signal came, or had not begun.
            early[kind, code, bool(said)] += 1
        else:
            slowest_s = max(slowest_s, took_s)
            # A second Ctrl-C may end the interpreter while it shuts down, which a shell reports as 130, too.
            assert code in (130, -signal.SIGINT), (kind, code, said)
            assert "Traceback" not in said, said
            last = said.splitlines()[-1]
            assert last.startswith("xorviz: interrupted. "), said
            if kind == "training" and _names(work):
                assert f"What was recorded until then is in {_names(work)[0]!r}." in last, said
            else:
                assert "Nothing half-written was left behind." in last, said
        for name in _names(work):
            assert name in ("run.xorviz", "run.xorviz.partial", "xor.mp4"), name
            (work / name).unlink()
    # The promise is two seconds; a busy machine gets more.
    assert slowest_s < 10
    assert early.total() <= n // 2, f"(which, exit code, whether it spoke): {early}"
    return f"{n} interrupts, {early.total()} too late; the slowest end took {slowest_s:.2f} s"


def full_disk(n: int, generator: random.Random, folder: Path) -> str:
    """A disk that is full after any number of bytes: one sentence with the size, the old file intact, nothing else.

    Broken on purpose (the size left out of the sentence) this fails at once.
    """
    work, n_full = folder / "work", 0
    work.mkdir()
    whole = _references(work)
    for number in range(n):
        suffix = _OUTS[number % 2]
        # What it says goes into a file, too.
        limit = generator.randrange(400, len(whole[suffix]))
        out = work / f"xor{suffix}"
        out.write_bytes(b"old")
        child = _render(work, out.name, 1 + (number % 8 == 7), limit_bytes=limit)
        with nothing_left_running(child):
            code = child.wait()
        said = child.err.read_text()
        assert code == 1, (code, said, limit)
        assert "Traceback" not in said, said
        (last,) = said.splitlines()
        found = re.search(r"could not be written: .*; about ([\d.]+) (k|M)B are needed\. Nothing", last)
        assert found, said
        needed = float(found[1]) * {"k": 1e3, "M": 1e6}[found[2]]
        # An estimate from the frames that are done.
        assert len(whole[suffix]) / 4 < needed < 4 * len(whole[suffix]), (said, len(whole[suffix]))
        assert out.read_bytes() == b"old"
        assert _names(work) == [out.name]
        out.unlink()
        n_full += 1
    return f"{n_full} renders without room: one sentence each, the old file kept"
