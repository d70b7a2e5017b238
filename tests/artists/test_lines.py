from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from xorviz.artists.lines import Markers, Polylines

RED = [255, 0, 0, 255]
WHITE = [255, 255, 255, 255]


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=float)


def polylines(*lines: np.ndarray, width_px: float = 3.0, **options: float) -> Polylines:
    artist = Polylines("#ff0000", width_px, **options)
    artist.lines = lines
    return artist


def test_a_line_has_its_color_width_and_ends(drawn) -> None:
    picture = drawn(polylines(line((10, 20.5), (50, 20.5))))
    # Three pixels wide around y = 20.5, the centre of row 20.
    assert picture[19:22, 11:50].tolist() == [[RED] * 39] * 3
    assert picture[[18, 22]].tolist() == [[WHITE] * 60] * 2
    # Round ends reach one and a half pixels on.
    columns = np.flatnonzero((picture[20] != WHITE).any(axis=-1))
    assert columns.min() in (8, 9)
    assert columns.max() in (50, 51)


def test_nothing_is_drawn_of_nothing(touched) -> None:
    assert not touched(polylines()).any()
    assert not touched(polylines(np.empty((0, 2)))).any()
    assert not touched(polylines(line((10, 10)))).any()


def test_lines_are_not_joined(touched) -> None:
    apart = touched(polylines(line((5, 5), (15, 5)), line((40, 30)), line((45, 35), (55, 35))))
    assert apart[4:6, 5:15].all()
    assert apart[34:36, 45:55].all()
    assert not apart[10:30].any()
    assert not apart[:, 20:40].any()


def test_opacity(drawn) -> None:
    picture = drawn(polylines(line((10, 20.5), (50, 20.5)), alpha=0.25))
    np.testing.assert_allclose(picture[20, 30], [255, 191, 191, 255], atol=1)


def test_lines_are_not_snapped_to_pixels(drawn) -> None:
    """A boundary that moves by a quarter of a pixel moves on the frame."""
    one, other = (drawn(polylines(line((10, y), (50, y)), width_px=1.0)) for y in (20.5, 20.75))
    assert one[20, 30].tolist() == RED
    np.testing.assert_allclose(other[20:22, 30, 1], [64, 191], atol=2)


def test_lines_may_leave_the_frame(touched) -> None:
    assert touched(polylines(line((-100, 20), (500, 20))))[19:21].all()
    assert not touched(polylines(line((-100, 90), (500, 90)))).any()


@pytest.mark.parametrize("shape", ["o", "s"])
def test_markers_have_a_face_and_an_outline(drawn, shape: str) -> None:
    markers = Markers(shape, 9.0, "#ff0000", "#0000ff", 1.0)
    markers.points = [[15.5, 10.5], [40.5, 30.5]]
    picture = drawn(markers)
    touched = (picture != WHITE).any(axis=-1)
    for x, y in ((15, 10), (40, 30)):
        assert picture[y, x].tolist() == RED
        near = touched[y - 8 : y + 9, x - 8 : x + 9]
        assert np.ptp(np.flatnonzero(near.any(axis=0))) + 1 == pytest.approx(10, abs=1)
        outline = picture[y, x - 7 : x - 2].astype(int)
        assert (outline[:, 2] - outline[:, 0]).max() > 100
        touched[y - 8 : y + 9, x - 8 : x + 9] = False
    assert not touched.any()


@pytest.mark.parametrize("shape", ["o", "s"])
def test_markers_are_centred_on_their_points(drawn, shape: str) -> None:
    """To a fraction of a pixel: a dot that creeps along a curve does not jerk.

    Measured by the centre of gravity, weighed by how dark each pixel has become.
    """
    markers = Markers(shape, 9.0, "#000000", "#000000", 1.0)
    errors = []
    for at in product((30.0, 30.25, 30.5, 30.75), (20.0, 20.3, 20.5, 20.9)):
        markers.points = [at]
        weight = 255.0 - drawn(markers)[..., 0]
        rows, columns = np.indices(weight.shape) + 0.5
        centre = np.array([(weight * columns).sum(), (weight * rows).sum()]) / weight.sum()
        errors.append(centre - at)
    assert np.abs(errors).max() < 0.05


def test_a_square_has_corners_and_a_circle_has_none(drawn) -> None:
    covered = []
    for shape in ("s", "o"):
        markers = Markers(shape, 20.0, "#000000", "#000000", 1.0)
        markers.points = [[30.0, 20.0]]
        covered.append((255.0 - drawn(markers)[..., 0]).sum() / 255)
    # Half of the outline's width lies outside.
    assert covered == pytest.approx([21**2, np.pi / 4 * 21**2], rel=0.02)


def test_points_that_are_nowhere_are_left_out(touched) -> None:
    markers = Markers("o", 5.0, "#ff0000", "#0000ff", 1.0)
    assert not touched(markers).any()
    markers.points = [[np.nan, 5.0], [20.0, np.inf]]
    assert not touched(markers).any()
    markers.points = [[np.nan, 5.0], [30.5, 20.5]]
    both = touched(markers)
    assert both[20, 30]
    assert not both[:10].any()
