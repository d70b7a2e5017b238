"""Words beside the pictures: text with the numbers and the events of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists.label import Label, TextStyle
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.panels._words.readings import Readings, readings
from xorviz.panels._words.template import Piece, pieces_of, says_event
from xorviz.panels._words.text_line import Align, TextLine, fitted
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.styles.typeface import Weight
from xorviz.timing.timeline import Frame

_LINE = 1.35
# Height of a capital, by which lines are centred.
_CAP = 0.66


@dataclass(frozen=True)
class CaptionPanel(Panel):
    """Lines of text in the middle of the place, smaller where they would not fit.

    Attributes:
        text: lines with variables in braces: step, epoch, loss, correct, n, accuracy, event, title, description, seed;
            a number may have a format, ``"loss {loss:.4f}"``. An event's text stays for 1.6 s.
        size_pt: font size in points.
        weight: ``"Regular"``, ``"Semibold"`` or ``"Bold"``.
        align: ``"left"``, ``"center"`` or ``"right"``.
    """

    kind: ClassVar[str] = "caption"
    text: str = "step {step}\nloss {loss:.4f}\n{correct}/{n} correct"
    size_pt: Annotated[float, msgspec.Meta(ge=7, le=200)] = 18.0
    weight: Weight = "Regular"
    align: Align = "left"

    def __post_init__(self) -> None:
        """Refuse variables that do not exist."""
        self._lines()

    def _lines(self) -> list[tuple[Piece, ...]]:
        # A line break at the end of a TOML string is not a line.
        return [pieces_of(line, argument="text") for line in self.text.strip("\n").split("\n")]

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Readings:
        """See `Panel.measure`."""
        pieces = [piece for line in self._lines() for piece in line]
        return readings(recording, snapshots, with_events=says_event(pieces))

    def attach(self, place: Place, measured: Readings, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        pt = place.pt
        lines = [TextLine(pieces, measured) for pieces in self._lines()]
        size_pt = min(self.size_pt, max(place.height / pt / (_LINE * len(lines)), 7.0))
        style = fitted(lines, TextStyle(size_pt * pt, theme.ink, self.weight), place.width, pt)
        pitch = _LINE * style.size_px
        top = (place.bottom + place.top + pitch * (len(lines) - 1)) / 2 - _CAP / 2 * style.size_px
        x = {"left": place.left, "center": (place.left + place.right) / 2, "right": place.right}[self.align]
        static: list[Label] = []
        dynamic: list[Label] = []
        updates = []
        for row, line in enumerate(lines):
            still, moving, update = line.labels(x, top - row * pitch, style, self.align)
            static += still
            dynamic += moving
            updates.append(update)

        def update_all(frame: Frame) -> None:
            for update in updates:
                update(frame)

        return Paint(tuple(static), tuple(dynamic), update_all)
