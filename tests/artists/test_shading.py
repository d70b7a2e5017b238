from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.shading import indices, light, shaded

PALETTE = np.stack([np.arange(256)] * 3 + [np.full(256, 255)], axis=-1).astype(np.uint8)


def test_the_table_is_the_palette_in_every_light() -> None:
    above, below = (side.view(np.uint8).reshape(256, 64, 4) for side in shaded(PALETTE))
    np.testing.assert_array_equal(above[:, 63], PALETTE)
    assert above[200, 0, 0] == round(200 * 0.92)
    assert below[200, 63, 0] == round(200 * 0.72)
    assert (above[..., 3] == 255).all()
    assert (below[..., 3] == 255).all()


def test_light_is_lamberts_cosine() -> None:
    slopes = np.array([-0.6, 0.0, 0.6], dtype=np.float32)
    level = np.zeros(3, dtype=np.float32)
    assert light(level, level) == pytest.approx(0.82)
    assert light(slopes, level) == pytest.approx([(0.82 + 0.42 * s) / np.hypot(1, s) for s in slopes])
    assert light(level - 9, level) == pytest.approx(0)


@pytest.mark.parametrize("n_pieces", range(1, 7))
def test_pieces_have_the_level_and_shade_of_their_middles(n_pieces: int) -> None:
    level, shade = np.random.default_rng(1).random((2, 5, 8)).astype(np.float32)
    level[0, :2], shade[0, :2] = 1, (1, 0)
    found = indices(level, shade, n_pieces)
    assert found.shape == (5, 7 * n_pieces)
    middles = (np.arange(7 * n_pieces) + 0.5) / n_pieces
    for row in range(5):
        expected = [np.interp(middles, np.arange(8), values[row]) for values in (level, shade)]
        np.testing.assert_allclose(found[row] // 64, expected[0] * 255, atol=0.55)
        # Shades are cut, not rounded.
        np.testing.assert_allclose(found[row] % 64 + 0.5, expected[1] * 63, atol=0.55)
