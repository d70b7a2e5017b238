from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.bands import Bands

RED = [255, 0, 0, 255]
WHITE = [255, 255, 255, 255]


def bands(*ends: tuple[tuple[float, float], tuple[float, float]], widths: list[float], **options: object) -> Bands:
    array = np.array(ends, dtype=float)
    artist = Bands(array[:, 0], array[:, 1], "#ff0000", **options)
    artist.widths_px = np.array(widths)
    return artist


def test_each_has_its_own_width_and_flat_ends(drawn) -> None:
    picture = drawn(bands(((10, 10), (50, 10)), ((10, 30), (50, 30)), widths=[4.0, 2.0]))
    red = (picture == RED).all(axis=-1)
    rows, columns = np.nonzero(red)
    assert sorted(set(rows.tolist())) == [8, 9, 10, 11, 29, 30]
    assert (columns.min(), columns.max()) == (10, 49)
    assert red.sum() == 40 * 6


def test_dashes_start_at_the_first_end_and_the_last_is_cut_off(drawn) -> None:
    picture = drawn(bands(((10, 10), (33, 10)), widths=[2.0], dash_px=(6.0, 4.0)))
    columns = np.flatnonzero((picture[9] == RED).all(axis=-1))
    assert columns.tolist() == [*range(10, 16), *range(20, 26), *range(30, 33)]


def test_slanted_bands_are_as_wide_as_level_ones(drawn) -> None:
    """Area is length times width."""
    ink = 255 - drawn(bands(((10, 5), (40, 35)), widths=[3.0]))[..., 1].astype(float)
    assert ink.sum() / 255 == pytest.approx(3.0 * np.hypot(30, 30), rel=0.01)


def test_nothing_is_drawn_without_a_width(touched) -> None:
    artist = bands(((10, 10), (50, 10)), ((10, 30), (50, 30)), widths=[0.0, 0.0])
    assert not touched(artist).any()
    artist.widths_px = np.array([0.0, 2.0])
    assert set(np.nonzero(touched(artist))[0].tolist()) == {29, 30}


def test_opacity_does_not_add_up_where_bands_cross(drawn) -> None:
    picture = drawn(bands(((10, 20), (50, 20)), ((30, 5), (30, 35)), widths=[6.0, 6.0], alpha=0.5))
    assert picture[20, 30].tolist() == picture[20, 15].tolist() == picture[8, 30].tolist()
    assert picture[20, 30].tolist() not in (RED, WHITE)
