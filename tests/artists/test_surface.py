"""The floating horizon against marched rays: two ways to find what each pixel sees that share nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from xorviz.artists._base import pixels
from xorviz.artists.camera import Camera
from xorviz.artists.surface import HeightField

WIDTH, HEIGHT = 280, 280
CENTER, SCALE, BOX_HEIGHT = (140.0, 140.0), 180.0, 0.6
#: Rays are marched for every fourth pixel of every fourth row.
EVERY = np.s_[1::4, 2::4]
#: A table that tells the output from the ratio of red to red and green, however it is shaded.
PALETTE = np.stack([np.arange(256), 255 - np.arange(256), np.full(256, 255), np.full(256, 255)], -1).astype(np.uint8)
Function = Callable[[np.ndarray, np.ndarray], np.ndarray]


def sigmoid(t: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-t))


FUNCTIONS: dict[str, Function] = {
    "plane": lambda x, y: 0.1 * x + 0.4 * y,
    "ridge": lambda x, y: 0.9 * np.exp(-18 * (x + y) ** 2) - 0.45,
    "cliff": lambda x, y: sigmoid(30 * (x - 0.4 * y)) - 0.5,
    # Its front edge rises before the viewer, who looks at it from below where the camera is low.
    "bowl": lambda x, y: 2 * (x**2 + y**2) - 0.5,
    "waves": lambda x, y: 0.4 * np.sin(9 * x) * np.cos(7 * y),
}


def camera(elevation_deg: float, azimuth_deg: float) -> Camera:
    return Camera(elevation_deg, azimuth_deg, CENTER, SCALE, BOX_HEIGHT)


def height_field(
    function: Function,
    elevation_deg: float,
    azimuth_deg: float,
    *,
    box: tuple[int, int, int, int] = (0, 0, WIDTH, HEIGHT),
    palette: np.ndarray = PALETTE,
    limits: tuple[float, float] = (0.0, 1.0),
) -> HeightField:
    artist = HeightField(box, palette, limits)
    artist.set_camera(camera(elevation_deg, azimuth_deg))
    artist.set_values(function(*np.moveaxis(artist.floor.astype(np.float64), -1, 0)).astype(np.float32))
    return artist


@dataclass
class Picture:
    """What was drawn, row 0 at the bottom.

    Attributes:
        cover: opacity.
        z: height in the box, read from the colour.
        light: brightness.
        color: on black.
    """

    cover: np.ndarray
    z: np.ndarray
    light: np.ndarray
    color: np.ndarray


@pytest.fixture
def look(blank):
    """look(artist): a `Picture`; its opacity is found by drawing on black and on white."""

    def draw(artist: HeightField, width: int = WIDTH, height: int = HEIGHT) -> Picture:
        frames = []
        for ground in ("#000000", "#ffffff"):
            renderer = blank(width, height, ground)
            artist.draw(renderer)
            frames.append(pixels(renderer)[::-1].astype(float))
        black, white = frames
        assert (black[..., 3] == 255).all() and (white[..., 3] == 255).all()
        cover = 1 - (white - black)[..., :3].mean(axis=-1) / 255
        both = black[..., 0] + black[..., 1]
        z = black[..., 0] / np.maximum(both, 1e-9) - 0.5
        return Picture(cover, z, both / 255, black)

    return draw


def marched(function: Function, elevation_deg: float, azimuth_deg: float, at: tuple[np.ndarray, np.ndarray]):
    """What is seen at points of the frame: z (NaN where nothing), and whether it is seen from below.

    The line of sight of a point is walked from the viewer in small steps over the floor until it passes from one
    side of the surface to the other.
    """
    elevation, azimuth = np.deg2rad(elevation_deg), np.deg2rad(azimuth_deg)
    right = (at[0] - CENTER[0])[..., None] / SCALE
    up = (at[1] - CENTER[1])[..., None] / SCALE
    away = np.linspace(-0.75, 0.75, 900)
    # The viewer stands in direction (cos, sin) on the floor; right of him lies (-sin, cos).
    x = -np.sin(azimuth) * right - np.cos(azimuth) * away
    y = np.cos(azimuth) * right - np.sin(azimuth) * away
    ray = (up - away * np.sin(elevation)) / (BOX_HEIGHT * np.cos(elevation))
    on_floor = (np.abs(x) <= 0.5) & (np.abs(y) <= 0.5)
    above = ray > function(x, y)
    crosses = (above[..., 1:] != above[..., :-1]) & on_floor[..., 1:] & on_floor[..., :-1]
    first = crosses.argmax(axis=-1)[..., None]
    z = (np.take_along_axis(ray, first, -1) + np.take_along_axis(ray, first + 1, -1))[..., 0] / 2
    below = ~np.take_along_axis(above, first, -1)[..., 0]
    seen = crosses.any(axis=-1)
    return np.where(seen, z, np.nan), below & seen


def centres() -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.indices((HEIGHT, WIDTH)) + 0.5
    return columns[EVERY], rows[EVERY]


def eroded(mask: np.ndarray, n: int = 1) -> np.ndarray:
    for _ in range(n):
        inner = mask.copy()
        for axis in (0, 1):
            for shift in (-1, 1):
                inner &= np.roll(mask, shift, axis=axis)
        mask = inner
    return mask


VIEWS = [(15, -60), (30, 30), (45, 135), (75, 200), (20, 90), (60, 0)]


@pytest.mark.parametrize(("elevation_deg", "azimuth_deg"), VIEWS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_agrees_with_marched_rays(look, name: str, elevation_deg: float, azimuth_deg: float) -> None:
    picture = look(height_field(FUNCTIONS[name], elevation_deg, azimuth_deg))
    z, _ = marched(FUNCTIONS[name], elevation_deg, azimuth_deg, centres())
    seen, drawn = np.isfinite(z), picture.cover[EVERY] > 0.5
    # A picture seen nearly edge-on is all outline: a few pixels may differ there.
    assert (seen ^ drawn).sum() < max(0.02 * (seen | drawn).sum(), 8)
    inside = seen & eroded(picture.cover > 0.99, 2)[EVERY]
    assert inside.sum() > 0.7 * seen.sum()
    error = np.abs(picture.z[EVERY] - z)[inside]
    assert error.mean() < 0.012
    # All but the pixels that two parts of the surface share.
    assert (error < 0.06).mean() > 0.97


def test_the_underside_is_darker(look) -> None:
    """A plane that rises toward the viewer is seen from below where the camera is low, in the same light."""
    z, below = marched(lambda x, y: -0.9 * y, 15, -90, centres())
    assert (below == np.isfinite(z)).all()
    lights = []
    for elevation_deg in (15, 75):
        picture = look(height_field(lambda x, y: -0.9 * y, elevation_deg, -90))
        inside = eroded(picture.cover > 0.99, 2)
        assert inside.sum() > 500
        lights.append(picture.light[inside])
    assert np.median(lights[0]) < 0.85 * np.median(lights[1])


def test_both_sides_at_once(look) -> None:
    """A low camera sees the bowl's near side from below and the far side from above."""
    picture = look(height_field(FUNCTIONS["bowl"], 15, 45))
    z, below = marched(FUNCTIONS["bowl"], 15, 45, centres())
    from_below, from_above = eroded(below), eroded(np.isfinite(z) & ~below)
    assert min(from_below.sum(), from_above.sum()) > 100
    assert np.median(picture.light[EVERY][from_below]) < 0.85 * np.median(picture.light[EVERY][from_above])


