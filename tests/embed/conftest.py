"""A small bundle with everything in it, and a browser to look at it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import xorviz
from xorviz.recordings.recording import Recording

#: Seven frames.
SMALL: dict[str, Any] = {"size": (160, 90), "fps": 5.0, "duration_s": 2.0, "hold_s": 0.2}
WORDS = 'A "net" learns <XOR> & more: 2–2–1 sigmoid_1, 100 % {ok} ~ ^ \\x #1 `a` *b*'


@pytest.fixture(scope="session")
def made(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds ``xor.gif`` and so on, light and dark, with a folder of frames; not to be written to."""
    folder = tmp_path_factory.mktemp("bundle")
    for theme, ending in (("light", ""), ("dark", "-dark")):
        suffixes = (".gif", ".webp", ".mp4", ".png", ".html", *([] if ending else [".frames"]))
        xorviz.animate(recording, [folder / f"xor{ending}{suffix}" for suffix in suffixes], theme=theme, **SMALL)
    (folder / "xor.alt.txt").write_text(f"{WORDS}\n", encoding="utf-8")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to work in."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def words() -> str:
    """What the animation shows, with what would break markup."""
    return WORDS
