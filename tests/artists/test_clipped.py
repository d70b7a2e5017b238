from __future__ import annotations

import numpy as np

from xorviz.artists.clipped import ClippedLines


def test_only_what_is_in_the_box_is_drawn(touched) -> None:
    lines = ClippedLines((10, 5, 50, 30), "#ff0000", 4.0)
    lines.lines = [np.array([[0.0, 20.0], [60.0, 20.0]]), np.array([[30.0, -10.0], [30.0, 50.0]])]
    rows, columns = np.nonzero(touched(lines))
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (10, 49, 5, 29)
