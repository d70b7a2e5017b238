"""What a study is: an experiment, the settings that are swept, and everything its runs' numbers follow from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

import msgspec
import numpy as np

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.sweeps.axes import Axis, range_from, short
from xorviz.sweeps.settings import Value, value_of, with_settings

#: Runs of one point that are trained together and stored as one row, unless fewer are wanted of each point.
BLOCK_RUNS = 1_000
MOST_BLOCK_RUNS = 1_000_000
_MOST_POINTS = 100_000
#: The article's study: 400 deviations, one network for each of its runs.
ARTICLE_GRIDS = {"init-scale": ("hidden_std=exp:-3:4:400",)}


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the numbers of a study follow from; its store is of this plan and no other.

    Attributes:
        experiment: as `Experiment.to_builtins` writes it; the swept settings in it have no meaning.
        axes: the swept settings.
        is_random: whether the axes' values are one point after the other, instead of a grid whose last axis runs
            fastest.
        seed: of the study. What a run starts from follows from it, the point, the block and the index in the block.
        block_runs: runs in a block.
        common: whether all points start from the same random numbers, which makes them easier to compare.
        adaptive: whether later passes go where the relative standard error is largest.
        engine: what trained the runs; another one's differ in the last digits.
    """

    experiment: dict[str, Any]
    axes: tuple[Axis, ...]
    is_random: bool = False
    seed: int = 0
    block_runs: int = BLOCK_RUNS
    common: bool = False
    adaptive: bool = False
    engine: str = "numpy"

    @property
    def n_points(self) -> int:
        """How many settings are tried."""
        return len(self.axes[0].values) if self.is_random else prod(len(axis.values) for axis in self.axes)

    def check_sizes(self) -> None:
        """Refuse a plan that a store made up: no axes, lists that do not belong together, or more than can be held.

        Raises:
            UsageError: naming what is wrong.
        """
        lengths = [len(axis.values) for axis in self.axes]
        if not lengths or (self.is_random and len(set(lengths)) > 1):
            raise UsageError(f"axes must have values for every point; got {lengths!r} of them.")
        if not 1 <= self.n_points <= _MOST_POINTS:
            raise UsageError(f"axes must make 1 to {_MOST_POINTS:,} points; got {self.n_points:,}.")
        if not 1 <= self.block_runs <= MOST_BLOCK_RUNS:
            raise UsageError(f"block_runs must be 1 to {MOST_BLOCK_RUNS:,}; got {self.block_runs:,}.")

    def points(self) -> list[tuple[Value, ...]]:
        """The swept values of every point, in the order of the axes."""
        columns = [axis.values for axis in self.axes]
        return list(zip(*columns, strict=True) if self.is_random else product(*columns))

    def experiments(self) -> list[Experiment]:
        """The experiment of every point.

        Raises:
            UsageError: one that is refused; the message names its settings.
        """
        base, names = Experiment.from_builtins(self.experiment), [axis.setting for axis in self.axes]
        found = []
        for values in self.points():
            try:
                found.append(with_settings(base, dict(zip(names, values, strict=True))))
            except UsageError as error:
                said = ", ".join(f"{name}={short(value)}" for name, value in zip(names, values, strict=True))
                raise UsageError(f"--grid must give an experiment that can be trained at {said}: {error}") from None
        return found

    def differs(self, other: Plan) -> str:
        """In what another plan is another study, as the rest of a sentence; empty if it is the same."""
        mine, others = ([axis.describe() for axis in plan.axes] for plan in (self, other))
        if self.axes != other.axes or self.is_random != other.is_random:
            return f"of {'; '.join(mine)}, where {'; '.join(others)} was asked for"
        for field in ("seed", "block_runs", "common", "adaptive", "engine"):
            if getattr(self, field) != getattr(other, field):
                return f"with {field} {getattr(self, field)!r}, where {getattr(other, field)!r} was asked for"
        if self.experiment != other.experiment:
            name = self.experiment.get("name", "experiment")
            return f"of the experiment {name!r}, otherwise set"
        return ""


def axes_from(
    experiment: Experiment, grids: Sequence[str], *, n_random: int | None, seed: int
) -> tuple[tuple[Axis, ...], bool]:
    """The swept settings that some ``--grid`` options describe, and whether their values are drawn at random.

    Args:
        experiment: what is swept.
        grids: each as `range_from` reads it; a later one may name what an earlier one brings, such as an option of
            another optimizer.
        n_random: draw so many points from the ranges, instead of their product.
        seed: of those draws.

    Raises:
        UsageError: no grid, a setting that is swept twice or unknown, or too many points.
    """
    if not grids:
        raise UsageError("--grid must be given at least once, such as --grid hidden_std=exp:-3:4:400.")
    if n_random is not None and not 1 <= n_random <= _MOST_POINTS:
        raise UsageError(f"--random must be from 1 to {_MOST_POINTS:,}; got {n_random!r}.")
    # A stream of its own: blocks draw from the seed, a point and a block.
    random, axes = np.random.default_rng([seed, 1]), list[Axis]()
    for text in grids:
        wanted = range_from(text, experiment)
        if wanted.setting in {axis.setting for axis in axes}:
            raise UsageError(f"--grid must name each setting once; got {wanted.setting!r} again.")
        axes.append(wanted.axis() if n_random is None else wanted.random_axis(random, n_random))
        if axes[-1].values[0] != value_of(experiment, wanted.setting):
            experiment = with_settings(experiment, {wanted.setting: axes[-1].values[0]})
    if n_random is None and prod(len(axis.values) for axis in axes) > _MOST_POINTS:
        raise UsageError(f"--grid must make at most {_MOST_POINTS:,} points; got more. Give fewer values.")
    return tuple(axes), n_random is not None
