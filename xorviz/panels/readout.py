"""The truth table with the current outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, require_binary
from xorviz.panels._points.markers import point_markers
from xorviz.panels.axes import TITLE_PT
from xorviz.panels.ticks import loss_text, value_text, written
from xorviz.problems.planes import input_names
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_MOST_ROWS = 16


@dataclass(frozen=True)
class TableMeasured:
    """What a truth table shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        columns: heads of the columns: inputs, target, output.
    """

    recording: Recording
    columns: tuple[str, ...]


@dataclass(frozen=True)
class ReadoutPanel(Panel):
    """Every point's inputs, target and current output, with the step and the loss below.

    Attributes:
        n_places: decimal places of the outputs.
    """

    kind: ClassVar[str] = "readout"
    n_places: Annotated[int, msgspec.Meta(ge=0, le=12)] = 3

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TableMeasured:
        """See `Panel.measure`.

        Raises:
            UsageError: more points than a table can show, several classes, or a regression.
        """
        del snapshots
        require_binary(recording, self.kind)
        n_points = len(recording.inputs)
        if n_points > _MOST_ROWS:
            raise UsageError(f"panel 'readout' must have at most {_MOST_ROWS} points to list; got {n_points}.")
        return TableMeasured(recording, (*input_names(recording.inputs.shape[1]), "target", "output"))

    def attach(self, place: Place, measured: TableMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        recording, pt = measured.recording, place.pt
        inputs, targets = recording.inputs, recording.targets[:, 0]
        n_rows = len(inputs) + 2
        pitch = min(place.height / n_rows, 34 * pt)
        size = min(0.55 * pitch, TITLE_PT * 1.15 * pt)
        head, cell = TextStyle(size * 0.9, theme.muted, "Semibold"), TextStyle(size, theme.ink)
        strong = TextStyle(size, theme.ink, "Semibold")
        right = place.left + (np.arange(len(measured.columns)) + 1.0) * place.width / len(measured.columns)
        bases = place.top - pitch * (np.arange(n_rows) + 0.7)
        static: list[Artist] = [
            Label(x, bases[0], head, name, "right") for x, name in zip(right, measured.columns, strict=True)
        ]
        rules = Polylines(theme.faint, pt)
        rules.lines = [np.array([[place.left, y], [place.right, y]]) for y in bases[[0, len(inputs)]] - 0.3 * pitch]
        static.append(rules)
        outputs = []
        for row, (values, target) in enumerate(zip(inputs, targets, strict=True), start=1):
            texts = [*(written(float(value)) for value in values), written(float(target))]
            static += [Label(x, bases[row], cell, text, "right") for x, text in zip(right, texts, strict=False)]
            outputs.append(Label(right[-1], bases[row], strong, align="right"))
        at = np.stack([np.full(len(inputs), right[-2] - 2.4 * size), bases[1:-1] + 0.33 * size], axis=-1)
        static += point_markers(at, targets > 0.5, theme, 0.75 * size)
        step = Label(place.left, bases[-1], strong)
        loss = Label(place.right, bases[-1], strong, align="right")

        def update(frame: Frame) -> None:
            current = recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
            for label, output in zip(outputs, current, strict=True):
                label.text = value_text(float(output), self.n_places)
            step.text = f"step {recording.steps[frame.snapshot]:,}"
            loss.text = f"loss {loss_text(float(recording.snapshot_losses[frame.snapshot]))}"

        return Paint(tuple(static), (*outputs, step, loss), update, "snapshot")
