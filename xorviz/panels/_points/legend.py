"""What the shapes of points mean, in one line above a place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.panels._points.markers import class_marker
from xorviz.panels.axes import TICK_PT
from xorviz.panels.ticks import written
from xorviz.problems.planes import input_names
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme

_MARKER_PT, _LEAD_PT, _GAP_PT = 10.0, 9.0, 15.0
_SHORTEST = 3


def class_names(recording: Recording) -> tuple[str, ...]:
    """Of the classes, in order; their numbers where they have none, nothing where there are no classes."""
    if recording.class_names or recording.task == "regression":
        return recording.class_names
    return tuple(str(k) for k in range(recording.targets.shape[1])) if recording.task == "multiclass" else ()


def legend(place: Place, recording: Recording, theme: Theme, *, right_px: float) -> list[Artist]:
    """Markers and names of the classes, and the hollow one of validation points where there are some.

    Names are shortened where the line would pass ``right_px``; validation points give way before that.
    """
    names = class_names(recording)
    style = TextStyle(TICK_PT * place.pt, theme.muted)
    room = right_px - place.left
    validation = ["validation"] if len(recording.validation_inputs) else []
    entries = [*names, *validation]
    if validation and _width(entries, style, place.pt) > room:
        entries = [*names, "val."]
    longest = max((len(name) for name in entries), default=0)
    while _width(entries, style, place.pt) > room and longest > _SHORTEST:
        longest -= 1
        entries = [name if len(name) <= longest else f"{name[: longest - 1]}…" for name in entries]
    artists: list[Artist] = []
    left, base, pt = float(place.left), place.top + 9 * place.pt, place.pt
    held = _held(recording)
    if held and left + _width(entries, style, pt) + text_width_px(held, style) + _GAP_PT * pt < right_px:
        artists.append(Label(right_px, base, style, held, "right"))
    for k, name in enumerate(entries):
        is_class = k < len(names)
        marker = class_marker(k, theme, _MARKER_PT * pt) if is_class else _hollow(theme, _MARKER_PT * pt)
        marker.points = np.array([[left + 0.5 * _MARKER_PT * pt, base + 0.34 * style.size_px]])
        artists += [marker, Label(left + (_MARKER_PT + _LEAD_PT / 2) * pt, base, style, name)]
        left += (_MARKER_PT + _LEAD_PT / 2 + _GAP_PT) * pt + text_width_px(name, style)
    return artists


def _held(recording: Recording) -> str:
    """At which values the inputs that are not drawn are held: ``"at x₃ = 0, x₄ = 1"``."""
    names = input_names(recording.inputs.shape[1], recording.feature_names)
    held = recording.plane.held(recording.units)
    return (
        "at " + ", ".join(f"{names[k]} = {written(float(f'{value:.3g}'))}" for k, value in held.items()) if held else ""
    )


def _width(entries: Sequence[str], style: TextStyle, pt: float) -> float:
    each = (_MARKER_PT + _LEAD_PT / 2 + _GAP_PT) * pt
    return sum(each + text_width_px(name, style) for name in entries) - _GAP_PT * pt


def _hollow(theme: Theme, size_px: float) -> Markers:
    """A ring in no class's colour."""
    edge_px = max(0.2 * size_px, 1.4)
    return Markers("o", size_px - 0.5 * edge_px, theme.paper, theme.muted, edge_px)
