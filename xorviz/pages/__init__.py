"""Pages: pictures made of shapes instead of pixels, one file per format, chosen by the suffix of the file."""

from __future__ import annotations

from importlib import import_module

from xorviz.pages._base import Glyph as Glyph
from xorviz.pages._base import Outline as Outline
from xorviz.pages._base import Page as Page
from xorviz.pages._base import SetText as SetText
from xorviz.pages._base import Sheet as Sheet
from xorviz.pages._base import Stroke as Stroke
from xorviz.pages._base import rectangle as rectangle

PAGES = {
    ".svg": ("svg", "SvgPage"),
    ".pdf": ("pdf", "PdfPage"),
}
"""Suffix -> module and class; a new format is one file and one line here."""


def page_for(suffix: str, sheet: Sheet) -> Page:
    """An empty page of the format that a suffix of `PAGES` names."""
    module, name = PAGES[suffix]
    page: Page = getattr(import_module(f"xorviz.pages.{module}"), name)(sheet)
    return page
