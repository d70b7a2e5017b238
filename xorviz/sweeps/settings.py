"""Settings of an experiment by name: where each lies, what a word on the command line means for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias, get_args

from xorviz.errors import UsageError, unknown
from xorviz.learning.experiment import Experiment
from xorviz.learning.initialisations import Initialisation
from xorviz.learning.optimizers import Optimizer

Value: TypeAlias = bool | int | float | str | tuple[int | str, ...] | None
Path: TypeAlias = tuple[str, ...]

#: What a sweep sets itself, and what is no single value.
_NOT_SETTINGS = ("seed", "name", "problem", "parameters")
_KINDS = {"initialisation": get_args(Initialisation), "optimizer": get_args(Optimizer)}


def settings_of(experiment: Experiment) -> dict[str, Path]:
    """Every setting by the shortest name that means only it: ``hidden_std``, ``optimizer.kind``."""
    return _named(experiment.to_builtins())


def setting_named(experiment: Experiment, name: str, *, argument: str) -> str:
    """The shortest name of a setting that may be given by its whole path.

    Args:
        experiment: whose setting.
        name: ``"hidden_std"`` or ``"initialisation.hidden_std"``.
        argument: what the caller calls it, for messages.

    Raises:
        UsageError: the experiment has no such setting.
    """
    known = settings_of(experiment)
    by_path = {".".join(path): short for short, path in known.items()}
    if name not in known and name not in by_path:
        raise unknown(argument, name, known)
    return name if name in known else by_path[name]


def value_of(experiment: Experiment, name: str) -> Value:
    """The present value of a setting."""
    value: Any = experiment.to_builtins()
    for key in settings_of(experiment)[name]:
        value = value[key]
    return tuple(value) if isinstance(value, list) else value


def with_settings(experiment: Experiment, values: Mapping[str, Value]) -> Experiment:
    """The experiment with some settings changed, in order, checked again.

    A new ``kind`` keeps of the old one's options those that it has, too.

    Raises:
        UsageError: a setting that is not there, or a value that the experiment refuses.
    """
    table, fresh = experiment.to_builtins(), True
    for name, value in values.items():
        known = _named(table)
        *folders, key = known[name] if name in known else known[setting_named(experiment, name, argument="setting")]
        inner = table
        for folder in folders:
            inner = inner[folder]
        inner[key], fresh = list(value) if isinstance(value, tuple) else value, False
        if key == "kind" and folders and folders[0] in _KINDS:
            table[folders[0]] = _of_kind(inner, folders[0])
            # Another kind brings settings of its own.
            experiment = Experiment.from_builtins(table)
            table, fresh = experiment.to_builtins(), True
    return experiment if fresh else Experiment.from_builtins(table)


def value_from(text: str, like: Value, *, argument: str) -> Value:
    """A word of the command line as a value of the type that a setting has now.

    Args:
        text: ``"0.5"``, ``"true"``, ``"adam"``, ``"none"``; ``"2-3-1"`` for a list.
        like: the present value.
        argument: for messages.

    Raises:
        UsageError: it is no such value.
    """
    text = text.strip()
    if isinstance(like, tuple):
        parts = text.split("-")
        return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else tuple(parts)
    if isinstance(like, bool):
        if text.lower() not in ("true", "false"):
            raise UsageError(f"{argument} must be true or false; got {text!r}.")
        return text.lower() == "true"
    if isinstance(like, str) or (like is None and text.lower() == "none"):
        return None if like is None else text
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"{argument} must be a number; got {text!r}.") from None
    if not isinstance(like, int):
        return number
    if not number.is_integer():
        raise UsageError(f"{argument} must be a whole number; got {text!r}.")
    return int(number)


def _named(table: Mapping[str, Any]) -> dict[str, Path]:
    paths = list(_paths(table, ()))
    count = Counter(path[-1] for path in paths)
    return {path[-1] if count[path[-1]] == 1 else ".".join(path): path for path in paths}


def _paths(table: Mapping[str, Any], above: Path) -> Iterator[Path]:
    for key, value in table.items():
        if key in _NOT_SETTINGS:
            continue
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))
        else:
            yield (*above, key)


def _of_kind(table: dict[str, Any], folder: str) -> dict[str, Any]:
    """The options of a table that its kind has."""
    for cls in _KINDS[folder]:
        if cls.__struct_config__.tag == table["kind"]:
            return {key: value for key, value in table.items() if key == "kind" or key in cls.__struct_fields__}
    return table
