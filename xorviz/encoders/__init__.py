"""Files that play: one encoder per format, chosen by the suffix of the file.

A format's module is imported when a file of that format is asked for, so nobody pays for PyAV to write a GIF.
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path

from xorviz.encoders._base import Encoder as Encoder
from xorviz.encoders._compressor import Compressor as Compressor
from xorviz.encoders._encoded import Encoded as Encoded
from xorviz.encoders._target import check_target as check_target
from xorviz.encoders._together import Together as Together
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
}
"""Suffix -> module and class; a new format is one file and one line here."""

PICTURES = {".png": ("poster", "PosterEncoder")}
"""What stands beside an animation and does not move."""


def encoder_for(path: str | PathLike[str]) -> Encoder:
    """Returns a fresh encoder for the format that the suffix of ``path`` names.

    Args:
        path: the file to be written; only its suffix is looked at, in any case.

    Returns:
        An encoder that has not been opened.

    Raises:
        UsageError: no format has this suffix.
    """
    suffix = Path(path).suffix
    known = FORMATS | PICTURES
    if suffix.lower() not in known:
        raise unknown("the suffix of out", suffix, known)
    module, name = known[suffix.lower()]
    encoder: Encoder = getattr(import_module(f"xorviz.encoders.{module}"), name)()
    return encoder
