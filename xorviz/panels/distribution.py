"""How parameters, gradients, activations or outputs are spread, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.silhouette import Silhouette
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel, require_binary, require_network
from xorviz.panels._distribution.labels import distribution_labels
from xorviz.panels._distribution.profiles import Axis, limits_of_columns, n_rows_for, tallest
from xorviz.panels._distribution.value_columns import ValueColumns, value_columns
from xorviz.panels._reading import Array
from xorviz.panels._tones import toned
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_MOST_TICKS = 24
_FILL = 0.45
_GAP_PT, _TICK_PT = 18.0, 8.0


@dataclass(frozen=True)
class DistributionMeasured:
    """What a distribution shows.

    Attributes:
        columns: where each frame's values are read.
        axis: limits and rows, the same for the whole animation.
        tallest: the share of a row that fills a column's width; more is drawn as wide.
        tails: whether values of the run lie below and above the limits.
    """

    columns: ValueColumns
    axis: Axis
    tallest: float
    tails: tuple[bool, bool]


@dataclass(frozen=True)
class DistributionPanel(Panel):
    """Values along a vertical axis, a column a layer; of outputs a column a class of targets.

    A column's width is the share of its values that lie there. Few values are drawn as ticks as well.

    Attributes:
        of: ``"parameters"``, ``"gradients"``, ``"activations"`` of every unit at the training points, or ``"outputs"``,
            the first output at these.
        style: ``"histogram"``, or ``"violin"``, a smooth density and its mirror image.
    """

    kind: ClassVar[str] = "distribution"
    of: Literal["parameters", "gradients", "activations", "outputs"] = "parameters"
    style: Literal["histogram", "violin"] = "histogram"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> DistributionMeasured:
        """Find limits and bins in an even choice of the recording's snapshots; see `Panel.measure`."""
        del snapshots
        if self.of == "outputs":
            require_binary(recording, self.kind)
        if self.of in ("parameters", "gradients"):
            require_network(recording, self.kind)
        if self.of == "activations" and not recording.model.layer_names:
            raise UsageError(
                "panel 'distribution' must have hidden layers for 'activations'; the recording of "
                f"{recording.model.describe()} has none. Record with layers=[\"name\"], or take 'outputs'."
            )
        columns, is_smooth = value_columns(recording, self.of), self.style == "violin"
        sampled = columns.sampled()
        including = (0.0, 1.0) if self.of == "outputs" else ()
        limits = limits_of_columns(sampled, is_smooth=is_smooth, including=including)
        n_most = max(len(values) for values in sampled[0])
        return _measured(columns, Axis(limits, n_rows_for(n_most, is_smooth=is_smooth), is_smooth), sampled)

    def together(self, measured: Sequence[DistributionMeasured]) -> Sequence[DistributionMeasured]:
        """One axis, and one share that fills a column; see `Panel.together`."""
        lows, highs = zip(*(one.axis.limits for one in measured), strict=True)
        n_rows = max(one.axis.n_rows for one in measured)
        axis = Axis((min(lows), max(highs)), n_rows, measured[0].axis.is_smooth)
        anew = [_measured(one.columns, axis, one.columns.sampled()) for one in measured]
        return [replace(one, tallest=max(other.tallest for other in anew)) for one in anew]

    def attach(self, place: Place, measured: DistributionMeasured, theme: Theme) -> Paint:
        """A silhouette and ticks for each column; see `Panel.attach`."""
        columns, axis, pt = measured.columns, measured.axis, place.pt
        edges = column_edges_px(place, len(columns.names))
        shapes = [Silhouette(toned(theme, *tone), alpha=_FILL, edge_px=1.4 * pt) for tone in columns.tones]
        ticks = Polylines(theme.ink, 1.6 * pt)
        is_mirrored = self.style == "violin"

        def update(frame: Frame) -> None:
            lines: list[Array] = []
            for shape, values, (left, right) in zip(shapes, columns.values(frame.snapshot), edges, strict=True):
                widths = np.minimum(axis.profile(values) / measured.tallest, 1.0) * (right - left)
                middle = (left + right) / 2 if is_mirrored else left
                shape.vertices = _violin(place, middle, widths) if is_mirrored else _stairs(place, middle, widths)
                if len(values) <= _MOST_TICKS:
                    first = middle - _TICK_PT * pt * (0.5 if is_mirrored else 1.0)
                    ys = np.clip(place.y_px(values, axis.limits), place.bottom, place.top)
                    lines += [np.array([[first, y], [first + _TICK_PT * pt, y]]) for y in ys]
            ticks.lines = lines

        labels = distribution_labels(place, measured.tails, axis.limits, columns, edges, theme, mirrored=is_mirrored)
        return Paint(tuple(labels), (*shapes, ticks), update, "snapshot")


def column_edges_px(place: Place, n_columns: int) -> list[tuple[float, float]]:
    """Left and right edge of each column in pixels, a gap before each."""
    gap = min(_GAP_PT * place.pt, 0.3 * place.width / n_columns)
    width = place.width / n_columns - gap
    return [(place.left + gap + k * (width + gap), place.left + (k + 1) * (width + gap)) for k in range(n_columns)]


def _measured(columns: ValueColumns, axis: Axis, sampled: Sequence[Sequence[Array]]) -> DistributionMeasured:
    """With what follows from an axis."""
    low, high = axis.limits
    every = [values for columns_then in sampled for values in columns_then]
    tails = (any((values < low).any() for values in every), any((values > high).any() for values in every))
    return DistributionMeasured(columns, axis, tallest(axis, sampled), tails)


def _stairs(place: Place, left: float, widths: Array) -> Array:
    """Outline of a histogram that stands on a vertical line: float64 array of shape (n, 2)."""
    heights = np.linspace(place.bottom, place.top, len(widths) + 1)
    xs = left + np.concatenate([[0.0], np.repeat(widths, 2), [0.0]])
    return np.stack([xs, np.repeat(heights, 2)], axis=-1)


def _violin(place: Place, middle: float, widths: Array) -> Array:
    """Outline of a density and its mirror image about a vertical line: float64 array of shape (n, 2)."""
    rows = (np.arange(len(widths)) + 0.5) / len(widths) * place.height + place.bottom
    sides = (np.stack([middle + widths / 2, rows], axis=-1), np.stack([middle - widths / 2, rows], axis=-1)[::-1])
    return np.concatenate([*sides, sides[0][:1]])
