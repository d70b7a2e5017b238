"""Panels that other installed packages bring, found by their entry points."""

from __future__ import annotations

import inspect
from dataclasses import is_dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from xorviz.errors import UsageError
from xorviz.panels._base import Panel

#: An entry point's name is the panel's kind; its value is a `Panel`, or a function that draws with matplotlib.
GROUP = "xorviz.panels"


def installed_kinds() -> list[str]:
    """The kinds that installed packages bring, in alphabetical order."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


def installed(kind: str, *, where: str) -> tuple[type[Panel], dict[str, Any]]:
    """The panel of an entry point and the options that are given with it.

    Args:
        kind: name of the entry point; one of `installed_kinds`.
        where: name of the panel's table in messages.

    Raises:
        UsageError: two packages bring this kind, or what one brings cannot be loaded or is no panel.
    """
    found = sorted(entry_points(group=GROUP, name=kind), key=_package)
    if len(found) > 1:
        raise UsageError(
            f"{where}.kind must be brought by one package; {kind!r} is an entry point of "
            f"{' and '.join(map(_package, found))}. Uninstall all but one."
        )
    (entry,) = found
    try:
        value = entry.load()
    except Exception as error:
        raise UsageError(
            f"{where}.kind must name a panel that loads; entry point {kind!r} ({entry.value}) of package "
            f"{_package(entry)} raised {type(error).__name__}: {error}. Repair or uninstall that package."
        ) from error
    if isinstance(value, type) and issubclass(value, Panel) and is_dataclass(value) and not inspect.isabstract(value):
        return value, {}
    if inspect.isroutine(value):
        from xorviz.panels.function import MatplotlibPanel

        return MatplotlibPanel, {"function": value}
    raise UsageError(
        f"{where}.kind must name a Panel that is a dataclass, or a function; entry point {kind!r} ({entry.value}) of "
        f"package {_package(entry)} is {value!r}. Repair or uninstall that package."
    )


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "(unknown)"
