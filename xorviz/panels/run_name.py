"""The name of one of several recordings, above its panels, and how many points it has right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, Panel
from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame


@dataclass(frozen=True)
class RunMeasured:
    """What is said of a run.

    Attributes:
        n_correct (int64 array of shape (n_snapshots,)): points on the right side of 0.5.
        n_points: how many there are.
        said: of each snapshot: ``"3/4"``, or of a regression ``"R² 0.93"``.
    """

    n_correct: NDArray[np.int64]
    n_points: int
    said: tuple[str, ...]


@dataclass(frozen=True)
class RunPanel(Panel):
    """Name of a run and the points it has right.

    Attributes:
        name: what the run is called.
    """

    kind: ClassVar[str] = "run"
    name: str = "run"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> RunMeasured:
        """See `Panel.measure`."""
        del snapshots
        n_correct, n_points = recording.n_correct(range(recording.n_snapshots)), len(recording.targets)
        if recording.task == "regression":
            scores = Scores(recording)
            said = tuple(scores.text(snapshot).split(",")[0] for snapshot in range(recording.n_snapshots))
        else:
            said = tuple(f"{n}/{n_points}" for n in n_correct.tolist())
        return RunMeasured(n_correct, n_points, said)

    def attach(self, place: Place, measured: RunMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the text stands in."""
        pt, base = place.pt, place.bottom + 6 * place.pt
        big, plain = TextStyle(14 * pt, theme.ink, "Semibold"), TextStyle(13 * pt, theme.muted)
        done = TextStyle(13 * pt, theme.class_texts[1], "Bold")
        name = Label(place.left, base, big, self.name)
        correct = Label(place.left + text_width_px(self.name, big) + 8 * pt, base, plain)

        def update(frame: Frame) -> None:
            n_correct = measured.n_correct[frame.snapshot]
            correct.text = measured.said[frame.snapshot]
            correct.style = done if n_correct == measured.n_points else plain

        return Paint((name,), (correct,), update, "snapshot")
