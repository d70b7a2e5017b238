"""Truth tables: the sixteen of two inputs by name, and parity of any number of bits."""

from __future__ import annotations

import re
from itertools import product

import numpy as np

from xorviz.errors import UsageError
from xorviz.problems._base import Problem

_CORNERS = ((-0.35, 1.35), (-0.35, 1.35))
MOST_BITS = 10

#: Outputs at (0,0), (0,1), (1,0), (1,1) of the first and second input, a and b, by the field's names.
TRUTH_TABLES: dict[str, tuple[int, int, int, int]] = {
    "false": (0, 0, 0, 0),
    "and": (0, 0, 0, 1),
    "a-and-not-b": (0, 0, 1, 0),
    "a": (0, 0, 1, 1),
    "b-and-not-a": (0, 1, 0, 0),
    "b": (0, 1, 0, 1),
    "xor": (0, 1, 1, 0),
    "or": (0, 1, 1, 1),
    "nor": (1, 0, 0, 0),
    "xnor": (1, 0, 0, 1),
    "not-b": (1, 0, 1, 0),
    "b-implies-a": (1, 0, 1, 1),
    "not-a": (1, 1, 0, 0),
    "a-implies-b": (1, 1, 0, 1),
    "nand": (1, 1, 1, 0),
    "true": (1, 1, 1, 1),
}
_SHORT = {"xor", "and", "or", "nor", "xnor", "nand"}


def truth_table(name: str) -> Problem:
    """A function of two truth values, in the order (0,0) (0,1) (1,0) (1,1).

    Args:
        name: one of `TRUTH_TABLES`.

    Returns:
        Four points at the corners of the unit square, drawn with a margin of 0.35 around it.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in TRUTH_TABLES:
        raise UsageError(f"truth table must be one of {', '.join(TRUTH_TABLES)}; got {name!r}.")
    return Problem(
        name=name.upper() if name in _SHORT else name.replace("-", " "),
        inputs=np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float64),
        targets=np.array(TRUTH_TABLES[name], dtype=np.float64)[:, np.newaxis],
        bounds=_CORNERS,
    )


def xor() -> Problem:
    """The truth table of exclusive or; see `truth_table`."""
    return truth_table("xor")


def parity(n_bits: int) -> Problem:
    """Whether an odd number of bits is 1: all 2ⁿ rows in the order of binary counting. Of two bits it is XOR.

    Args:
        n_bits: 2 to 10.

    Returns:
        The corners of the unit cube, drawn in the plane of the first two bits where the others are 0.

    Raises:
        UsageError: another number of bits.

    References:
        D. E. Rumelhart, G. E. Hinton & R. J. Williams, "Learning internal representations by error propagation",
        in Parallel Distributed Processing 1 (1986), section on parity: n hidden units solve it.
    """
    if isinstance(n_bits, bool) or not isinstance(n_bits, int) or not 2 <= n_bits <= MOST_BITS:
        raise UsageError(f"parity must be of 2 to {MOST_BITS} bits, such as parity-3; got {n_bits!r}.")
    rows = np.array(list(product((0.0, 1.0), repeat=n_bits)))
    return Problem(
        name=f"parity of {n_bits} bits", inputs=rows, targets=rows.sum(1, keepdims=True) % 2, bounds=_CORNERS
    )


def parity_bits(name: str) -> int | None:
    """How many bits a name such as ``"parity-3"`` speaks of; None where it is no such name."""
    match = re.fullmatch(r"parity-(\d{1,4})", name)
    return int(match[1]) if match else None
