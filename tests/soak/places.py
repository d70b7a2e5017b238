"""Odd places: no folder, one that refuses, links, pipes, devices, names of all kinds, for every kind of output."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.soak._words import is_one_sentence, said
from xorviz.recordings.recording import load
from xorviz.sweeps.study import Study

_SHORT = ("--size", "64x64", "--scene", "field", "--fps", "5", "--duration", "2", "--hold", "0.2", "--workers", "1")
_GRID = ("--grid", "learning_rate=1", "--engine", "numpy", "--runs", "5", "--workers", "1")


def _gif(path: Path) -> bool:
    return path.read_bytes()[:6] == b"GIF89a"


def _mp4(path: Path) -> bool:
    return path.read_bytes()[4:8] == b"ftyp"


def _recording(path: Path) -> bool:
    return load(path).verify().ok


def _study(path: Path) -> bool:
    return Study(path).n_runs == 5


#: Suffix, the words before the place, and whether a file is what it should be.
_KINDS: tuple[tuple[str, tuple[str, ...], Callable[[Path], bool]], ...] = (
    (".gif", ("render", "run.xorviz", *_SHORT, "--quiet", "--force", "--out"), _gif),
    (".mp4", ("render", "run.xorviz", *_SHORT, "--quiet", "--force", "--out"), _mp4),
    (".xorviz", ("train", "backprop", "--quiet", "--force", "--out"), _recording),
    (".db", ("sweep", "backprop", *_GRID, "--quiet", "--store"), _study),
)
_NAMES = (
    "two words",
    "Größe",
    "проба “é”",
    "a b?c#d%41&mode=rw",
    "'; DROP TABLE block; --",
    "🙂",
    "-o",
    "CASE",
    "x" * 200,
)


def odd_places(n: int, generator: random.Random, folder: Path) -> str:
    """What cannot be written to is refused in one sentence and stays as it is; odd names are names like any other.

    Broken on purpose (no check of what a place is) a pipe hangs the render and a device swallows it.
    """
    n_refused = n_written = 0
    before = Path.cwd()
    for suffix, words, is_whole in _KINDS:
        work = folder / suffix[1:]
        work.mkdir()
        os.chdir(work)
        try:
            assert said("train", "backprop", "--out", "run.xorviz", "--quiet")[0] == 0
            n_refused += _refused(work, words, suffix)
            n_written += _named(work, words, suffix, is_whole) + _linked(work, words, suffix, is_whole)
        finally:
            os.chdir(before)
    return f"{n_refused} places refused, {n_written} files written under odd names and through links"


def _refused(work: Path, words: tuple[str, ...], suffix: str) -> int:
    os.mkfifo(work / f"pipe{suffix}")
    (work / f"folder{suffix}").mkdir()
    for name, target in (("device", "/dev/full"), ("circle", f"circle{suffix}"), ("lost", f"none/a{suffix}")):
        (work / f"{name}{suffix}").symlink_to(target)
    (work / f"file{suffix}").write_text("a file where a folder should be")
    names = [f"{name}{suffix}" for name in ("pipe", "folder", "device", "circle", "lost", "none/a")]
    names += [f"file{suffix}/a{suffix}", f"{'x' * 300}{suffix}"]
    if os.geteuid():
        # Whoever is root may write everywhere: nothing refuses then.
        (work / "closed").mkdir(mode=0o500)
        names.append(f"closed/a{suffix}")
    there = _seen(work)
    for name in names:
        code, text = said(*words, name)
        assert code in (1, 2), (name, code, text)
        assert is_one_sentence(text), (name, text)
        assert _seen(work) == there, (name, set(_seen(work)) ^ set(there))
    for entry in work.iterdir():
        if entry.name != "run.xorviz":
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    return len(names)


def _named(work: Path, words: tuple[str, ...], suffix: str, is_whole: Callable[[Path], bool]) -> int:
    folder = work / "a folder, größer"
    folder.mkdir()
    # A twin that differs in case alone is another file here, and must stay.
    twin = folder / f"case{suffix}"
    twin.write_text("twin")
    for name in _NAMES:
        path = folder / f"{name}{suffix}"
        code, text = said(*words, f"{folder.name}/{path.name}")
        assert (code, text) == (0, ""), (name, code, text)
        assert is_whole(path), name
        assert sorted(folder.iterdir()) == sorted([path, twin])
        path.unlink()
    assert twin.read_text() == "twin"
    shutil.rmtree(folder)
    return len(_NAMES)


def _linked(work: Path, words: tuple[str, ...], suffix: str, is_whole: Callable[[Path], bool]) -> int:
    """A link is followed, also one to what is not there yet."""
    there, link = work / f"there{suffix}", work / f"link{suffix}"
    link.symlink_to(there.name)
    code, text = said(*words, link.name)
    assert (code, text) == (0, ""), (code, text)
    assert is_whole(link)
    assert link.is_symlink()
    assert is_whole(there)
    assert {entry.name for entry in work.iterdir()} == {"run.xorviz", there.name, link.name}
    return 1


def _seen(folder: Path) -> list[tuple[str, int]]:
    """Everything in a folder, with its kind."""
    return sorted((path.name, path.lstat().st_mode) for path in folder.rglob("*"))
