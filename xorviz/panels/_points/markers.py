"""How data points look: a shape and an accent a class, a colour of the scale a value; hollow where not trained on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xorviz.artists.lines import Markers
from xorviz.panels._points.data import all_inputs, all_targets, classes_of, target_span
from xorviz.recordings.recording import Recording
from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
#: A shape for each class, and how wide it must be to look as large as a square.
SHAPES = (
    *(("s", 1.0), ("o", 1.0), ("^", 1.12), ("D", 0.86), ("P", 1.12)),
    *(("v", 1.12), ("X", 1.1), ("p", 1.12), ("*", 1.45), ("h", 1.1)),
)
_N_TONES = 24


def point_markers(
    points: Array, classes: NDArray[np.integer] | NDArray[np.bool_], theme: Theme, size_px: float
) -> list[Markers]:
    """A shape and an accent for each class: squares for class 0, circles for class 1; two classes at least.

    Args:
        points (float64 array of shape (n_points, 2)): in pixels.
        classes (int or bool array of shape (n_points,)): of each point.
        theme: colours.
        size_px: width of a marker.
    """
    markers = []
    for k in range(max(2, int(classes.max(initial=0)) + 1)):
        marker = class_marker(k, theme, size_px)
        marker.points = points[classes == k]
        markers.append(marker)
    return markers


def class_marker(k: int, theme: Theme, size_px: float, *, is_hollow: bool = False) -> Markers:
    """The marker of a class."""
    shape, wide = SHAPES[k]
    return _marker(shape, theme.classes[k], theme, size_px * wide, size_px, is_hollow=is_hollow)


def _marker(
    shape: str, color: str, theme: Theme, width_px: float, size_px: float, *, is_hollow: bool, edge: str = ""
) -> Markers:
    if is_hollow:
        edge_px = max(size_px * 0.2, 1.4)
        # On a field of the same colour a ring must be darker than what it lies on, or lighter.
        ring = ramp([(0.0, color), (1.0, theme.ink)], 11)[4, :3] if edge else None
        rim = color if ring is None else "#" + bytes(ring).hex()
        return Markers(shape, width_px - 0.5 * edge_px, theme.paper, rim, edge_px)
    return Markers(shape, width_px, color, edge or theme.marker_edge, max(size_px * 0.13, 1.0))


class DataMarkers:
    """Markers of all points of a recording, training points first; validation points are hollow.

    Args:
        recording: whose points they are.
        theme: colours.
        size_px: width of a marker.
        shown (bool array of shape (n_all,)): which points are drawn; all if not given.
        by_value: give points of a regression the colours of the scale; else one accent, where heights say it.

    Attributes:
        artists: what to draw, in order.
    """

    def __init__(
        self,
        recording: Recording,
        theme: Theme,
        size_px: float,
        shown: NDArray[np.bool_] | None = None,
        *,
        by_value: bool = True,
    ) -> None:
        self.artists: list[Markers] = []
        self._members: list[NDArray[np.int64]] = []
        self._are_hollow: list[bool] = []
        self._size_px = size_px
        n_all = len(all_inputs(recording))
        is_shown = np.ones(n_all, dtype=np.bool_) if shown is None else shown
        is_hollow = np.arange(n_all) >= len(recording.inputs)
        if recording.task != "regression":
            groups = _classes(recording, theme)
        else:
            groups = _values(recording, theme) if by_value else iter([("o", 1.0, theme.classes[0], is_shown)])
        # Points whose colour is that of the field around them are seen by their outline.
        edge = theme.boundary if recording.task == "regression" and by_value else ""
        for shape, wide, color, is_member in groups:
            for hollow in (False, True)[: 1 + int(is_hollow.any())]:
                chosen = np.flatnonzero(is_member & is_shown & (is_hollow == hollow))
                marker = _marker(shape, color, theme, size_px * wide, size_px, is_hollow=hollow, edge=edge)
                self.artists.append(marker)
                self._members.append(chosen)
                self._are_hollow.append(hollow)

    def move(self, points_px: Array) -> None:
        """Put all points (float64 array of shape (n_all, 2), pixels) where they are now.

        Where they crowd, outlines are thinner: those of neighbours would cover every marker.
        """
        share = min(1.0, _spacing_px(points_px) / self._size_px)
        for marker, chosen, is_hollow in zip(self.artists, self._members, self._are_hollow, strict=True):
            marker.points = points_px[chosen]
            if not is_hollow:
                marker.thin_edge(share)


def _spacing_px(points_px: Array) -> float:
    """How far apart points would be if they were spread evenly over the box that they fill."""
    known = points_px[np.isfinite(points_px).all(axis=1)]
    if len(known) < 2:
        return float("inf")
    wide, high = np.ptp(known, axis=0)
    return float(max(np.sqrt(wide * high / len(known)), max(wide, high) / len(known)))


def _classes(recording: Recording, theme: Theme) -> Iterator[tuple[str, float, str, NDArray[np.bool_]]]:
    classes = classes_of(recording)
    for k in range(max(2, recording.targets.shape[1] if recording.task == "multiclass" else 2)):
        yield (*SHAPES[k], theme.classes[k], classes == k)


def _values(recording: Recording, theme: Theme) -> Iterator[tuple[str, float, str, NDArray[np.bool_]]]:
    """Circles in so many colours of the scale."""
    low, high = target_span(recording)
    shares = np.clip((all_targets(recording)[:, 0] - low) / (high - low), 0.0, 1.0)
    tones = np.minimum((shares * _N_TONES).astype(np.int64), _N_TONES - 1)
    palette = theme.field_palette()
    for tone in np.unique(tones):
        color = palette[round((tone + 0.5) / _N_TONES * 255), :3]
        yield "o", 1.0, "#" + bytes(color).hex(), tones == tone
