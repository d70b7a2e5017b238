"""What an explorer's page holds: the recorded numbers that its program draws from, as JSON values."""

from __future__ import annotations

import base64
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.panels._tones import toned
from xorviz.panels._traces.trace import Scale, Trace, TraceMeasured
from xorviz.panels.loss import LossPanel
from xorviz.panels.norms import GradientPanel
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.styles.themes import theme
from xorviz.timing.alignment import course
from xorviz.timing.clocks import dial
from xorviz.timing.timeline import timeline

CLOCKS = ("change", "linear", "log", "loss")
#: Between how many moments a clock goes evenly. Fewer than snapshots, or every clock would show each of them once.
_N_MOMENTS = 40
_THEMES = ("light", "dark")
#: Of a curve, the lowest and the highest value of so many stretches are drawn.
_STRETCHES = 600
# A snapshot costs its parameters, and a step, a loss and the places that four clocks and two norms give it.
_BYTES_BESIDE = 8 * 4 + 4 * len(CLOCKS) + 1


def kept_snapshots(recording: Recording, max_bytes: int) -> NDArray[np.int64]:
    """Snapshots that fit into so many bytes of a page, the first and the last included, evenly chosen.

    Returns:
        int64 array of shape (n,): rising; all of them where these fit.
    """
    each = (8 * recording.network.n_parameters + _BYTES_BESIDE) * 4 / 3
    return even_choice(recording.n_snapshots, max(int(max_bytes / each), 2))


def contents(recording: Recording, snapshots: NDArray[np.int64]) -> dict[str, Any]:
    """The page's data, JSON values; arrays are little-endian in Base64.

    Args:
        recording: of a dense network on two inputs.
        snapshots (int64 array of shape (n,)): those that the page holds, rising.
    """
    clocks, playable = _clocks(recording, snapshots)
    shown = timeline(recording).there
    panels = (LossPanel(), GradientPanel())
    return {
        "themes": {name: _theme(name) for name in _THEMES},
        "network": {
            "widths": list(recording.network.widths),
            "activations": list(recording.network.activations),
            "biases": recording.network.biases,
        },
        "task": recording.task,
        "class_names": list(recording.class_names),
        "names": list(recording.plane.names),
        "bounds": [list(side) for side in recording.bounds],
        "inputs": packed(recording.inputs),
        "targets": packed(recording.targets),
        "steps": packed(recording.steps[snapshots]),
        "losses": packed(recording.snapshot_losses[snapshots]),
        "parameters": packed(recording.parameter_vectors(snapshots)),
        "playable": packed(playable, "u1"),
        "clocks": {name: packed(at, "<f4") for name, at in clocks.items()},
        "traces": [_trace(panel.measure(recording, shown), snapshots) for panel in panels],
    }


def packed(array: ArrayLike, dtype: str = "<f8") -> str:
    """An array's bytes in C order, as Base64."""
    return base64.b64encode(np.ascontiguousarray(array, dtype=dtype).tobytes()).decode()


def _theme(name: str) -> dict[str, Any]:
    chosen = theme(name)
    return {**msgspec.to_builtins(chosen), "palette": packed(chosen.field_palette(), "u1")}


def _clocks(
    recording: Recording, snapshots: NDArray[np.int64]
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.bool_]]:
    """Where each clock puts each snapshot, from 0 to 1, and whether it plays there or is passed over.

    What a clock passes over, because the next snapshot undoes it, can be stepped to all the same.
    """
    moments, clocks = course([recording], "step"), {}
    playable = np.zeros(len(snapshots), dtype=np.bool_)
    for name in CLOCKS:
        shown, at = dial([recording], moments, name, n_frames=_N_MOMENTS, between=True)
        ordinals = moments.snapshots[0][shown]
        clocks[name] = np.interp(snapshots, ordinals, at)
        playable |= np.isin(snapshots, ordinals)
    playable[[0, -1]] = True
    return clocks, playable


def _trace(measured: TraceMeasured, snapshots: NDArray[np.int64]) -> dict[str, Any]:
    """A panel's curves, thinned, with the values that they have at the page's snapshots."""
    low, high = measured.limits
    return {
        "titles": list(measured.titles),
        "scale": measured.scale,
        "steps": measured.steps,
        "last_step": measured.last_step,
        "limits": [float(low), float(high)],
        "lines": [_line(trace, measured.steps, snapshots) for trace in measured.traces],
    }


def _line(trace: Trace, scale: Scale, snapshots: NDArray[np.int64]) -> dict[str, Any]:
    steps, values = (np.asarray(one, dtype=np.float64) for one in (trace.steps, trace.values))
    kept = outline(np.log(np.maximum(steps, 1.0)) if scale == "log" else steps, values, _STRETCHES)
    themes = {name: theme(name) for name in _THEMES}
    return {
        "name": trace.name,
        "colors": {name: toned(one, trace.tone, trace.shade) for name, one in themes.items()},
        "text_colors": {name: toned(one, trace.tone, trace.shade, is_text=True) for name, one in themes.items()},
        "steps": packed(steps[kept]),
        "values": packed(values[kept]),
        "at": packed(np.asarray(trace.at_snapshots)[snapshots]),
    }


def outline(positions: NDArray[np.float64], values: NDArray[np.float64], n_stretches: int) -> NDArray[np.int64]:
    """Which points of a curve to keep so that it looks the same: both extremes of every stretch, and its ends.

    Args:
        positions (float64 array of shape (n,)): along the axis it is drawn over, rising.
        values (float64 array of shape (n,)): of those that are not finite, some are kept.
        n_stretches: of that axis, equally long.

    Returns:
        int64 array of shape (m,): rising; all of them where there are at most twice as many as stretches.
    """
    n = len(values)
    if n <= 2 * n_stretches:
        return np.arange(n)
    edges = np.linspace(positions[0], positions[-1], n_stretches, endpoint=False)
    starts = np.unique(np.searchsorted(positions, edges))
    kept = {0, n - 1}
    for start, stop in zip(starts, [*starts[1:], n], strict=True):
        stretch = np.nan_to_num(values[start:stop], nan=np.inf)
        kept |= {int(start + stretch.argmin()), int(start + stretch.argmax())}
    return np.array(sorted(kept), dtype=np.int64)
