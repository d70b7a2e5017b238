"""The truth table with its outputs as bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.artists.rectangles import Rectangles
from xorviz.panels._base import Paint, Panel, require_binary
from xorviz.panels._points.markers import point_markers
from xorviz.panels.axes import TITLE_PT, tick_style
from xorviz.panels.ticks import linear_ticks, value_text, written
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_MOST_LABELLED = 32
_LEAST_TEXT_PT = 7.0
# Outputs that the limits are found from.
_MOST_VALUES = 1 << 19
_MOST_SNAPSHOTS = 200
_MOST_SHOWN = (-1.0, 2.0)


@dataclass(frozen=True)
class BarsMeasured:
    """What a table of bars shows.

    Attributes:
        recording: evaluated at every frame's snapshot.
        limits: lowest and highest output of the axis, the same for the whole animation.
        order (int64 array of shape (n_points,)): the points from the uppermost row down: as they are where there are
            few, else by target and then by the last output.
        title: what the bars are.
    """

    recording: Recording
    limits: tuple[float, float]
    order: NDArray[np.int64]
    title: str


@dataclass(frozen=True)
class BarsPanel(Panel):
    """Every point's inputs, and its current output as a bar toward a mark at its target.

    A bar has the colour of the class that the output speaks for, and a sign says whether that is right. More than 32
    points become rows without text; more than there are rows of pixels, an even choice of them.
    """

    kind: ClassVar[str] = "bars"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> BarsMeasured:
        """Find the order and the axis: 0..1, or up to -1..2 where outputs or targets leave it; see `Panel.measure`."""
        del snapshots
        require_binary(recording, self.kind)
        inputs, targets = recording.inputs, recording.targets
        n_points, n_outputs = targets.shape
        n_snapshots = min(max(_MOST_VALUES // n_points, 2), _MOST_SNAPSHOTS)
        some = even_choice(recording.n_snapshots, n_snapshots)
        outputs = recording.outputs(inputs, snapshot=some)[..., 0]
        values = np.append(outputs[np.isfinite(outputs)], targets[:, 0]).clip(*_MOST_SHOWN)
        order = np.arange(n_points) if n_points <= _MOST_LABELLED else np.lexsort((outputs[-1], targets[:, 0]))
        title = "output" if n_outputs == 1 else f"output 1 of {n_outputs}"
        return BarsMeasured(recording, (min(0.0, values.min()), max(1.0, values.max())), order, title)

    def attach(self, place: Place, measured: BarsMeasured, theme: Theme) -> Paint:
        """Rows with text, or thin ones without; see `Panel.attach`."""
        pitch = min(place.height / len(measured.order), 46 * place.pt)
        size = min(0.75 * pitch, 13.5 * place.pt, place.width / 16)
        if len(measured.order) > _MOST_LABELLED or size < _LEAST_TEXT_PT * place.pt:
            return _compressed(place, measured, theme)
        return _labelled(place, measured, theme, pitch, size)


def _labelled(place: Place, measured: BarsMeasured, theme: Theme, pitch: float, size: float) -> Paint:
    """A row of text, marker, bar, number and sign for every point."""
    recording = measured.recording
    inputs, targets = recording.inputs, recording.targets[:, 0]
    middles = place.top - pitch * np.arange(0.5, len(targets), dtype=np.float64)
    bases = middles - 0.34 * size
    columns, left = _inputs(place, inputs, bases, size, theme)
    strong = TextStyle(size, theme.ink, "Semibold")
    right = place.right - 1.4 * size
    slot = text_width_px("−0.00", strong) + 0.8 * size
    plot = Place(
        round(left + 1.9 * size), round(place.top - pitch * len(targets)), round(right - slot), place.top, place.pt
    )
    edges = np.stack([middles - 0.28 * pitch, middles + 0.28 * pitch], axis=-1).round()
    bars = _Bars(plot, measured.limits, edges, theme)
    bars.set_targets(targets, 0.1 * pitch)
    at = np.stack([np.full(len(targets), left + 0.7 * size), middles], axis=-1)
    markers = point_markers(np.floor(at) + 0.5, targets > 0.5, theme, 0.85 * size)
    numbers = [Label(right, y, strong, align="right") for y in bases]
    ticks = [Label(place.right, y, TextStyle(size, theme.muted), align="right") for y in bases]
    crosses = [Label(place.right, y, TextStyle(1.2 * size, theme.ink, "Bold"), align="right") for y in bases]

    def update(frame: Frame) -> None:
        outputs = recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
        bars.set_outputs(outputs)
        is_right = np.isfinite(outputs) & ((outputs > 0.5) == (targets > 0.5)) & (outputs != 0.5) & (targets != 0.5)
        for k, output in enumerate(outputs.tolist()):
            numbers[k].text = value_text(output)
            ticks[k].text, crosses[k].text = ("✓", "") if is_right[k] else ("", "×")

    static = (*columns, *_axis(plot, measured, theme), bars.tracks, *markers)
    return Paint(static, (*bars.moving, *numbers, *ticks, *crosses), update, "snapshot")


def _compressed(place: Place, measured: BarsMeasured, theme: Theme) -> Paint:
    """Rows of whole pixels without text, sorted, a marker beside the middle of each class."""
    pt, recording = place.pt, measured.recording
    n_rows, n_points = min(len(measured.order), place.height), len(measured.order)
    if n_rows < n_points:
        measured = replace(measured, title=f"{measured.title} at {n_rows} of {n_points:,} points")
    points = measured.order[np.linspace(0, n_points - 1, n_rows).round().astype(np.int64)]
    inputs, targets = recording.inputs[points], recording.targets[points, 0]
    plot = Place(place.left + round(18 * pt), place.bottom, place.right, place.top, pt)
    edges = np.round(place.top - place.height * np.stack([np.arange(1, n_rows + 1), np.arange(n_rows)], -1) / n_rows)
    bars = _Bars(plot, measured.limits, edges, theme)
    bars.set_targets(targets, 0.0)
    classes = np.unique(targets > 0.5)
    middles = [edges[(targets > 0.5) == a_class].mean() for a_class in classes]
    at = np.floor(np.stack([np.full(len(classes), place.left + 5 * pt), middles], axis=-1)) + 0.5

    def update(frame: Frame) -> None:
        bars.set_outputs(recording.outputs(inputs, snapshot=frame.snapshot)[:, 0])

    static = (*_axis(plot, measured, theme), bars.tracks, *point_markers(at, classes, theme, 11 * pt))
    return Paint(static, bars.moving, update, "snapshot")


class _Bars:
    """The bars of some rows.

    Args:
        plot: as wide as the axis.
        limits: values at its sides.
        edges (float64 array of shape (n_rows, 2)): lower and upper edge of each bar, in pixels.
        theme: colours.
    """

    def __init__(self, plot: Place, limits: tuple[float, float], edges: Array, theme: Theme) -> None:
        self._plot, self._limits, self._edges = plot, limits, edges
        self._by_class = [Rectangles(color) for color in theme.classes[:2]]
        self._targets = Polylines(theme.ink, 2.2 * plot.pt)
        half = Polylines(theme.boundary, 1.4 * plot.pt)
        half.lines = [np.array([[x, plot.bottom], [x, plot.top]]) for x in plot.x_px([0.5], limits)]
        self.tracks = Rectangles(theme.faint)
        self.tracks.boxes = self._boxes(np.ones(len(edges)))
        self.moving: tuple[Artist, ...] = (*self._by_class, half, self._targets)

    def _boxes(self, values: Array) -> Array:
        """From 0 to each value, or to the side it lies beyond; nothing where there is no value."""
        ends = np.clip(np.nan_to_num(values, nan=0.0), *self._limits)
        xs = self._plot.x_px(np.sort(np.stack([np.zeros(len(ends)), ends], axis=-1), axis=-1), self._limits)
        return np.stack([xs[:, 0], self._edges[:, 0], xs[:, 1], self._edges[:, 1]], axis=-1)

    def set_targets(self, targets: Array, out_px: float) -> None:
        """Mark these values (float64 array of shape (n_rows,)) by lines so much longer than a bar is high."""
        xs = self._plot.x_px(np.clip(targets, *self._limits), self._limits)
        low, high = self._edges[:, 0] - out_px, self._edges[:, 1] + out_px
        self._targets.lines = list(np.stack([np.stack([xs, low], -1), np.stack([xs, high], -1)], axis=1))

    def set_outputs(self, outputs: Array) -> None:
        """Show these values (float64 array of shape (n_rows,)), each in the colour of the class it speaks for."""
        boxes = self._boxes(outputs)
        for a_class, rectangles in enumerate(self._by_class):
            rectangles.boxes = boxes[(outputs > 0.5) == bool(a_class)]


def _inputs(place: Place, inputs: Array, bases: Array, size: float, theme: Theme) -> tuple[list[Artist], float]:
    """Columns of the inputs with their names, as many as take less than a third of the width; where they end."""
    pt, style = place.pt, TextStyle(size, theme.ink)
    head = TextStyle(0.88 * TITLE_PT * pt, theme.muted, "Semibold")
    artists: list[Artist] = []
    right = float(place.left)
    for k, values in enumerate(inputs.T):
        n_places = 0 if (values == values.round()).all() else 2
        texts, name = [value_text(float(value), n_places) for value in values], f"x{chr(ord('₁') + k)}"
        width = max(text_width_px(text, style) for text in texts)
        stop = right + max(width, text_width_px(name, head))
        if stop > place.left + place.width / 3:
            break
        artists.append(Label(stop, place.top + 9 * pt, head, name, "right"))
        artists += [Label(stop, y, style, text, "right") for y, text in zip(bases, texts, strict=True)]
        right = stop + 0.8 * size
    return artists, right


def _axis(plot: Place, measured: BarsMeasured, theme: Theme) -> list[Artist]:
    """Numbers below the bars, what they are above."""
    low, high = measured.limits
    ticks = [0.0, 0.5, 1.0] if (low, high) == (0.0, 1.0) else linear_ticks(low, high, 4).tolist()
    style, y = tick_style(plot, theme), plot.bottom - 17 * plot.pt
    title = Label(
        plot.left, plot.top + 9 * plot.pt, TextStyle(TITLE_PT * plot.pt, theme.ink, "Semibold"), measured.title
    )
    xs = plot.x_px(ticks, measured.limits)
    return [title, *(Label(x, y, style, written(tick), "center") for x, tick in zip(xs, ticks, strict=True))]
