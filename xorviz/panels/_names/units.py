"""What the units of a network are called in pictures."""

from __future__ import annotations

from xorviz.learning.network import Network

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPTS = str.maketrans("0123456789", SUPERSCRIPTS)


def superscript(number: int) -> str:
    """``12`` as ``"¹²"``."""
    return str(number).translate(_SUPERSCRIPTS)


def subscript(number: int) -> str:
    """``12`` as ``"₁₂"``."""
    return str(number).translate(_SUBSCRIPTS)


def unit_names(network: Network) -> tuple[tuple[str, ...], ...]:
    """The name of every unit by layer: x₁ …, h₁ …, ŷ.

    A single output has no number; where there are several hidden layers theirs stands above: h²₁.
    """
    n_hidden = len(network.widths) - 2
    letters = ["x"]
    letters += [f"h{superscript(k) if n_hidden > 1 else ''}" for k in range(1, n_hidden + 1)]
    names = [
        tuple(f"{letter}{subscript(unit)}" for unit in range(1, width + 1))
        for letter, width in zip(letters, network.widths[:-1], strict=True)
    ]
    n_outputs = network.widths[-1]
    outputs = ("ŷ",) if n_outputs == 1 else tuple(f"ŷ{subscript(unit)}" for unit in range(1, n_outputs + 1))
    return (*names, outputs)
