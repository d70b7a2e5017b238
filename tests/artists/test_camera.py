from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from xorviz.artists.camera import Camera

CORNERS = np.array(list(product((-0.5, 0.5), repeat=3)))


def test_the_centre_of_the_box_lands_on_the_cameras_centre() -> None:
    camera = Camera(33.0, -61.0, (120.0, 80.0), 50.0)
    np.testing.assert_allclose(camera.project([0, 0, 0]), [120, 80])
    assert camera.project(np.zeros((2, 3, 3))).shape == (2, 3, 2)


def test_from_above() -> None:
    """At -90° the viewer stands on the side of negative y: x goes right and y goes up, like a map."""
    camera = Camera(90.0, -90.0, (100.0, 100.0), 10.0)
    np.testing.assert_allclose(camera.project([0.5, 0.25, 0.4]), [105, 102.5], atol=1e-12)


def test_from_the_side() -> None:
    """Heights are seen whole, depth not at all."""
    camera = Camera(0.0, -90.0, scale_px=10.0, height=0.8)
    np.testing.assert_allclose(camera.project([0.5, -0.5, 0.5]), [5, 4], atol=1e-12)
    np.testing.assert_allclose(camera.project([0.5, 0.5, 0.5]), [5, 4], atol=1e-12)


def test_hand_checked_point() -> None:
    """From azimuth 0 the viewer looks along -x: y goes right, x comes nearer and so goes down by sin(30°)."""
    camera = Camera(30.0, 0.0, height=0.6)
    expected = [0.2, 0.3 * 0.6 * np.cos(np.pi / 6) - 0.4 * 0.5]
    np.testing.assert_allclose(camera.project([0.4, 0.2, 0.3]), expected)


@pytest.mark.parametrize("azimuth_deg", [-135, -60, -30, 0, 45, 100, 200])
def test_axes_are_right_handed_from_every_side(azimuth_deg: float) -> None:
    """Counter-clockwise on the floor is counter-clockwise on the frame: the picture is no mirror image."""
    x, y, z = Camera(35.0, azimuth_deg).project(np.eye(3))
    assert x[0] * y[1] - x[1] * y[0] > 0
    assert z[0] == pytest.approx(0)
    assert z[1] > 0


@pytest.mark.parametrize("elevation_deg", [5, 30, 90])
@pytest.mark.parametrize("azimuth_deg", [-60, 0, 45, 130, 270])
def test_extent_is_that_of_the_projected_corners(elevation_deg: float, azimuth_deg: float) -> None:
    camera = Camera(elevation_deg, azimuth_deg, (7.0, 9.0), 3.0, height=0.5)
    spread = np.ptp(camera.project(CORNERS), axis=0) / 3.0
    np.testing.assert_allclose(camera.extent(), spread)


def test_orbiting_turns_the_floor() -> None:
    """A viewer who goes round by an angle sees what the turned point shows to the one who stays."""
    angle = np.deg2rad(40)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    points = CORNERS * 0.7
    np.testing.assert_allclose(Camera(25.0, 60.0).project(points @ turn.T), Camera(25.0, 20.0).project(points))
