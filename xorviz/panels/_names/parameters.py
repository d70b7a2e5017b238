"""What the single weights and biases of a network are called in pictures."""

from __future__ import annotations

from xorviz.learning.network import Network
from xorviz.panels._names.units import subscript, superscript


def parameter_names(network: Network) -> list[str]:
    """The name of every parameter in the order of the flat vector: w¹₁₂ is layer 1's weight from unit 1 to unit 2.

    The layer has no number where there is only one, its unit none where it has only one: w²₁, b².
    """
    names, n_layers = [], len(network.activations)
    for name, shape in network.shapes.items():
        letter, layer = name[0].lower(), int(name[1:])
        above = superscript(layer) if n_layers > 1 else ""
        units = [subscript(unit) for unit in range(1, shape[-1] + 1)] if shape[-1] > 1 else [""]
        sources = [subscript(source) for source in range(1, shape[0] + 1)] if letter == "w" else [""]
        names += [f"{letter}{above}{source}{unit}" for source in sources for unit in units]
    return names
