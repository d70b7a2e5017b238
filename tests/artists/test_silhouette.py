from __future__ import annotations

import numpy as np

from xorviz.artists._base import Renderer, pixels
from xorviz.artists.silhouette import Silhouette


def drawn(vertices) -> np.ndarray:
    """A shape on white, row 0 at the bottom."""
    renderer = Renderer(40, 30, 72.0)
    pixels(renderer)[:] = 255
    shape = Silhouette("#0000ff", alpha=0.5, edge_px=2.0)
    shape.vertices = np.asarray(vertices, dtype=float).reshape(-1, 2)
    shape.draw(renderer)
    return pixels(renderer)[::-1, :, :3].astype(int)


def test_the_inside_is_translucent_and_the_outline_opaque() -> None:
    picture = drawn([[10, 5], [30, 5], [30, 25], [10, 25], [10, 5]])
    np.testing.assert_allclose(picture[15, 20], [127, 127, 255], atol=2)
    np.testing.assert_array_equal(picture[15, 10], [0, 0, 255])
    np.testing.assert_array_equal(picture[15, 5], [255, 255, 255])


def test_no_shape_draws_nothing() -> None:
    assert (drawn([]) == 255).all()
