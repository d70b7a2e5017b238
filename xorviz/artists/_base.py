"""The contract of an artist: geometry is prepared once, each frame only updates numbers and draws them.

Agg, matplotlib's rasteriser, draws lines, markers and text; matplotlib's figures and axes are not used, because laying
them out again costs more than all pixels of a frame.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.artists.agg import GraphicsContext, Renderer
from xorviz.artists.tracing import apart, traced
from xorviz.pages import Page
from xorviz.styles.color import rgb_from_hex

__all__ = ["Artist", "Renderer", "image", "pixels", "rgba", "stroke"]


class Artist(ABC):
    """Something that can draw itself into a frame.

    Positions and lengths are in pixels of the frame, from its lower left corner.
    """

    def prepare(self, renderer: Renderer) -> None:
        """Called once, when the renderer holds the finished static layer; what it draws must be taken back."""
        del renderer  # Most artists have nothing to prepare.

    @abstractmethod
    def draw(self, renderer: Renderer) -> None:
        """Draw the present state."""

    def vector(self, page: Page) -> None:
        """Draw the present state on a page: the paths it strokes and fills, or a picture if it is more than paths."""
        paths = traced(self.draw, page.sheet.frame_px)
        for path in paths or ():
            path.put(page)
        if paths is None:
            picture, left_px, bottom_px = apart(self.draw, page.sheet.frame_px)
            if picture.size:
                page.image(picture, left_px, bottom_px)


def pixels(renderer: Renderer) -> NDArray[np.uint8]:
    """The renderer's own frame: uint8 array of shape (height, width, 4), RGBA, row 0 at the top; a view."""
    return np.asarray(renderer.buffer_rgba())


def image(renderer: Renderer) -> Image.Image:
    """The renderer's own frame for Pillow, which pastes small pictures faster than Agg and NumPy; a view."""
    frame: Any = renderer.buffer_rgba()
    size = (int(renderer.width), int(renderer.height))
    view = Image.frombuffer("RGBA", size, frame, "raw", "RGBA", 0, 1)
    # Pillow would copy, taking the memory for somebody else's, before it wrote to it.
    view.readonly = 0
    return view


def rgba(color: str, alpha: float = 1.0) -> tuple[float, float, float, float]:
    """``"#rrggbb"`` and an opacity as Agg wants them."""
    red, green, blue = rgb_from_hex(color)
    return (float(red), float(green), float(blue), alpha)


def stroke(color: tuple[float, float, float, float], width_px: float) -> GraphicsContext:
    """A graphics context for lines of one colour and width, round ends and joins."""
    return GraphicsContext(color, width_px)
