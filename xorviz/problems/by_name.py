"""Every problem that has a name, with the options that its function takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from xorviz.errors import UsageError, unknown
from xorviz.problems._base import Problem
from xorviz.problems.curves import ripple, sine
from xorviz.problems.planar_sets import blobs, checkerboard, circles, moons, spirals
from xorviz.problems.truth_tables import TRUTH_TABLES, parity, parity_bits, truth_table

SETS: dict[str, Callable[..., Problem]] = {
    "moons": moons,
    "circles": circles,
    "blobs": blobs,
    "spirals": spirals,
    "checkerboard": checkerboard,
    "sine": sine,
    "ripple": ripple,
}


def problem(name: str, **options: Any) -> Problem:
    """A problem by its name.

    Args:
        name: a set: moons, circles, blobs, spirals, checkerboard, sine, ripple; one of the 16 truth tables: xor, and,
            nand …; or ``parity-3`` for 3 bits.
        **options: what the function of that name takes: n_points, noise, seed …

    Returns:
        The problem.

    Raises:
        UsageError: no such name, or an option that the problem does not have or refuses.
    """
    if name in SETS:
        allowed = list(inspect.signature(SETS[name]).parameters)
        for option in options:
            if option not in allowed:
                raise unknown(f"option of data {name!r}", option, allowed)
        return SETS[name](**options)
    n_bits = parity_bits(name)
    if n_bits is None and name not in TRUTH_TABLES:
        raise unknown("data", name, [*SETS, *TRUTH_TABLES, "parity-3", "a table.csv", "arrays.npz"])
    if options:
        raise UsageError(f"data {name!r} must be given without options; got {', '.join(options)}.")
    return truth_table(name) if n_bits is None else parity(n_bits)
