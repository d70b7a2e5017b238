from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.horizon import PARTS, Horizon

RED, BLUE, GREEN = (np.uint32(value) for value in (0xFF0000FF, 0xFFFF0000, 0xFF00FF00))


def columns(*rows: list[float]) -> np.ndarray:
    """Rows in pixels of samples from front to back, the same for the two columns of a pixel."""
    return np.repeat(np.rint(np.array(rows) * PARTS).astype(np.int16), 2, axis=0).T


def test_what_rises_above_or_falls_below_everything_nearer() -> None:
    horizon = Horizon.of(columns([3, 5, 4, 2, 6, 6]))
    assert (horizon.upper[:, 0] / PARTS).tolist() == [3, 5, 5, 5, 6, 6]
    # It falls no more after the fourth.
    assert (horizon.lower[:, 0] / PARTS).tolist() == [3, 3, 3, 2]
    assert (Horizon.of(columns([1, 2, 3])).lower / PARTS).tolist() == [[1, 1]]


def test_pieces_lie_end_to_end() -> None:
    """Upward: the underside down to row 2, the front edge at 3, the near part up to 5, the far part up to 6."""
    horizon = Horizon.of(columns([3, 5, 4, 2, 6]))
    above = np.array([[RED, 1, 2, GREEN]], dtype=np.uint32)
    below = np.array([[3, 4, BLUE]], dtype=np.uint32)
    picture, row = horizon.picture(above, below)
    assert row == 2
    assert picture[::-1, 0].tolist() == [BLUE, RED, RED, GREEN]


@pytest.mark.parametrize("eighths", range(9))
def test_pixels_are_shared_by_cover(eighths: int) -> None:
    """Below and above nothing; between the near and the far part, which a hidden valley separates."""
    end = eighths / PARTS
    horizon = Horizon.of(columns([1 + end, 4 + end, 3, 3, 7 + end]))
    picture, row = horizon.picture(np.array([[RED, 1, 2, BLUE]], dtype=np.uint32), np.empty((1, 0), np.uint32))
    channels = np.ascontiguousarray(picture[::-1, 0]).view(np.uint8).reshape(-1, 4).astype(float) / 255
    cover, red, blue = (np.zeros(10) for _ in range(3))
    for values, channel in ((cover, 3), (red, 0), (blue, 2)):
        values[row : row + len(channels)] = channels[:, channel]
    assert cover.sum() == pytest.approx(6, abs=0.02)
    assert red.sum() == pytest.approx(3, abs=0.02)
    assert blue.sum() == pytest.approx(3, abs=0.02)
    np.testing.assert_allclose(red + blue, cover, atol=0.01)
    if 0 < eighths < 8:
        assert [cover[1], blue[4], cover[7]] == pytest.approx([1 - end, 1 - end, end], abs=0.01)


def test_two_columns_a_pixel_are_averaged() -> None:
    rows = np.array([[8, 24], [80, 80]], dtype=np.int16)
    picture, row = Horizon.of(rows).picture(np.array([[RED]]), np.empty((1, 0), np.uint32))
    assert row == 1
    assert (picture[::-1, 0] >> np.uint32(24)).tolist() == [127, 127, 255, 255, 255, 255, 255, 255, 255]


def test_a_part_is_that_of_its_columns() -> None:
    rows = np.random.default_rng(0).integers(0, 200, (9, 6)).astype(np.int16)
    whole, part = Horizon.of(rows), Horizon.of(rows[:, 2:4])
    np.testing.assert_array_equal(whole.part(slice(2, 4)).upper, part.upper)
    np.testing.assert_array_equal(whole.part(slice(2, 4)).lower[: len(part.lower)], part.lower)


def test_sees() -> None:
    horizon = Horizon.of(columns([3, 5, 4, 2, 6]))
    depth, column = np.array([2, 2, 2, 4]), np.zeros(4, dtype=np.intp)
    rows = np.array([5.1, 4.5, 2.9, 1.9]) * PARTS
    assert horizon.sees(depth, column, rows, slack=0).tolist() == [True, False, True, True]
    assert horizon.sees(depth, column, rows, slack=PARTS).all()
