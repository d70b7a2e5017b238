"""The mean score of a study's runs with its standard error, and where it is lowest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.areas import Areas, between
from xorviz.artists.clipped import ClippedLines
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.panels._base import Paint
from xorviz.panels._sweep.furniture import Limits, furniture, name_style, value_axis
from xorviz.panels._sweep.marks import Mark, mark_lines, marks_of
from xorviz.panels._sweep.setting_axis import SettingAxis
from xorviz.panels._sweep.study_panel import StudyPanel
from xorviz.panels._tones import even_shades, toned
from xorviz.panels.ticks import value_text
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.minimum import Minimum, minimum, window, window_of_article
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MeanMeasured:
    """Means over a setting as runs are added.

    Attributes:
        axis: of the setting.
        means, errors (float64 arrays of shape (n_snapshots, n_points)): means and their standard errors.
        limits: of the means that are shown.
        minima: the estimated minimum by snapshot that is shown; in positions of the axis.
        marks: settings to compare with.
    """

    axis: SettingAxis
    means: Array
    errors: Array
    limits: Limits
    minima: dict[int, Minimum | None]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class SweepMeanPanel(StudyPanel):
    """Mean ± standard error over the swept setting, lines to compare with, the estimated minimum with its interval.

    Attributes:
        by: the setting along the axis; the one of most values if empty.
        marks: settings to mark, ``[[0.6, "the article's"]]``; what is known of the setting if not given.
    """

    kind: ClassVar[str] = "sweep-mean"
    by: str = ""
    marks: tuple[tuple[float, str], ...] | None = None

    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> MeanMeasured:
        """See `StudyPanel.measure_study`."""
        axis = self.axis_of(growth)
        means, errors = growth.means, growth.standard_errors
        minima: dict[int, Minimum | None] = {}
        if len(axis.curves) == 1 and not axis.words:
            (curve,) = axis.curves
            is_article = growth.experiment.get("name") == "init-scale" and axis.setting == "hidden_std"
            inside = window_of_article(curve.at) if is_article else window(curve.at, means[-1][curve.points])
            points = curve.points[inside].tolist()
            for snapshot in np.unique(snapshots).tolist():
                scores = [growth.runs(point, snapshot).scores for point in points]
                minima[snapshot] = minimum(curve.at[inside], scores, common=growth.study.plan.common)
        return MeanMeasured(axis, means, errors, _limits(means[-1]), minima, marks_of(growth, axis, self.marks))

    def attach(self, place: Place, measured: MeanMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        pt, axis = place.pt, measured.axis
        band = Areas(place.box_px, theme.classes[1], alpha=0.2)
        best = ClippedLines(place.box_px, theme.classes[1], 2.0 * pt)
        # Beside the title, where names of several curves are otherwise: inside it would cross the curve.
        words = Label(place.right, place.top + 9 * pt, name_style(place, theme.class_texts[1]), align="right")
        shades = even_shades(len(axis.curves))
        colors = [toned(theme, 0, shade) for shade in shades]
        curves = [
            (curve, Areas(place.box_px, color, alpha=0.35), ClippedLines(place.box_px, color, 1.8 * pt))
            for curve, color in zip(axis.curves, colors, strict=True)
        ]

        def update(frame: Frame) -> None:
            means, errors = measured.means[frame.snapshot], measured.errors[frame.snapshot]
            for curve, area, line in curves:
                xs, mean, error = axis.x_px(place, curve.at), means[curve.points], errors[curve.points]
                low, high = (place.y_px(mean + sign * error, measured.limits) for sign in (-1, 1))
                area.edges = between(xs, low, high)
                line.lines = _pieces(xs, place.y_px(mean, measured.limits))
            found = measured.minima.get(frame.snapshot)
            band.edges, best.lines, words.text = (), (), ""
            if found is not None:
                left, x, right = (float(axis.x_px(place, at)) for at in (found.low, found.at, found.high))
                band.edges = [
                    np.array([[left, place.bottom], [left, place.top], [right, place.top], [right, place.bottom]])
                ]
                best.lines = [np.array([[x, place.bottom], [x, place.top]])]
                words.text = _said(axis, found)

        names = [
            (curve.name, toned(theme, 0, shade, is_text=True))
            for curve, shade in zip(axis.curves, shades, strict=True)
            if curve.name
        ]
        static = [
            *value_axis(place, measured.limits, theme),
            *mark_lines(place, axis, measured.marks, theme),
            *furniture(place, axis, "mean total loss ± standard error", theme, names=names),
        ]
        moving = [artist for _, area, line in curves for artist in (area, line)]
        return Paint(tuple(static), (band, best, *moving, words), update)


def _limits(means: Array) -> Limits:
    """What holds all means in the end, with room for what they are before."""
    known = means[np.isfinite(means)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    margin = 0.12 * (high - low) or 0.1 * (abs(high) or 1.0)
    return low - margin, high + margin


def _pieces(xs: Array, ys: Array) -> list[Array]:
    """A curve without the points that are not known."""
    known = np.isfinite(ys)
    points = np.stack([xs, ys], axis=-1)
    return [
        piece for piece in np.split(points, np.flatnonzero(known[1:] != known[:-1]) + 1) if np.isfinite(piece[0, 1])
    ]


def _said(axis: SettingAxis, found: Minimum) -> str:
    at, low, high = (value_text(axis.value(position), 3) for position in (found.at, found.low, found.high))
    return f"lowest at {at}  ({low}–{high})"
