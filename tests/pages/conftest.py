"""Readers of our pages that share no code with what wrote them: a PDF's operators drawn by Agg, an SVG by librsvg."""

from __future__ import annotations

import ctypes
import ctypes.util
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from PIL import Image

CAPS, JOINS = ("butt", "round", "projecting"), ("miter", "round", "bevel")
TOKEN = re.compile(rb"\[|\]|<<|>>|<[0-9a-f]*>|/[^\s\[\]<>/()]+|\([^)]*\)|[^\s\[\]<>/()]+")


class Pdf:
    """The objects of a file, found by its table of offsets."""

    def __init__(self, data: bytes) -> None:
        assert data.startswith(b"%PDF-1.")
        assert data.endswith(b"%%EOF\n")
        start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)[1])
        table = re.match(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] \n)+)trailer\n(.*)\n", data[start:])
        rows = table[2].splitlines()
        assert len(rows) == int(table[1])
        self.objects: dict[int, tuple[bytes, bytes | None]] = {}
        for number, row in enumerate(rows[1:], start=1):
            at = int(row[:10])
            head = b"%d 0 obj\n" % number
            assert data[at:].startswith(head)
            body = data[at + len(head) : data.index(b"\nendobj\n", at)]
            entries, _, stream = body.partition(b"\nstream\n")
            if stream:
                stream = stream.removesuffix(b"\nendstream")
                assert len(stream) == int(re.search(rb"/Length (\d+)", entries)[1])
                stream = zlib.decompress(stream)
            self.objects[number] = (entries, stream or None)
        self.trailer = table[3]
        self.info = self.follow(self.trailer, b"/Info")[0]
        self.page = self.follow(self.follow(self.follow(self.trailer, b"/Root")[0], b"/Pages")[0], b"/Kids")[0]
        self.media = [float(side) for side in re.search(rb"/MediaBox \[(.*?)\]", self.page)[1].split()]

    def follow(self, entries: bytes, key: bytes) -> tuple[bytes, bytes | None]:
        """The object that an entry refers to."""
        return self.objects[int(re.search(key + rb" \[?(\d+) 0 R", entries)[1])]

    def text(self) -> list[str]:
        """Every string shown, by the fonts' own maps back to characters."""
        maps = {
            name: dict(re.findall(rb"<([0-9a-f]{4})> <([0-9a-f]{4})>\n", self.follow(font, b"/ToUnicode")[1]))
            for name, font in self.named(b"/F")
        }
        strings = []
        content = self.follow(self.page, b"/Contents")[1]
        for name, shown in re.findall(rb"(/F\d+) [\d.]+ Tf .*?\[(.*?)\] TJ", content):
            codes = re.findall(rb"[0-9a-f]{4}", b"".join(re.findall(rb"<(.*?)>", shown)))
            strings.append("".join(chr(int(maps[name][code], 16)) for code in codes))
        return strings

    def named(self, prefix: bytes) -> list[tuple[bytes, bytes]]:
        """Resources by name."""
        found = re.findall(rb"(" + prefix + rb"\d+) (\d+) 0 R", self.page)
        return [(name, self.objects[int(number)][0]) for name, number in found]


@dataclass(frozen=True)
class State:
    matrix: Affine2D = field(default_factory=Affine2D)
    fill: tuple = (0, 0, 0)
    line: tuple = (0, 0, 0)
    alphas: tuple = (1.0, 1.0)
    width: float = 1.0
    cap: int = 0
    join: int = 0
    dashes: tuple = (0.0, ())
    clip: tuple = ()
    font: tuple = ()
    mode: int = 0


