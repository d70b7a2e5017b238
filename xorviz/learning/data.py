"""What a recipe or a command says of its data: which problem, and with what it is learned."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xorviz.errors import UsageError
from xorviz.learning.defaults import experiment_for
from xorviz.learning.experiment import Experiment
from xorviz.problems import Problem, problem, read_table

FILES = (".csv", ".tsv", ".npz")
_OF_SETS = ("n_points", "noise", "n_classes", "n_turns", "n_squares", "factor")
_OF_TABLES = ("target", "features", "task", "standardize")


class Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A problem and its network; what is not given has the problem's own default.

    Attributes:
        name: a problem's name, ``"moons"``, or a file, ``"points.csv"``.
        n_points, noise, n_classes, n_turns, n_squares, factor: of a set of points; see `xorviz.problems`.
        seed: of the points and of the split.
        target, features, task, standardize: of a file; see `xorviz.problems.read_table`.
        validation: share of the points that are only looked at; 0 for none.
        hidden, n_steps, learning_rate: of the training; see `xorviz.learning.defaults.experiment_for`.
    """

    name: str
    n_points: int | None = None
    noise: float | None = None
    n_classes: int | None = None
    n_turns: float | None = None
    n_squares: int | None = None
    factor: float | None = None
    seed: int | None = None
    target: str | None = None
    features: tuple[str, ...] | None = None
    task: str | None = None
    standardize: bool | None = None
    validation: float = 0.0
    hidden: tuple[int, ...] = ()
    n_steps: int | None = None
    learning_rate: float | None = None

    @property
    def is_file(self) -> bool:
        """Whether the name is that of a file."""
        return self.name.lower().endswith(FILES)

    def problem(self, folder: Path) -> Problem:
        """The problem, split where a share is to be validated with.

        Args:
            folder: where a file's name begins.

        Raises:
            UsageError: no such problem or file, or an option that it does not have.
        """
        strange = _OF_SETS if self.is_file else _OF_TABLES
        kind = "a file" if self.is_file else f"data {self.name!r}"
        for option in strange:
            if getattr(self, option) is not None:
                raise UsageError(f"{option} must not be given for {kind}. Leave it out.")
        names = _OF_TABLES if self.is_file else (*_OF_SETS, "seed")
        given: dict[str, Any] = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        found = read_table(folder / self.name, **given) if self.is_file else problem(self.name, **given)
        return found.split(self.validation, seed=self.seed or 0) if self.validation else found

    def experiment(self, folder: Path) -> Experiment:
        """The problem with a network and an optimizer; errors as for `problem`."""
        return experiment_for(
            self.problem(folder), hidden=self.hidden, n_steps=self.n_steps, learning_rate=self.learning_rate
        )
