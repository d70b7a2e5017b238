"""A bundle: one animation in every format that a place may ask for, under one name."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

from xorviz.errors import UsageError

FORMATS = (".gif", ".webp", ".mp4", ".png", ".html", ".alt.txt")
"""What a bundle is made of: the animation as pictures, as a movie and as a page, its poster, and it in words."""

EXPLORER = ".explorer.html"
"""Beside them, of a run that a browser can run again: the page to explore it with."""

DARK = "-dark"
_PNG = b"\x89PNG\r\n\x1a\n"


def bundle_files(stem: str | PathLike[str], *, dark: bool = False) -> list[Path]:
    """The files of a bundle, for `xorviz.animate`, which draws every frame once for all of them.

    Args:
        stem: path without a suffix: ``docs/img/xor`` is ``docs/img/xor.gif`` and so on.
        dark: those of the dark variant, ``docs/img/xor-dark.gif`` …; the other theme is another drawing.

    Returns:
        The paths, in the order of `FORMATS`.

    Raises:
        UsageError: the stem names a folder, or has the suffix of a format.
    """
    text = fspath(stem)
    if not text or text.endswith(("/", "\\")) or Path(text).is_dir():
        raise UsageError(f"bundle must be a path without a suffix, such as docs/img/xor; got the folder {text!r}.")
    for suffix in (EXPLORER, *FORMATS):
        if text.endswith(suffix):
            plain = text.removesuffix(suffix)
            raise UsageError(f"bundle must be a path without a suffix; got {text!r}. Try {plain!r}.")
    # The words are the same in both themes.
    return [Path(f"{text}{DARK * dark}{suffix}") for suffix in FORMATS if not (dark and suffix == ".alt.txt")]


@dataclass(frozen=True)
class Variant:
    """The files of an animation in one theme.

    Attributes:
        files: those that there are, by suffix.
    """

    files: dict[str, Path]

    def first(self, *suffixes: str) -> Path | None:
        """The file of the first of these formats that there is."""
        return next((self.files[suffix] for suffix in suffixes if suffix in self.files), None)


@dataclass(frozen=True)
class Bundle:
    """What was found under one name.

    Attributes:
        stem: the path without suffixes.
        light: the files themselves.
        dark: those for a dark ground; without files if there are none.
        size: width and height of the poster in pixels.
        alt: what the animation shows, in words and in one line.
    """

    stem: Path
    light: Variant
    dark: Variant
    size: tuple[int, int]
    alt: str

    def file(self, *suffixes: str, because: str) -> Path:
        """The file of the first of these formats that there is.

        Args:
            *suffixes: formats, the best one first.
            because: who needs it, for the message.

        Raises:
            UsageError: there is none.
        """
        if (found := self.light.first(*suffixes)) is None:
            raise _missing(f"{self.stem}{suffixes[0]}", because)
        return found


def find_bundle(source: str | PathLike[str]) -> Bundle:
    """What there is of a bundle, or of any files that share a name.

    Args:
        source: the path without a suffix, or one of its files.

    Raises:
        UsageError: there is no poster, or it is not a PNG.
    """
    text = fspath(source)
    suffixes = (EXPLORER, *FORMATS, ".webm", ".frames")
    text = next((text.removesuffix(suffix) for suffix in suffixes if text.endswith(suffix)), text)
    light, dark = (
        Variant({suffix: path for suffix in suffixes if (path := Path(f"{text}{ending}{suffix}")).exists()})
        for ending in ("", DARK)
    )
    poster = light.first(".png")
    if poster is None:
        raise _missing(f"{text}.png", "every snippet, as a still")
    words = light.first(".alt.txt")
    alt = " ".join(words.read_text(encoding="utf-8").split()) if words else ""
    return Bundle(Path(text), light, dark, size_of(poster), alt)


def size_of(poster: Path) -> tuple[int, int]:
    """Width and height of a PNG in pixels.

    Raises:
        UsageError: it is something else.
    """
    with poster.open("rb") as file:
        head = file.read(24)
    if len(head) < 24 or not head.startswith(_PNG):
        raise UsageError(f"poster must be a PNG; got {str(poster)!r}, which is not. Write it again with xorviz render.")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _missing(path: str, because: str) -> UsageError:
    command = "explore" if path.endswith(EXPLORER) else "render"
    return UsageError(
        f"bundle must have {Path(path).name!r} for {because}; there is no {path!r}. "
        f"Write it: xorviz {command} SOURCE --out {path!r}."
    )
