from __future__ import annotations

import numpy as np

from xorviz.artists._base import Renderer, pixels
from xorviz.artists.rectangles import Rectangles


def test_whole_pixels_are_filled_and_half_ones_half() -> None:
    renderer = Renderer(40, 20, 72.0)
    pixels(renderer)[:] = 255
    rectangles = Rectangles("#000000")
    rectangles.boxes = np.array([[5.0, 2.0, 10.5, 6.0], [20.0, 10.0, 22.0, 12.0]])
    rectangles.draw(renderer)
    picture = pixels(renderer)[::-1, :, 0].astype(int)
    expected = np.full((20, 40), 255)
    expected[2:6, 5:10] = 0
    expected[10:12, 20:22] = 0
    expected[2:6, 10] = 127
    np.testing.assert_allclose(picture, expected, atol=2)


def test_none() -> None:
    renderer = Renderer(10, 10, 72.0)
    before = pixels(renderer).copy()
    Rectangles("#000000").draw(renderer)
    np.testing.assert_array_equal(pixels(renderer), before)
