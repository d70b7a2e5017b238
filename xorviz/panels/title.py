"""A title line that says what was trained, and nothing that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel, still
from xorviz.recording import Recording
from xorviz.themes import Theme


@dataclass(frozen=True)
class Titles:
    """What a title line says.

    Attributes:
        title: name of the problem.
        description: the network, loss and optimizer in a few words.
    """

    title: str
    description: str


@dataclass(frozen=True)
class TitlePanel(Panel):
    """Title and description, for a picture of several steps.

    Attributes:
        title: shown instead of the recording's own title.
    """

    kind: ClassVar[str] = "title"
    title: str = ""

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Titles:
        """See `Panel.measure`."""
        del snapshots
        return Titles(self.title or recording.title, recording.description)

    def attach(self, place: Place, measured: Titles, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt = place.pt
        base = place.bottom + 0.5 * place.height - 6 * pt
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        artists: list[Artist] = [Label(place.left, base, big, measured.title)]
        left = place.left + text_width_px(measured.title, big) + 14 * pt
        if left + text_width_px(measured.description, plain) <= place.right:
            artists.append(Label(left, base, plain, measured.description))
        return Paint(tuple(artists), (), still)
