"""How far the animation has played, and where on the way the run's events lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame


@dataclass(frozen=True)
class Event:
    """Something that happened during the run.

    Attributes:
        text: what.
        fraction: where in the animation it is first seen, 0..1.
    """

    text: str
    fraction: float


@dataclass(frozen=True)
class TimeBarPanel(Panel):
    """A line that fills as the animation plays, with the run's events on it.

    Attributes:
        events: mark them.
    """

    kind: ClassVar[str] = "time"
    events: bool = True

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> tuple[Event, ...]:
        """When all points are correct for good, and when the run diverges; see `Panel.measure`."""
        if not self.events:
            return ()
        shown = recording.steps[snapshots]
        n_points = len(recording.targets)
        happened = [
            (f"{n_points}/{n_points} correct from step {recording.solved_at or 0:,}", recording.solved_at),
            (f"diverged at step {recording.diverged_at or 0:,}", recording.diverged_at),
        ]
        events = []
        for text, step in happened:
            if step is not None:
                first = min(int(np.searchsorted(shown, step)), len(shown) - 1)
                events.append(Event(text, first / max(len(shown) - 1, 1)))
        return tuple(events)

    def attach(self, place: Place, measured: tuple[Event, ...], theme: Theme) -> Paint:
        """See `Panel.attach`; the bar lies on the place's upper edge."""
        pt, y = place.pt, float(place.top)
        track, filled = Polylines(theme.faint, 3 * pt), Polylines(theme.ink, 3 * pt)
        track.lines = [np.array([[place.left, y], [place.right, y]])]
        static: list[Artist] = [track]
        ticks = Polylines(theme.classes[1], 2 * pt)
        ticks.lines = []
        style = TextStyle(12.5 * pt, theme.muted)
        for event in measured:
            x = place.left + event.fraction * place.width
            ticks.lines.append(np.array([[x, y - 5 * pt], [x, y + 5 * pt]]))
            half = text_width_px(event.text, style) / 2
            centre = min(max(x, place.left + half), place.right - half)
            static.append(Label(centre, y - 18 * pt, style, event.text, "center"))

        def update(frame: Frame) -> None:
            x = place.left + frame.fraction * place.width
            filled.lines = [np.array([[place.left, y], [max(x, place.left + 0.01), y]])]

        return Paint(tuple(static), (filled, ticks), update)
