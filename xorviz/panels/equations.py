"""One point's way through the network and back, written out with the current numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, require_network
from xorviz.panels._equations.passes import LayerPass, passes
from xorviz.panels._equations.table import EquationTable
from xorviz.panels._points.markers import point_markers
from xorviz.panels.axes import TITLE_PT
from xorviz.panels.ticks import written
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_MOST_WIDTH, _MOST_UNITS = 4, 8


@dataclass(frozen=True)
class EquationsMeasured:
    """What the equations show.

    Attributes:
        recording: whose parameters are written.
        point: index of the data point, from 0.
    """

    recording: Recording
    point: int

    def passes(self, snapshot: int) -> list[LayerPass]:
        """The numbers of one snapshot, the first hidden layer first."""
        recording = self.recording
        return passes(
            recording.network,
            recording.objective,
            recording.parameter_vectors([snapshot])[0],
            recording.inputs[self.point],
            recording.targets[self.point],
        )


@dataclass(frozen=True)
class EquationsPanel(Panel):
    """Forward and backward pass of one data point: sums, activations, loss, deltas, gradients.

    In the backward half the derivative by a number stands in the column of that number. It is the derivative of this
    point's loss, whatever the run sums or averages over its points.

    Attributes:
        point: index of the data point; negative ones count from the end.
        n_places: decimal places of the forward pass; the backward pass has one more.
    """

    kind: ClassVar[str] = "equations"
    point: int = -1
    n_places: Annotated[int, msgspec.Meta(ge=1, le=6)] = 2

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> EquationsMeasured:
        """See `Panel.measure`.

        Raises:
            UsageError: a network that is too large to be written out, or no such point.
        """
        del snapshots
        require_network(recording, self.kind)
        widths, n_points = recording.network.widths, len(recording.inputs)
        if max(widths) > _MOST_WIDTH or sum(widths[1:]) > _MOST_UNITS:
            raise UsageError(
                f"panel 'equations' must have a network of at most {_MOST_WIDTH} inputs or units a layer and "
                f"{_MOST_UNITS} units in all to write out; got {'–'.join(map(str, widths))}. "
                "Choose panel 'network' or 'readout' instead."
            )
        if recording.network.activations[-1] == "softmax" and not recording.objective.is_canonical:
            raise UsageError(
                "panel 'equations' must have loss 'categorical_cross_entropy' for a softmax; got "
                f"{recording.objective.kind!r}, where every unit's delta depends on all of them."
            )
        if not -n_points <= self.point < n_points:
            allowed = f"from {-n_points} to {n_points - 1}"
            raise UsageError(f"panel 'equations' must have a point {allowed}; got {self.point}.")
        return EquationsMeasured(recording, self.point % n_points)

    def attach(self, place: Place, measured: EquationsMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        recording, point = measured.recording, measured.point
        table = EquationTable(
            recording.network, recording.objective, recording.targets[point], place, theme, n_places=self.n_places
        )
        of_point = point_label(recording.inputs[point], recording.targets[point], place, theme)

        def update(frame: Frame) -> None:
            with np.errstate(all="ignore"):
                table.write(measured.passes(frame.snapshot))

        return Paint((*table.static, *of_point), tuple(table.numbers), update, "snapshot")


def point_label(inputs: Array, targets: Array, place: Place, theme: Theme) -> list[Artist]:
    """Which point it is, above the place on the right: its marker, inputs and targets."""
    style = TextStyle(0.88 * TITLE_PT * place.pt, theme.muted)
    x, y = (", ".join(written(round(float(value), 3)) for value in values) for values in (inputs, targets))
    text = f"x = ({x})   y = {y}" if len(targets) == 1 else f"x = ({x})   y = ({y})"
    base = place.top + 9 * place.pt
    left = place.right - text_width_px(text, style)
    at = np.array([[left - 10 * place.pt, base + 0.32 * style.size_px]])
    markers = point_markers(at, targets[:1] > 0.5, theme, 9 * place.pt)
    return [Label(place.right, base, style, text, "right"), *markers]
