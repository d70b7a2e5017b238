from __future__ import annotations

import numpy as np

from xorviz.artists.place import Place

PLACE = Place(10, 20, 110, 70, 2.0)


def test_measures() -> None:
    assert (PLACE.width, PLACE.height, PLACE.box_px) == (100, 50, (10, 20, 110, 70))


def test_maps_from_data() -> None:
    np.testing.assert_allclose(PLACE.x_px([-1, 0, 3], (-1.0, 3.0)), [10, 35, 110])
    np.testing.assert_allclose(PLACE.y_px([[0.0], [1.5]], (0.0, 1.0)), [[20], [95]])
    assert PLACE.y_px(2.0, (4.0, 0.0)) == 45
    assert np.isnan(PLACE.x_px(np.nan, (0.0, 1.0)))


def test_shaped_places_keep_the_upper_left_corner() -> None:
    assert PLACE.shape_to(1.0) == Place(10, 20, 60, 70, 2.0)
    assert PLACE.shape_to(4.0) == Place(10, 45, 110, 70, 2.0)
    assert PLACE.shape_to(2.0) == PLACE
