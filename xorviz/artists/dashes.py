"""Lines broken into dashes, in one Agg call."""

from __future__ import annotations

from xorviz.artists.lines import Polylines


class Dashes(Polylines):
    """Any number of open dashed lines of one colour and width.

    Args:
        color: ``"#rrggbb"``.
        width_px: line width in pixels.
        dash_px: lengths of a dash and of the gap after it.
        alpha: opacity in 0..1.
    """

    def __init__(self, color: str, width_px: float, dash_px: tuple[float, float], *, alpha: float = 1.0) -> None:
        super().__init__(color, width_px, alpha=alpha)
        # A round end would close half of the gap.
        self._stroke.set_capstyle("butt")
        self._stroke.set_dashes(0.0, list(dash_px))
