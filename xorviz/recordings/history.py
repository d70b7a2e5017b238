"""The traces of a run: what is known of every snapshot, and of steps between, without its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final, get_args, overload

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import unknown
from xorviz.recordings.database import Column
from xorviz.recordings.described import Described
from xorviz.recordings.header import Float64, Header, read_only
from xorviz.recordings.model import Model
from xorviz.recordings.scalars import Series
from xorviz.recordings.traces import Traces
from xorviz.recordings.vectors import One, Several, ordinals_of


class History(Described):
    """The part of a recording that is read at once. Every array is read-only.

    Attributes:
        title … plane: what its header says; see `Described`.
        steps (int64 array of shape (n_snapshots,)): step of each snapshot, from 0 to ``n_steps``.
        loss (float64 array of shape (n_losses,)): ``loss[k]`` is that of the parameters before update
            ``loss_steps[k]``, which is ``k`` unless the run is too long to keep, or did not report, each one.
        snapshot_losses (float64 array of shape (n_snapshots,)): loss of each snapshot's parameters.
        metrics: other numbers that were recorded, by name: float64 arrays of shape (n_snapshots,), the last value given
            since the snapshot before, NaN where there is none. `series` has all of them.
        n_snapshots, n_steps: how many there are; there is at least one snapshot.
    """

    def __init__(self, model: Model, header: Header, traces: Traces) -> None:
        super().__init__(model, header)
        self.steps: Final = traces.steps
        self.loss: Final = traces.losses
        self._loss_steps: Final = traces.loss_steps
        self.snapshot_losses: Final = traces.snapshot_losses
        self._n_correct: Final = traces.n_correct
        self._scalars: Final = traces.scalars
        at_snapshots = {name: traces.at_snapshots(one) for name, one in traces.scalars.items()}
        self.metrics: Final[Mapping[str, Float64]] = MappingProxyType(at_snapshots)
        self.n_snapshots: Final = len(self.steps)
        self.n_steps: Final = int(self.steps[-1])
        self._norms: Final = traces.norms
        self._layers: Final = () if header.network is None else tuple(header.network.layer_ranges)

    def series(self, name: str) -> Series:
        """Every value of a recorded number that was kept, with its step.

        Raises:
            UsageError: no number of that name was recorded.
        """
        if name not in self._scalars:
            raise unknown("name", name, self._scalars or ["(none)"])
        return self._scalars[name]

    @cached_property
    def loss_steps(self) -> NDArray[np.int64]:
        """The steps of `loss`, an int64 array of shape (n_losses,)."""
        # Of every step, they are made when somebody asks: of a long run they take as much as its losses.
        return read_only(np.arange(len(self.loss))) if self._loss_steps is None else self._loss_steps

    @property
    def final_loss(self) -> float:
        """Loss of the last snapshot's parameters."""
        return float(self.snapshot_losses[-1])

    @cached_property
    def diverged_at(self) -> int | None:
        """First step whose loss is infinite or NaN; None if there is none."""
        is_bad = ~np.isfinite(np.append(self.loss, self.final_loss))
        if not is_bad.any():
            return None
        first = int(is_bad.argmax())
        return int(self.loss_steps[first]) if first < len(self.loss) else self.n_steps

    @cached_property
    def solved_at(self) -> int | None:
        """First snapshot's step from which every point stays correct to the end; None if the end is not."""
        wrong = np.flatnonzero(self._n_correct < len(self.inputs))
        first = int(wrong[-1]) + 1 if len(wrong) else 0
        return int(self.steps[first]) if first < self.n_snapshots else None

    @overload
    def n_correct(self, snapshot: One = -1) -> int: ...
    @overload
    def n_correct(self, snapshot: Several) -> NDArray[np.int64]: ...
    def n_correct(self, snapshot: One | Several = -1) -> int | NDArray[np.int64]:
        """How many training points are correct; see `xorviz.problems.tasks.is_correct`. Of a regression none is.

        Args:
            snapshot: one, or several; negative ones count from the end.

        Returns:
            A number, or an int64 array of shape (n_asked,) for several.
        """
        ordinals, is_single = ordinals_of(snapshot, self.n_snapshots)
        return int(self._n_correct[ordinals[0]]) if is_single else self._n_correct[list(ordinals)]

    def layer_norms(self, of: Column) -> dict[str, Float64]:
        """Euclidean norm over each layer's weights and biases; read with the traces, like `n_correct`.

        Args:
            of: ``"parameters"`` or ``"gradients"``; UsageError for any other word.

        Returns:
            (dict of float64 arrays of shape (n_snapshots,)): by the names of `Network.layer_ranges`; empty where
                only outputs were recorded.
        """
        if of not in (columns := get_args(Column)):
            raise unknown("of", of, columns)
        return dict(zip(self._layers, self._norms[:, columns.index(of)].T, strict=True))
