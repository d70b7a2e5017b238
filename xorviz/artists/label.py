"""Text at the cost of a copy: each string is laid out once and kept as a small picture, each figure once for all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists._base import Artist, Renderer, image, rgba
from xorviz.artists.glyphs import glyphs_of
from xorviz.pages import Page, SetText
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.typeface import Weight, font_path

_BAR = "|  "
# What numbers that count are made of: no two of these are kerned.
_FIGURES = frozenset("0123456789.,−–")
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a string looks.

    Attributes:
        size_px: font size in pixels of the frame.
        color: ``"#rrggbb"``.
        weight: of Source Sans Pro, whose figures all have one width.
        halo: colour of an outline that keeps the text legible on any ground; empty for none.
        halo_px: width of that outline in pixels.
    """

    size_px: float
    color: str
    weight: Weight = "Regular"
    halo: str = ""
    halo_px: float = 0.0


@lru_cache(maxsize=64)
def _font(weight: Weight, size_px: float) -> FT2Font:
    font = FT2Font(font_path(weight))
    font.set_size(size_px, 72)
    return font


@lru_cache(maxsize=2048)
def text_width_px(text: str, style: TextStyle) -> float:
    """Advance width of a string in pixels."""
    if _is_number(text):
        return sum(text_width_px(figure, style) for figure in text)
    font = _font(style.weight, style.size_px)
    font.set_text(text, 0.0, flags=_hinting(text))
    return float(font.get_width_height()[0] / 64.0)


def _hinting(text: str) -> LoadFlags:
    """Figures that count are hinted onto whole pixels and do not tremble; words keep the spacing of their face."""
    return LoadFlags.FORCE_AUTOHINT if _FIGURES.issuperset(text) else LoadFlags.TARGET_LIGHT


def _is_number(text: str) -> bool:
    return len(text) > 1 and _FIGURES.issuperset(text)


def _ink(text: str, style: TextStyle) -> tuple[NDArray[np.float64], int]:
    """Coverage of a string from one column before its pen starts, and how many of its rows lie below the baseline.

    The font engine lays the first glyph at the picture's edge and rounds the others from there, which moves figures
    when the first one changes. So each string is drawn behind a bar and two spaces, which never change and are cut
    off.
    """
    font = _font(style.weight, style.size_px)
    font.set_text(_BAR, 0.0, flags=_hinting(text))
    bar_px = font.get_width_height()[0] / 64.0
    font.set_text(_BAR + text, 0.0, flags=_hinting(text))
    font.draw_glyphs_to_bitmap(antialiased=True)
    pen = round(bar_px - font.get_bitmap_offset()[0] / 64.0)
    # There is an empty row below the ink.
    return np.asarray(font.get_image())[:-1, pen - 1 :] / 255.0, round(font.get_descent() / 64.0)


@dataclass(frozen=True, slots=True)
class _Stencil:
    """Where a string is to be coloured.

    Attributes:
        layers (uint8 array of shape (1 or 2, height, width)): opacity of the ink and, with a halo, of its outline.
        column: where the pen starts, from the left.
        row: where it starts, from the lower edge.
    """

    layers: NDArray[np.uint8]
    column: int
    row: int


@lru_cache(maxsize=512)
def _laid_out(text: str, style: TextStyle) -> _Stencil:
    """A string as the font engine sets it."""
    ink, descent = _ink(text, style)
    margin = 1 + int(np.ceil(style.halo_px))
    ink = np.pad(ink, margin)
    layers = np.stack([ink, _dilated(ink, style.halo_px)] if style.halo else [ink])
    return _Stencil(np.rint(layers * 255.0).astype(np.uint8), margin + 1, margin + descent)


def _put_together(text: str, style: TextStyle) -> _Stencil:
    """A string of figures from its characters: a tenth of the cost, and what counts is a new string every frame.

    Figures are not kerned and stand on whole pixels, and the outline of several is the outline of each.
    """
    glyphs = [_laid_out(figure, style) for figure in text]
    pens = np.cumsum([0, *(round(text_width_px(figure, style)) for figure in text)]).tolist()
    row = max(glyph.row for glyph in glyphs)
    top = max(glyph.layers.shape[1] - glyph.row for glyph in glyphs)
    width = max(pen + glyph.layers.shape[2] for pen, glyph in zip(pens, glyphs, strict=False))
    layers = np.zeros((len(glyphs[0].layers), top + row, width), dtype=np.uint8)
    for pen, glyph in zip(pens, glyphs, strict=False):
        _, height, width = glyph.layers.shape
        bottom = top + glyph.row
        part = layers[:, bottom - height : bottom, pen : pen + width]
        np.maximum(part, glyph.layers, out=part)
    return _Stencil(layers, glyphs[0].column, row)


@lru_cache(maxsize=2048)
def _pastes(text: str, style: TextStyle) -> tuple[list[tuple[tuple[int, ...], Image.Image]], int, int]:
    """Colours and the opacities to paste them with, in order; column and row of the pen."""
    stencil = (_put_together if _is_number(text) else _laid_out)(text, style)
    colors = [style.color, style.halo][: len(stencil.layers)]
    solid = [(*np.rint(rgb_from_hex(color) * 255.0).astype(int).tolist(), 255) for color in colors]
    pastes = [(color, Image.fromarray(layer)) for color, layer in zip(solid, stencil.layers, strict=True)]
    return pastes[::-1], stencil.column, stencil.row


def _dilated(ink: NDArray[np.float64], radius_px: float) -> NDArray[np.float64]:
    """Coverage of everything within a radius of the ink."""
    reach = int(np.ceil(radius_px))
    result = ink.copy()
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            inside = np.clip(radius_px + 0.5 - np.hypot(dx, dy), 0.0, 1.0)
            if inside > 0.0:
                result = np.maximum(result, inside * np.roll(ink, (dy, dx), axis=(0, 1)))
    return result


class Label(Artist):
    """One line of text whose string may change from frame to frame.

    Args:
        x_px: horizontal anchor in pixels from the left edge of the frame.
        y_px: baseline in pixels from the lower edge of the frame.
        style: how it looks.
        text: the first string.
        align: which part of the string stands at ``x_px``: the start, middle or end of its advance width.
    """

    def __init__(
        self,
        x_px: float,
        y_px: float,
        style: TextStyle,
        text: str = "",
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        self.x_px, self.y_px, self.style, self.text, self.align = x_px, y_px, style, text, align

    def draw(self, renderer: Renderer) -> None:
        """Colour the string's pixels: its outline first, then its ink."""
        if not self.text:
            return
        pastes, column, row = _pastes(self.text, self.style)
        left = round(self.x_px - _SHARES[self.align] * text_width_px(self.text, self.style)) - column
        frame = image(renderer)
        for color, opacity in pastes:
            frame.paste(color, (left, frame.height - round(self.y_px) + row - opacity.height), opacity)

    def vector(self, page: Page) -> None:
        """Write the string, not rounded to pixels."""
        if not self.text:
            return
        style, path = self.style, font_path(self.style.weight)
        glyphs, offsets, width = glyphs_of(self.text, path)
        left = self.x_px - _SHARES[self.align] * width * style.size_px / 1000
        halo = rgba(style.halo) if style.halo else None
        page.text(
            SetText(
                self.text,
                path,
                style.size_px,
                left,
                self.y_px,
                glyphs,
                offsets,
                rgba(style.color),
                halo,
                style.halo_px,
            )
        )
