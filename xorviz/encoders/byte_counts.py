"""Bytes as people write and read them."""

from __future__ import annotations

import re

from xorviz.errors import UsageError

_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def bytes_from(value: str | int) -> int:
    """A limit as bytes: ``5_000_000``, ``"5MB"``, ``"700 kB"``, ``"4.5 MiB"``.

    Raises:
        UsageError: it is no such thing.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", value) if isinstance(value, str) else None
    if found and found[2].lower() in _UNITS:
        value = int(float(found[1]) * _UNITS[found[2].lower()])
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"max_bytes must be a number with B, kB, MB or MiB, such as 5MB; got {value!r}.")
    return value


def readable(n_bytes: float) -> str:
    """Bytes for people."""
    return f"{n_bytes / 1e6:.2f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.0f} kB"
