"""One curve for each single weight and bias."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.network import Network
from xorviz.panels._names.parameters import parameter_names
from xorviz.panels._reading import readable_snapshots, vector_pieces
from xorviz.panels._tones import even_shades, layer_tones
from xorviz.panels._traces.trace import Limits, Scale, Trace, limits_of
from xorviz.recordings.database import Column
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice

_MOST_NAMED = 24
#: More would be a dark area, and take seconds to draw.
_MOST_CURVES = 1000
_MOST_VERTICES = 400_000
# A weight that changes its sign passes through 0, which no logarithm shows.
_LEAST_SEEN_PERCENTILE = 1.0


def parameter_traces(recording: Recording, of: Column, scale: Scale) -> list[Trace]:
    """Curves of every parameter or its gradient, or of an even choice of each layer's, 1000 at most in all.

    Of at most 24 each has its name at its end and a shade that tells which unit it leads to; more are in the colours
    of their layers. On a logarithmic scale values are absolute. Where snapshots are an even choice, dots are on the
    straight lines between.
    """
    network = recording.network
    chosen = _chosen(network)
    snapshots = readable_snapshots(recording, n_most=_MOST_VERTICES // len(chosen))
    values = np.concatenate([piece[:, chosen] for piece in vector_pieces(recording, of, snapshots)])
    if scale == "log":
        values = np.abs(values)
    steps, every_step = recording.steps[snapshots].astype(np.float64), recording.steps.astype(np.float64)
    names = parameter_names(network) if len(chosen) <= _MOST_NAMED else [""] * network.n_parameters
    tones, traces = _tones(network, few=len(chosen) <= _MOST_NAMED), []
    for parameter, column in zip(chosen.tolist(), values.T, strict=True):
        layer, tone, shade = tones[parameter]
        at_snapshots = column if len(snapshots) == recording.n_snapshots else np.interp(every_step, steps, column)
        traces.append(Trace(layer, steps, column, at_snapshots, tone, shade, names[parameter]))
    return traces


def parameter_limits(traces: list[Trace], scale: Scale) -> Limits:
    """Limits as for other curves, but that a logarithmic scale does not go down to where weights change their sign."""
    low, high = limits_of(traces, scale)
    if scale == "linear":
        return low, high
    values = np.concatenate([trace.values for trace in traces])
    values = values[np.isfinite(values) & (values > 0)]
    seen = float(np.percentile(values, _LEAST_SEEN_PERCENTILE)) if values.size else low
    return (max(low, seen / 1.15), high) if seen < high / 2 else (low, high)


def share_drawn(network: Network) -> str:
    """``"703 of 20,801"`` where not every parameter has a curve, else nothing."""
    n_drawn, n = len(_chosen(network)), network.n_parameters
    return f"{n_drawn:,} of {n:,}" if n_drawn < n else ""


def _chosen(network: Network) -> NDArray[np.int64]:
    """The parameters that have a curve: as many of every layer, which one alone would else be most of."""
    parts = network.layer_ranges.values()
    n_most = _MOST_CURVES // len(parts)
    return np.concatenate([part.start + even_choice(part.stop - part.start, n_most) for part in parts])


def _tones(network: Network, *, few: bool) -> list[tuple[str, int, float]]:
    """Layer, accent and shade of every parameter."""
    ranges = network.layer_ranges
    found: list[tuple[str, int, float]] = []
    for (name, part), (tone, shade), width in zip(
        ranges.items(), layer_tones(list(ranges)), network.widths[1:], strict=True
    ):
        shades = even_shades(width) if few else [shade] * width
        # Weights are in the order from, to, and biases follow them: the unit led to changes fastest.
        found += [(name, tone, shades[i % width]) for i in range(part.stop - part.start)]
    return found
