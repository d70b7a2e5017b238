"""What a network of one input says: its outputs as curves over the input, moving through the data points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel
from xorviz.panels._plane.input_plane import to_px
from xorviz.panels._points.data import all_inputs, all_targets
from xorviz.panels._points.legend import legend
from xorviz.panels._points.markers import DataMarkers
from xorviz.panels.axes import TITLE_PT, frame_lines, grid_lines, tick_labels
from xorviz.panels.ticks import linear_ticks
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_N_ALONG = 401
_SAMPLED_SNAPSHOTS = 40
_MARGIN, _MOST_BEYOND = 0.08, 0.35
_MANY_POINTS = 150
_FARTHEST_PX = 1e5


@dataclass(frozen=True)
class CurveMeasured:
    """What curves over an input show.

    Attributes:
        recording: evaluated at every frame's snapshot.
        bounds: limits of the input, limits of the output; the same for the whole animation.
        along (float64 array of shape (n_along,)): values of the input, in its own units.
        inputs (float64 array of shape (n_along, 1)): what the network is given there.
    """

    recording: Recording
    bounds: Bounds
    along: Array
    inputs: Array

    def curves(self, snapshot: int) -> Array:
        """The outputs along the input: float64 array of shape (n_along, n_outputs)."""
        return self.recording.outputs(self.inputs, snapshot=snapshot)


@dataclass(frozen=True)
class CurvePanel(Panel):
    """The outputs over the only input, the data points, and, of a regression, their residuals.

    The curve that the run started with stays, faint. Of classes the height is the output: a point
    stands at its target, and of several classes every one has a curve in its accent.

    Attributes:
        residuals: draw a line from each point of a regression to the curve.
        start: keep the first curve, faintly.
    """

    kind: ClassVar[str] = "curve"
    residuals: bool = True
    start: bool = True

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> CurveMeasured:
        """Find the limits of the output; see `Panel.measure`.

        Raises:
            UsageError: the network has more than one input.
        """
        del snapshots
        n_inputs = recording.inputs.shape[1]
        if n_inputs != 1:
            raise UsageError(
                f"panel 'curve' must have a network with 1 input to draw; got {n_inputs} inputs. "
                "Choose panel 'field' instead."
            )
        (low, high), _ = recording.bounds
        along = np.linspace(low, high, _N_ALONG)
        inputs = recording.plane.inputs(np.stack([along, np.zeros_like(along)], axis=-1))
        targets = all_targets(recording)
        least, most = (float(targets.min()), float(targets.max())) if recording.task == "regression" else (0.0, 1.0)
        span = (most - least) or 1.0
        some = even_choice(recording.n_snapshots, _SAMPLED_SNAPSHOTS)
        outputs = recording.outputs(inputs, snapshot=some)
        outputs = np.clip(outputs[np.isfinite(outputs)], least - _MOST_BEYOND * span, most + _MOST_BEYOND * span)
        least, most = float(outputs.min(initial=least)), float(outputs.max(initial=most))
        margin = _MARGIN * (most - least or 1.0)
        return CurveMeasured(recording, ((low, high), (least - margin, most + margin)), along, inputs)

    def together(self, measured: Sequence[CurveMeasured]) -> Sequence[CurveMeasured]:
        """Common limits; see `Panel.together`."""
        limits = np.array([one.bounds for one in measured])
        lows, highs = limits[..., 0].min(axis=0).tolist(), limits[..., 1].max(axis=0).tolist()
        return [replace(one, bounds=((lows[0], highs[0]), (lows[1], highs[1]))) for one in measured]

    def attach(self, place: Place, measured: CurveMeasured, theme: Theme) -> Paint:
        """Axes, first curve, residuals, points, curves; see `Panel.attach`."""
        recording, bounds, pt = measured.recording, measured.bounds, place.pt
        inputs, plane = all_inputs(recording), recording.plane
        at = plane.coordinates(inputs)[:, 0]
        heights = _heights(recording)
        points = to_px(place, bounds, np.stack([at, heights], axis=-1))
        size_pt = 9.0 if len(inputs) <= _MANY_POINTS else 7.0
        markers = DataMarkers(recording, theme, size_pt * pt, by_value=False)
        markers.move(points)
        n_outputs = recording.targets.shape[1]
        colors = theme.classes[:n_outputs] if recording.task == "multiclass" else (theme.ink,) * n_outputs
        curves = [ClippedLines(place.box_px, color, 3.0 * pt) for color in colors]
        firsts = [ClippedLines(place.box_px, color, 1.6 * pt, alpha=0.3) for color in colors]
        leads = ClippedLines(place.box_px, theme.muted, 1.1 * pt, alpha=0.75)
        has_residuals = self.residuals and recording.task == "regression"

        def lines_at(snapshot: int) -> list[Array]:
            outputs = measured.curves(snapshot)
            flat = [to_px(place, bounds, np.stack([measured.along, column], axis=-1)) for column in outputs.T]
            return [np.clip(line, -_FARTHEST_PX, _FARTHEST_PX) for line in flat]

        if self.start:
            for first, line in zip(firsts, lines_at(0), strict=True):
                first.lines = [line]

        def update(frame: Frame) -> None:
            for curve, line in zip(curves, lines_at(frame.snapshot), strict=True):
                curve.lines = [line]
            if has_residuals:
                said = recording.outputs(inputs, snapshot=frame.snapshot)[:, 0]
                ends = np.clip(to_px(place, bounds, np.stack([at, said], axis=-1)), -_FARTHEST_PX, _FARTHEST_PX)
                leads.lines = list(np.stack([points, ends], axis=1))

        static = [*_axes(place, measured, theme), *(firsts if self.start else [])]
        below: list[Artist] = [leads] if has_residuals else []
        return Paint(tuple(static), (*below, *markers.artists, *curves), update, "snapshot")


def _heights(recording: Recording) -> Array:
    """Where points stand: at their targets; those of several classes at 1, on the curve of their own class."""
    targets = all_targets(recording)
    return np.ones(len(targets)) if recording.task == "multiclass" else targets[:, 0]


def _axes(place: Place, measured: CurveMeasured, theme: Theme) -> list[Artist]:
    """Frame, grid, ticks, the names of input and output, the line of 0.5 between two classes, the legend."""
    recording, bounds, pt = measured.recording, measured.bounds, place.pt
    ticks = (
        linear_ticks(*bounds[0], max(int(place.width / (90 * pt)), 2)),
        linear_ticks(*bounds[1], max(int(place.height / (48 * pt)), 2)),
    )
    title = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    name = recording.target_name if recording.task == "regression" else "output"
    artists: list[Artist] = [
        grid_lines(place, place.y_px(ticks[1], bounds[1]), theme),
        frame_lines(place, theme),
        *tick_labels(place, bounds, ticks, theme, (recording.plane.names[0], "")),
    ]
    if recording.task == "binary":
        half = Polylines(theme.muted, 1.2 * pt)
        half.lines = [np.array([[place.left, y], [place.right, y]]) for y in place.y_px([0.5], bounds[1])]
        artists.append(half)
    shown = legend(place, recording, theme, right_px=place.right)
    if shown and recording.task != "regression":
        return [*artists, *shown]
    artists.append(Label(place.left, place.top + 9 * pt, title, name or "output"))
    if len(recording.validation_inputs):
        style = TextStyle(0.88 * TITLE_PT * pt, theme.muted)
        artists.append(Label(place.right, place.top + 9 * pt, style, "hollow: validation", "right"))
    return artists
