"""Median against mean: where they part, the mean is made by few runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.areas import Areas, between
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint
from xorviz.panels._sweep.furniture import Limits, furniture, value_axis
from xorviz.panels._sweep.marks import Mark, mark_lines, marks_of
from xorviz.panels._sweep.setting_axis import SettingAxis
from xorviz.panels._sweep.study_panel import StudyPanel
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_SHARES = (25.0, 50.0, 75.0)


@dataclass(frozen=True)
class MediansMeasured:
    """Means and quartiles over a setting.

    Attributes:
        axis: of the setting.
        means (float64 array of shape (n_snapshots, n_points)): of scores.
        quartiles: by snapshot that is shown: float64 array of shape (3, n_points).
        limits: of what is shown.
        marks: settings to compare with.
    """

    axis: SettingAxis
    means: Array
    quartiles: dict[int, Array]
    limits: Limits
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class SweepMediansPanel(StudyPanel):
    """Mean and median of the total losses, and the half of the runs that lies around the median.

    Attributes:
        by: the setting along the axis; the one of most values if empty.
        marks: as for the panel ``sweep-mean``.
    """

    kind: ClassVar[str] = "sweep-medians"
    by: str = ""
    marks: tuple[tuple[float, str], ...] | None = None

    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> MediansMeasured:
        """See `StudyPanel.measure_study`."""
        axis = self.axis_of(growth)
        if len(axis.curves) != 1:
            raise UsageError(f"panel {self.kind!r} must have a study of one setting; got {len(axis.curves)} curves.")
        points = axis.curves[0].points.tolist()
        found = {
            snapshot: np.stack([_quartiles(growth.runs(point, snapshot).scores) for point in points], axis=-1)
            for snapshot in np.unique(snapshots).tolist()
        }
        last = found[max(found)]
        known = last[np.isfinite(last)]
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
        margin = 0.05 * (high - low) or 0.1 * (abs(high) or 1.0)
        means = growth.means[:, points]
        return MediansMeasured(axis, means, found, (low - margin, high + margin), marks_of(growth, axis, self.marks))

    def attach(self, place: Place, measured: MediansMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        pt, axis, (curve,) = place.pt, measured.axis, measured.axis.curves
        xs = axis.x_px(place, curve.at)
        half = Areas(place.box_px, theme.classes[0], alpha=0.22)
        median = ClippedLines(place.box_px, theme.classes[0], 2.0 * pt)
        mean = ClippedLines(place.box_px, theme.classes[1], 2.0 * pt)

        def update(frame: Frame) -> None:
            low, middle, high = (place.y_px(row, measured.limits) for row in measured.quartiles[frame.snapshot])
            average = place.y_px(measured.means[frame.snapshot], measured.limits)
            half.edges = between(xs, low, high)
            for line, ys in ((median, middle), (mean, average)):
                line.lines = [np.stack([xs, ys], axis=-1)[np.isfinite(ys)]]

        names = [
            ("mean", theme.class_texts[1]),
            ("median, and half of the runs", theme.class_texts[0]),
        ]
        static = [
            *value_axis(place, measured.limits, theme),
            *furniture(place, axis, "median against mean", theme, names=names),
        ]
        return Paint((*static,), (half, *mark_lines(place, axis, measured.marks, theme), median, mean), update)


def _quartiles(scores: Array) -> Array:
    finite = scores[np.isfinite(scores)]
    quartiles: Array = np.percentile(finite, _SHARES) if len(finite) else np.full(3, np.nan)
    return quartiles
