"""Other programs that read our pages: a PDF drawn by PDFium, an SVG by librsvg."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest


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
    """painted_svg(path): RGBA on white, row 0 at the top, drawn by librsvg."""
    names = [ctypes.util.find_library(name) for name in ("rsvg-2", "cairo")]
    if None in names:
        pytest.skip("needs librsvg and cairo, to draw an SVG by another program: apt-get install librsvg2-2 libcairo2")
    rsvg, cairo = (ctypes.CDLL(name) for name in names)
    pointer = ctypes.c_void_p
    for function, result in (
        (rsvg.rsvg_handle_new_from_file, pointer),
        (cairo.cairo_image_surface_create, pointer),
        (cairo.cairo_create, pointer),
        (cairo.cairo_image_surface_get_data, ctypes.POINTER(ctypes.c_ubyte)),
    ):
        function.restype = result

    def paint(path: Path) -> np.ndarray:
        handle = pointer(rsvg.rsvg_handle_new_from_file(str(path).encode(), None))
        size = (ctypes.c_int * 6)()
        rsvg.rsvg_handle_get_dimensions(handle, size)
        surface = pointer(cairo.cairo_image_surface_create(0, *size[:2]))
        context = pointer(cairo.cairo_create(surface))
        cairo.cairo_set_source_rgb(context, *(ctypes.c_double(1.0) for _ in range(3)))
        cairo.cairo_paint(context)
        assert rsvg.rsvg_handle_render_cairo(handle, context)
        cairo.cairo_surface_flush(surface)
        stride = cairo.cairo_image_surface_get_stride(surface)
        rows = np.ctypeslib.as_array(cairo.cairo_image_surface_get_data(surface), (size[1], stride))
        return rows[:, : 4 * size[0]].reshape(size[1], size[0], 4)[..., [2, 1, 0, 3]].copy()

    return paint
