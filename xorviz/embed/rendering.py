"""A source rendered into a folder that is named after all that it depends on, once."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xorviz import __version__
from xorviz.errors import UsageError, XorvizError

NEEDED = {"picture": (".webp",), "video": (".mp4",), "player": (".html",)}
"""What an animation takes to be one of these; the poster and the words come with all of them."""

_READ = (".xorviz", ".db")


def rendered(source: str, kind: str, options: Sequence[str], themes: Sequence[str], folder: Path) -> Path:
    """Renders a source as ``xorviz render`` does, or finds what was rendered before.

    In a process of its own: a build tool may have any threads, settings and working directory.

    Args:
        source: an article's name, or the absolute path of a recipe, a recording or a study.
        kind: what the animation will be; see `NEEDED`.
        options: words of the command line, such as ``--size`` and ``960x540``.
        themes: one theme or none for the scene's own; or light and dark, which draws everything twice.
        folder: where it is kept; need not exist.

    Returns:
        The path of the files without a suffix.

    Raises:
        UsageError: refused before any work.
        XorvizError: the work failed; nothing is left behind.
    """
    key = _key([__version__, source, kind, *options, *themes, *map(_digest, dependencies(source))])
    name = f"{Path(source).stem or 'xor'}-{key[:12]}"
    place = folder / key
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{key}.{os.getpid()}-{secrets.token_hex(4)}.part"
        part.mkdir()
        try:
            for theme, ending in zip(themes or ("",), ("", "-dark"), strict=False):
                outs = [part / f"{name}{ending}{suffix}" for suffix in (*NEEDED[kind], ".png", ".alt.txt")]
                _render([source] if source else [], options, theme, outs)
            _give_name(part, place)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return place / name


def dependencies(source: str) -> list[Path]:
    """The files that a source reads: itself, and the recordings, studies and tables that a recipe names."""
    path = Path(source)
    if path.suffix not in (".toml", *_READ) or not path.is_file():
        return []
    found = [path]
    if path.suffix == ".toml":
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError):
            # Whoever renders it says what is wrong.
            return found
        named = (path.parent / text for text in _texts(table) if text.endswith((*_READ, ".csv", ".partial")))
        found += [one for one in named if one.is_file()]
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _render(source: Sequence[str], options: Sequence[str], theme: str, outs: Sequence[Path]) -> None:
    words = [*source, *options, *(["--theme", theme] if theme else []), "--quiet"]
    for out in outs:
        words += ["--out", str(out)]
    command = [sys.executable, "-m", "xorviz", "render", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace") as process:
        _, said = process.communicate()
    if process.returncode:
        lines = said.strip().splitlines() or [f"xorviz render ended with {process.returncode}"]
        wrong = UsageError if process.returncode == 2 else XorvizError
        raise wrong(lines[-1].removeprefix("xorviz: "))


def _give_name(part: Path, place: Path) -> None:
    try:
        part.rename(place)
    except OSError:
        # Another process rendered the same in the meantime.
        if not place.exists():
            raise


def _key(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
