"""The contract of a page: what artists draw themselves on where a picture is made of shapes instead of pixels.

Positions and lengths are in pixels of the frame, from its lower left corner, as artists count.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Red, green, blue and opacity in 0..1.
Rgba: TypeAlias = tuple[float, float, float, float]
#: ``("M", x, y)``, ``("L", x, y)``, ``("C", x, y, x, y, x, y)`` and ``("Z",)``: begin, line, cubic curve, close.
Outline: TypeAlias = Sequence[tuple[str, *tuple[float, ...]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The part of a frame that a page shows, and its size on paper.

    Attributes:
        frame_px: width and height of the frame.
        view_px: left, bottom, right, top of the part that is shown.
        inch_px: pixels per inch.
        title: of the document.
    """

    frame_px: tuple[int, int]
    view_px: tuple[int, int, int, int]
    inch_px: float
    title: str = ""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of what is shown."""
        left, bottom, right, top = self.view_px
        return right - left, top - bottom


@dataclass(frozen=True, slots=True)
class Stroke:
    """How an outline is drawn along.

    Attributes:
        color: of the line.
        width_px: of the line.
        cap: of open ends.
        join: of corners.
        dashes_px: lengths of dashes and gaps in turn; empty for a whole line.
        dash_offset_px: how far into these the line begins.
    """

    color: Rgba
    width_px: float
    cap: Literal["butt", "round", "projecting"] = "round"
    join: Literal["miter", "round", "bevel"] = "round"
    dashes_px: tuple[float, ...] = ()
    dash_offset_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Glyph:
    """A figure or letter of a font, in thousandths of the font size.

    Attributes:
        index: in the font.
        character: what it stands for.
        advance: how far the pen moves.
        outline: its contours, filled by the non-zero rule.
    """

    index: int
    character: str
    advance: float
    outline: Outline


@dataclass(frozen=True, slots=True)
class SetText:
    """One line of text, laid out.

    Attributes:
        text: the string.
        font: path of the TrueType file.
        size_px: font size.
        x_px, y_px: where the pen starts.
        glyphs: one a character.
        offsets: of their pens from the first, in thousandths of the font size.
        color: of the ink.
        halo: an outline around and below the ink, or None.
        halo_px: how far it reaches.
    """

    text: str
    font: str
    size_px: float
    x_px: float
    y_px: float
    glyphs: tuple[Glyph, ...]
    offsets: tuple[float, ...]
    color: Rgba
    halo: Rgba | None = None
    halo_px: float = 0.0


class Page(ABC):
    """One picture; what is drawn later lies above."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @abstractmethod
    def path(self, outline: Outline, *, fill: Rgba | None, stroke: Stroke | None) -> None:
        """Fill an outline by the non-zero rule, then draw along it."""

    @abstractmethod
    def text(self, line: SetText) -> None:
        """Write a line of text."""

    @abstractmethod
    def image(self, picture: NDArray[np.uint8], left_px: int, bottom_px: int) -> None:
        """Place a picture of as many pixels of the frame.

        Args:
            picture (uint8 array of shape (height, width, 4)): RGBA, not premultiplied, row 0 at the top.
            left_px: its left edge.
            bottom_px: its lower edge.
        """

    @abstractmethod
    def clipped(self, outline: Outline) -> AbstractContextManager[None]:
        """What is drawn meanwhile is seen only inside an outline."""

    @abstractmethod
    def finish(self) -> bytes:
        """The file; the same for the same picture."""


def rectangle(left: float, bottom: float, right: float, top: float) -> Outline:
    """The outline of a box."""
    return [("M", left, bottom), ("L", right, bottom), ("L", right, top), ("L", left, top), ("Z",)]


def written(*values: float) -> str:
    """Numbers with as many of two decimal places as they need, separated by spaces."""
    texts = (f"{value:.2f}".rstrip("0").rstrip(".") for value in values)
    return " ".join("0" if text == "-0" else text for text in texts)


def indexed(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """A picture of at most 256 opaque colours as a table and indices into it: a quarter of the bytes, or less.

    Returns:
        uint8 arrays of shape (n_colors, 3) and (height, width), or None where there are more colours.
    """
    colors, indices = np.unique(np.ascontiguousarray(picture).view(np.uint32)[..., 0], return_inverse=True)
    table = colors.view(np.uint8).reshape(-1, 4)
    if len(table) > 256 or (table[:, 3] != 255).any():
        return None
    return table[:, :3].copy(), indices.reshape(picture.shape[:2]).astype(np.uint8)
