"""A line of a template as labels: what changes stands in slots as wide as it ever gets, so that nothing else moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.panels._words.readings import Readings
from xorviz.panels._words.template import Piece, is_moving, texts_of
from xorviz.timing.timeline import Frame

Align = Literal["left", "center", "right"]
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}
_LEAST_PT = 7.0


@dataclass(frozen=True)
class _Slot:
    """A part of the line that moves.

    Attributes:
        name: of the variable.
        texts: all that it may say.
        tail: what follows it without a space, such as a comma, and moves with it.
    """

    name: str
    texts: list[str]
    tail: str = ""

    def width_px(self, style: TextStyle) -> float:
        """Of the widest; figures have one width, so that of numbers there are few to measure."""
        figures = str.maketrans("123456789", "0" * 9)
        patterns = {text if self.name == "event" else text.translate(figures) for text in self.texts}
        widest = max((text_width_px(text, style) for text in patterns), default=0.0)
        return widest + (text_width_px(self.tail, style) if self.tail else 0.0)


class TextLine:
    """One line of text.

    Args:
        pieces: of its template.
        readings: what the variables stand for.
    """

    def __init__(self, pieces: Sequence[Piece], readings: Readings) -> None:
        self._readings = readings
        self._parts: list[str | _Slot] = []
        for piece in pieces:
            texts = texts_of(piece, readings)
            if is_moving(piece):
                self._parts.append(_Slot(piece.name, texts))
            else:
                self._append(texts[0])

    def _append(self, text: str) -> None:
        """Text that stands still, but for what of it touches a slot before it."""
        before = self._parts[-1] if self._parts else ""
        if isinstance(before, str):
            self._parts[-1:] = [before + text]
            return
        tail, space, rest = text.partition(" ")
        self._parts[-1] = replace(before, tail=before.tail + tail)
        if space:
            self._parts.append(space + rest)

    @property
    def constant(self) -> str | None:
        """The whole text, if nothing of it moves."""
        parts = self._parts or [""]
        return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else None

    def _widths_px(self, style: TextStyle) -> list[float]:
        return [text_width_px(part, style) if isinstance(part, str) else part.width_px(style) for part in self._parts]

    def width_px(self, style: TextStyle) -> float:
        """Width of the line when every slot is full."""
        return sum(self._widths_px(style))

    def labels(
        self, x_px: float, base_px: float, style: TextStyle, align: Align = "left"
    ) -> tuple[list[Label], list[Label], Callable[[Frame], None]]:
        """Labels that stand still, labels that move, and what brings these to a frame.

        What changes follows the word before it; in a line that is set from the right it precedes the one after it.
        """
        widths = self._widths_px(style)
        left = x_px - _SHARES[align] * sum(widths)
        still: list[Label] = []
        moving: list[Label] = []
        updates: list[Callable[[Frame], None]] = []
        for part, width in zip(self._parts, widths, strict=True):
            if isinstance(part, str):
                still.append(Label(left, base_px, style, part))
            else:
                labels, update = self._moving(part, (left, left + width), base_px, style, align)
                moving += labels
                updates.append(update)
            left += width

        def update_all(frame: Frame) -> None:
            for update in updates:
                update(frame)

        return still, moving, update_all

    def _moving(
        self, slot: _Slot, edges_px: tuple[float, float], base_px: float, style: TextStyle, align: Align
    ) -> tuple[list[Label], Callable[[Frame], None]]:
        """The labels of a slot, and what brings them to a frame."""
        (left, right), is_event = edges_px, slot.name == "event"
        number, tail = Label(left, base_px, style), Label(left, base_px, style)
        # A line of events alone has its text where the line is set; numbers shall not tremble about a middle.
        share = _SHARES[align] if is_event or align == "right" else 0.0

        def update(frame: Frame) -> None:
            text = self._readings.event_at(frame) if is_event else slot.texts[frame.snapshot]
            width = text_width_px(text, style) if text else 0.0
            tail_width = text_width_px(slot.tail, style) if slot.tail else 0.0
            number.text, tail.text = text, slot.tail if text else ""
            number.x_px = left + share * (right - left - width - tail_width)
            tail.x_px = number.x_px + width

        return [number, tail] if slot.tail else [number], update


def fitted(lines: Sequence[TextLine], style: TextStyle, width_px: float, pt: float) -> TextStyle:
    """The style, or one smaller by whole points, in which every line fits; 7 points at least."""
    while style.size_px > _LEAST_PT * pt and any(line.width_px(style) > width_px for line in lines):
        style = replace(style, size_px=max(style.size_px - pt, _LEAST_PT * pt))
    return style
