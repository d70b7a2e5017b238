"""A font in a PDF file: the glyphs that are used, as TrueType, and which characters they stand for.

References:
    ISO 32000-1:2008, 9.7 "Composite fonts" and 9.10.3 "ToUnicode CMaps".
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xorviz.pages._base import Glyph
from xorviz.pages.pdf_file import PdfFile

_KEPT_TABLES = {"GlyphOrder", "glyf", "head", "hhea", "hmtx", "loca", "maxp"}
_MOST_IN_A_BLOCK = 100


class PdfFont:
    """One TrueType file and what is used of it.

    Args:
        path: of the file.
        name: by which the page asks for it.
    """

    def __init__(self, path: str, name: str) -> None:
        self.name = name
        self._path = path
        self._glyphs: dict[int, Glyph] = {}

    def shown(self, glyphs: Sequence[Glyph], offsets: Sequence[float]) -> str:
        """The operand of ``TJ`` that puts glyphs at these pens, in thousandths of the font size."""
        parts, pen = [], 0.0
        for glyph, offset in zip(glyphs, offsets, strict=True):
            self._glyphs[glyph.index] = glyph
            back = round(pen - offset)
            parts += [str(back)] * bool(back) + [f"<{glyph.index:04x}>"]
            pen += glyph.advance - back
        return "[" + "".join(parts).replace("><", "") + "]"

    def add_to(self, file: PdfFile) -> int:
        """Add the font to a file.

        Returns:
            The number of its object.
        """
        glyphs = sorted(self._glyphs.values(), key=lambda glyph: glyph.index)
        data, metrics = _subset(self._path, [glyph.index for glyph in glyphs])
        # Six letters say that this is a part of the font, and which.
        number = zlib.crc32(data)
        tag = "".join(chr(ord("A") + number // 26**i % 26) for i in range(6))
        name = f"{tag}+{Path(self._path).stem}"
        font_file = file.add(f"/Length1 {len(data)}", data)
        descriptor = file.add(
            f"/Type /FontDescriptor /FontName /{name} /Flags 4 /ItalicAngle 0 /StemV 80 {metrics} "
            f"/FontFile2 {font_file} 0 R"
        )
        widths = " ".join(f"{glyph.index} [{glyph.advance:.6g}]" for glyph in glyphs)
        descendant = file.add(
            f"/Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /FontDescriptor {descriptor} 0 R /DW 500 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /CIDToGIDMap /Identity "
            f"/W [{widths}]"
        )
        characters = file.add("", _characters(glyphs).encode("ascii"))
        return file.add(
            f"/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
            f"/DescendantFonts [{descendant} 0 R] /ToUnicode {characters} 0 R"
        )


def _characters(glyphs: Sequence[Glyph]) -> str:
    """Which characters glyphs stand for, so that text can be searched and copied."""
    pairs = [f"<{glyph.index:04x}> <{glyph.character.encode('utf-16-be').hex()}>" for glyph in glyphs]
    blocks = [pairs[i : i + _MOST_IN_A_BLOCK] for i in range(0, len(pairs), _MOST_IN_A_BLOCK)]
    lines = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{lines}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _subset(path: str, indices: list[int]) -> tuple[bytes, str]:
    """A font file with these glyphs alone, under the same indices; and the descriptor's metrics."""
    from fontTools import subset

    options = subset.Options(retain_gids=True, hinting=False, layout_features=[], notdef_outline=True)
    file = io.BytesIO()
    with subset.load_font(path, options) as font:
        metrics = _metrics(font)
        for table in set(font.keys()) - _KEPT_TABLES:
            del font[table]
        subsetter = subset.Subsetter(options)
        subsetter.populate(gids=indices)
        subsetter.subset(font)
        # The font's own date stays.
        font.recalcTimestamp = False
        font.save(file, reorderTables=None)
    return file.getvalue(), metrics


def _metrics(font: Any) -> str:
    """Entries of the descriptor, in thousandths of the font size."""
    head, lines, scale = font["head"], font["hhea"], 1000 / font["head"].unitsPerEm
    box = " ".join(f"{side * scale:.0f}" for side in (head.xMin, head.yMin, head.xMax, head.yMax))
    return (
        f"/FontBBox [{box}] /Ascent {lines.ascent * scale:.0f} /Descent {lines.descent * scale:.0f} "
        f"/CapHeight {font['OS/2'].sCapHeight * scale:.0f}"
    )