class PdfPainter:
    """Draws a page's operators, at so many pixels per point."""

    def __init__(self, pdf: Pdf, scale: float) -> None:
        self.pdf, self.scale = pdf, scale
        width, height = (round(side * scale) for side in pdf.media[2:])
        self.agg = RendererAgg(width, height, 72.0)
        self.frame = np.asarray(self.agg.buffer_rgba())
        self.frame[:] = 255
        self.state, self.stack = State(matrix=Affine2D().scale(scale)), []
        self.path, self.pending_clip, self.pen = [], False, (0.0, 0.0)
        self.fonts = {}
        for name, font in pdf.named(b"/F"):
            descendant = pdf.follow(font, b"/DescendantFonts")[0]
            data = pdf.follow(pdf.follow(descendant, b"/FontDescriptor")[0], b"/FontFile2")[1]
            widths = dict(re.findall(rb"(\d+) \[([\d.]+)\]", descendant[descendant.index(b"/W [") + 4 :]))
            self.fonts[name] = (FT2Font(io.BytesIO(data)), {int(k): float(v) for k, v in widths.items()})

    def run(self) -> np.ndarray:
        operands, array = [], None
        for token in TOKEN.findall(self.pdf.follow(self.pdf.page, b"/Contents")[1]):
            if token == b"[":
                array = []
            elif token == b"]":
                operands.append(array)
                array = None
            elif re.match(rb"[-+.\d]|<|/", token):
                value = token if token[:1] in b"</" else float(token)
                (operands if array is None else array).append(value)
            else:
                getattr(self, f"op_{token.decode()}")(*operands)
                operands = []
        assert not self.stack
        return self.frame

    def op_q(self):
        self.stack.append(self.state)

    def op_Q(self):
        self.state = self.stack.pop()

    def set(self, **changes):
        self.state = replace(self.state, **changes)

    def op_cm(self, *numbers):
        self.set(matrix=Affine2D.from_values(*numbers) + self.state.matrix)

    def op_w(self, width):
        self.set(width=width)

    def op_J(self, cap):
        self.set(cap=int(cap))

    def op_j(self, join):
        self.set(join=int(join))

    def op_d(self, dashes, offset):
        self.set(dashes=(offset, tuple(dashes)))

    def op_rg(self, *color):
        self.set(fill=color)

    def op_RG(self, *color):
        self.set(line=color)

    def op_gs(self, name):
        found = re.search(name + rb" << /ca ([\d.]+) /CA ([\d.]+) >>", self.pdf.page)
        self.set(alphas=(float(found[1]), float(found[2])))

    def op_m(self, x, y):
        self.path.append((Outline.MOVETO, x, y))

    def op_l(self, x, y):
        self.path.append((Outline.LINETO, x, y))

    def op_c(self, *numbers):
        self.path += [(Outline.CURVE4, x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def op_h(self):
        self.path.append((Outline.CLOSEPOLY, 0, 0))

    def outline(self):
        return Outline([point[1:] for point in self.path], [point[0] for point in self.path])

    def paint(self, fill, line, path=None, matrix=None):
        gc = GraphicsContextBase()
        for clip in self.state.clip:
            gc.set_clip_path(clip)
        gc.set_alpha(None)
        gc.set_foreground((*self.state.line, self.state.alphas[1]), isRGBA=True)
        scale = np.sqrt(abs(np.linalg.det(self.state.matrix.get_matrix()[:2, :2])))
        gc.set_linewidth(self.state.width * scale if line else 0.0)
        gc.set_capstyle(CAPS[self.state.cap])
        gc.set_joinstyle(JOINS[self.state.join])
        offset, dashes = self.state.dashes
        gc.set_dashes(offset * scale, [dash * scale for dash in dashes] or None)
        gc.set_snap(False)
        face = (*self.state.fill, self.state.alphas[0]) if fill else None
        self.agg.draw_path(gc, path or self.outline(), matrix or self.state.matrix, face)

    def finish(self, fill, line):
        if fill or line:
            self.paint(fill, line)
        if self.pending_clip:
            from matplotlib.transforms import TransformedPath

            self.set(clip=(TransformedPath(self.outline(), self.state.matrix),))
            self.pending_clip = False
        self.path = []

    def op_f(self):
        self.finish(True, False)

    def op_S(self):
        self.finish(False, True)

    def op_B(self):
        self.finish(True, True)

    def op_n(self):
        self.finish(False, False)

    def op_W(self):
        self.pending_clip = True

    def op_BT(self):
        self.pen = (0.0, 0.0)

    def op_ET(self):
        pass

    def op_Tf(self, name, size):
        self.set(font=(name, size))

    def op_Td(self, x, y):
        self.pen = (self.pen[0] + x, self.pen[1] + y)

    def op_Tr(self, mode):
        self.set(mode=int(mode))

    def op_TJ(self, shown):
        (font, widths), size = self.fonts[self.state.font[0]], self.state.font[1]
        font.set_size(1000, 72)
        for part in shown:
            if isinstance(part, float):
                self.pen = (self.pen[0] - part / 1000 * size, self.pen[1])
                continue
            for code in re.findall(rb"[0-9a-f]{4}", part):
                index = int(code, 16)
                font.load_glyph(index, flags=LoadFlags.NO_HINTING)
                vertices, codes = font.get_path()
                if len(vertices):
                    to = Affine2D().scale(size / 1000).translate(*self.pen) + self.state.matrix
                    self.paint(True, self.state.mode == 2, Outline(vertices, codes), to)
                self.pen = (self.pen[0] + widths[index] / 1000 * size, self.pen[1])

    def op_Do(self, name):
        number = int(re.search(name + rb" (\d+) 0 R", self.pdf.page)[1])
        entries, data = self.pdf.objects[number]
        width, height = (int(re.search(key + rb" (\d+)", entries)[1]) for key in (b"/Width", b"/Height"))
        if table := re.search(rb"/Indexed /DeviceRGB (\d+) <([0-9a-f]*)>", entries):
            colors = np.frombuffer(bytes.fromhex(table[2].decode()), np.uint8).reshape(-1, 3)
            assert len(colors) == int(table[1]) + 1
            rgb = colors[np.frombuffer(data, np.uint8)].reshape(height, width, 3)
        else:
            rgb = np.frombuffer(data, np.uint8).reshape(height, width, 3)
        alpha = np.full((height, width, 1), 255, np.uint8)
        if b"/SMask" in entries:
            alpha = np.frombuffer(self.pdf.follow(entries, b"/SMask")[1], np.uint8).reshape(height, width, 1)
        (left, bottom), (right, top) = self.state.matrix.transform([(0, 0), (1, 1)])
        size = (round(right) - round(left), round(top) - round(bottom))
        picture = Image.fromarray(np.concatenate([rgb, alpha], axis=2)).resize(size, Image.Resampling.BOX)
        page = Image.fromarray(self.frame)
        page.alpha_composite(picture, (round(left), self.frame.shape[0] - round(top)))
        self.frame[:] = np.asarray(page)


@pytest.fixture
def pdf() -> Callable[[bytes | Path], Pdf]:
    """pdf(path): its objects."""
    return lambda source: Pdf(source if isinstance(source, bytes) else source.read_bytes())


@pytest.fixture
def painted_pdf() -> Callable[..., np.ndarray]:
    """painted_pdf(path, dpi=96): RGBA, row 0 at the top."""
    return lambda source, dpi=96: PdfPainter(
        Pdf(source if isinstance(source, bytes) else source.read_bytes()), dpi / 72
    ).run()


@pytest.fixture
def painted_svg() -> Callable[[Path], np.ndarray]:
    """painted_svg(path): RGBA on white, row 0 at the top, drawn by librsvg."""
    names = [ctypes.util.find_library(name) for name in ("rsvg-2", "cairo")]
    if None in names:
        pytest.skip("librsvg and cairo are not installed: no other program to draw an SVG")
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
