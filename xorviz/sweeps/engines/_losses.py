"""The loss of many runs, accumulated over steps with as few logarithms as can be."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import partial
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.activations import Call
from xorviz.learning.losses import CLIP, Loss
from xorviz.sweeps.engines._aligned import aligned

Array: TypeAlias = NDArray[Any]

#: A product of likelihoods stays above 10 to the minus this.
_MOST_DECADES = 300


class StepLoss(ABC):
    """The reported loss of a step, in a form that accumulates cheaply.

    Attributes:
        calls: fill `row` from the outputs.
        row (float64 array of shape (n_runs,)): the step's loss; `value` turns it into numbers.
        accumulate: ufunc that joins the rows of several steps, beginning with `start`.
        n_steps_at_most: how many rows may be joined.
    """

    calls: list[Call]
    accumulate: np.ufunc = np.add
    start: float = 0.0
    n_steps_at_most: int = 1_000_000_000

    def __init__(self, loss: Loss, outputs: Array, targets: Array) -> None:
        """Bind the calls.

        Args:
            loss: what is reported.
            outputs (float64 array of shape (n_outputs, n_points, n_runs)): read whenever the calls run.
            targets (float64 array of shape (n_outputs, n_points, 1)): what they should be.
        """
        self._factor = 1 / outputs.shape[1] if loss.reported == "mean" else 1.0
        self.row = aligned(outputs.shape[-1])
        self.calls = self._bind(loss, outputs, targets)

    @abstractmethod
    def _bind(self, loss: Loss, outputs: Array, targets: Array) -> list[Call]:
        """The calls."""

    @abstractmethod
    def value(self, row: Array) -> Array:
        """The sum of the losses that were joined in a row, shape (n_runs,)."""


@final
class Likelihoods(StepLoss):
    """Cross-entropy of targets 0 and 1: minus the logarithm of the product of the targets' likelihoods."""

    accumulate = np.multiply
    start = 1.0

    def _bind(self, loss: Loss, outputs: Array, targets: Array) -> list[Call]:
        likelihoods = aligned(*outputs.shape)
        self.n_steps_at_most = _MOST_DECADES // (15 * outputs.shape[0] * outputs.shape[1])
        return [
            partial(np.clip, outputs, np.array(CLIP), np.array(1 - CLIP), out=likelihoods),
            # What is taken off is written out: NumPy takes twice as long to repeat it along the runs. Where it is 1, a
            # likelihood is negative; `value` drops the product's sign.
            partial(np.subtract, likelihoods, repeated(1 - targets, outputs.shape), likelihoods),
            partial(np.multiply.reduce, likelihoods, axis=(0, 1), out=self.row),
        ]

    def value(self, row: Array) -> Array:
        """See `StepLoss.value`."""
        return np.log(np.abs(row)) * -self._factor


@final
class Squares(StepLoss):
    """Half the squared error."""

    def _bind(self, loss: Loss, outputs: Array, targets: Array) -> list[Call]:
        squares = aligned(*outputs.shape)
        return [
            partial(np.subtract, outputs, repeated(targets, outputs.shape), squares),
            partial(np.multiply, squares, squares, squares),
            partial(np.add.reduce, squares, axis=(0, 1), out=self.row),
        ]

    def value(self, row: Array) -> Array:
        """See `StepLoss.value`."""
        return row * (0.5 * self._factor)


@final
class Entropies(StepLoss):
    """Cross-entropy of any targets from 0 to 1, of classes, or of many points: logarithms at every step."""

    def _bind(self, loss: Loss, outputs: Array, targets: Array) -> list[Call]:
        by_run, by_point = outputs.transpose(2, 1, 0), targets[..., 0].T

        def fill() -> None:
            self.row[...] = loss.value(by_run, by_point)

        return [fill]

    def value(self, row: Array) -> Array:
        """See `StepLoss.value`."""
        return row.copy()


def repeated(array: Array, shape: tuple[int, ...]) -> Array:
    """An array broadcast to a shape, in memory of its own."""
    found = aligned(*shape)
    found[...] = array
    return found


def step_loss(loss: Loss, outputs: Array, targets: Array) -> StepLoss:
    """The form that suits a loss; arguments as for `StepLoss`."""
    if loss.kind == "squared":
        return Squares(loss, outputs, targets)
    is_binary = loss.kind == "cross_entropy" and bool(((targets == 0) | (targets == 1)).all())
    fits = 15 * outputs.shape[0] * outputs.shape[1] <= _MOST_DECADES
    return (Likelihoods if is_binary and fits else Entropies)(loss, outputs, targets)
