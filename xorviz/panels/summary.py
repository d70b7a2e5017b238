"""The title line of several recordings: what they have in common, and how many have learned it by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, RunsPanel
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame


@dataclass(frozen=True)
class Summary:
    """What is said of several runs, frame by frame.

    Attributes:
        title: of the problem, if it is the same.
        description: the network, loss and optimizer, if they are the same.
        what: ``"seeds"`` where nothing else tells the runs apart, else ``"runs"``.
        n_runs: how many there are.
        n_points: points of each; of the first run where they differ.
        n_solved (int64 array of shape (n_frames,)): runs with every point correct.
        steps (int64 array of shape (n_frames,)): step of the run that has gone furthest.
    """

    title: str
    description: str
    what: str
    n_runs: int
    n_points: int
    n_solved: NDArray[np.int64]
    steps: NDArray[np.int64]

    @property
    def goal(self) -> str:
        """What is counted."""
        return f"of {self.n_runs} {self.what} reach {self.n_points}/{self.n_points}"


@dataclass(frozen=True)
class SummaryPanel(RunsPanel):
    """Title, and how many of the runs have every point right.

    Attributes:
        title: shown instead of the recordings' own title.
    """

    kind: ClassVar[str] = "summary"
    title: str = ""

    def measure_runs(self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]) -> Summary:
        """See `RunsPanel.measure_runs`."""
        titles = {recording.title for recording in recordings}
        descriptions = {recording.description for recording in recordings}
        pairs = list(zip(recordings, snapshots, strict=True))
        solved = [run.n_correct(shown) == len(run.targets) for run, shown in pairs]
        seeds = {recording.seed for recording in recordings}
        same = len(titles) == len(descriptions) == 1
        return Summary(
            titles.pop() if len(titles) == 1 else "",
            descriptions.pop() if len(descriptions) == 1 else "",
            "seeds" if same and len(seeds) == len(recordings) else "runs",
            len(recordings),
            len(recordings[0].targets),
            np.sum(solved, axis=0),
            np.max([run.steps[shown] for run, shown in pairs], axis=0),
        )

    def attach(self, place: Place, measured: Summary, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt = place.pt
        base = place.bottom + 0.5 * place.height - 6 * pt
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        step_slot = max(text_width_px(f"{step:,}", big) for step in measured.steps[[0, -1]])
        step = Label(place.right, base, big, align="right")
        right = place.right - step_slot - 7 * pt
        static: list[Artist] = [Label(right, base, big, "step", "right")]
        right -= text_width_px("step", big) + 26 * pt
        static.append(Label(right, base, plain, measured.goal, "right"))
        right -= text_width_px(measured.goal, plain) + 6 * pt
        count = Label(right, base, big, align="right")
        right -= text_width_px(str(measured.n_runs), big) + 26 * pt
        title = self.title or measured.title
        static.append(Label(place.left, base, big, title))
        left = place.left + text_width_px(title, big) + 14 * pt
        if left + text_width_px(measured.description, plain) <= right:
            static.append(Label(left, base, plain, measured.description))

        def update(frame: Frame) -> None:
            step.text = f"{measured.steps[frame.index]:,}"
            count.text = str(measured.n_solved[frame.index])

        return Paint(tuple(static), (step, count), update)
