"""Memory: the same for many frames as for few, and bounded for files that unpack to more than they are."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests import rows
from tests.soak._programs import mother
from xorviz.errors import RecordingError, StudyError, UsageError
from xorviz.problems.tables import read_table
from xorviz.recordings.recording import load
from xorviz.scenes.recipe import read_recipe
from xorviz.sweeps.study import Study

#: The quickest first; CI does as many as its count says, the soak all.
_FORMATS = (".gif", ".mp4", ".apng", ".html", ".pptx", ".webp", ".frames", ".webm", ".avif")
_FEW, _MANY = 100, 10_000
_FLAT_KIB = 12_000
_BOUND_KIB = 150_000


def flat_memory(n: int, generator: random.Random, folder: Path) -> str:
    """10,000 frames take no more memory than 100.

    They would be 123 MB raw. Broken on purpose (a list that keeps every part) this fails with a GIF.
    """
    found = []
    for suffix in _FORMATS[:n]:
        few, many = (_peak_kib(folder, f"{n_frames}{suffix}", str(n_frames)) for n_frames in (_FEW, _MANY))
        assert many - few < _FLAT_KIB, (suffix, few, many)
        found.append(f"{suffix} {(many - few) / 1e3:+.1f} MB")
    return f"10,000 frames against 100: {', '.join(found)}"


def _peak_kib(folder: Path, name: str, n_frames: str) -> int:
    child = mother().start(name, n_frames, cwd=folder, function="encode_frames")
    assert child.wait(600) == 0, child.err.read_text()
    return int(child.out.read_text())


def bombs(n: int, generator: random.Random, folder: Path) -> str:
    """A small file that says it is a large one is refused, or read in bounded memory.

    Broken on purpose (the size that an NPZ unpacks to not looked at) this fails at the first.
    """
    names = [_npz(folder), *_sparse(folder), *_recordings(folder)]
    for name in names:
        child = mother().start(name, cwd=folder, function="open_input")
        assert child.wait() == 0, (name, child.err.read_text())
        kib = int(child.out.read_text())
        assert kib < _BOUND_KIB, (name, kib)
    return f"{len(names)} bombs refused, or read within {_BOUND_KIB / 1e3:.0f} MB"


def _npz(folder: Path) -> str:
    """300 MB of zeros in 300 kB."""
    head = np.lib.format.header_data_from_array_1_0(np.empty((1 << 16, 2)))
    head["shape"] = (300 << 16, 2)
    with zipfile.ZipFile(folder / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.npy", "w") as file:
        np.lib.format.write_array_header_1_0(file, head)
        for _ in range(300):
            file.write(bytes(1 << 20))
    return "bomb.npz"


def _sparse(folder: Path) -> list[str]:
    """Files that say they are ten gigabytes, and are holes."""
    names = ["hole.csv", "hole.npz", "hole.toml", "hole.xorviz", "hole.db"]
    for name in names:
        with (folder / name).open("wb") as file:
            file.truncate(10 << 30)
    return names


def _recordings(folder: Path) -> list[str]:
    """A true recording with a hole behind it, and one whose pages are said to be more."""
    rows.record(folder / "tail.xorviz", 5)
    with (folder / "tail.xorviz").open("r+b") as file:
        file.truncate(10 << 30)
    rows.record(folder / "pages.xorviz", 5)
    with (folder / "pages.xorviz").open("r+b") as file:
        file.seek(28)
        file.write(b"\x7f\xff\xff\xff")
    return ["tail.xorviz", "pages.xorviz"]


READERS: dict[str, Callable[[Path], object]] = {
    ".npz": read_table,
    ".csv": read_table,
    ".toml": read_recipe,
    ".xorviz": lambda path: rows.check(load(path)),
    ".db": Study,
}


def open_and_refuse(path: Path) -> None:
    """Read a file, which may be refused."""
    try:
        READERS[path.suffix](path)
    except (UsageError, RecordingError, StudyError) as error:
        assert "\n" not in str(error), error
