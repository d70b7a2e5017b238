"""Which units and weights of a network a diagram shows, and how strong they become."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.network import Network
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
MOST_UNITS = 12
# More are a thicket, and each costs 0.02 ms a frame.
MOST_EDGES = 48
_SAMPLED_SNAPSHOTS = 200
_SAMPLED_VALUES = 1 << 22
_DIVERGED_FACTOR = 10.0


@dataclass(frozen=True)
class Diagram:
    """The part of a network that is drawn.

    Attributes:
        widths: units per layer, the input first.
        shown: how many of them are drawn; the others are counted in the place of the last.
        edges (int64 array of shape (n_edges, 3)): layer a weight starts from, unit there, unit of the next layer.
        weights (int64 array of shape (n_edges,)): where these stand in the flat parameter vector.
        biases (int64 array of shape (n_biases,)): likewise of every unit after the input; empty without biases.
    """

    widths: tuple[int, ...]
    shown: tuple[int, ...]
    edges: Indices
    weights: Indices
    biases: Indices

    def strongest(self, sizes: Array) -> Diagram:
        """Only so many weights as can be told apart: those that become largest, so that none comes or goes.

        The strongest into each unit is kept before the others, or a unit would seem cut off.

        Args:
            sizes (float64 array of shape (n_edges,)): largest size of each in the run.
        """
        by_size = np.argsort(-sizes, kind="stable")
        _, first = np.unique(self.edges[by_size][:, [0, 2]], axis=0, return_index=True)
        is_first = np.isin(np.arange(len(by_size)), first)
        kept = np.sort(by_size[np.argsort(~is_first, kind="stable")][:MOST_EDGES])
        return replace(self, edges=self.edges[kept], weights=self.weights[kept])


def diagram_of(network: Network) -> Diagram:
    """The first twelve units of each layer, or eleven and the number of the others, and every weight between them."""
    widths = tuple(network.widths)
    shown = tuple(width if width <= MOST_UNITS else MOST_UNITS - 1 for width in widths)
    edges, weights, biases = [], [], [np.empty(0, dtype=np.int64)]
    for layer, ((n_from, n_to), part) in enumerate(zip(pairwise(shown), network.layer_ranges.values(), strict=True)):
        fan_in, fan_out = widths[layer : layer + 2]
        source, target = np.divmod(np.arange(n_from * n_to), n_to)
        edges.append(np.stack([np.full(len(source), layer), source, target], axis=-1))
        weights.append(part.start + source * fan_out + target)
        if network.biases:
            biases.append(part.start + fan_in * fan_out + np.arange(n_to))
    return Diagram(widths, shown, np.concatenate(edges), np.concatenate(weights), np.concatenate(biases))


def sampled_snapshots(recording: Recording) -> Indices:
    """An even choice of snapshots, first and last included: few where their parameters are many."""
    n_most = int(np.clip(_SAMPLED_VALUES // recording.network.n_parameters, 2, _SAMPLED_SNAPSHOTS))
    return even_choice(recording.n_snapshots, n_most)


def ceiling(sizes: Array, *, diverged: bool) -> float:
    """The largest of some sizes that a scale has to show.

    A run that diverges passes a hundred powers of ten on its way; its scale ends at ten times the first size.

    Args:
        sizes (float64 array of shape (n_snapshots,)): largest size at each snapshot.
        diverged: whether the run did.
    """
    finite = sizes[np.isfinite(sizes) & (sizes > 0)]
    if not finite.size:
        return 1.0
    return float(min(finite.max(), _DIVERGED_FACTOR * finite[0]) if diverged else finite.max())
