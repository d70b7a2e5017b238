"""Agg, matplotlib's rasteriser, and the lines it draws, without the rest of matplotlib.

``matplotlib.backends.backend_agg`` imports what figures are laid out with, which takes as long as drawing twenty
frames, in every process that draws. This is the compiled module behind it, and what that reads of a graphics context;
both are called as those of matplotlib are, and take each other's.
"""

from __future__ import annotations

from typing import Any, Final, final

from matplotlib.backends import _backend_agg
from matplotlib.transforms import Bbox

#: matplotlib's stubs for its compiled module are empty.
_Agg: Any = vars(_backend_agg)["RendererAgg"]


class Renderer(_Agg):
    """A frame that paths and pictures are drawn into; clear at first.

    Args:
        width: of the frame, in pixels.
        height: of the frame, in pixels.
        dpi: pixels an inch; at 72 a line's points are pixels.
    """

    def __init__(self, width: int, height: int, dpi: float = 72.0) -> None:
        super().__init__(int(width), int(height), float(dpi))
        self.width: Final = int(width)
        self.height: Final = int(height)

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:
        """Fill and stroke a path.

        Args:
            gc: how it is stroked: a `GraphicsContext`, or one of matplotlib's.
            path: a ``matplotlib.path.Path``.
            transform: from its coordinates to pixels from the lower left.
            rgbFace: red, green, blue and opacity of its inside, 0 to 1; None leaves it empty.
        """
        super().draw_path(gc, path, transform, rgbFace)

    def buffer_rgba(self) -> memoryview:
        """The frame's own memory: uint8, shape (height, width, 4), row 0 at the top."""
        return memoryview(self)


@final
class GraphicsContext:
    """How a line is stroked: what Agg reads, by the names of matplotlib's contexts.

    Args:
        color: red, green, blue and opacity, 0 to 1; the opacity is that of the inside, too.
        width_px: of the line; 0 for none.
    """

    # Edges are smoothed and never moved onto pixels.
    _antialiased = 1

    def __init__(self, color: tuple[float, float, float, float], width_px: float) -> None:
        self._rgb, self._alpha, self._forced_alpha, self._linewidth = color, color[3], True, width_px
        self._capstyle = self._joinstyle = "round"
        self._dashes: tuple[float, list[float] | None] = (0.0, None)
        self._cliprect: Bbox | None = None

    def let_inside_be(self) -> None:
        """Give the inside its own opacity."""
        self._alpha, self._forced_alpha = 1.0, False

    def set_linewidth(self, width_px: float) -> None:
        """Its width."""
        self._linewidth = width_px

    def set_capstyle(self, style: str) -> None:
        """Its ends: ``"round"``, ``"butt"``, ``"projecting"``."""
        self._capstyle = style

    def set_joinstyle(self, style: str) -> None:
        """Its corners: ``"round"``, ``"miter"``, ``"bevel"``."""
        self._joinstyle = style

    def set_dashes(self, offset_px: float, lengths_px: list[float]) -> None:
        """Dashes and gaps in turn."""
        self._dashes = (offset_px, lengths_px)

    def set_clip_rectangle(self, box: Bbox) -> None:
        """What is outside of a box is not drawn."""
        self._cliprect = box

    def get_alpha(self) -> float:
        """Opacity of line and inside."""
        return self._alpha

    def get_forced_alpha(self) -> bool:
        """Whether it is that of the inside, too."""
        return self._forced_alpha

    def get_rgb(self) -> tuple[float, float, float, float]:
        """Its colour."""
        return self._rgb

    def get_linewidth(self) -> float:
        """Its width."""
        return self._linewidth

    def get_capstyle(self) -> str:
        """Its ends."""
        return self._capstyle

    def get_joinstyle(self) -> str:
        """Its corners."""
        return self._joinstyle

    def get_dashes(self) -> tuple[float, list[float] | None]:
        """Offset and lengths."""
        return self._dashes

    def get_clip_rectangle(self) -> Bbox | None:
        """What it is seen in."""
        return self._cliprect

    def get_clip_path(self) -> tuple[None, None]:
        """None: boxes are all that is cut off at."""
        return None, None

    def get_snap(self) -> bool:
        """Never onto pixels: what moves would jump."""
        return False

    def get_hatch_path(self) -> None:
        """None."""
        return

    def get_hatch_color(self) -> tuple[float, float, float, float]:
        """Of no hatch."""
        return self._rgb

    def get_hatch_linewidth(self) -> float:
        """Of no hatch."""
        return 1.0

    def get_sketch_params(self) -> None:
        """None: lines are where they are."""
        return
