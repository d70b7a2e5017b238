"""Snapshots that wait to become rows, and what is made of them: outputs, losses and gradients that nobody gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import ActivationName, applied
from xorviz.learning.losses import Loss
from xorviz.recordings.header import Header
from xorviz.recordings.scalar_log import ScalarLog
from xorviz.recordings.scalars import Series
from xorviz.recordings.snapshot import Snapshot
from xorviz.recordings.traces import LOSS

Array = NDArray[Any]
_PIECE = 1 << 20


@dataclass(slots=True)
class Waiting:
    """A snapshot that is not yet written.

    Attributes:
        step: when it was taken.
        vector: parameters, or samples.
        gradient: the framework's own; None where it has none.
        reported: the latest loss that the training loop gave; NaN if none.
        is_complete: whether the step after it has come, and with it gradient and loss.
    """

    step: int
    vector: Array
    gradient: Array | None = None
    reported: Any = np.nan
    is_complete: bool = False

    def complete(self, gradient: Array | None, reported: Any) -> None:
        """What the step after it told."""
        self.gradient, self.reported, self.is_complete = gradient, reported, True


@final
class SnapshotMaker:
    """Makes what a row holds of what was taken and told.

    Args:
        header: of the recording.
        link: the activation that is applied to outputs that are recorded, not computed.
        log: the numbers that the training loop reports; those of a snapshot are taken out.
        since: step of the row before; 0 for none.
        last_loss: of the row before; NaN for none.
    """

    def __init__(
        self, header: Header, link: ActivationName, log: ScalarLog, *, since: int = 0, last_loss: float = np.nan
    ) -> None:
        self._header, self._model, self._link, self._log = header, header.model, link, log
        self._since, self._last_loss = since, last_loss
        #: The latest loss that was reported.
        self.last_reported: Any = np.nan

    def snapshots(self, ready: Sequence[Waiting], *, scalars_one_in: int = 1) -> list[Snapshot]:
        """What the rows of some snapshots hold.

        Args:
            ready: they, in order.
            scalars_one_in: of the numbers given at every step, one in so many is kept.
        """
        vectors = [self._linked(one.vector) for one in ready]
        gradients = [one.gradient for one in ready]
        outputs, losses = self._looked_at(vectors, gradients)
        found = []
        for i, one in enumerate(ready):
            loss = float(losses[i]) if losses is not None else self._reported(one)
            found.append(self._snapshot(one, vectors[i], gradients[i], outputs[i], loss, scalars_one_in))
        return found

    def _reported(self, one: Waiting) -> float:
        return float(one.reported if one.is_complete else self.last_reported)

    def _snapshot(
        self, one: Waiting, vector: Array, gradient: Array | None, outputs: Array, loss: float, one_in: int
    ) -> Snapshot:
        since, step = self._since, one.step
        losses = self._log.losses(since, step)
        scalars = self._log.take(step)
        if one_in > 1:
            losses = None
            scalars = {name: every.sparse(one_in) for name, every in scalars.items()}
        if losses is not None:
            scalars.pop(LOSS, None)
        elif LOSS not in scalars:
            # Nobody reports a loss: what is known is that of the snapshot before.
            scalars[LOSS] = Series(np.array([since]), np.array([self._last_loss]))
        if gradient is None:
            gradient = np.full(self._model.n_gradients, np.nan)
        self._since, self._last_loss = step, loss
        return Snapshot(step, losses, loss, vector, gradient, outputs, scalars)

    def _linked(self, vector: Array) -> Array:
        """With the link's activation of outputs that are recorded, not computed."""
        if self._header.probe is None or self._link == "linear":
            return vector
        n_outputs, known = self._model.n_outputs, self._header.probe
        n_values = (known.n_points + int(np.prod(known.sides))) * n_outputs
        found = vector.copy()
        found[:n_values] = applied(self._link, vector[:n_values].reshape(-1, n_outputs)).reshape(-1)
        return found

    def _looked_at(self, vectors: Sequence[Array], gradients: list[Array | None]) -> tuple[Array, Array | None]:
        """Outputs at the training points and losses of some vectors; gradients that are missing are filled in."""
        header, network, loss = self._header, self._header.network, self._header.loss
        n_at_once = max(1, _PIECE // max(self._model.n_values, len(header.inputs) * self._model.widest))
        outputs: list[Array] = []
        with np.errstate(all="ignore"):
            for start in range(0, len(vectors), n_at_once):
                piece = np.stack(vectors[start : start + n_at_once], dtype=np.float64)
                outputs.extend(self._model.forward(piece, header.inputs))
                if network is not None and loss is not None:
                    self._fill(gradients, piece, start, loss)
            together = np.stack(outputs)
            return together, None if loss is None else loss.value(together, header.targets)

    def _fill(self, gradients: list[Array | None], piece: Array, start: int, loss: Loss) -> None:
        header = self._header
        missing = [i for i in range(len(piece)) if gradients[start + i] is None]
        if missing and header.network is not None:
            _, found = header.network.gradient(piece[missing], header.inputs, header.targets, loss)
            for i, gradient in zip(missing, found, strict=True):
                gradients[start + i] = gradient
