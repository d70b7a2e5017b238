"""Strings as glyphs with their pens, independent of pixels: what a page needs to set a line of text."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from xorviz.artists.tracing import outline_of
from xorviz.pages import Glyph

# At this size a pixel is a thousandth of the font size.
_SIZE_PX = 1000.0
_IDENTITY = IdentityTransform()


@lru_cache(maxsize=8)
def _font(path: str) -> FT2Font:
    font = FT2Font(path)
    font.set_size(_SIZE_PX, 72)
    return font


@lru_cache(maxsize=1024)
def _glyph(path: str, character: str) -> Glyph:
    font = _font(path)
    index = font.get_char_index(ord(character))
    advance = font.load_glyph(index, flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536
    outline = outline_of(Path(*font.get_path()), _IDENTITY, simplify=False)
    return Glyph(int(index), character, advance, tuple(outline))


@lru_cache(maxsize=2048)
def glyphs_of(text: str, path: str) -> tuple[tuple[Glyph, ...], tuple[float, ...], float]:
    """A string laid out in a font: kerned, but without ligatures, so that each character is one glyph.

    Returns:
        The glyphs.
        Their pens from the first, in thousandths of the font size.
        The advance width of the string in the same unit.
    """
    glyphs = tuple(_glyph(path, character) for character in text)
    pens = _font(path).set_text(text, 0.0, flags=LoadFlags.NO_HINTING, features=("-liga",))
    # The font engine counts in 64ths.
    offsets = tuple(float(x) / 64 for x, _ in pens)
    return glyphs, offsets, offsets[-1] + glyphs[-1].advance
