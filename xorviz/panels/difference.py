"""What two runs say differently: one's output minus the other's over the input plane, at the same step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.dashes import Dashes
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, RunsPanel, check_bounds, require_binary, require_plane
from xorviz.panels._plane.input_plane import plane_grid
from xorviz.panels._plane.input_plane import to_px as place_px
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels._points.data import all_inputs, on_slice
from xorviz.panels._points.markers import DataMarkers
from xorviz.panels.axes import TITLE_PT, color_bar, names_inside, plane_ticks, tick_labels
from xorviz.panels.ticks import written
from xorviz.problems.planes import aspect
from xorviz.recordings.header import Bounds
from xorviz.recordings.recording import Recording, load
from xorviz.recordings.schedule import even_choice
from xorviz.scenes.multiples import names_of
from xorviz.styles.themes import Theme
from xorviz.timing.timeline import Frame

_SAMPLED_SNAPSHOTS = 60
_SAMPLED_SIDE = 33

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class DifferenceMeasured:
    """What a difference shows.

    Attributes:
        recordings: the run that is drawn, and the one that is taken off it.
        names: of the two.
        shown (int64 array of shape (n_frames, 2)): the snapshot of each that a frame shows.
        bounds: (lowest, highest) first input, (lowest, highest) second input.
        largest: the difference at the ends of the colour scale, the same for the whole animation; above 0.
    """

    recordings: tuple[Recording, Recording]
    names: tuple[str, str]
    shown: NDArray[np.int64]
    bounds: Bounds
    largest: float

    def grid(self, n_grid: int) -> Float32:
        """Inputs all over the bounds, row by row from the lowest: float32 array of shape (n_grid², n_inputs)."""
        return self.recordings[0].plane.inputs(plane_grid(self.bounds, n_grid))

    def outputs(self, points: Float32, snapshots: NDArray[np.int64]) -> tuple[Float32, Float32]:
        """First outputs of the two runs at a snapshot of each: two float32 arrays of shape (n_points,)."""
        (own, own_at), (other, other_at) = zip(self.recordings, snapshots.tolist(), strict=True)
        return own.outputs(points, snapshot=own_at)[:, 0], other.outputs(points, snapshot=other_at)[:, 0]


@dataclass(frozen=True)
class DifferencePanel(RunsPanel):
    """The network's first output minus that of another run, as colour over the plane of the two inputs.

    Attributes:
        recording: file of the other run, which in a recipe lies in its folder; shown at its last snapshot up to the
            same step. The scene's second recording if not given.
        bounds: (lowest, highest) first input, (lowest, highest) second input; the problem's own if not given.
        n_grid: points a side at which the networks are evaluated.
    """

    kind: ClassVar[str] = "difference"
    recording: str = ""
    bounds: Bounds | None = None
    n_grid: Annotated[int, msgspec.Meta(ge=2, le=2000)] = 81

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing."""
        check_bounds(self.bounds)

    def measure_runs(
        self, recordings: Sequence[Recording], snapshots: Sequence[NDArray[np.int64]]
    ) -> DifferenceMeasured:
        """Find the other run and the largest difference; see `RunsPanel.measure_runs`.

        Raises:
            UsageError: there is no other run, or one of the two has other than 2 inputs.
            RecordingError: the other's file cannot be read.
        """
        own, other = recordings[0], self._other(recordings)
        for run in (own, other):
            require_plane(run, self.kind)
            require_binary(run, self.kind)
        if own.inputs.shape[1] != other.inputs.shape[1]:
            raise UsageError(
                f"panel 'difference' must have two networks of as many inputs; got {own.inputs.shape[1]} and "
                f"{other.inputs.shape[1]}."
            )
        if self.recording:
            names, at = ("this run", Path(self.recording).stem), _up_to(other, own.steps[snapshots[0]])
        else:
            first, second, *_ = names_of(recordings)
            names, at = (first, second), snapshots[1]
        shown = np.stack([snapshots[0], at], axis=-1)
        measured = DifferenceMeasured((own, other), names, shown, self.bounds or own.bounds, 1.0)
        return replace(measured, largest=_largest(measured))

    def _other(self, recordings: Sequence[Recording]) -> Recording:
        if self.recording:
            return load(self.recording)
        if len(recordings) > 1:
            return recordings[1]
        raise UsageError(
            "panel 'difference' must have another run to compare with; got one recording. Name a file under its option "
            "'recording', or draw two runs."
        )

    def attach(self, place: Place, measured: DifferenceMeasured, theme: Theme) -> Paint:
        """Raster, both boundaries, points; see `Panel.attach`."""
        # The colour scale takes more room than the frame's margin has.
        room = replace(place, right=place.right - round(20 * place.pt))
        place = room.shape_to(aspect(measured.bounds))
        pt, (own_run, _) = place.pt, measured.recordings
        at, plane = own_run.plane.coordinates(all_inputs(own_run)), own_run.plane
        largest = measured.largest
        scale = [(0.0, written(-largest)), (0.5, "0"), (1.0, f"+{written(largest)}")]
        static = [
            *tick_labels(place, measured.bounds, plane_ticks(at, measured.bounds), theme, plane.names),
            *color_bar(place, theme, theme.field_palette(), scale, ""),
            *_titles(place, measured.names, theme),
        ]
        image = FieldImage(place.box_px, theme.field_palette())
        own_line, other_line = _boundaries(theme, pt)
        markers = DataMarkers(own_run, theme, min(12.0 * pt, 0.1 * place.width), on_slice(own_run))
        markers.move(np.floor(place_px(place, measured.bounds, at)) + 0.5)
        to_px = np.array([place.width, place.height]) / (self.n_grid - 1)
        origin, grid, shape = np.array([place.left, place.bottom]), measured.grid(self.n_grid), (self.n_grid,) * 2

        def update(frame: Frame) -> None:
            own, other = (flat.reshape(shape) for flat in measured.outputs(grid, measured.shown[frame.index]))
            with np.errstate(all="ignore"):
                image.set_values(0.5 + 0.5 * (own - other) / np.float32(largest))
            for lines, output in ((own_line, own), (other_line, other)):
                lines.lines = [origin + line * to_px for line in level_lines(output)]

        return Paint(
            tuple(static),
            (image, own_line, other_line, *markers.artists, *names_inside(place, theme, plane.names)),
            update,
        )


