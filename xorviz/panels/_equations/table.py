"""The table of the equations panel: words that stand still, and fixed columns for the numbers of both passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist
from xorviz.artists.label import Label, TextStyle
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.panels._equations.passes import LayerPass
from xorviz.panels._equations.words import LOSSES, activation_formula, letter, slope_formula
from xorviz.panels._names.units import unit_names
from xorviz.panels.axes import TITLE_PT
from xorviz.panels.ticks import written
from xorviz.styles.themes import Theme

Array = NDArray[np.float64]
Look: TypeAlias = Literal["word", "strong", "number"]
# Widths in ems: a unit's name, an operator, the dot of a product; a sign, a figure with its point, a decimal place.
_NAME, _OPERATOR, _DOT = 1.5, 0.95, 0.6
_SIGN, _FIGURE, _PLACE = 0.5, 0.78, 0.5
# Lines: space above a layer, the loss, the title of the backward half and the space above it.
_SPACE, _LOSS, _TITLE = 0.45, 2.2, 1.3
_LARGEST_PT, _LINE_EM, _MOST_STRETCH = 17.0, 2.0, 1.25


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a number of a pass is written.

    Attributes:
        label: the number.
        field: which array of a `LayerPass` it comes from.
        layer: of which layer.
        index: where in the array.
        n_places: decimal places.
    """

    label: Label
    field: str
    layer: int
    index: tuple[int, ...]
    n_places: int


def number_text(value: float, n_places: int) -> str:
    """A number of at most seven characters; ``–`` where it is not finite."""
    if not np.isfinite(value):
        return "–"
    if abs(value) >= 1e4:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")
    text = f"{value:.{n_places if abs(value) < 10 else max(n_places - 2, 1)}f}"
    # −0.000 reads as a mistake.
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