@pytest.mark.parametrize("azimuth_deg", [-60, 0, 30, 45, 90, 135, 200])
@pytest.mark.parametrize("elevation_deg", [15, 45, 75, 90])
def test_a_level_plane_has_one_color_and_no_seams(look, elevation_deg: float, azimuth_deg: float) -> None:
    picture = look(height_field(lambda x, y: 0 * x + 0.2, elevation_deg, azimuth_deg))
    inside = eroded(picture.cover > 0.5, 2)
    assert inside.sum() > 500
    assert (picture.cover[inside] == 1).all()
    assert len(np.unique(picture.color[inside], axis=0)) == 1
    assert picture.z[inside][0] == pytest.approx(0.2, abs=0.01)


def test_a_level_plane_is_the_projected_square(look) -> None:
    """Area and centre of gravity: a lean of half a row of the oversampled picture would show."""
    square = [(x, y, 0.2) for x, y in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))]
    errors = []
    for elevation_deg, azimuth_deg in VIEWS:
        cover = look(height_field(lambda x, y: 0 * x + 0.2, elevation_deg, azimuth_deg)).cover
        x, y = camera(elevation_deg, azimuth_deg).project(square).T
        area = 0.5 * abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))
        assert cover.sum() == pytest.approx(area, rel=0.02)
        rows, columns = np.indices(cover.shape) + 0.5
        errors.append([(cover * grid).sum() / cover.sum() for grid in (columns, rows)] - np.array([x.mean(), y.mean()]))
    assert np.abs(errors).max() < 0.15


