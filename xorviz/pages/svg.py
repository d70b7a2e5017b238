"""SVG: any browser shows it. Text is drawn as outlines, because the reader need not have the font."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from xorviz.pages._base import Glyph, Outline, Page, Rgba, SetText, Sheet, Stroke, written
from xorviz.pages.png import png

_CSS_INCH_PX = 96
_CAPS = {"butt": "butt", "round": "round", "projecting": "square"}
# Stands for what the names of a file begin with, which is known when the file is: several may share an HTML page.
_PREFIX = "\x00"


class SvgPage(Page):
    """Writes elements in order; glyphs are defined once and used by reference."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._body: list[str] = []
        self._definitions: list[str] = []
        self._glyphs: dict[tuple[str, int], str] = {}
        self._n_clips = 0

    def path(self, outline: Outline, *, fill: Rgba | None, stroke: Stroke | None) -> None:
        """See `Page.path`."""
        look = _filled(fill) + (_stroked(stroke) if stroke else "")
        self._body.append(f'<path d="{self._data(outline)}"{look}/>')

    def text(self, line: SetText) -> None:
        """See `Page.text`; its words are the group's label."""
        scale = line.size_px / 1000
        x, y = written(line.x_px, self.sheet.frame_px[1] - line.y_px).split()
        uses = "".join(
            f'<use xlink:href="#{self._named(line.font, glyph)}" x="{written(offset)}"/>'
            for glyph, offset in zip(line.glyphs, line.offsets, strict=True)
            if glyph.outline
        )
        self._body.append(f'<g aria-label={quoteattr(line.text)} transform="translate({x} {y}) scale({scale:.5g})">')
        if line.halo:
            around = Stroke(line.halo, 2 * line.halo_px / scale)
            self._body.append(f"<g{_filled(line.halo)}{_stroked(around)}>{uses}</g>")
        self._body.append(f"<g{_filled(line.color)}>{uses}</g></g>")

    def image(self, picture: NDArray[np.uint8], left_px: int, bottom_px: int) -> None:
        """See `Page.image`; a PNG inside the file."""
        height, width = picture.shape[:2]
        data = base64.b64encode(png(picture)).decode("ascii")
        top = self.sheet.frame_px[1] - bottom_px - height
        self._body.append(
            f'<image x="{left_px}" y="{top}" width="{width}" height="{height}" preserveAspectRatio="none" '
            f'xlink:href="data:image/png;base64,{data}"/>'
        )

    @contextmanager
    def clipped(self, outline: Outline) -> Iterator[None]:
        """See `Page.clipped`."""
        self._n_clips += 1
        name = f"{_PREFIX}c{self._n_clips}"
        self._definitions.append(f'<clipPath id="{name}"><path d="{self._data(outline)}"/></clipPath>')
        self._body.append(f'<g clip-path="url(#{name})">')
        yield
        self._body.append("</g>")

    def finish(self) -> bytes:
        """See `Page.finish`."""
        sheet = self.sheet
        (left, _, _, top), (width, height) = sheet.view_px, sheet.size_px
        css = [written(side / sheet.inch_px * _CSS_INCH_PX) for side in (width, height)]
        inside = "\n".join(
            [f"<title>{escape(sheet.title)}</title>", "<defs>", *self._definitions, "</defs>", *self._body]
        )
        prefix = f"x{zlib.crc32(inside.encode()):08x}-"
        head = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
            f'width="{css[0]}" height="{css[1]}" viewBox="{left} {sheet.frame_px[1] - top} {width} {height}">'
        )
        text = f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{inside}\n</svg>\n'
        return text.replace(_PREFIX, prefix).encode()

    def _named(self, font: str, glyph: Glyph) -> str:
        """The name of a glyph's definition."""
        key = (font, glyph.index)
        if key not in self._glyphs:
            self._glyphs[key] = name = f"{_PREFIX}g{len(self._glyphs)}"
            self._definitions.append(f'<path id="{name}" d="{_data(glyph.outline, 0)}"/>')
        return self._glyphs[key]

    def _data(self, outline: Outline) -> str:
        return _data(outline, self.sheet.frame_px[1])


def _data(outline: Outline, height_px: float) -> str:
    """An outline as path data; SVG counts rows from the top."""
    parts = []
    for kind, *numbers in outline:
        numbers[1::2] = [height_px - y for y in numbers[1::2]]
        parts.append(kind + written(*numbers))
    return "".join(parts)


def _filled(color: Rgba | None) -> str:
    if color is None:
        return ' fill="none"'
    return f' fill="{_hex(color)}"' + (f' fill-opacity="{color[3]:.3g}"' if color[3] < 1 else "")


def _stroked(stroke: Stroke) -> str:
    look = f' stroke="{_hex(stroke.color)}" stroke-width="{written(stroke.width_px)}"'
    look += f' stroke-linecap="{_CAPS[stroke.cap]}" stroke-linejoin="{stroke.join}"'
    if stroke.color[3] < 1:
        look += f' stroke-opacity="{stroke.color[3]:.3g}"'
    if stroke.dashes_px:
        look += f' stroke-dasharray="{written(*stroke.dashes_px)}" stroke-dashoffset="{written(stroke.dash_offset_px)}"'
    return look


def _hex(color: Rgba) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color[:3])