class EquationTable:
    """Lays the table; afterwards only its numbers change.

    Args:
        network: whose passes are written.
        loss: of the point.
        targets (float64 array of shape (n_outputs,)): what the outputs should be.
        place: where the table stands; its first title is above.
        theme: colours.
        n_places: decimal places of the forward pass; the backward pass has one more.

    Attributes:
        static: words, operators and rules.
        numbers: one label a number.
    """

    def __init__(
        self, network: Network, loss: Loss, targets: Array, place: Place, theme: Theme, *, n_places: int
    ) -> None:
        self._network, self._loss, self._targets = network, loss, targets
        self._place, self._names, self._n_places = place, unit_names(network), n_places
        self.static: list[Artist] = []
        self._cells: list[Cell] = []
        self._lay_columns(place)
        self._styles = {
            "word": TextStyle(0.92 * self._size, theme.muted),
            "strong": TextStyle(self._size, theme.ink, "Semibold"),
            "number": TextStyle(self._size, theme.ink),
        }
        title = TextStyle(TITLE_PT * place.pt, theme.ink, "Semibold")
        self._rules = Polylines(theme.faint, place.pt)
        self.static += [self._rules, Label(place.left, place.top + 9 * place.pt, title, "forward pass")]
        self._down(-_SPACE)
        for layer in range(len(network.activations)):
            self._forward(layer)
        self._loss_label = self._write_loss()
        self._down(_TITLE)
        self.static.append(Label(place.left, self._y, title, "backward pass"))
        self._down(-0.5 * _SPACE)
        for layer in reversed(range(len(network.activations))):
            self._backward(layer)
        self.numbers: list[Label] = [self._loss_label, *(cell.label for cell in self._cells)]

    def _lay_columns(self, place: Place) -> None:
        """Size of the text, and where columns end: the terms, bias, sum, slope and last."""
        widths, n_last = self._network.widths, 4 if self._network.biases else 3
        n_terms = max(widths[:-1])
        self._activation = _SIGN + _FIGURE + _PLACE * self._n_places
        # The backward pass has one more.
        self._number = _SIGN + _FIGURE + _PLACE * (self._n_places + 1)
        term = _OPERATOR + self._activation + _DOT + self._number
        columns = [_NAME - _OPERATOR, *[term] * n_terms, *[_OPERATOR + self._number] * n_last]
        n_lines = 2 * (sum(widths[1:]) + (len(widths) - 1) * (1 + _SPACE)) + _LOSS + _TITLE - 1.5 * _SPACE
        self._size = min(_LARGEST_PT * place.pt, place.width / sum(columns), place.height / n_lines / 1.3)
        self._line = min(_LINE_EM * self._size, place.height / n_lines)
        # Wider columns where there is room, but not so wide that a row falls apart.
        self._em = min(place.width / sum(columns), _MOST_STRETCH * self._size)
        ends = place.left + self._em * np.cumsum(columns)
        self._terms, self._term = ends[1 : n_terms + 1], term
        self._bias, (self._sum, self._slope, self._last) = ends[-4], ends[-3:]
        self._y = float(place.top)

    def _down(self, n_lines: float) -> None:
        self._y -= n_lines * self._line

    def _say(
        self, x: float, text: str, look: Look = "word", align: Literal["left", "center", "right"] = "right"
    ) -> None:
        """Words on the present line."""
        self.static.append(Label(x, self._y, self._styles[look], text, align))

    def _operator(self, end: float, text: str) -> None:
        """An operator in the middle of what is free before the widest number that ends there."""
        self._say(end - (self._number + 0.4 * _OPERATOR) * self._em, text, align="center")

    def _count(self, x: float, field: str, layer: int, *index: int, more: int = 0, look: Look = "number") -> None:
        """A number on the present line."""
        label = Label(x, self._y, self._styles[look], align="right")
        self._cells.append(Cell(label, field, layer, index, self._n_places + more))

    def _term_ends(self, layer: int) -> Array:
        """Where the terms of a layer end: the last columns, so that a row has no hole."""
        ends: Array = self._terms[-self._network.widths[layer] :]
        return ends

    def _forward(self, layer: int) -> None:
        """Heads, and a row for every unit: its sum and its activation."""
        to_input = (self._number + _DOT) * self._em
        self._down(1 + _SPACE)
        for end, name in zip(self._term_ends(layer), self._names[layer], strict=True):
            self._say(end - to_input, name)
            self._say(end, "w")
        if self._network.biases:
            self._say(self._bias, "b")
        self._say(self._sum, "z")
        self._say(self._last, activation_formula(self._network, layer))
        for unit, name in enumerate(self._names[layer + 1]):
            self._down(1)
            self._say(self._place.left, name, "word", "left")
            for term, end in enumerate(self._term_ends(layer)):
                if term:
                    self._say(end - (self._term - 0.55 * _OPERATOR) * self._em, "+", align="center")
                self._count(end - to_input, "inputs", layer, term)
                self._say(end - (self._number + 0.1 * _DOT) * self._em, "·", align="center")
                self._count(end, "weights", layer, term, unit)
            if self._network.biases:
                self._operator(self._bias, "+")
                self._count(self._bias, "biases", layer, unit)
            self._operator(self._sum, "=")
            self._count(self._sum, "sums", layer, unit)
            self._say(0.5 * (self._sum + self._last - self._activation * self._em), "→", align="center")
            self._count(self._last, "activations", layer, unit, look="strong")

    def _write_loss(self) -> Label:
        """The loss between two rules."""
        rules = self._y - 0.5 * self._line, self._y - 1.9 * self._line
        self._rules.lines = [np.array([[self._place.left, y], [self._last, y]]) for y in rules]
        self._down(1.37)
        many = "Σ " if len(self._targets) > 1 else ""
        self._say(self._place.left, f"L = {many}{LOSSES[self._loss.kind]}", align="left")
        label = Label(self._last, self._y, self._styles["strong"], align="right")
        self._down(_LOSS - 1.37)
        return label

    def _backward(self, layer: int) -> None:
        """Heads, and a row for every unit: its delta and the gradient of its weights."""
        is_output = layer == len(self._network.activations) - 1
        is_canonical = is_output and self._loss.is_canonical
        name = letter(self._network, layer)
        self._down(1 + _SPACE)
        for end, source in zip(self._term_ends(layer), self._names[layer], strict=True):
            self._say(end, f"∂L/∂w = {source}δ")
        if self._network.biases:
            self._say(self._bias, "∂L/∂b")
        self._say(self._sum, "δ")
        self._say(self._slope, name if is_canonical else slope_formula(self._network, layer))
        self._say(self._last, "y" if is_canonical else f"{name} − y" if is_output else f"∂L/∂{name}")
        for unit, row in enumerate(self._names[layer + 1]):
            self._down(1)
            self._say(self._place.left, row, "word", "left")
            for term, end in enumerate(self._term_ends(layer)):
                self._count(end, "gradient", layer, term, unit, more=1)
            if self._network.biases:
                self._count(self._bias, "deltas", layer, unit, more=1)
            self._count(self._sum, "deltas", layer, unit, more=1, look="strong")
            self._operator(self._slope, "=")
            self._operator(self._last, "−" if is_canonical else "·")
            self._count(self._slope, "activations" if is_canonical else "slopes", layer, unit, more=1)
            if is_canonical:
                self._say(self._last, written(round(float(self._targets[unit]), self._n_places)), "number")
            else:
                self._count(self._last, "errors", layer, unit, more=1)

    def write(self, layers: list[LayerPass]) -> None:
        """Write the numbers of a pass."""
        outputs = layers[-1].activations
        # Of one point sum and mean are the same.
        loss = float(self._loss.value(outputs[np.newaxis], self._targets[np.newaxis]))
        self._loss_label.text = number_text(loss, self._n_places + 1)
        for cell in self._cells:
            value = float(getattr(layers[cell.layer], cell.field)[cell.index])
            cell.label.text = number_text(value, cell.n_places)
