from __future__ import annotations

import numpy as np

from xorviz.artists._base import Renderer, pixels
from xorviz.artists.dashes import Dashes


def test_dashes_of_six_and_gaps_of_four() -> None:
    renderer = Renderer(60, 20, 72.0)
    pixels(renderer)[:] = 255
    lines = Dashes("#000000", 2.0, (6.0, 4.0))
    lines.lines = [np.array([[10.0, 10.0], [50.0, 10.0]])]
    lines.draw(renderer)
    row = pixels(renderer)[10, :, 0]
    expected = np.full(60, 255)
    for start in (10, 20, 30, 40):
        expected[start : start + 6] = 0
    np.testing.assert_array_equal(row, expected)
