"""The title line: what was trained on the left, where it stands on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.panels._words.readings import Readings, readings
from xorviz.panels._words.template import Piece, pieces_of, says_event
from xorviz.panels._words.text_line import TextLine, fitted
from xorviz.panels.ticks import loss_text
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame


@dataclass(frozen=True)
class HeaderPanel(Panel):
    """Title and description; points correct, loss and step in slots that do not move.

    Attributes:
        title: shown instead of the recording's own title; with variables in braces as in a caption. What it says is
            not said again on the right.
    """

    kind: ClassVar[str] = "header"
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse variables that do not exist."""
        pieces_of(self.title, argument="title")

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Readings:
        """See `Panel.measure`."""
        return readings(recording, snapshots, with_events=says_event(pieces_of(self.title, argument="title")))

    def attach(self, place: Place, measured: Readings, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pieces = pieces_of(self.title, argument="title") or (Piece(name="title"),)
        said = {piece.name for piece in pieces}
        numbers = _Numbers(place, measured, theme, said)
        static, dynamic = list(numbers.static), list(numbers.dynamic)
        pt, base = place.pt, numbers.base
        room = numbers.left - 20 * pt - place.left
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        line = TextLine(pieces, measured)
        if line.constant is None:
            big = fitted([line], big, room, pt)
        else:
            line = TextLine([Piece(_shortened(line.constant, big, room))], measured)
        still, moving, move = line.labels(place.left, base, big)
        static += still
        dynamic += moving
        left = place.left + line.width_px(big) + 14 * pt
        width = text_width_px(measured.description, plain)
        if "description" not in said and left + width + 20 * pt <= numbers.left:
            static.append(Label(left, base, plain, measured.description))

        def update(frame: Frame) -> None:
            numbers.update(frame)
            move(frame)

        return Paint(tuple(static), tuple(dynamic), update)


class _Numbers:
    """Points correct, loss and step, set from the right; those that the title says are left out.

    Attributes:
        left: where they begin, in pixels.
    """

    def __init__(self, place: Place, measured: Readings, theme: Theme, said: set[str]) -> None:
        pt, self._pt, self._measured = place.pt, place.pt, measured
        self.base = place.bottom + 0.5 * place.height - 6 * pt
        self.left, self.static, self.dynamic = float(place.right), list[Artist](), list[Label]()
        big, self._plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        self._done = TextStyle(15.5 * pt, theme.class_texts[1], "Semibold")
        self._step = self._loss = self._correct = Label(0, 0, self._plain)
        self._fits = measured.fits()
        self._losses = [loss_text(loss) for loss in measured.losses]
        if "step" not in said:
            width = max(text_width_px(f"{step:,}", big) for step in measured.steps[[0, -1]])
            self._step = self._slot("step", big, width, 7 * pt)
        if "loss" not in said:
            width = max(text_width_px(text, self._plain) for text in set(self._losses))
            self._loss = self._slot("loss", self._plain, width, 6 * pt)
        if "correct" not in said:
            self._correct = self._slot("", self._plain, 0.0, 0.0)
            # Figures have one width, so the texts differ in width only by how many there are.
            longest = sorted(set(self._fits), key=len)[-1]
            self.left -= max(text_width_px(text, self._done) for text in (longest, self._fits[-1]))

    def _slot(self, name: str, style: TextStyle, width_px: float, gap_px: float) -> Label:
        """A number at the right of what is still free, its name before it."""
        label = Label(self.left, self.base, style, align="right")
        self.dynamic.append(label)
        if name:
            self.left -= width_px + gap_px
            self.static.append(Label(self.left, self.base, style, name, "right"))
            self.left -= text_width_px(name, style) + 26 * self._pt
        return label

    def update(self, frame: Frame) -> None:
        """What they say at a frame."""
        measured = self._measured
        n_correct = measured.n_correct[frame.snapshot]
        self._step.text = f"{measured.steps[frame.snapshot]:,}"
        self._loss.text = self._losses[frame.snapshot]
        self._correct.text = self._fits[frame.snapshot]
        self._correct.style = self._done if n_correct == measured.n_points else self._plain


def _shortened(text: str, style: TextStyle, width_px: float) -> str:
    """As much of a text as fits, with an ellipsis where some is missing."""
    if text_width_px(text, style) <= width_px:
        return text
    while text and text_width_px(f"{text}…", style) > width_px:
        text = text[:-1].rstrip()
    return f"{text}…" if text else ""
