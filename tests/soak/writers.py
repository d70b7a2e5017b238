"""Two who write one file at one time."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.soak._programs import Program, mother
from xorviz.recordings.recording import load


def two_recorders(n: int, generator: random.Random, folder: Path) -> str:
    """Of two runs recorded to one name the second is refused, told why; the file is whole, and one run's.

    With ``--force``, in every other pair, it may also replace the first one's when that is done. Broken on purpose (the
    partial file opened without O_EXCL) both write into it, and this fails within a few.
    """
    work, n_refused = folder / "work", 0
    work.mkdir()
    for number in range(n):
        children, more = [], ("--force",) * (number % 2)
        for seed in (1, 2):
            words = ("train", "backprop", "--seed", str(seed), "--out", "run.xorviz", "--quiet", *more)
            children.append(mother().start(*words, cwd=work))
            time.sleep(generator.random() * 0.1)
        done = [seed for seed, child in enumerate(children, start=1) if child.wait() == 0]
        for seed, child in enumerate(children, start=1):
            said = child.err.read_text()
            assert seed in done or (said.count("\n") == 1 and _is_told(said)), said
        assert done if more else len(done) == 1, done
        n_refused += 2 - len(done)
        recording = load(work / "run.xorviz")
        assert recording.complete
        assert recording.seed in done
        assert recording.verify().ok
        assert [entry.name for entry in work.iterdir()] == ["run.xorviz"]
        (work / "run.xorviz").unlink()
    assert n_refused >= n // 3
    return f"{n} pairs of recorders: {n_refused} refused, every file whole"


def _is_told(said: str) -> bool:
    reasons = ("holds a run that was cut off, or is being recorded", "exists. ", "is being recorded right now")
    return any(reason in said for reason in reasons)


def two_renders(n: int, generator: random.Random, folder: Path) -> str:
    """Of two renders to one name the last one wins, whole; nothing else is left.

    Broken on purpose (both written under one temporary name) the file is a mixture, and this fails within a few.
    """
    work, n_of = folder / "work", dict.fromkeys(("light", "dark"), 0)
    work.mkdir()
    words = ("render", "run.xorviz", "--scene", "field", "--size", "96x96", "--duration", "2.4", "--workers", "1")
    assert mother().start("train", "backprop", "--out", "run.xorviz", "--quiet", cwd=work).wait() == 0

    def render(theme: str, name: str) -> Program:
        return mother().start(*words, "--theme", theme, "--out", name, "--quiet", "--force", cwd=work)

    whole = {}
    for theme in n_of:
        assert render(theme, "one.mp4").wait() == 0
        whole[(work / "one.mp4").read_bytes()] = theme
    (work / "one.mp4").unlink()
    for _ in range(n):
        children = []
        for theme in n_of:
            children.append(render(theme, "xor.mp4"))
            time.sleep(generator.random() * 0.05)
        for child in children:
            assert child.wait() == 0, child.err.read_text()
        found = (work / "xor.mp4").read_bytes()
        assert found in whole, "the file is neither the one nor the other"
        n_of[whole[found]] += 1
        assert sorted(entry.name for entry in work.iterdir()) == ["run.xorviz", "xor.mp4"]
        (work / "xor.mp4").unlink()
    return f"{n} pairs of renders: {n_of['light']} light, {n_of['dark']} dark, all whole"
