"""A title line that says what was trained, above a picture of several steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, RunsPanel, still
from xorviz.panels._words.readings import readings
from xorviz.panels._words.template import Piece, pieces_of, text_at
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme


@dataclass(frozen=True)
class Titles:
    """What a title line says.

    Attributes:
        title: name of the problem, or what was asked for.
        description: the network, loss and optimizer in a few words; empty if the title says it.
    """

    title: str
    description: str


@dataclass(frozen=True)
class TitlePanel(RunsPanel):
    """Title and description, for a picture of several steps.

    Attributes:
        title: shown instead of the recording's own title; with variables in braces as in a caption, which say what
            holds at the last of the steps.
    """

    kind: ClassVar[str] = "title"
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse variables that do not exist."""
        pieces_of(self.title, argument="title")

    def measure_runs(self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]) -> Titles:
        """See `RunsPanel.measure_runs`."""
        pieces = pieces_of(self.title, argument="title") or (Piece(name="title"),)
        read = readings(recordings[-1], snapshots[-1], with_events=False)
        is_said = any(piece.name == "description" for piece in pieces)
        return Titles(text_at(pieces, read, int(snapshots[-1][-1])), "" if is_said else read.description)

    def attach(self, place: Place, measured: Titles, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt = place.pt
        base = place.bottom + 0.5 * place.height - 6 * pt
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        artists: list[Artist] = [Label(place.left, base, big, measured.title)]
        left = place.left + text_width_px(measured.title, big) + 14 * pt
        if measured.description and left + text_width_px(measured.description, plain) <= place.right:
            artists.append(Label(left, base, plain, measured.description))
        return Paint(tuple(artists), (), still)
