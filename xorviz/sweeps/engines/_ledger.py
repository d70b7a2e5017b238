"""What is written down of every step of many runs: the sum of losses, since when it is solved, whether it is over."""

from __future__ import annotations

from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import Call
from xorviz.sweeps.engines._aligned import aligned
from xorviz.sweeps.engines._base import BlockResult
from xorviz.sweeps.engines._correctness import Correctness
from xorviz.sweeps.engines._losses import StepLoss

Array: TypeAlias = NDArray[Any]

_STEPS_AT_ONCE = 64


@final
class Ledger:
    """Keeps what a `BlockResult` needs while runs are trained.

    Without a stopping rule the losses of several steps are joined before a logarithm is taken of them. With one, each
    step's loss is needed; a run that has ended is trained on with the others and no longer written down.

    Attributes:
        calls: to be run in every step, after the loss's and before the update.
    """

    def __init__(self, loss: StepLoss, correctness: Correctness, *, loss_below: float | None) -> None:
        """Begin.

        Args:
            loss: of the step.
            correctness: of the points, read after the loss.
            loss_below: a run ends before the first update at which its loss is below this; None never.
        """
        n_runs = len(loss.row)
        self._loss, self._correctness, self._loss_below = loss, correctness, loss_below
        self._total: Array = np.zeros(n_runs)
        self._joined = aligned(n_runs)
        self._joined.fill(loss.start)
        self._n_joined = 0
        self._is_running: Array = np.ones(n_runs, dtype=bool)
        self._last_losses: Array = np.empty(n_runs)
        self._wrong: Array = np.zeros((_STEPS_AT_ONCE, n_runs), dtype=bool)
        self._n_steps, self._n_noted = 0, 0
        self._last_wrong: Array = np.full(n_runs, -1)
        self._ends_wrong: Array = np.empty(n_runs, dtype=bool)
        of_loss = self._join if loss_below is None else self._stop
        self.calls: list[Call] = [*correctness.calls, of_loss, self._note]

    def _join(self) -> None:
        self._loss.accumulate(self._joined, self._loss.row, self._joined)
        self._n_joined += 1
        if self._n_joined == self._loss.n_steps_at_most:
            self._settle()

    def _settle(self) -> None:
        if self._n_joined:
            self._total += self._loss.value(self._joined)
            self._joined.fill(self._loss.start)
            self._n_joined = 0

    def _note(self) -> None:
        """Keep which runs are wrong now; when the last time was, is looked for in many steps at once."""
        self._wrong[self._n_noted] = self._correctness.is_wrong
        self._n_noted += 1
        if self._n_noted == len(self._wrong):
            self._find_last_wrong()

    def _find_last_wrong(self) -> None:
        backwards = self._wrong[: self._n_noted][::-1]
        if self._n_noted:
            latest = self._n_steps + self._n_noted - 1 - backwards.argmax(axis=0)
            np.copyto(self._last_wrong, latest, where=backwards.any(axis=0))
        self._n_steps, self._n_noted = self._n_steps + self._n_noted, 0

    def _stop(self) -> None:
        losses, running = self._loss.value(self._loss.row), self._is_running
        self._write_down(losses)
        # Written like this, a loss that is not a number ends the run too.
        goes_on = running & (losses >= self._loss_below) & (losses < np.inf)
        np.add(self._total, losses, self._total, where=goes_on)
        self._correctness.is_wrong &= running
        self._is_running[...] = goes_on

    def _write_down(self, losses: Array) -> None:
        np.copyto(self._last_losses, losses, where=self._is_running)
        np.copyto(self._ends_wrong, self._correctness.is_wrong, where=self._is_running)

    def is_over(self) -> bool:
        """Whether every run has ended by the stopping rule."""
        return self._loss_below is not None and not self._is_running.any()

    def result(self) -> BlockResult:
        """What became of the runs, once the outputs and the loss are those of the last parameters."""
        self._settle()
        self._find_last_wrong()
        for call in self._correctness.calls:
            call()
        self._write_down(self._loss.value(self._loss.row))
        has_diverged = ~np.isfinite(self._total + self._last_losses)
        return BlockResult(
            scores=np.where(has_diverged, np.nan, self._total),
            final_losses=np.where(has_diverged, np.nan, self._last_losses),
            solved_steps=np.where(has_diverged | self._ends_wrong, -1, self._last_wrong + 1),
        )
