"""Files that play: one encoder per format, chosen by the suffix of the file.

A format's module is imported when a file of that format is asked for, so nobody pays for PyAV to write a GIF.
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path

from xorviz.encoders._about import About as About
from xorviz.encoders._base import Encoder as Encoder
from xorviz.encoders._compressor import Compressor as Compressor
from xorviz.encoders._encoded import Encoded as Encoded
from xorviz.encoders._target import check_target as check_target
from xorviz.encoders._together import Together as Together
from xorviz.encoders.options import Options as Options
from xorviz.encoders.quality import KNOBS as KNOBS
from xorviz.errors import unknown

FORMATS = {
    ".gif": ("gif", "GifEncoder"),
    ".mp4": ("mp4", "Mp4Encoder"),
    ".webm": ("webm", "WebmEncoder"),
    ".webp": ("webp", "WebpEncoder"),
    ".avif": ("avif", "AvifEncoder"),
    ".apng": ("apng", "ApngEncoder"),
    ".html": ("html", "HtmlEncoder"),
    ".frames": ("frames", "FramesEncoder"),
    ".pptx": ("pptx", "PptxEncoder"),
}
"""Suffix -> module and class; a new format is one file and one line here."""

BESIDE = {".png": ("poster", "PosterEncoder"), ".txt": ("words", "WordsEncoder")}
"""What stands beside an animation and does not move."""


def encoder_for(path: str | PathLike[str], options: Options | None = None) -> Encoder:
    """Returns a fresh encoder for the format that the suffix of ``path`` names.

    Args:
        path: the file to be written; only its suffix is looked at, in any case.
        options: what is asked of it; the format's own choices if not given. What it cannot do is left out.

    Returns:
        An encoder that has not been opened.

    Raises:
        UsageError: no format has this suffix.
    """
    suffix, known = suffix_of(path), FORMATS | BESIDE
    if suffix not in known:
        raise unknown("the suffix of out", Path(path).suffix, known)
    module, name = known[suffix]
    arguments = KNOBS[suffix](options) if options and suffix in KNOBS else {}
    encoder: Encoder = getattr(import_module(f"xorviz.encoders.{module}"), name)(**arguments)
    return encoder


def suffix_of(path: str | PathLike[str]) -> str:
    """Returns the suffix of a path in small letters."""
    return Path(path).suffix.lower()