def test_a_tilted_plane_has_no_steps(look) -> None:
    picture = look(height_field(lambda x, y: 0.4 * x + 0.3 * y, 40, -60))
    inside = eroded(picture.cover > 0.99, 3)
    assert np.ptp(picture.light[inside]) < 0.04
    steps = np.abs(np.diff(picture.z, axis=1))[inside[:, 1:] & inside[:, :-1]]
    assert steps.max() < 0.02


def test_light_comes_from_above_the_viewers_left_shoulder(look) -> None:
    """From azimuth -90° x goes right and y goes away."""

    def light(slope_right: float, slope_away: float) -> float:
        picture = look(height_field(lambda x, y: slope_right * x + slope_away * y, 50, -90))
        return float(np.median(picture.light[eroded(picture.cover > 0.99, 2)]))

    # What rises to the right faces left.
    assert light(0.6, 0.0) > light(-0.6, 0.0) + 0.015
    # What rises going away faces the viewer.
    assert light(0.0, 0.6) > light(0.0, -0.6) + 0.015
    # The viewer carries the light along.
    turned = look(height_field(lambda x, y: 0.6 * y, 50, 0))
    assert np.median(turned.light[eroded(turned.cover > 0.99, 2)]) == pytest.approx(light(0.6, 0.0), abs=0.02)


@pytest.mark.parametrize("azimuth_deg", [-60, 45])
def test_nothing_is_drawn_outside_the_box(look, azimuth_deg: float) -> None:
    """The surface fills its box of the frame, cut off below and above."""
    box = (0, 105, WIDTH, 175)
    picture = look(height_field(FUNCTIONS["waves"], 45, azimuth_deg, box=box))
    assert not picture.cover[:105].any()
    assert not picture.cover[175:].any()
    assert picture.cover[105:175].max() == 1


def test_the_cut_leaves_the_rest_as_it_is(look) -> None:
    whole = look(height_field(FUNCTIONS["waves"], 45, 30))
    cut = look(height_field(FUNCTIONS["waves"], 45, 30, box=(0, 105, WIDTH, 175)))
    np.testing.assert_allclose(cut.color[107:173], whole.color[107:173], atol=12)


def test_limits_say_which_outputs_the_box_holds(look) -> None:
    """With outputs from -1 to 2 the middle third of the height has the whole scale of colours."""
    for output in (0.0, 0.25, 1.0):
        z = (output + 1) / 3 - 0.5
        picture = look(height_field(lambda x, y, z=z: 0 * x + z, 60, -60, limits=(-1.0, 2.0)))
        np.testing.assert_allclose(picture.z[eroded(picture.cover > 0.99, 2)] + 0.5, output, atol=0.01)
    for output, end in ((-0.7, 0.0), (1.7, 1.0)):
        z = (output + 1) / 3 - 0.5
        picture = look(height_field(lambda x, y, z=z: 0 * x + z, 60, -60, limits=(-1.0, 2.0)))
        np.testing.assert_allclose(picture.z[eroded(picture.cover > 0.99, 2)] + 0.5, end, atol=0.01)


def test_values_may_change_from_frame_to_frame(look) -> None:
    artist = height_field(FUNCTIONS["ridge"], 30, 30)
    first = look(artist).color
    values = artist.floor[..., 0] * np.float32(0.5)
    artist.set_values(values)
    other = look(artist).color
    assert (first != other).any()
    artist.set_camera(camera(50, 130))
    artist.set_values(artist.floor[..., 0])
    artist.set_camera(camera(30, 30))
    artist.set_values(values)
    np.testing.assert_array_equal(look(artist).color, other)


def test_the_floor_is_where_values_are_wanted() -> None:
    artist = HeightField((0, 0, WIDTH, HEIGHT), PALETTE, (0.0, 1.0))
    for azimuth_deg in (-60, 0, 45, 90, 200):
        artist.set_camera(camera(30, azimuth_deg))
        assert artist.floor.dtype == np.float32
        assert np.abs(artist.floor).max() <= 0.5 + 1e-3
        # Rows go away from the viewer, columns from left to right.
        at = camera(30, azimuth_deg).project(np.concatenate([artist.floor, 0 * artist.floor[..., :1]], axis=-1))
        assert (np.diff(at[..., 1], axis=0) >= -1e-3).all()
        assert (np.diff(at[..., 0], axis=1) > 0).all()
        # All of it: no corner is farther than a sample away.
        for corner in ((-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)):
            assert np.linalg.norm(artist.floor - corner, axis=-1).min() < 0.07


