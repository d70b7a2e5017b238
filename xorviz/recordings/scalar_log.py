"""Numbers that a training loop reports, from one snapshot to the next."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from xorviz.recordings.scalars import Series
from xorviz.recordings.traces import LOSS

#: As many values of one name are kept between two snapshots; beyond, every other one goes.
_MOST = 1 << 16


@final
class ScalarLog:
    """Values by name and step; those of steps up to a snapshot are taken out together with it."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[list[int], list[Any]]] = {}
        # How many of them `untold` has given out.
        self._n_told: dict[str, int] = {}
        #: How many values there are, about.
        self.n_values = 0

    def add(self, name: str, step: int, value: Any) -> None:
        """Keep a number, or what will be one, and does not change."""
        if name not in self._values:
            self._values[name] = ([], [])
        steps, values = self._values[name]
        steps.append(step)
        values.append(value)
        self.n_values += 1
        if len(steps) > _MOST:
            del steps[1::2], values[1::2]
            self._n_told[name] = (self._n_told.get(name, 0) + 1) // 2

    def untold(self, *, again: bool = False) -> dict[str, Series]:
        """What was not given out by this before, nor taken out; or all that is kept, again."""
        found = {}
        for name, (steps, values) in self._values.items():
            n = 0 if again else self._n_told.get(name, 0)
            if n < len(steps):
                found[name] = _series(steps[n:], values[n:])
                self._n_told[name] = len(steps)
        return found

    def last(self, name: str, step: int) -> Any:
        """The value given for a step, or None."""
        steps, values = self._values.get(name, ([], []))
        return values[-1] if steps and steps[-1] == step else None

    def losses(self, since: int, step: int) -> list[float] | None:
        """The loss of every step from one to, not including, another; None where some are missing."""
        steps, values = self._values.get(LOSS, ([], []))
        n = step - since
        if len(steps) < n or steps[:n] != list(range(since, step)):
            return None
        return [float(value) for value in values[:n]]

    def take(self, step: int) -> dict[str, Series]:
        """Everything up to a step, taken out; the loss of that step itself belongs to what follows."""
        taken, self.n_values = {}, 0
        for name, (steps, values) in list(self._values.items()):
            n = int(np.searchsorted(steps, step, side="left" if name == LOSS else "right"))
            if n:
                taken[name] = _series(steps[:n], values[:n])
                del steps[:n], values[:n]
                self._n_told[name] = max(self._n_told.get(name, 0) - n, 0)
        return taken


def _series(steps: list[int], values: list[Any]) -> Series:
    return Series(np.array(steps, dtype=np.int64), np.array([float(value) for value in values]))
