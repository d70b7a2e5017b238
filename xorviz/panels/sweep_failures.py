"""Which part of a study's runs fails at each point, by the plateau on which they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.areas import Areas, between
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint
from xorviz.panels._sweep.furniture import furniture, value_axis
from xorviz.panels._sweep.marks import Mark, mark_lines, marks_of
from xorviz.panels._sweep.setting_axis import SettingAxis
from xorviz.panels._sweep.study_panel import StudyPanel
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme
from xorviz.sweeps.growth import Growth
from xorviz.sweeps.plateaus import kinds, plateaus
from xorviz.timing.timeline import Frame

Array = NDArray[np.float64]
_FULL = (0.0, 1.0)
BETWEEN = "between"


@dataclass(frozen=True)
class FailuresMeasured:
    """Fractions of runs that fail, by kind.

    Attributes:
        axis: of the setting.
        names: of the kinds that occur, the lowest loss first; the last is between plateaus if that occurs.
        shares: by snapshot that is shown: float64 array of shape (n_kinds, n_points), fractions of all runs.
        marks: settings to compare with.
    """

    axis: SettingAxis
    names: tuple[str, ...]
    shares: dict[int, Array]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class SweepFailuresPanel(StudyPanel):
    """Fractions that fail, stacked by the plateau where the runs end.

    Attributes:
        by: the setting along the axis; the one of most values if empty.
        marks: as for the panel ``sweep-mean``.
    """

    kind: ClassVar[str] = "sweep-failures"
    by: str = ""
    marks: tuple[tuple[float, str], ...] | None = None

    def measure_study(self, growth: Growth, snapshots: NDArray[np.int64]) -> FailuresMeasured:
        """See `StudyPanel.measure_study`."""
        axis = self.axis_of(growth)
        if len(axis.curves) != 1:
            raise UsageError(f"panel {self.kind!r} must have a study of one setting; got {len(axis.curves)} curves.")
        points = axis.curves[0].points.tolist()
        levels = [plateaus(growth.study.experiments[point]) for point in points]
        # Losses may differ from point to point; kinds are what their names say.
        names = list(dict.fromkeys(level.name for found in levels for level in found))
        shown = np.unique(snapshots)
        shares = {int(snapshot): np.zeros((len(names) + 1, len(points))) for snapshot in shown}
        for column, (point, found) in enumerate(zip(points, levels, strict=True)):
            runs = growth.by_point[point]
            ends = kinds(runs.final_losses, runs.solved_steps, found)
            rows = [*(names.index(level.name) for level in found), len(names)]
            for snapshot in shares:
                n = min(int(growth.per_point[snapshot]), len(runs))
                for kind, row in enumerate(rows):
                    shares[snapshot][row, column] = np.count_nonzero(ends[:n] == kind) / max(n, 1)
        every = np.max([table.max(axis=1, initial=0.0) for table in shares.values()], axis=0)
        kept = every > 0.002
        said = tuple(name for name, is_kept in zip([*names, BETWEEN], kept, strict=True) if is_kept)
        tables = {snapshot: table[kept] for snapshot, table in shares.items()}
        return FailuresMeasured(axis, said, tables, marks_of(growth, axis, self.marks))

    def attach(self, place: Place, measured: FailuresMeasured, theme: Theme) -> Paint:
        """See `Panel.attach`."""
        axis, (curve,) = measured.axis, measured.axis.curves
        xs = axis.x_px(place, curve.at)
        areas = [Areas(place.box_px, color) for color in _colors(theme, measured.names)]

        def update(frame: Frame) -> None:
            tops = np.cumsum(measured.shares[frame.snapshot], axis=0)
            floor = np.zeros(len(xs))
            for area, top in zip(areas, tops, strict=True):
                area.edges = between(xs, place.y_px(floor, _FULL), place.y_px(top, _FULL))
                floor = top

        said = [name.replace(" points", "") for name in measured.names]
        names = list(zip(said, _colors(theme, measured.names, is_text=True), strict=True))
        static = [
            *value_axis(place, _FULL, theme, is_share=True),
            *furniture(place, axis, "runs that fail, by plateau", theme, names=names),
        ]
        return Paint((*static,), (*areas, *mark_lines(place, axis, measured.marks, theme)), update)


def _colors(theme: Theme, names: Sequence[str], *, is_text: bool = False) -> list[str]:
    """Colours that stay apart: from one accent to the other; between plateaus, ink."""
    ends, n = theme.class_texts if is_text else theme.classes, sum(name != BETWEEN for name in names)
    table = ramp([(0.0, ends[1]), (0.5, theme.muted), (1.0, ends[0])], 101)
    at = [round(100 * i / max(n - 1, 1)) for i in range(n)]
    return ["#{:02x}{:02x}{:02x}".format(*table[i, :3]) for i in at] + [theme.ink] * (len(names) - n)
