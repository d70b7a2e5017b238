"""A panel that an ordinary matplotlib function draws, for whatever no other panel shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, stroke
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels._base import Paint, Panel
from xorviz.panels.axes import TICK_PT
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import Theme
from xorviz.styles.typeface import font_path
from xorviz.timing.timeline import Frame

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Left, bottom, right and top of the place, in points: room for what hangs outside the axes.
_GUTTERS = (52.0, 40.0, 18.0, 28.0)
# A matplotlib text that nobody sized has 10 points; here it is as large as a tick label.
_DPI = 72.0 * TICK_PT / 10.0


@dataclass(frozen=True)
class MatplotlibPanel(Panel):
    """A picture that a function draws on matplotlib's axes; anything can be shown, at 20 to 50 ms a frame.

    The axes fill the place, empty, in the theme's colours. The function should set limits that do not depend on the
    snapshot, so that nothing jumps from frame to frame. For several processes it must be a function of a module.

    Attributes:
        function: ``draw(axes, recording, snapshot)``, called for every snapshot that is shown, in any order.
        clear: whether the axes are emptied before each call; a function that keeps its artists and changes them saves
            a third of the time or more.
    """

    kind: ClassVar[str] = "function"
    function: Any = None
    clear: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be called: a recipe runs no code that it names itself."""
        if not callable(self.function):
            raise UsageError(
                f"function must be a function draw(axes, recording, snapshot), given in Python; got {self.function!r}. "
                "For a recipe, declare it as an entry point of the group 'xorviz.panels' in a package of your own and "
                "use the entry point's name as kind"
            )

    def measure(self, recording: Recording, snapshots: NDArray[np.int64]) -> Recording:
        """Nothing: what is shown is the function's business; see `Panel.measure`."""
        del snapshots
        return recording

    def attach(self, place: Place, measured: Recording, theme: Theme) -> Paint:
        """Axes in the place, cleared or kept from frame to frame; see `Panel.attach`."""
        from matplotlib.figure import Figure

        left, bottom, right, top = (round(gutter * place.pt) for gutter in _GUTTERS)
        width, height = left + place.width + right, bottom + place.height + top
        dpi = _DPI * place.pt
        # A hundredth more, because the canvas cuts to whole pixels.
        figure = Figure(figsize=((width + 0.01) / dpi, (height + 0.01) / dpi), dpi=dpi, facecolor="none")
        picture = _Picture(FigureCanvasAgg(figure), place.left - left, place.bottom - bottom)
        box = (left / width, bottom / height, place.width / width, place.height / height)
        axes = figure.add_axes(box)
        _prepare(axes, theme)
        dress = _dresser(figure, theme)
        draw: Callable[[Axes, Recording, int], object] = self.function
        shown = -1

        def update(frame: Frame) -> None:
            nonlocal shown
            if frame.snapshot == shown:
                return
            if self.clear and shown >= 0:
                # Colour bars and twins are axes of the figure, and may have taken room from these.
                for other in figure.axes[1:]:
                    other.remove()
                axes.clear()
                axes.set_position(box)
                _prepare(axes, theme)
            draw(axes, measured, frame.snapshot)
            dress()
            picture.redraw()
            shown = frame.snapshot

        return Paint((), (picture,), update, "snapshot")


def _prepare(axes: Axes, theme: Theme) -> None:
    """Empty axes as the trace panels have them, in the theme's colours."""
    axes.set_facecolor(theme.paper)
    axes.set_axisbelow(True)
    axes.set_prop_cycle(color=[theme.ink, *theme.classes, theme.muted])
    axes.tick_params(which="both", length=0, pad=5, labelcolor=theme.muted)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_color(theme.muted)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(theme.faint)


def _dresser(figure: Figure, theme: Theme) -> Callable[[], None]:
    """A function that gives texts, whose look nobody chose, the colour and the face of all others."""
    unchosen = Text()
    color, family, size = unchosen.get_color(), unchosen.get_fontfamily(), _points(unchosen)
    regular, semibold = font_path("Regular"), font_path("Semibold")

    def dress() -> None:
        for text in figure.findobj(lambda artist: isinstance(artist, Text)):
            assert isinstance(text, Text)
            if text.get_color() == color:
                text.set_color(theme.ink)
            if text.get_fontfamily() == family and text.get_fontproperties().get_file() is None:
                # Titles are larger than all else.
                is_strong = _points(text) > size or text.get_fontweight() in ("bold", "semibold")
                face = semibold if is_strong else regular
                text.set_fontproperties(FontProperties(fname=face, size=_points(text)))

    return dress


def _points(text: Text) -> float:
    return float(text.get_fontproperties().get_size_in_points())


class _Picture(Artist):
    """What is on a canvas, laid over the frame.

    Args:
        canvas: drawn when told, not for every frame.
        left_px: of its left edge.
        bottom_px: of its lower edge.
    """

    def __init__(self, canvas: FigureCanvasAgg, left_px: int, bottom_px: int) -> None:
        self._canvas, self._at = canvas, (left_px, bottom_px)
        self._gc = stroke((0.0, 0.0, 0.0, 1.0), 0.0)
        self._rows = np.zeros((0, 0, 4), dtype=np.uint8)

    def redraw(self) -> None:
        """Draw the canvas anew."""
        self._canvas.draw()
        # Agg wants images bottom up.
        self._rows = np.asarray(self._canvas.buffer_rgba())[::-1].copy()

    def draw(self, renderer: Renderer) -> None:
        """Blend it over the frame; what hangs out of the frame is cut off."""
        renderer.draw_image(self._gc, *self._at, self._rows)
