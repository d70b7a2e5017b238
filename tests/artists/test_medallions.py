from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.medallions import Medallions

WHITE = [255, 255, 255, 255]
#: Red grows with the value, nothing else does.
PALETTE = np.stack([np.arange(256), *[np.zeros(256)] * 2, np.full(256, 255)], axis=-1).astype(np.uint8)


def medallions(corner_px: float = 8.0, outline_px: float = 1.0, outline: str = "#0000ff") -> Medallions:
    """Two of sixteen pixels."""
    ys = np.array([29.0, 9.0])
    return Medallions(30.0, ys, 16, corner_px, PALETTE, outline=outline, outline_px=outline_px)


def test_one_value_fills_its_place(drawn) -> None:
    artist = medallions()
    artist.set_values(np.array([0.2, 1.0])[:, None, None])
    picture = drawn(artist)
    assert picture[29, 30].tolist() == [51, 0, 0, 255]
    assert picture[9, 30].tolist() == [255, 0, 0, 255]
    assert picture[19, 30].tolist() == WHITE


@pytest.mark.parametrize("corner_px", [8.0, 0.0, 4.0])
def test_the_corners_are_round(drawn, corner_px: float) -> None:
    """A black outline of one pixel makes it half a pixel larger all around."""
    artist = medallions(corner_px, outline="#000000")
    artist.set_values(np.zeros((2, 1, 1)))
    area = 17.0**2 - (4 - np.pi) * (corner_px + 0.5) ** 2
    assert (255 - drawn(artist)[..., 1].astype(float)).sum() / 255 == pytest.approx(2 * area, rel=0.01)


def test_row_zero_is_at_the_lower_edge(drawn) -> None:
    artist = medallions(0.0)
    rising = np.linspace(0, 1, 8)[:, None].repeat(8, axis=1)
    artist.set_values(np.stack([rising, rising.T]))
    picture = drawn(artist)[..., 0].astype(int)
    assert (np.diff(picture[23:35, 30]) > 0).all()
    assert (np.diff(picture[9, 24:36]) > 0).all()
    assert (np.ptp(picture[29, 24:36]), np.ptp(picture[3:15, 30])) == (0, 0)


def test_a_dashed_outline_has_gaps_and_a_whole_one_none(drawn) -> None:
    artist = medallions(8.0, 2.0)

    def outlines() -> list[float]:
        """Blue of the upper and the lower one; nothing else is."""
        blue = drawn(artist, color="#000000")[..., 2].astype(float)
        return [blue[19:].sum() / 255, blue[:19].sum() / 255]

    artist.set_values(np.full((2, 1, 1), 0.5), np.array([True, False]))
    dashed, whole = outlines()
    assert whole == pytest.approx(2 * np.pi * 8.0 * 2.0, rel=0.02)
    assert dashed == pytest.approx(whole * 2 / 3, rel=0.02)
    artist.set_values(np.full((2, 1, 1), 0.5))
    assert outlines() == [whole, whole]


def test_what_is_no_value_takes_the_middle_and_what_is_too_large_the_end(drawn) -> None:
    artist = medallions()
    artist.set_values(np.array([np.nan, np.inf])[:, None, None])
    picture = drawn(artist)
    assert [picture[28, 30, 0], picture[10, 30, 0]] == [128, 255]
    artist.set_values(np.array([-7.0, 3.0])[:, None, None])
    assert [drawn(artist)[29, 30, 0], drawn(artist)[9, 30, 0]] == [0, 255]
