"""The values that a sweep gives a setting, as they are written on a command line."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.sweeps.settings import Value, setting_named, value_from, value_of

Scale: TypeAlias = Literal["linear", "log", "list"]
_MOST_VALUES = 100_000
_FORMS = "exp:LOW:HIGH:COUNT, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT, or VALUE,VALUE,…"


class Axis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One swept setting.

    Attributes:
        setting: its shortest name.
        scale: how its values are spaced: evenly, evenly in their logarithm, or as they were listed.
        values: in the order of the points.
    """

    setting: str
    scale: Scale
    values: tuple[Value, ...]

    def describe(self) -> str:
        """``"hidden_std 400 values from 0.0498 to 54.6"``."""
        shown = [short(value) for value in self.values]
        if len(shown) <= 4:
            return f"{self.setting} {', '.join(shown)}"
        return f"{self.setting} {len(shown):,} values from {shown[0]} to {shown[-1]}"


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """What ``--grid`` says before values are taken from it.

    Attributes:
        setting: its shortest name.
        like: its present value, whose type the values have.
        scale: how values are spaced; ``"list"`` for given ones.
        low, high: ends of the range, for ``"exp"`` of the exponents.
        is_exp: whether the values are e to the power of what lies between the ends.
        count: how many values; None where it was left out.
        given: the listed values.
    """

    setting: str
    like: Value
    scale: Scale
    low: float = 0.0
    high: float = 0.0
    is_exp: bool = False
    count: int | None = None
    given: tuple[Value, ...] = ()

    def axis(self) -> Axis:
        """Evenly spaced values, ends included.

        Raises:
            UsageError: no count.
        """
        if self.scale == "list":
            return Axis(setting=self.setting, scale="list", values=self.given)
        if self.count is None:
            raise UsageError(f"--grid {self.setting} must say how many values, as in exp:-3:4:400, without --random.")
        return self._axis(np.linspace(*self._ends, self.count), distinct=True)

    def random_axis(self, random: np.random.Generator, n: int) -> Axis:
        """Values drawn evenly from the range, on its scale, or from the listed ones.

        Raises:
            UsageError: a count, which has no meaning here.
        """
        if self.scale == "list":
            chosen = random.integers(len(self.given), size=n)
            return Axis(setting=self.setting, scale="list", values=tuple(self.given[i] for i in chosen.tolist()))
        if self.count is not None:
            raise UsageError(f"--grid {self.setting} must leave out the count with --random, which says how many.")
        return self._axis(random.uniform(*self._ends, n), distinct=False)

    @property
    def _ends(self) -> tuple[float, float]:
        """Between what the values are spaced evenly: the range, or its logarithm."""
        if self.scale == "linear" or self.is_exp:
            return self.low, self.high
        return math.log(self.low), math.log(self.high)

    def _axis(self, at: NDArray[np.float64], *, distinct: bool) -> Axis:
        numbers = np.exp(at) if self.scale == "log" else at
        if not self.is_exp:
            # An end is the number that was given, not a neighbour of it.
            low, high = self._ends
            numbers = np.where(at == low, self.low, np.where(at == high, self.high, numbers))
        if isinstance(self.like, int):
            numbers = np.rint(numbers).astype(np.int64)
        values = tuple(dict.fromkeys(numbers.tolist())) if distinct else tuple(numbers.tolist())
        return Axis(setting=self.setting, scale=self.scale, values=values)


def range_from(text: str, experiment: Experiment) -> Range:
    """Read ``hidden_std=exp:-3:4:400``, ``learning_rate=0.05,0.1`` or ``widths=2-2-1,2-3-1``.

    Args:
        text: what follows ``--grid``.
        experiment: whose setting it is.

    Raises:
        UsageError: no such setting, no values, or something else than numbers.
    """
    name, equals, said = text.partition("=")
    if not equals or not said.strip():
        raise UsageError(f"--grid must be SETTING=VALUES, values as {_FORMS}; got {text!r}.")
    setting = setting_named(experiment, name.strip(), argument="--grid")
    like, argument = value_of(experiment, setting), f"--grid {setting}"
    form, *ends = said.strip().split(":")
    if not ends:
        given = tuple(value_from(word, like, argument=argument) for word in said.split(",") if word.strip())
        if not given:
            raise UsageError(f"--grid must be SETTING=VALUES, values as {_FORMS}; got {text!r}.")
        return Range(setting=setting, like=like, scale="list", given=tuple(dict.fromkeys(given)))
    if form not in ("exp", "log", "lin") or len(ends) not in (2, 3):
        raise UsageError(f"{argument} must be {_FORMS}; got {said!r}.")
    if isinstance(like, bool | str | tuple):
        raise UsageError(f"{argument} must list values, because it is no number; got {said!r}.")
    low, high = (_number(word, argument) for word in ends[:2])
    if not low <= high or (form == "log" and low <= 0):
        rule = "rise from above 0" if form == "log" else "rise"
        raise UsageError(f"{argument} must {rule} from LOW to HIGH; got {said!r}.")
    count = _count(ends[2], argument) if len(ends) == 3 else None
    scale: Scale = "linear" if form == "lin" else "log"
    return Range(setting=setting, like=like, scale=scale, low=low, high=high, is_exp=form == "exp", count=count)


def _number(word: str, argument: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(f"{argument} must have finite numbers for LOW and HIGH; got {word!r}.")
    return number


def _count(word: str, argument: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= _MOST_VALUES:
        raise UsageError(f"{argument} must have a COUNT from 1 to {_MOST_VALUES}; got {word!r}.")
    return int(word)


def short(value: Value) -> str:
    """A value in a few figures, as it is written on a command line."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, tuple):
        return "-".join(str(one) for one in value)
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
