"""The title line of several recordings: what they have in common, and how many have learned it by now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.panels._base import Paint, RunsPanel
from xorviz.panels._words.readings import Readings
from xorviz.panels._words.template import Piece, pieces_of
from xorviz.panels._words.text_line import TextLine, fitted
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.alignment import steps_an_epoch
from xorviz.timing.timeline import Frame


@dataclass(frozen=True)
class Summary:
    """What is said of several runs, frame by frame.

    Attributes:
        readings: of all runs together, with a frame where one run's readings have a snapshot: title and description
            if they are the same, the step of the run that has gone furthest, the median of the losses, and, for
            points, runs: how many have every point correct, of how many.
        what: ``"seeds"`` where nothing else tells the runs apart, else ``"runs"``.
        n_points: points of each; of the first run where they differ; 0 of regressions, of which none is correct.
    """

    readings: Readings
    what: str
    n_points: int

    @property
    def goal(self) -> str:
        """What is counted."""
        return f"of {self.readings.n_points} {self.what} reach {self.n_points}/{self.n_points}"

    @property
    def stuck(self) -> tuple[str, int]:
        """Who never gets there, in words, and the frame from which that is settled; no words where all do."""
        reached, n = self.readings.n_correct, self.readings.n_points
        never = n - int(reached.max())
        return f"{never} of {n} stuck" if never else "", int(reached.argmax())


@dataclass(frozen=True)
class SummaryPanel(RunsPanel):
    """Title, and how many of the runs have every point right.

    Attributes:
        title: shown instead of the recordings' own title; with variables in braces as in a caption, of which
            ``{correct}`` counts runs with every point correct and ``{n}`` runs, and ``{loss}`` is the runs' median.
            What it says is not said again on the right.
    """

    kind: ClassVar[str] = "summary"
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse variables that do not exist."""
        pieces_of(self.title, argument="title")

    def measure_runs(self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]) -> Summary:
        """See `RunsPanel.measure_runs`."""
        pairs = list(zip(recordings, snapshots, strict=True))
        title = _common(run.title for run in recordings)
        description = _common(run.description for run in recordings)
        n_seeds = len({run.seed for run in recordings})
        read = Readings(
            title,
            description,
            recordings[0].seed if n_seeds == 1 else None,
            np.max([run.steps[shown] for run, shown in pairs], axis=0),
            np.max([run.steps[shown] // steps_an_epoch(run) for run, shown in pairs], axis=0),
            np.median([run.snapshot_losses[shown] for run, shown in pairs], axis=0),
            np.sum([run.n_correct(shown) == len(run.targets) for run, shown in pairs], axis=0),
            len(recordings),
        )
        is_seeds = bool(title and description) and n_seeds == len(recordings)
        counts = any(run.task != "regression" for run in recordings)
        return Summary(read, "seeds" if is_seeds else "runs", len(recordings[0].targets) if counts else 0)

    def attach(self, place: Place, measured: Summary, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt, read = place.pt, measured.readings
        pieces = pieces_of(self.title, argument="title") or (Piece(name="title"),)
        said = {piece.name for piece in pieces} | ({"correct"} if measured.n_points == 0 else set())
        base, right = place.bottom + 0.5 * place.height - 6 * pt, float(place.right)
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        static: list[Artist] = []
        step, count = Label(right, base, big, align="right"), Label(0.0, base, big, align="right")
        if "step" not in said:
            right -= max(text_width_px(f"{number:,}", big) for number in read.steps[[0, -1]]) + 7 * pt
            static.append(Label(right, base, big, "step", "right"))
            right -= text_width_px("step", big) + 26 * pt
        if "correct" not in said:
            static.append(Label(right, base, plain, measured.goal, "right"))
            count.x_px = right - text_width_px(measured.goal, plain) - 6 * pt
            right = count.x_px - text_width_px(str(read.n_points), big) - 26 * pt
        (never, settled), done = measured.stuck, TextStyle(15.5 * pt, theme.class_texts[1], "Semibold")
        stuck = Label(right, base, done, align="right")
        if "correct" not in said and never:
            right -= text_width_px(never, done) + 26 * pt
        line = TextLine(pieces, read)
        style = fitted([line], big, right - place.left, pt)
        still, moving, move = line.labels(place.left, base, style)
        left = place.left + line.width_px(style) + 14 * pt
        if "description" not in said and left + text_width_px(read.description, plain) <= right:
            still.append(Label(left, base, plain, read.description))

        def update(frame: Frame) -> None:
            step.text = f"{read.steps[frame.index]:,}" if "step" not in said else ""
            count.text = str(read.n_correct[frame.index]) if "correct" not in said else ""
            stuck.text = never if "correct" not in said and frame.index >= settled else ""
            move(replace(frame, snapshot=frame.index))

        return Paint((*static, *still), (step, count, stuck, *moving), update)


def _common(values: Iterable[str]) -> str:
    """What all say; nothing where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""
