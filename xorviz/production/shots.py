"""One frame of a scene as the bytes of a picture: pixels, or shapes on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from xorviz.artists._base import rgba
from xorviz.pages import PAGES, Sheet, page_for, rectangle
from xorviz.pages.png import png
from xorviz.production.canvas import Canvas
from xorviz.production.see_through import canvas_for
from xorviz.recordings.recording import Recording
from xorviz.scenes.layout import places
from xorviz.scenes.scene import Scene
from xorviz.styles.themes import theme
from xorviz.timing.timeline import Timeline

Box = tuple[int, int, int, int]
SUFFIXES = (".png", *PAGES)
# Pages are laid in finer pixels than they are shown in, so that what is a picture on them, such as a surface, is
# sharper; but not in more than anybody sees.
_FINER, _MOST_FINE_PIXELS = 2, 16_000_000
# What hangs outside a panel's place, in points: left, below, right, above.
_AROUND_PT = (42.0, 28.0, 46.0, 28.0)


@dataclass(frozen=True)
class Shot:
    """A frame to be drawn.

    Attributes:
        recordings: the runs.
        scene: of which panels.
        timelines: one for each run.
        index: of the frame in these.
        panel: the one that is shown alone, or empty.
    """

    recordings: Sequence[Recording]
    scene: Scene
    timelines: Sequence[Timeline]
    index: int
    panel: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is shown, in pixels of the scene's size."""
        left, bottom, right, top = self._view_px(self.scene)
        return right - left, top - bottom

    def drawn(self, suffix: str, *, dpi: float) -> bytes:
        """The file of a format.

        Args:
            suffix: one of `SUFFIXES`.
            dpi: pixels of the scene's size per inch.
        """
        return self._pixels(dpi) if suffix == ".png" else self._page(suffix, dpi)

    def _pixels(self, dpi: float) -> bytes:
        """What a frame of an animation is before it is encoded."""
        picture = canvas_for(self.recordings, self.scene, self.timelines, only=self.panel).draw(self.index)
        (left, bottom, right, top), height = self._view_px(self.scene), self.scene.size[1]
        return png(picture[height - top : height - bottom, left:right], dpi=dpi)

    def _page(self, suffix: str, dpi: float) -> bytes:
        """The same frame as shapes."""
        width, height = self.scene.size
        finer = _FINER if width * height * _FINER**2 <= _MOST_FINE_PIXELS else 1
        scene = msgspec.structs.replace(self.scene, size=(width * finer, height * finer))
        view = self._view_px(scene)
        page = page_for(suffix, Sheet(scene.size, view, dpi * finer, self.recordings[0].title))
        if scene.ground == "paper":
            page.path(rectangle(*view), fill=rgba(theme(scene.theme).paper), stroke=None)
        Canvas(self.recordings, scene, self.timelines, only=self.panel).put(self.index, page)
        return page.finish()

    def _view_px(self, scene: Scene) -> Box:
        """Left, bottom, right, top of what is shown of the scene, which may have another size."""
        width, height = scene.size
        if not self.panel:
            return 0, 0, width, height
        place = places(scene)[self.panel]
        left, below, right, above = (round(side * place.pt) for side in _AROUND_PT)
        return (
            max(place.left - left, 0),
            max(place.bottom - below, 0),
            min(place.right + right, width),
            min(place.top + above, height),
        )
