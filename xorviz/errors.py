"""The errors a caller would catch; every message is one sentence: what, where, what is allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class XorvizError(Exception):
    """Anything xorviz refuses or fails to do."""


class UsageError(XorvizError, ValueError):
    """An argument, option or recipe that xorviz refuses before any work is done."""


class RecordingError(XorvizError):
    """A recording that cannot be read: another kind of file, a newer format, or damaged."""


class StudyError(XorvizError):
    """A study's store that cannot be read: another kind of file, a newer format, or damaged."""


class DivergedWarning(RuntimeWarning):
    """A training run produced a non-finite loss or parameter."""


class RecorderWarning(RuntimeWarning):
    """A recorder stopped, and left the training alone."""


def unknown(argument: str, value: object, allowed: Iterable[str]) -> UsageError:
    """The error for a name that is not in a closed set, with the nearest allowed name.

    Args:
        argument: what the caller would recognise: ``"clock"``, ``"--size"``, ``"panels[0].kind"``.
        value: what was given.
        allowed: every accepted name.

    Returns:
        An error to raise.
    """
    names = list(allowed)
    near = difflib.get_close_matches(value.lower(), names, n=1, cutoff=0.5) if isinstance(value, str) else []
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return UsageError(f"{argument} must be one of {', '.join(names)}; got {value!r}.{hint}")
