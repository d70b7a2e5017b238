"""The title line of a study: what was swept, and how many runs are in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint
from xorviz.panels._sweep.study_panel import StudyPanel
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth
from xorviz.timing.timeline import Frame


@dataclass(frozen=True)
class StudyTitles:
    """What a title line says.

    Attributes:
        title: name of the problem.
        description: the network, loss and optimizer.
        points: how many settings are tried.
        n_runs (int64 array of shape (n_snapshots,)): runs in each state.
    """

    title: str
    description: str
    points: str
    n_runs: NDArray[np.int64]


@dataclass(frozen=True)
class StudyHeaderPanel(StudyPanel):
    """Title, description, points and runs.

    Attributes:
        title: shown instead of the problem's name.
    """

    kind: ClassVar[str] = "study"
    title: str = ""

    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> StudyTitles:
        """See `StudyPanel.measure_study`."""
        del snapshots
        n = growth.study.n_points
        points = f"{n:,} points" if n > 1 else "1 point"
        return StudyTitles(self.title or growth.title, growth.description, points, growth.steps)

    def attach(self, place: Place, measured: StudyTitles, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt = place.pt
        base = place.bottom + 0.5 * place.height - 6 * pt
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        runs = Label(place.right, base, big, align="right")
        right = place.right - max(text_width_px(f"{n:,}", big) for n in measured.n_runs[[0, -1]]) - 7 * pt
        artists: list[Artist] = [Label(right, base, big, "runs", "right")]
        right -= text_width_px("runs", big) + 26 * pt
        artists.append(Label(right, base, plain, measured.points, "right"))
        right -= text_width_px(measured.points, plain) + 20 * pt
        artists.append(Label(place.left, base, big, measured.title))
        left = place.left + text_width_px(measured.title, big) + 14 * pt
        if left + text_width_px(measured.description, plain) <= right:
            artists.append(Label(left, base, plain, measured.description))

        def update(frame: Frame) -> None:
            runs.text = f"{measured.n_runs[frame.snapshot]:,}"

        return Paint(tuple(artists), (runs,), update)
