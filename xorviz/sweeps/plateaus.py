"""Where runs that fail get stuck: the levels of loss at which some points cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.learning.experiment import Experiment
from xorviz.learning.losses import Loss

_MOST_POINTS = 8
#: How far a run's last loss may be from a level and still be on it, relative to the level.
_NEAR = 0.02


@dataclass(frozen=True)
class Plateau:
    """A level of loss.

    Attributes:
        loss: the reported loss there.
        name: which points share an output: ``"2 points alike"``.
    """

    loss: float
    name: str


def plateaus(experiment: Experiment) -> tuple[Plateau, ...]:
    """The levels at which the points of a problem fall into groups that the network cannot tell apart.

    The points of a group have one output, the mean of their targets, which no loss here can improve on; every other
    point is right. Of partitions with the same loss one is named. None for problems of more than 8 points, or of more
    than one output.

    Returns:
        Rising levels, without 0.
    """
    targets = experiment.problem.targets
    if targets.shape[1] != 1 or len(targets) > _MOST_POINTS:
        return ()
    found: dict[float, str] = {}
    for groups in _partitions(len(targets)):
        outputs = np.empty_like(targets)
        for group in groups:
            outputs[group] = targets[group].mean()
        level = round(float(experiment.loss.value(outputs, targets)), 9)
        mixed = sorted((len(group) for group in groups if np.ptp(targets[group]) > 0), reverse=True)
        if mixed and level > _least(experiment.loss):
            name = " + ".join(str(n) for n in mixed) + " points alike"
            # Of groupings that cost the same the one with fewest groups.
            found[level] = min(found.get(level, name), name, key=len)
    return tuple(Plateau(level, found[level]) for level in sorted(found))


def kinds(
    final_losses: NDArray[np.float32], solved_steps: NDArray[np.int32], levels: Sequence[Plateau]
) -> NDArray[np.int64]:
    """Which plateau each run ended on: its index; -1 for one that succeeded, ``len(levels)`` for one between plateaus.

    Args:
        final_losses (float32 array of shape (n_runs,)): NaN for a run that diverged, which is between plateaus.
        solved_steps (int32 array of shape (n_runs,)): -1 where a run failed.
        levels: as `plateaus` gives them.
    """
    ends = np.full(len(final_losses), len(levels), dtype=np.int64)
    for index, level in enumerate(levels):
        ends[np.abs(final_losses - level.loss) <= _NEAR * level.loss] = index
    ends[solved_steps >= 0] = -1
    return ends


def _least(loss: Loss) -> float:
    """What counts as no loss."""
    return 1e-9 if loss.kind == "squared" else 1e-6


def _partitions(n: int) -> Iterator[list[list[int]]]:
    """Every way to put n points into groups."""
    if n == 0:
        yield []
        return
    for groups in _partitions(n - 1):
        for i, group in enumerate(groups):
            yield [*groups[:i], [*group, n - 1], *groups[i + 1 :]]
        yield [*groups, [n - 1]]
