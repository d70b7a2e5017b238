"""The values whose distribution is shown, column by column: of a layer each, or of a class each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xorviz.panels._reading import Array, readable_snapshots
from xorviz.panels._tones import layer_tones
from xorviz.recordings.recording import Recording

Quantity = Literal["parameters", "gradients", "activations", "outputs"]
_SAMPLED_SNAPSHOTS = 100
_MOST_VALUES, _MOST_POINTS = 20_000, 4_096


@dataclass(frozen=True)
class ValueColumns:
    """A recording's values in columns.

    Attributes:
        recording: where they are read.
        of: which values.
        names: what each column is called.
        tones: class accent and shade of each column.
        points (int64 array of shape (n,)): the training points at which units are looked at.
        chosen: which of a snapshot's values are looked at in each column (int64 arrays).
    """

    recording: Recording
    of: Quantity
    names: tuple[str, ...]
    tones: tuple[tuple[int, float], ...]
    points: NDArray[np.int64]
    chosen: tuple[NDArray[np.int64] | slice, ...]

    def values(self, snapshot: int) -> list[Array]:
        """The finite values of each column at a snapshot: float64 arrays of shape (n,)."""
        found = [every[some] for every, some in zip(self.all_values(snapshot), self.chosen, strict=True)]
        return [values[np.isfinite(values)] for values in found]

    def sampled(self) -> list[list[Array]]:
        """The values at an even choice of at most 100 snapshots, the last one included."""
        snapshots = readable_snapshots(self.recording, n_most=_SAMPLED_SNAPSHOTS)
        return [self.values(int(snapshot)) for snapshot in snapshots]

    def all_values(self, snapshot: int) -> list[Array]:
        """The values of each column before some are chosen."""
        recording = self.recording
        if self.of in ("parameters", "gradients"):
            read = recording.parameter_vectors if self.of == "parameters" else recording.gradient_vectors
            (vector,) = read([snapshot])
            return [vector[part] for part in recording.network.layer_ranges.values()]
        inputs = recording.inputs[self.points]
        outputs = recording.outputs(inputs, snapshot)
        if self.of == "activations":
            return [layer.ravel() for layer in (*recording.hidden(inputs, snapshot), outputs)]
        classes = recording.targets[self.points, 0] > 0.5
        return [outputs[~classes, 0], outputs[classes, 0]]


def value_columns(recording: Recording, of: Quantity) -> ValueColumns:
    """Columns of a recording; where there are very many values or points, a fixed random choice of them."""
    names = ("target 0", "target 1") if of == "outputs" else _layers(recording)
    tones = ((0, 0.0), (1, 0.0)) if of == "outputs" else tuple(layer_tones(names))
    points = _some(len(recording.inputs), _MOST_POINTS)
    columns = ValueColumns(recording, of, names, tones, points, (slice(None),) * len(names))
    chosen = tuple(_some(len(values), _MOST_VALUES) for values in columns.all_values(0))
    return replace(columns, chosen=chosen)


def _layers(recording: Recording) -> tuple[str, ...]:
    return (*recording.model.layer_names, "output")


def _some(n: int, n_most: int) -> NDArray[np.int64]:
    """All of ``n`` things, or so many of them at random: an even choice would be of some units only."""
    if n <= n_most:
        return np.arange(n)
    return np.sort(np.random.default_rng(0).choice(n, n_most, replace=False))
