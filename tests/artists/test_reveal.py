from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists._base import pixels
from xorviz.artists.lines import Polylines
from xorviz.artists.reveal import Reveal


def lines(color: str, width_px: float) -> Polylines:
    artist = Polylines(color, width_px)
    artist.lines = [np.array([[5.0, 8.0], [30.0, 25.0], [55.0, 15.0]])]
    return artist


@pytest.fixture
def layers(blank):
    """A renderer that holds a faint line, the same frame with a strong one, and a reveal of it, prepared."""
    renderer, strong = blank(), blank()
    for each in (renderer, strong):
        lines("#cccccc", 1.4).draw(each)
    lines("#aa0000", 4.0).draw(strong)
    reveal = Reveal([lines("#aa0000", 4.0)], left_px=3, right_px=57)
    before = pixels(renderer).copy()
    reveal.prepare(renderer)
    np.testing.assert_array_equal(pixels(renderer), before)
    return renderer, before, pixels(strong).copy(), reveal


@pytest.mark.parametrize("edge", [-10.0, 3.0, 3.4, 20.0, 33.6, 57.0, 900.0])
def test_columns_left_of_the_edge_are_uncovered(layers, edge: float) -> None:
    renderer, static, strong, reveal = layers
    reveal.edge_px = edge
    reveal.draw(renderer)
    column = int(np.clip(round(edge), 3, 57))
    np.testing.assert_array_equal(pixels(renderer)[:, :column], strong[:, :column])
    np.testing.assert_array_equal(pixels(renderer)[:, column:], static[:, column:])


def test_nothing_is_uncovered_at_first(layers) -> None:
    renderer, static, _, reveal = layers
    reveal.draw(renderer)
    np.testing.assert_array_equal(pixels(renderer), static)


def test_the_edge_may_go_back(layers) -> None:
    renderer, static, _, reveal = layers
    reveal.edge_px = 20.0
    reveal.draw(renderer)
    once = pixels(renderer).copy()
    for edge in (50.0, 20.0):
        pixels(renderer)[:] = static
        reveal.edge_px = edge
        reveal.draw(renderer)
    np.testing.assert_array_equal(pixels(renderer), once)


def test_a_region_over_the_frames_edges(blank) -> None:
    renderer = blank()
    reveal = Reveal([lines("#aa0000", 4.0)], left_px=-4, right_px=99)
    reveal.prepare(renderer)
    reveal.edge_px = 99.0
    reveal.draw(renderer)
    expected = blank()
    lines("#aa0000", 4.0).draw(expected)
    np.testing.assert_array_equal(pixels(renderer), pixels(expected))


def test_members_that_draw_nothing(blank) -> None:
    renderer = blank()
    reveal = Reveal([Polylines("#aa0000", 4.0)], left_px=0, right_px=60)
    reveal.prepare(renderer)
    reveal.edge_px = 60.0
    reveal.draw(renderer)
    np.testing.assert_array_equal(pixels(renderer), pixels(blank()))


def test_not_prepared(blank) -> None:
    with pytest.raises(RuntimeError) as caught:
        Reveal([], left_px=0, right_px=1).draw(blank())
    assert str(caught.value) == "Reveal.prepare must be called before draw"
