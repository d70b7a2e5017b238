from __future__ import annotations

import numpy as np

from xorviz.artists._base import Renderer, pixels
from xorviz.artists.areas import Areas, between


def test_what_lies_between_two_curves_is_filled_and_the_box_cuts_it_off():
    renderer = Renderer(60, 40, 72.0)
    area = Areas((10, 5, 50, 30), "#ff0000")
    area.edges = between(np.array([0.0, 60.0]), np.array([10.0, 10.0]), np.array([50.0, 50.0]))
    area.draw(renderer)
    filled = pixels(renderer)[::-1, :, 3] == 255
    expected = np.zeros((40, 60), bool)
    expected[10:30, 10:50] = True
    np.testing.assert_array_equal(filled, expected)


def test_gaps_stay_gaps():
    xs, low = np.arange(6.0), np.zeros(6)
    high = np.array([1.0, 2.0, np.nan, 3.0, 4.0, np.nan])
    ways = between(xs, low, high)
    assert [way.tolist() for way in ways] == [
        [[0, 1], [1, 2], [1, 0], [0, 0]],
        [[3, 3], [4, 4], [4, 0], [3, 0]],
    ]


def test_nothing_to_fill_draws_nothing():
    renderer = Renderer(20, 20, 72.0)
    area = Areas((0, 0, 20, 20), "#ff0000")
    area.draw(renderer)
    assert not pixels(renderer)[..., 3].any()
