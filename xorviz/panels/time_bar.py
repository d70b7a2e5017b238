"""How far the animation has played, and where on the way the run's events lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.events import EVENT_KINDS, EventKind, events
from xorviz.timing.timeline import Frame


@dataclass(frozen=True)
class Mark:
    """An event on the bar.

    Attributes:
        kind: of the event.
        text: what happened.
        fraction: where in the animation it is first seen, 0..1.
    """

    kind: EventKind
    text: str
    fraction: float


@dataclass(frozen=True)
class TimeBarPanel(Panel):
    """A line that fills as the animation plays, with the run's events on it.

    Attributes:
        events: mark them, and name those for whose names there is room, the most important first.
    """

    kind: ClassVar[str] = "time"
    shows: ClassVar[Literal["recording", "study", "both"]] = "both"
    events: bool = True

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> tuple[Mark, ...]:
        """The events that the snapshots show, the most important first; see `Panel.measure`."""
        if not self.events:
            return ()
        shown = recording.steps[snapshots]
        marks = []
        for event in sorted(events(recording), key=lambda event: EVENT_KINDS.index(event.kind)):
            first = int(np.searchsorted(shown, event.step))
            if first < len(shown):
                marks.append(Mark(event.kind, event.text, first / max(len(shown) - 1, 1)))
        return tuple(marks)

    def attach(self, place: Place, measured: tuple[Mark, ...], theme: Theme) -> Paint:
        """See `Panel.attach`; the bar lies on the place's upper edge."""
        pt, y = place.pt, float(place.top)
        track, filled = Polylines(theme.faint, 3 * pt), Polylines(theme.ink, 3 * pt)
        track.lines = [np.array([[place.left, y], [place.right, y]])]
        goal, others = Polylines(theme.classes[1], 2 * pt), Polylines(theme.muted, 2 * pt)
        for ticks, is_goal in ((goal, True), (others, False)):
            xs = [place.left + mark.fraction * place.width for mark in measured if (mark.kind == "solved") == is_goal]
            ticks.lines = [np.array([[x, y - 5 * pt], [x, y + 5 * pt]]) for x in xs]

        def update(frame: Frame) -> None:
            x = place.left + frame.fraction * place.width
            filled.lines = [np.array([[place.left, y], [max(x, place.left + 0.01), y]])]

        names: list[Artist] = list(_names(place, measured, TextStyle(12.5 * pt, theme.muted)))
        return Paint((track, *names), (filled, others, goal), update)


def _names(place: Place, marks: tuple[Mark, ...], style: TextStyle) -> list[Label]:
    """Names below the bar, in order of importance, without those that would touch one that is there."""
    names: list[Label] = []
    taken: list[tuple[float, float]] = []
    for mark in marks:
        half = text_width_px(mark.text, style) / 2
        x = place.left + mark.fraction * place.width
        centre = max(min(x, place.right - half), place.left + half)
        gap = style.size_px
        if all(centre + half + gap <= left or right + gap <= centre - half for left, right in taken):
            taken.append((centre - half, centre + half))
            names.append(Label(centre, place.top - 18 * place.pt, style, mark.text, "center"))
    return names
