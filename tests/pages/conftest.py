"""Other programs that read our pages: a PDF drawn by PDFium, an SVG by resvg."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import resvg_py
from PIL import Image


def _page(source: bytes | Path) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument(source)
    assert len(document) == 1
    return document[0]


@pytest.fixture
def pdf_text() -> Callable[[bytes | Path], list[str]]:
    """pdf_text(path): the lines of text that a reader finds."""
    return lambda source: _page(source).get_textpage().get_text_range().splitlines()


@pytest.fixture
def painted_pdf() -> Callable[..., np.ndarray]:
    """painted_pdf(path, dpi=96): RGBA on white, row 0 at the top."""
    return lambda source, dpi=96: np.asarray(_page(source).render(scale=dpi / 72).to_pil().convert("RGBA"))


@pytest.fixture
def painted_svg() -> Callable[[Path], np.ndarray]:
    """painted_svg(path): RGBA on white, row 0 at the top, drawn by resvg."""

    def paint(path: Path) -> np.ndarray:
        drawn = resvg_py.svg_to_bytes(svg_path=str(path), background="#ffffff", skip_system_fonts=True)
        return np.asarray(Image.open(BytesIO(bytes(drawn))).convert("RGBA"))

    return paint
