"""How the runs of each point are spread, as an image: the mean hides that runs end on separate shelves of loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint
from xorviz.panels._sweep.furniture import Limits, furniture, value_axis, value_px
from xorviz.panels._sweep.setting_axis import Curve, SettingAxis
from xorviz.panels._sweep.study_panel import StudyPanel
from xorviz.panels.axes import frame_lines
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.plateaus import Plateau, plateaus
from xorviz.sweeps.study import Runs
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_N_ROWS, _N_COLUMNS = 160, 400
# Shares of a column differ by factors of a hundred; so much of their contrast is left.
_GAMMA = 0.4
_TITLES = {"score": "total loss of single runs", "loss": "last loss of single runs"}


@dataclass(frozen=True)
class DensityMeasured:
    """Shares of runs over a setting.

    Attributes:
        axis: of the setting.
        of: what is spread.
        limits: lowest and highest value that is shown; what lies beyond counts as at the edge.
        densities: the image by snapshot that is shown: float32 array of shape (n_rows, n_columns), lowest row first,
            each column's shares relative to the largest of all and drawn out.
        means (float64 array of shape (n_snapshots, n_points)): of scores.
        levels: plateaus within the limits.
    """

    axis: SettingAxis
    of: str
    limits: Limits
    densities: dict[int, NDArray[np.float32]]
    means: Array
    levels: tuple[Plateau, ...]

    @property
    def is_log(self) -> bool:
        """Whether values lie on a logarithmic axis."""
        return self.of == "loss"


@dataclass(frozen=True)
class SweepDensityPanel(StudyPanel):
    """The distribution of single runs at every point, as brightness; of total losses with their mean over it.

    Attributes:
        by: the setting along the axis; the one of most values if empty.
        of: ``"score"``, the loss summed over steps, or ``"loss"``, that of the last parameters.
    """

    kind: ClassVar[str] = "sweep-density"
    by: str = ""
    of: Literal["score", "loss"] = "score"

    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> DensityMeasured:
        """See `StudyPanel.measure_study`."""
        axis = self.axis_of(growth)
        if len(axis.curves) != 1:
            raise UsageError(f"panel {self.kind!r} must have a study of one setting; got {len(axis.curves)} curves.")
        (curve,), limits = axis.curves, _limits(growth, self.of)
        edges = (np.geomspace if self.of == "loss" else np.linspace)(*limits, _N_ROWS + 1)
        columns = _columns(axis, curve)
        found: dict[int, NDArray[np.float32]] = {}
        for snapshot in np.unique(snapshots).tolist():
            shares = [_shares(_values(growth.runs(point, snapshot), self.of), edges) for point in curve.points.tolist()]
            image = np.stack(shares, axis=-1)[:, columns]
            found[snapshot] = ((image / max(float(image.max()), 1e-12)) ** _GAMMA).astype(np.float32)
        levels = plateaus(growth.study.experiment) if self.of == "loss" else ()
        levels = tuple(level for level in levels if limits[0] < level.loss < limits[1])
        return DensityMeasured(axis, self.of, limits, found, growth.means, levels)

    def attach(self, place: Place, measured: DensityMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        axis, (curve,) = measured.axis, measured.axis.curves
        palette = ramp([(0.0, theme.paper), (0.45, theme.classes[0]), (1.0, theme.ink)])
        image = FieldImage(place.box_px, palette)
        mean = ClippedLines(place.box_px, theme.classes[1], 2.2 * place.pt)
        xs = axis.x_px(place, curve.at)

        def update(frame: Frame) -> None:
            image.set_values(measured.densities[frame.snapshot])
            if measured.of == "score":
                ys = place.y_px(measured.means[frame.snapshot][curve.points], measured.limits)
                mean.lines = [np.stack([xs, ys], axis=-1)[np.isfinite(ys)]]

        names = [("mean", theme.class_texts[1])] if measured.of == "score" else []
        static = [
            *value_axis(place, measured.limits, theme, is_log=measured.is_log),
            *furniture(place, axis, _TITLES[measured.of], theme, names=names),
        ]
        levels = _levels(place, measured, theme)
        return Paint((*static,), (image, frame_lines(place, theme), *levels, mean), update)


def _levels(place: Place, measured: DensityMeasured, theme: Theme) -> list[Artist]:
    """The plateaus' names, at the left edge just above their levels."""
    style = TextStyle(12.0 * place.pt, theme.ink, "Semibold", theme.halo, 2.0 * place.pt)
    heights = value_px(place, np.array([level.loss for level in measured.levels]), measured.limits, is_log=True)
    left = place.left + 8 * place.pt
    return [
        Label(left, y + 5 * place.pt, style, f"{level.name} {level.loss:.3f}")
        for y, level in zip(heights, measured.levels, strict=True)
    ]


def _values(runs: Runs, of: str) -> Array:
    values = runs.scores if of == "score" else runs.final_losses.astype(np.float64)
    finite: Array = values[np.isfinite(values)]
    return finite


def _limits(growth: Growth, of: str) -> Limits:
    """What holds all runs but one in a thousand at each end."""
    values = np.concatenate([_values(runs, of) for runs in growth.by_point])
    low, high = np.percentile(values, [0.1, 99.9]) if values.size else (0.0, 1.0)
    if of == "loss":
        low, high = max(float(low), 1e-12), max(float(high), 1e-12) * 1.5
        return (low, high) if high > low * 1.3 else (low / 2, low * 2)
    margin = 0.03 * (high - low) or 0.1 * (abs(high) or 1.0)
    return float(low - margin), float(high + margin)


def _columns(axis: SettingAxis, curve: Curve) -> NDArray[np.int64]:
    """Which point each column of the image shows: the nearest."""
    at = np.linspace(*axis.limits, min(_N_COLUMNS, max(len(curve.at), 2)) if _is_even(curve.at) else _N_COLUMNS)
    right = np.clip(np.searchsorted(curve.at, at), 1, max(len(curve.at) - 1, 1))
    if len(curve.at) == 1:
        return np.zeros(len(at), dtype=np.int64)
    nearer_left = at - curve.at[right - 1] <= curve.at[right] - at
    return np.where(nearer_left, right - 1, right)


def _is_even(at: Array) -> bool:
    gaps = np.diff(at)
    return bool(len(gaps) and np.allclose(gaps, gaps[0], rtol=1e-6))


def _shares(values: Array, edges: Array) -> Array:
    """The share of the values in each row."""
    counts = np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0]
    shares: Array = counts / max(len(values), 1)
    return shares
