"""Frames without a ground, which lie on whatever is behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

import numpy as np

from xorviz.artists.tracing import unmixed
from xorviz.production.canvas import Canvas, Pixels
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import Scene
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import theme
from xorviz.timing.timeline import Timeline


@final
class SeeThrough(Canvas):
    """Draws every frame twice, over black and over white: what differs between the two is what shines through.

    Arguments and errors as for `Canvas`; pictures are not opaque.
    """

    def __init__(
        self,
        recordings: Recording | Sequence[Recording],
        scene: Scene,
        timelines: Timeline | Sequence[Timeline],
        *,
        only: str = "",
    ) -> None:
        super().__init__(recordings, scene, timelines, ground="#000000", only=only)
        self._on_white = Canvas(recordings, scene, timelines, ground="#ffffff", only=only)

    def draw(self, index: int) -> Pixels:
        """Draw the frame at a position in the timeline.

        Returns:
            uint8 array of shape (height, width, 4): RGBA, not premultiplied; black where there is nothing.
        """
        return unmixed(super().draw(index), self._on_white.draw(index))


def canvas_for(
    recordings: Sequence[Recording], scene: Scene, timelines: Sequence[Timeline], *, only: str = ""
) -> Canvas:
    """The canvas of the ground that a scene asks for; arguments and errors as for `Canvas`."""
    return (Canvas if scene.ground == "paper" else SeeThrough)(recordings, scene, timelines, only=only)


def matte_of(scene: Scene) -> tuple[int, int, int] | None:
    """The theme's paper, where a scene is drawn without it; see `xorviz.encoders.Encoder.open`."""
    if scene.ground == "paper":
        return None
    red, green, blue = np.rint(rgb_from_hex(theme(scene.theme).paper) * 255).astype(int).tolist()
    return red, green, blue
