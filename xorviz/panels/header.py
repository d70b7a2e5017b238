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
from xorviz.panels.ticks import loss_text
from xorviz.recording import Recording
from xorviz.themes import Theme
from xorviz.timeline import Frame


@dataclass(frozen=True)
class Readings:
    """The numbers that a frame states in words.

    Attributes:
        title: name of the problem.
        description: the network, loss and optimizer in a few words.
        steps (int64 array of shape (n_snapshots,)): step of each snapshot.
        losses (float64 array of shape (n_snapshots,)): loss of each snapshot.
        n_correct (int64 array of shape (n_snapshots,)): points on the right side of 0.5.
        n_points: how many there are.
        diverged_at: first step with a non-finite loss, or None.
    """

    title: str
    description: str
    steps: NDArray[np.int64]
    losses: NDArray[np.float64]
    n_correct: NDArray[np.int64]
    n_points: int
    diverged_at: int | None


def readings(recording: Recording) -> Readings:
    """The numbers of every snapshot."""
    return Readings(
        recording.title,
        recording.description,
        recording.steps,
        recording.snapshot_losses,
        recording.n_correct(range(len(recording.steps))),
        len(recording.targets),
        recording.diverged_at,
    )


@dataclass(frozen=True)
class HeaderPanel(Panel):
    """Title and description; points correct, loss and step in slots that do not move.

    Attributes:
        title: shown instead of the recording's own title.
    """

    kind: ClassVar[str] = "header"
    title: str = ""

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Readings:
        """See `Panel.measure`."""
        del snapshots
        return readings(recording)

    def attach(self, place: Place, measured: Readings, theme: Theme) -> Paint:
        """See `Panel.attach`; the place is the line that the baseline of the text is centred in."""
        pt = place.pt
        base = place.bottom + 0.5 * place.height - 6 * pt
        big, plain = TextStyle(23 * pt, theme.ink, "Bold"), TextStyle(15.5 * pt, theme.muted)
        done = TextStyle(15.5 * pt, theme.class_texts[1], "Semibold")
        static: list[Artist] = []
        step_slot = max(text_width_px(f"{step:,}", big) for step in measured.steps[[0, -1]])
        loss_texts = [loss_text(loss) for loss in measured.losses]
        loss_slot = max(text_width_px(text, plain) for text in set(loss_texts))
        step = Label(place.right, base, big, align="right")
        right = place.right - step_slot - 7 * pt
        static.append(Label(right, base, big, "step", "right"))
        right -= text_width_px("step", big) + 26 * pt
        loss = Label(right, base, plain, align="right")
        right -= loss_slot + 6 * pt
        static.append(Label(right, base, plain, "loss", "right"))
        right -= text_width_px("loss", plain) + 26 * pt
        correct = Label(right, base, plain, align="right")
        right -= text_width_px(f"{measured.n_points}/{measured.n_points} correct", done)
        title = _shortened(self.title or measured.title, big, right - 20 * pt - place.left)
        static.append(Label(place.left, base, big, title))
        left = place.left + text_width_px(title, big) + 14 * pt
        if left + text_width_px(measured.description, plain) + 20 * pt <= right:
            static.append(Label(left, base, plain, measured.description))

        def update(frame: Frame) -> None:
            n_correct = measured.n_correct[frame.snapshot]
            step.text = f"{measured.steps[frame.snapshot]:,}"
            loss.text = loss_texts[frame.snapshot]
            correct.text = f"{n_correct}/{measured.n_points} correct"
            correct.style = done if n_correct == measured.n_points else plain

        return Paint(tuple(static), (step, loss, correct), update)


def _shortened(text: str, style: TextStyle, width_px: float) -> str:
    """As much of a text as fits, with an ellipsis where some is missing."""
    if text_width_px(text, style) <= width_px:
        return text
    while text and text_width_px(f"{text}…", style) > width_px:
        text = text[:-1].rstrip()
    return f"{text}…" if text else ""
