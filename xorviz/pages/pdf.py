"""PDF: for papers. Text is text, in a font that the file carries; pictures keep every pixel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from xorviz.pages._base import Outline, Page, Rgba, SetText, Sheet, Stroke, indexed, rectangle, written
from xorviz.pages.pdf_file import PdfFile
from xorviz.pages.pdf_font import PdfFont

_POINTS_PER_INCH = 72
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_JOINS = {"miter": 0, "round": 1, "bevel": 2}
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


class PdfPage(Page):
    """Writes one page's operators in order."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self._file = PdfFile()
        self._operators: list[str] = []
        self._fonts: dict[str, PdfFont] = {}
        self._images: list[int] = []
        self._opacities: dict[tuple[float, float], str] = {}

    def path(self, outline: Outline, *, fill: Rgba | None, stroke: Stroke | None) -> None:
        """See `Page.path`."""
        paint = {(True, False): "f", (False, True): "S", (True, True): "B"}.get((bool(fill), bool(stroke)), "n")
        self._put("q", *self._look(fill, stroke), _data(outline), paint, "Q")

    def text(self, line: SetText) -> None:
        """See `Page.text`."""
        font = self._fonts.setdefault(line.font, PdfFont(line.font, f"F{len(self._fonts) + 1}"))
        if line.halo:
            # Not as text, which would be found and copied twice.
            self.path(_outline(line), fill=line.halo, stroke=Stroke(line.halo, 2 * line.halo_px))
        show = f"BT /{font.name} {line.size_px:.5g} Tf {written(line.x_px, line.y_px)} Td"
        shown = font.shown(line.glyphs, line.offsets)
        self._put("q", *self._look(line.color, None), f"{show} {shown} TJ ET", "Q")

    def image(self, picture: NDArray[np.uint8], left_px: int, bottom_px: int) -> None:
        """See `Page.image`; without loss."""
        height, width = picture.shape[:2]
        kept = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
        found = indexed(picture)
        if found is None:
            space, data = "/DeviceRGB", picture[..., :3]
        else:
            space, data = f"[/Indexed /DeviceRGB {len(found[0]) - 1} <{found[0].tobytes().hex()}>]", found[1]
        if (picture[..., 3] < 255).any():
            mask = self._file.add(f"{kept} /ColorSpace /DeviceGray", np.ascontiguousarray(picture[..., 3]).tobytes())
            space += f" /SMask {mask} 0 R"
        self._images.append(self._file.add(f"{kept} /ColorSpace {space}", np.ascontiguousarray(data).tobytes()))
        self._put("q", f"{width} 0 0 {height} {left_px} {bottom_px} cm /I{len(self._images)} Do", "Q")

    @contextmanager
    def clipped(self, outline: Outline) -> Iterator[None]:
        """See `Page.clipped`."""
        self._put("q", _data(outline), "W n")
        yield
        self._put("Q")

    def finish(self) -> bytes:
        """See `Page.finish`."""
        sheet, file = self.sheet, self._file
        scale = _POINTS_PER_INCH / sheet.inch_px
        left, bottom, *_ = sheet.view_px
        # What lies outside the view is cut off here, too: not every program that takes in a page looks at its box.
        start = f"{scale:.6g} 0 0 {scale:.6g} {-left * scale:.6g} {-bottom * scale:.6g} cm"
        operators = "\n".join([start, _data(rectangle(*sheet.view_px)), "W n", *self._operators])
        content = file.add("", operators.encode("ascii"))
        fonts = " ".join(f"/{font.name} {font.add_to(file)} 0 R" for font in self._fonts.values())
        images = " ".join(f"/I{i} {number} 0 R" for i, number in enumerate(self._images, start=1))
        opacities = " ".join(
            f"/{name} << /ca {fill:.3g} /CA {stroke:.3g} >>" for (fill, stroke), name in self._opacities.items()
        )
        width, height = (written(side * scale) for side in sheet.size_px)
        return file.finish(
            f"/MediaBox [0 0 {width} {height}] /Contents {content} 0 R /Group << /S /Transparency /CS /DeviceRGB >> "
            f"/Resources << /Font << {fonts} >> /XObject << {images} >> /ExtGState << {opacities} >> >>",
            title=sheet.title,
        )

    def _put(self, *operators: str) -> None:
        self._operators += operators

    def _look(self, fill: Rgba | None, stroke: Stroke | None) -> Iterator[str]:
        """Operators that set colours and the line's shape."""
        opacity = (fill[3] if fill else 1.0, stroke.color[3] if stroke else 1.0)
        if min(opacity) < 1:
            yield f"/{self._opacities.setdefault(opacity, f'A{len(self._opacities) + 1}')} gs"
        if fill:
            yield f"{_color(fill)} rg"
        if stroke:
            yield f"{_color(stroke.color)} RG {written(stroke.width_px)} w"
            yield f"{_CAPS[stroke.cap]} J {_JOINS[stroke.join]} j"
            if stroke.dashes_px:
                yield f"[{written(*stroke.dashes_px)}] {written(stroke.dash_offset_px)} d"


def _outline(line: SetText) -> Outline:
    """All glyphs of a line where they stand."""
    placed: list[tuple[str, *tuple[float, ...]]] = []
    scale = line.size_px / 1000
    for glyph, pen in zip(line.glyphs, line.offsets, strict=True):
        start = (line.x_px + scale * pen, line.y_px)
        for kind, *numbers in glyph.outline:
            placed.append((kind, *(start[i % 2] + scale * number for i, number in enumerate(numbers))))
    return placed


def _data(outline: Outline) -> str:
    return " ".join(f"{written(*numbers)} {_OPERATORS[kind]}".lstrip() for kind, *numbers in outline)


def _color(color: Rgba) -> str:
    return " ".join(f"{part:.4g}" for part in color[:3])
