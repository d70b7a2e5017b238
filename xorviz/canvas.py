"""A scene of a recording as frames: a static layer drawn once, moving artists drawn over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.color import rgb_from_hex
from xorviz.layout import places
from xorviz.panels import panel
from xorviz.recording import Recording
from xorviz.scene import Scene
from xorviz.themes import theme
from xorviz.timeline import Frame, Timeline

Pixels = NDArray[np.uint8]


class Canvas:
    """Draws frames of one recording in one scene, in any order.

    Args:
        recording: the run.
        scene: what to draw.
        timeline: which snapshots will be shown.

    Raises:
        UsageError: the scene names a panel that does not exist, or that cannot show this recording.
    """

    def __init__(self, recording: Recording, scene: Scene, timeline: Timeline) -> None:
        self._timeline = timeline
        colors = theme(scene.theme)
        self._renderer = Renderer(*scene.size, 72.0)
        self._pixels = pixels(self._renderer)
        self._pixels[:] = (*np.rint(rgb_from_hex(colors.paper) * 255).astype(np.uint8), 255)
        self._dynamic: list[Artist] = []
        self._updates: list[Callable[[Frame], None]] = []
        for name, place in places(scene).items():
            a_panel = panel(scene.panel_options(name), where=f"panels.{name}")
            paint = a_panel.attach(place, a_panel.measure(recording, timeline.snapshots), colors)
            for artist in paint.static:
                artist.draw(self._renderer)
            self._dynamic += paint.dynamic
            self._updates.append(paint.update)
        for artist in self._dynamic:
            artist.prepare(self._renderer)
        self._static = self._pixels.copy()

    def draw(self, index: int) -> Pixels:
        """Draw the frame at a position in the timeline.

        Returns:
            uint8 array of shape (height, width, 4), RGBA, opaque: a view that the next call overwrites.
        """
        frame = self._timeline.frame(index)
        np.copyto(self._pixels, self._static)
        for update in self._updates:
            update(frame)
        for artist in self._dynamic:
            artist.draw(self._renderer)
        return self._pixels

    def samples(self, n_most: int) -> list[Pixels]:
        """Copies of a few frames spread over the animation, first and last included."""
        chosen = np.unique(np.linspace(0, len(self._timeline) - 1, n_most).round().astype(int))
        return [self.draw(int(index)).copy() for index in chosen]

    def frames(self) -> Iterator[tuple[Pixels, float]]:
        """Every frame in order with its duration in milliseconds; each picture is overwritten by the next."""
        for index in range(len(self._timeline)):
            yield self.draw(index), float(self._timeline.durations_ms[index])
