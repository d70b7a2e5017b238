"""An empty frame, and what an artist does to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.styles.color import rgb_from_hex


@pytest.fixture
def blank() -> Callable[..., Renderer]:
    """blank(width, height, color): a renderer whose frame is of one opaque colour."""

    def make(width: int = 60, height: int = 40, color: str = "#ffffff") -> Renderer:
        renderer = Renderer(width, height, 72.0)
        pixels(renderer)[:] = (*np.rint(rgb_from_hex(color) * 255).astype(int), 255)
        return renderer

    return make


@pytest.fixture
def drawn(blank) -> Callable[..., np.ndarray]:
    """drawn(artist, …): its picture on an empty frame, row 0 at the bottom as artists count."""

    def draw(*artists: Artist, width: int = 60, height: int = 40, color: str = "#ffffff") -> np.ndarray:
        renderer = blank(width, height, color)
        for artist in artists:
            artist.draw(renderer)
        return pixels(renderer)[::-1].copy()

    return draw


@pytest.fixture
def touched(drawn) -> Callable[..., np.ndarray]:
    """touched(artist, …): bool array of shape (height, width), row 0 at the bottom."""

    def find(*artists: Artist, **size: int) -> np.ndarray:
        return (drawn(*artists, **size) != drawn(**size)).any(axis=-1)

    return find
