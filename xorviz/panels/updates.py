"""How far the parameters move in a step, relative to where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._base import require_network
from xorviz.panels._reading import Array, readable_snapshots, vector_pieces
from xorviz.panels._tones import layer_tones
from xorviz.panels._traces.panel import TracePanel
from xorviz.panels._traces.trace import Guide, Trace, TraceMeasured, limits_of, measured_traces
from xorviz.recordings.recording import Recording

_RULE_OF_THUMB = 1e-3
_GUIDE = Guide(_RULE_OF_THUMB, ("rule of thumb 0.001", "0.001"))


@dataclass(frozen=True)
class UpdateRatioPanel(TracePanel):
    """Update ratio |Δθ| / (Δt |θ|) of each layer, over its weights and biases.

    Δθ is the difference between successive snapshots, Δt the number of steps between them, |·| the Euclidean norm, and
    |θ| that of the first of the two. Where every step is a snapshot it is exactly that step's update; elsewhere it is
    the mean net movement a step, less than the mean update where updates undo each other.

    References:
        A. Karpathy, course notes of CS231n, "Neural Networks Part 3": the ratio should be somewhere around 1e-3. There
        it is of single updates; here, where snapshots are apart, of net movements.
    """

    kind: ClassVar[str] = "updates"

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> TraceMeasured:
        """See `Panel.measure`."""
        require_network(recording, self.kind)
        since, ratios = update_ratios(recording)
        # The last state has no update; the curve is drawn on to it.
        steps: Array = np.append(since, recording.steps[-1]).astype(np.float64)
        names = list(recording.network.layer_ranges)
        traces = []
        for name, (tone, shade), column in zip(names, layer_tones(names), ratios.T, strict=True):
            values = np.append(column, column[-1:] if len(column) else np.nan)
            at_snapshots = np.interp(recording.steps.astype(np.float64), steps, values)
            traces.append(Trace(name, steps, values, at_snapshots, tone, shade))
        low, high = limits_of(traces, "log")
        limits = (min(low, 0.5 * _RULE_OF_THUMB), max(high, 2.0 * _RULE_OF_THUMB))
        titles = ("update ratio", "updates")
        return measured_traces(titles, traces, recording, snapshots, "log", limits=limits, guide=_GUIDE)


def update_ratios(recording: Recording) -> tuple[NDArray[np.int64], Array]:
    """Net movement a step over the norm before it, layer by layer.

    Returns:
        int64 array of shape (n,): steps from which parameters move; of all snapshots but the last, or of an even
            choice of them where these are very many values.
        float64 array of shape (n, n_layers): not finite where a norm is 0 or not finite.
    """
    chosen = readable_snapshots(recording)
    chosen = chosen[chosen < recording.n_snapshots - 1]
    norms = np.stack(list(recording.layer_norms("parameters").values()), axis=-1)[chosen]
    now, then = (vector_pieces(recording, "parameters", ordinals) for ordinals in (chosen, chosen + 1))
    with np.errstate(all="ignore"):
        moved = [recording.network.layer_norms(after - before) for before, after in zip(now, then, strict=True)]
        n_steps = np.diff(recording.steps)[chosen, None]
        ratios: Array = np.concatenate([np.empty((0, norms.shape[-1])), *moved]) / n_steps / norms
    return recording.steps[chosen], ratios
