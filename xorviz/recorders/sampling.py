"""What a recorder takes of a model at one step: a network's parameters, or what any other model says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final, final

import numpy as np

from xorviz.errors import UsageError
from xorviz.problems.planes import Plane
from xorviz.recorders._base import Array, Dense, Subject
from xorviz.recordings.header import Bounds, Precision
from xorviz.recordings.probe import Probe, SampledModel


class Taker(ABC):
    """Takes snapshots."""

    @abstractmethod
    def take(self) -> Array:
        """The vector now, a copy."""

    @abstractmethod
    def gradient(self) -> Array | None:
        """The framework's latest gradient in the same layout, a copy; None where there is none."""


@final
class DenseTaker(Taker):
    """Of a network that was recognised.

    Args:
        dense: the network.
        precision: of what is stored.
    """

    def __init__(self, dense: Dense, precision: Precision) -> None:
        self._dense: Final = dense
        self._precision: Final = precision

    def take(self) -> Array:
        """See `Taker.take`."""
        return self._dense.vector(self._precision)

    def gradient(self) -> Array | None:
        """See `Taker.gradient`."""
        return self._dense.gradient(self._precision)


@final
class SampleTaker(Taker):
    """Of any model that can be asked.

    Args:
        subject: the model.
        probe: where it is asked.
        plane: that of the grid.
        bounds: of the grid.
        points: training and validation points.
    """

    def __init__(self, subject: Subject, probe: Probe, plane: Plane, bounds: Bounds, points: Array) -> None:
        self._subject, self._probe, self._n_points = subject, probe, len(points)
        self._model = SampledModel(probe, plane, bounds, points)
        self._where = np.concatenate([points, probe.grid(plane, bounds)])
        self._precision: Final = subject.precision

    def take(self) -> Array:
        """See `Taker.take`."""
        sample = self._subject.sample(self._where, tuple(self._probe.layers))
        if sample is None or len(sample.outputs) != len(self._where):
            raise UsageError(f"model must give one row of outputs for each point; {self._subject.name} did not.")
        outputs = sample.outputs
        n, layers = self._n_points, {name: of[: self._n_points] for name, of in sample.layers.items()}
        return self._model.vector(outputs[:n], outputs[n:], layers).astype(self._precision)

    def gradient(self) -> None:
        """None: no parameters are recorded."""
        return