def _boundaries(theme: Theme, pt: float) -> tuple[Polylines, Polylines]:
    """Lines for the recording's own boundary and for the other's."""
    return Polylines(theme.boundary, 2.4 * pt), Dashes(theme.boundary, 2.0 * pt, (6.0 * pt, 4.0 * pt))


def _titles(place: Place, names: tuple[str, str], theme: Theme) -> list[Artist]:
    """The quantity on the left; on the right which line is whose, as far as there is room."""
    pt, above = place.pt, place.top + 9 * place.pt
    title = TextStyle(TITLE_PT * pt, theme.ink, "Semibold")
    name = TextStyle(0.88 * TITLE_PT * pt, theme.muted)
    found: list[Artist] = [Label(place.left, above, title, "difference")]
    left, right = place.left + text_width_px("difference", title), float(place.right)
    for line, text in zip(reversed(_boundaries(theme, pt)), reversed(names), strict=True):
        start = right - text_width_px(text, name) - 32 * pt
        if start < left + 12 * pt:
            break
        line.lines = [np.array([[start, above + 4 * pt], [start + 26 * pt, above + 4 * pt]])]
        found += [line, Label(right, above, name, text, "right")]
        right = start - 14 * pt
    return found


def _up_to(recording: Recording, steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last snapshot up to each of some steps."""
    return np.searchsorted(recording.steps, steps, side="right") - 1


def _largest(measured: DifferenceMeasured) -> float:
    """The largest difference at an even choice of snapshots and points, rounded up to two figures; 1 if there is none.

    Snapshots are paired by step.
    """
    (own, other), grid = measured.recordings, measured.grid(_SAMPLED_SIDE)
    some = even_choice(own.n_snapshots, _SAMPLED_SNAPSHOTS)
    largest = 0.0
    for pair in np.stack([some, _up_to(other, own.steps[some])], axis=-1):
        first, second = measured.outputs(grid, pair)
        with np.errstate(all="ignore"):
            apart = np.abs(first.astype(np.float64) - second)
        largest = max(largest, float(apart.max(where=np.isfinite(apart), initial=0.0)))
    if largest == 0.0:
        return 1.0
    power = 10.0 ** (np.floor(np.log10(largest)) - 1)
    return float(f"{np.ceil(largest / power - 1e-9) * power:.2g}")
