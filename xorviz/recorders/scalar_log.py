"""Numbers that a training loop reports, from one snapshot to the next."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from xorviz.recorders._base import as_array
from xorviz.recordings.scalars import Series
from xorviz.recordings.traces import LOSS

#: As many values of one name are kept between two snapshots; beyond, every other one goes.
_MOST = 1 << 16


@final
class ScalarLog:
    """Values by name and step; those of steps up to a snapshot are taken out together with it."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[list[int], list[Any]]] = {}
        #: How many values there are, about.
        self.n_values = 0

    def add(self, name: str, step: int, value: Any) -> Any:
        """Keep a number as it is now, and say how it is kept."""
        if name not in self._values:
            self._values[name] = ([], [])
        steps, values = self._values[name]
        kept = held(value)
        steps.append(step)
        values.append(kept)
        self.n_values += 1
        if len(steps) > _MOST:
            del steps[1::2], values[1::2]
        return kept

    def last(self, name: str, step: int) -> Any:
        """The value given for a step, or None."""
        steps, values = self._values.get(name, ([], []))
        return values[-1] if steps and steps[-1] == step else None

    def losses(self, since: int, step: int) -> list[float] | None:
        """The loss of every step from one to, not including, another; None where some are missing."""
        steps, values = self._values.get(LOSS, ([], []))
        if len(steps) != step - since or steps != list(range(since, step)):
            return None
        return [float(value) for value in values]

    def take(self, step: int) -> dict[str, Series]:
        """Everything up to a step, taken out; the loss of that step itself belongs to what follows."""
        taken, self.n_values = {}, 0
        for name, (steps, values) in list(self._values.items()):
            n = int(np.searchsorted(steps, step, side="left" if name == LOSS else "right"))
            if n:
                taken[name] = Series(np.array(steps[:n], dtype=np.int64), np.array([float(v) for v in values[:n]]))
                del steps[:n], values[:n]
        return taken


def held(value: Any) -> Any:
    """A number that later changes of ``value`` do not touch: a copy on its device, so that nothing waits for it."""
    if isinstance(value, float | int):
        return float(value)
    if hasattr(value, "detach"):
        return value.item() if value.is_cpu else value.detach().clone()
    if isinstance(value, np.ndarray | np.generic):
        return float(value)
    # What is left cannot be changed: an array of JAX, whose value may not even be computed yet.
    float_of = getattr(value, "__float__", None)
    return value if float_of is not None else float(as_array(value))
