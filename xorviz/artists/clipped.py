"""Lines of which only what lies inside a box is seen."""

from __future__ import annotations

from matplotlib.transforms import Bbox

from xorviz.artists.lines import Polylines


class ClippedLines(Polylines):
    """Any number of open lines of one colour and width, cut off at the edges of a box.

    Args:
        box_px: left, bottom, right, top of the box in pixels from the lower left of the frame.
        color: ``"#rrggbb"``.
        width_px: line width in pixels.
        alpha: opacity in 0..1.
    """

    def __init__(self, box_px: tuple[int, int, int, int], color: str, width_px: float, *, alpha: float = 1.0) -> None:
        super().__init__(color, width_px, alpha=alpha)
        self._stroke.set_clip_rectangle(Bbox.from_extents(*box_px))
