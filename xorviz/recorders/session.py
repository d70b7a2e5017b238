"""One recording on its way: snapshots that wait for their gradient, and rows that are written some at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, final

import numpy as np

from xorviz.learning.losses import Loss
from xorviz.parallel.threads import on_one_thread
from xorviz.recorders._base import Array
from xorviz.recorders.budget import Budget
from xorviz.recorders.objective import Objective, linked
from xorviz.recorders.sampling import Taker
from xorviz.recorders.scalar_log import ScalarLog
from xorviz.recordings.header import Header
from xorviz.recordings.recording import Recording
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.scalars import Series
from xorviz.recordings.snapshot import Snapshot
from xorviz.recordings.traces import LOSS

#: Snapshots are written together, because looking at many costs little more than looking at one: at most so many, so
#: many seconds, or as many bytes as the budget says; that is also what a kill can cost.
_MOST_WAITING, _LONGEST_S = 64, 0.25
#: Later in a run, snapshots are far apart. Where none is due for so many seconds, or for so many times of what one
#: costs, the run as it is then is written all the same, for as long as it is the latest: what a kill can cost there.
_ALONE_S, _ALONE_COSTS = 5.0, 300
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


@final
class Session:
    """Writes what is taken of a model.

    Args:
        path: the file to be; None records in memory.
        header: of the recording.
        taker: what takes snapshots.
        objective: the loss, and the activation that it is taken of.
        budget: which steps become snapshots.
        log: the numbers that the training loop reports.
        force: replace the file.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        header: Header,
        taker: Taker,
        objective: Objective,
        budget: Budget,
        log: ScalarLog,
        *,
        force: bool,
    ) -> None:
        self._header, self._model, self._taker = header, header.model, taker
        self._objective: Final = objective
        self._budget: Final = budget
        self._log: Final = log
        self._waiting: list[Waiting] = []
        self._since, self._last_loss = 0, np.nan
        self._last_reported: Any = np.nan
        self._oldest_s = 0.0
        # In memory nothing outlives a kill.
        self._least_alone_s: Final = _ALONE_S if path is not None else np.inf
        self._alone_s = self._least_alone_s
        self._for_now: set[int] = set()
        #: Of the latest snapshot.
        self.last_step = -1
        self.writer: Final = RecordingWriter(path, header, force=force)
        self.next_step = budget.next_after(0)

    def is_due(self, step: int) -> bool:
        """Whether a snapshot is to be taken at a step: by the schedule, or because nothing was written for long."""
        return step >= self.next_step or (not self._waiting and time.perf_counter() - self._oldest_s > self._alone_s)

    def keep(self, step: int, vector: Array) -> None:
        """Keep a snapshot until its row can be written."""
        # The first one is written at once: the file is there from the first step on.
        if not self._waiting and step:
            self._oldest_s = time.perf_counter()
        self._waiting.append(Waiting(step, vector))
        if 0 < step < self.next_step:
            self._for_now.add(step)
        self.last_step = step
        self.next_step = self._budget.next_after(step)

    def take(self, step: int) -> None:
        """Take a snapshot now."""
        self.keep(step, self._taker.take())

    def after_update(self, reported: Any) -> None:
        """The update after the latest snapshot has been made: its gradient is still there, and its loss is known."""
        if reported is not None:
            self._last_reported = reported
        if not self._waiting:
            return
        latest = self._waiting[-1]
        if not latest.is_complete:
            latest.gradient, latest.reported, latest.is_complete = self._taker.gradient(), self._last_reported, True
        self._write_if_due()

    def _write_if_due(self) -> None:
        n_bytes = len(self._waiting) * self._budget.row_bytes + 16 * self._log.n_values
        is_old = time.perf_counter() - self._oldest_s > _LONGEST_S
        if len(self._waiting) >= _MOST_WAITING or n_bytes >= self._budget.at_once_bytes or is_old:
            self.write([one for one in self._waiting if one.is_complete])

    @on_one_thread
    def write(self, ready: Sequence[Waiting]) -> None:
        """Write some of the snapshots that wait, the first ones."""
        if not ready:
            return
        self._waiting = self._waiting[len(ready) :]
        begin_s = time.perf_counter()
        vectors = [self._linked(one.vector) for one in ready]
        gradients = [one.gradient for one in ready]
        outputs, losses = self._looked_at(vectors, gradients)
        rows = []
        for i, one in enumerate(ready):
            loss = float(losses[i]) if losses is not None else self._reported(one)
            rows.append(self._row(one, vectors[i], gradients[i], outputs[i], loss))
        self.writer.add_all(rows)
        if going := {step for step in self._for_now if step < ready[-1].step}:
            self.writer.remove(going)
            self._for_now -= going
        self._budget.keep_within(self.writer)
        self._oldest_s = time.perf_counter()
        self._alone_s = max(self._least_alone_s, _ALONE_COSTS * (self._oldest_s - begin_s) / len(ready))

    def _reported(self, one: Waiting) -> float:
        return float(one.reported if one.is_complete else self._last_reported)

    def _row(self, one: Waiting, vector: Array, gradient: Array | None, outputs: Array, loss: float) -> Snapshot:
        since, step = self._since, one.step
        losses = self._log.losses(since, step)
        scalars = self._log.take(step)
        one_in = self._budget.scalars_one_in
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
        if self._header.probe is None or self._objective.link == "linear":
            return vector
        n_outputs, known = self._model.n_outputs, self._header.probe
        n_values = (known.n_points + int(np.prod(known.sides))) * n_outputs
        found = vector.copy()
        found[:n_values] = linked(vector[:n_values].reshape(-1, n_outputs), self._objective.link).reshape(-1)
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

    def close(self, *, complete: bool) -> Recording:
        """Write what waits, and end the recording."""
        self.write(self._waiting)
        return self.writer.close(complete=complete)