def level_line(artist: HeightField, x: float, y_from: float, y_to: float) -> np.ndarray:
    """A straight line on the floor in the indices that `on_surface` takes, found by search."""
    points = np.stack([np.full(60, x), np.linspace(y_from, y_to, 60)], axis=-1)
    found = []
    toward = np.array(artist.camera.toward)
    for point in points:
        # Every column looks along one line: its distance to the right of the centre.
        right = np.array([-toward[1], toward[0]])
        across = artist.floor[0] @ right
        wide = np.interp(point @ right, across, np.arange(len(across)))
        near, far = (np.interp(wide, np.arange(len(across)), -(artist.floor[row] @ toward)) for row in (0, -1))
        share = (-(point @ toward) - near) / (far - near)
        found.append((wide, share * (len(artist.floor) - 1)))
    return np.array(found)


def test_lines_on_the_surface_lie_where_the_camera_sees_them() -> None:
    artist = height_field(lambda x, y: x, 45, -60)
    (part,) = artist.on_surface([level_line(artist, 0.1, -0.4, 0.4)], 0.1)
    expected = artist.camera.project(np.stack([np.full(60, 0.1), np.linspace(-0.4, 0.4, 60), np.full(60, 0.1)], -1))
    assert len(part) == 60
    assert np.linalg.norm(part - expected, axis=1).max() < 1


def test_lines_behind_a_ridge_are_dropped() -> None:
    """From azimuth 0 the viewer looks along -x; a ridge along y at x = 0 hides the floor behind it."""

    def ridge(x, y):
        return np.exp(-200 * x**2) - 0.5

    artist = height_field(ridge, 20, 0)
    behind, before = (level_line(artist, x, -0.4, 0.4) for x in (-0.25, 0.3))
    assert artist.on_surface([behind], -0.5) == []
    (part,) = artist.on_surface([behind, before], -0.5)
    expected = artist.camera.project(np.stack([np.full(60, 0.3), np.linspace(-0.4, 0.4, 60), np.full(60, -0.5)], -1))
    assert np.linalg.norm(part - expected, axis=1).max() < 1


def test_lines_partly_hidden_are_cut() -> None:
    """A tower in the middle hides the middle of a line behind it; what is left agrees with marched rays."""

    def tower(x, y):
        return np.exp(-120 * (x**2 + y**2)) - 0.5

    artist = height_field(tower, 25, 0)
    parts = artist.on_surface([level_line(artist, -0.3, -0.45, 0.45)], -0.5)
    assert len(parts) == 2
    left, right = sorted(parts, key=lambda part: part[0, 0])
    gap = right[:, 0].min() - left[:, 0].max()
    y = np.linspace(-0.45, 0.45, 400)
    at = artist.camera.project(np.stack([np.full(400, -0.3), y, np.full(400, -0.5)], -1))
    z, _ = marched(tower, 25, 0, (at[:, 0], at[:, 1]))
    hidden = np.abs(z + 0.5) > 0.05
    assert gap == pytest.approx(np.ptp(at[hidden, 0]), abs=3)


@pytest.mark.parametrize("n_waves", [3, 17, 40])
def test_a_line_along_the_horizon_is_not_dashed(n_waves: int) -> None:
    """A slope that is looked along, and rises and falls a little: without a least length the line is dots."""
    slope = np.tan(np.radians(30)) / BOX_HEIGHT

    def slant(x, y):
        return slope * (0.12 * np.cos(n_waves * y) * (x + 0.5) - x)

    artist = height_field(slant, 30, 0)
    level = level_line(artist, -0.1, -0.45, 0.45)
    parts = artist.on_surface([level], 0.1 * slope)
    assert parts
    assert all(np.linalg.norm(np.diff(part, axis=0), axis=1).sum() >= 6 - 180 * 0.9 / 59 for part in parts)
    gaps = [after[0, 0] - before[-1, 0] for before, after in pairwise(parts)]
    assert all(abs(gap) >= 6 for gap in gaps)


def test_no_lines() -> None:
    assert height_field(FUNCTIONS["plane"], 30, 30).on_surface([], 0.0) == []
