"""What came of encoding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

from xorviz.recordings.displayed import Displayed


@final
@dataclass(frozen=True, slots=True)
class Encoded(Displayed):
    """What an encoder wrote.

    Attributes:
        path (Path): the file, as the caller named it.
        n_frames (int): frames stored; a format may merge equal frames or repeat a held one.
        duration_s (float, seconds): time that one play takes.
        n_bytes (int, bytes): size of the file.
        notes (tuple of str): what the format forced upon the picture, one sentence each.
        alt (str): what the animation shows, in words.
    """

    path: Path
    n_frames: int
    duration_s: float
    n_bytes: int
    notes: tuple[str, ...] = ()
    alt: str = ""
