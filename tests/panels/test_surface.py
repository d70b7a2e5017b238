from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from xorviz.artists.camera import along_keys
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.surface import HeightField
from xorviz.errors import UsageError
from xorviz.panels import panel
from xorviz.panels._box import Box
from xorviz.panels.surface import SurfacePanel
from xorviz.recordings.recording import Recording
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import Frame

PLACE = Place(60, 40, 240, 200)


def of(shown, kind: type) -> list:
    return [artist for artist in shown.paint.dynamic if isinstance(artist, kind)]


def test_heights_are_those_of_a_probability(recording: Recording) -> None:
    measured = SurfacePanel().measure(recording, np.arange(recording.n_snapshots))
    assert measured.heights == (0.0, 1.0)
    assert measured.bounds == recording.bounds
    assert (measured.span, measured.output) == ((0.0, 1.0), 0)


def test_heights_follow_outputs_that_leave_0_to_1_up_to_a_limit(outside: Recording, diverged: Recording) -> None:
    """-3 to 7.1 over the plane is cut at -1 and 2."""
    assert SurfacePanel().measure(outside, np.arange(2)).heights == (-1.0, 2.0)
    inner = SurfacePanel(bounds=((0.5, 0.8), (0.0, 0.1))).measure(outside, np.arange(2))
    assert inner.heights == pytest.approx((-0.5, 1.25))
    low, high = SurfacePanel().measure(diverged, np.arange(diverged.n_snapshots)).heights
    assert -1 <= low <= 0
    assert 1 <= high <= 2


def test_heights_do_not_depend_on_the_snapshots_that_are_shown(diverged: Recording) -> None:
    panel = SurfacePanel()
    heights = {panel.measure(diverged, np.array(shown)).heights for shown in ([0], [0, 1], range(diverged.n_snapshots))}
    assert len(heights) == 1
    assert heights != {(0.0, 1.0)}


def test_several_recordings_share_the_heights_of_their_boxes(recording: Recording, outside: Recording) -> None:
    panel = SurfacePanel(bounds=((0.5, 0.8), (0.0, 0.1)))
    alone = [panel.measure(one, np.arange(2)) for one in (recording, outside)]
    shared = panel.together(alone)
    assert [one.heights for one in shared] == [pytest.approx((-0.5, 1.25))] * 2
    assert [one.recording for one in shared] == [recording, outside]


def test_boxed(outside: Recording) -> None:
    measured = SurfacePanel(bounds=((0, 2), (-1, 3))).measure(outside, np.arange(2))
    at = measured.boxed(np.array([0, 1.5]), np.array([-1, 1]), np.array([-1, 0.5]))
    np.testing.assert_allclose(at, [[-0.5, -0.5, -0.5], [0.25, 0, 0]])


@pytest.mark.parametrize("elevation_deg", [10, 30, 60, 90])
@pytest.mark.parametrize("azimuth_deg", [-60, 0, 45, 130])
def test_the_box_fits_its_place(show, recording: Recording, elevation_deg: float, azimuth_deg: float) -> None:
    shown = show(SurfacePanel(elevation_deg=elevation_deg, azimuth_deg=azimuth_deg), recording, place=PLACE)
    (surface,) = of(shown, HeightField)
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
    at = surface.camera.project(corners)
    assert (at >= [PLACE.left - 0.01, PLACE.bottom - 0.01]).all()
    assert (at <= [PLACE.right + 0.01, PLACE.top + 0.01]).all()
    spread = np.ptp(at, axis=0)
    assert max(spread[0] / PLACE.width, spread[1] / PLACE.height) > 0.9


def test_pixels_show_the_output_behind_them(show, recording: Recording) -> None:
    """From above, the surface is the field."""
    shown = show(SurfacePanel(elevation_deg=90, azimuth_deg=-90), recording, place=PLACE)
    from xorviz.styles.themes import THEMES

    shown.at(140)
    (surface,) = of(shown, HeightField)
    palette = THEMES["light"].field_palette()[:, :3].astype(float)
    picture = shown.at(140)
    (low, high), _ = recording.bounds
    for x, y in ((0.0, 0.3), (0.5, 0.5), (1.2, 1.2), (0.9, -0.1), (-0.2, -0.2)):
        column, row = surface.camera.project([(x - low) / (high - low) - 0.5, (y - low) / (high - low) - 0.5, 0])
        color = picture[int(row), int(column), :3].astype(float)
        output = recording.outputs([[x, y]], 140)[0, 0]
        hue = palette / np.linalg.norm(palette, axis=1, keepdims=True)
        index = (hue @ (color / np.linalg.norm(color))).argmax()
        assert index / 255 == pytest.approx(output, abs=0.06)


def test_markers_stand_at_the_targets_and_residuals_reach_the_outputs(show, recording: Recording) -> None:
    shown = show(SurfacePanel(), recording, place=PLACE)
    shown.at(63)
    (surface,) = of(shown, HeightField)
    squares, circles = of(shown, Markers)
    _, residuals = of(shown, Polylines)
    inside = (recording.inputs + 0.35) / 1.7 - 0.5
    targets = surface.camera.project(np.column_stack([inside, recording.targets - 0.5]))
    np.testing.assert_allclose(squares.points, targets[[0, 3]])
    np.testing.assert_allclose(circles.points, targets[[1, 2]])
    outputs = surface.camera.project(np.column_stack([inside, recording.outputs(recording.inputs, 63) - 0.5]))
    assert len(residuals.lines) == 4
    for line, start, end in zip(residuals.lines, targets, outputs, strict=True):
        np.testing.assert_allclose(line, [start, end])


def test_boundary_lies_on_the_surface(show, recording: Recording) -> None:
    """Seen from above nothing hides it, and it is where the output is one half."""
    shown = show(SurfacePanel(elevation_deg=89.9, azimuth_deg=-90), recording, place=PLACE)
    shown.at(140)
    (surface,) = of(shown, HeightField)
    boundary, _ = of(shown, Polylines)
    points = np.concatenate(boundary.lines)
    center, scale = np.array(surface.camera.center_px), surface.camera.scale_px
    at = (points - center) / scale * 1.7 + 0.5
    np.testing.assert_allclose(recording.outputs(at, 140), 0.5, atol=0.05)


def test_orbit(show, recording: Recording) -> None:
    panel = SurfacePanel(orbit_deg=90.0)
    shown = show(panel, recording, place=PLACE)
    (surface,) = of(shown, HeightField)
    scales = set()
    for fraction in (0.0, 0.25, 1.0):
        shown.paint.update(Frame(0, 100, fraction, 40.0))
        assert surface.camera.azimuth_deg == pytest.approx(panel.azimuth_deg + 90 * fraction)
        assert surface.camera.elevation_deg == panel.elevation_deg
        scales.add(surface.camera.scale_px)
    # The viewer keeps the distance.
    assert len(scales) == 1
    still = show(replace(panel, orbit_deg=0.0), recording, place=PLACE)
    first, other = shown.at(0), still.at(0)
    assert np.abs(first.astype(int) - other).mean() < 12
    assert shown.paint.static == ()
    assert len(still.paint.static) == 1


def test_an_orbit_draws_what_a_viewer_who_stands_there_sees(show, recording: Recording) -> None:
    """Half way round, on a panel whose whole orbit has the same extent."""
    round_trip = show(SurfacePanel(azimuth_deg=-60, orbit_deg=360.0), recording, place=PLACE)
    end, start = round_trip.at(-1), round_trip.at(0)
    round_trip.paint.update(Frame(0, int(round_trip.snapshots[-1]), 0.0, 40.0))
    assert (end != start).any()
    there = show(SurfacePanel(azimuth_deg=300, orbit_deg=-360.0), recording, place=PLACE)
    assert np.abs(there.at(-1).astype(int) - end).max() <= 40
    assert np.abs(there.at(-1).astype(int) - end).mean() < 0.05


PATH = ((0.0, -90.0, 64.0), (0.3, -60.0, 20.0), (0.7, 50.0, 20.0), (1.0, 20.0, 36.0))


def test_a_path_passes_its_keys_and_rests_before_and_after_them() -> None:
    panel = SurfacePanel(orbit_deg=500.0, path=tuple((0.1 + 0.8 * at, *direction) for at, *direction in PATH))
    for fraction, azimuth, elevation in panel.path:
        assert panel.direction_deg(fraction) == pytest.approx((azimuth, elevation))
    assert panel.direction_deg(0.0) == panel.path[0][1:]
    assert panel.direction_deg(1.0) == panel.path[-1][1:]


def test_half_way_between_two_keys() -> None:
    panel = SurfacePanel(path=((0.0, 0.0, 10.0), (1.0, 90.0, 30.0)))
    assert panel.direction_deg(0.5) == pytest.approx((45.0, 20.0))
    assert panel.direction_deg(0.25) == pytest.approx((90 * 5 / 32, 10 + 20 * 5 / 32))


def test_a_path_neither_jerks_nor_overshoots() -> None:
    panel = SurfacePanel(path=PATH)
    at = np.linspace(0, 1, 4001)
    way = np.array([panel.direction_deg(float(fraction)) for fraction in at])
    assert way[:, 0].min() >= -90
    assert way[:, 0].max() <= 50
    assert way[:, 1].min() >= 20 - 1e-9
    assert way[:, 1].max() <= 64
    resting = way[(at >= 0.3) & (at <= 0.7), 1]
    np.testing.assert_allclose(resting, 20.0, atol=1e-9)
    speed = np.diff(way, axis=0) * 4000
    assert np.abs(speed[[0, -1]]).max() < 1
    # No step of the speed is more than a bend of the curve makes: an angle at a key would be hundreds.
    assert np.abs(np.diff(speed, axis=0)).max() < 3
    assert np.abs(speed).max() > 250


def test_speed_at_a_key_is_the_harmonic_mean_of_both_sides() -> None:
    """Even keys with slopes 10 and 30 of the first value: 2 · 10 · 30 / 40 = 15."""
    keys = [[0.0, 0.0, 0.0], [1.0, 10.0, 5.0], [2.0, 40.0, 0.0]]
    step = 1e-6
    speed = (along_keys(keys, 1 + step) - along_keys(keys, 1 - step)) / (2 * step)
    np.testing.assert_allclose(speed, [15.0, 0.0], atol=1e-4)


@pytest.mark.parametrize("path", [PATH, ((0.0, 45.0, 5.0), (1.0, 44.0, 90.0)), ((0.2, -700.0, 1.0), (0.3, 700.0, 2.0))])
def test_the_box_fits_its_place_all_along_a_path(show, recording: Recording, path: tuple) -> None:
    shown = show(SurfacePanel(path=path), recording, place=PLACE)
    (surface,) = of(shown, HeightField)
    corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
    scales, spreads = set(), []
    for fraction in np.linspace(0, 1, 151):
        shown.paint.update(Frame(0, 100, float(fraction), 40.0))
        at = surface.camera.project(corners)
        assert (at >= [PLACE.left - 0.5, PLACE.bottom - 0.5]).all()
        assert (at <= [PLACE.right + 0.5, PLACE.top + 0.5]).all()
        scales.add(surface.camera.scale_px)
        spreads.append(np.ptp(at, axis=0) / [PLACE.width, PLACE.height])
    assert len(scales) == 1
    assert np.max(spreads) == pytest.approx(1.0, abs=0.01)


def labels_of(box: Box) -> dict[str, Label]:
    return {label.text: label for label in box._members if isinstance(label, Label)}


def test_numbers_fade_where_a_wall_changes_sides(show, recording: Recording) -> None:
    """The first axis is seen end on at azimuth 0: what stands beside it goes over to the other side."""
    shown = show(SurfacePanel(path=((0.0, -20.0, 30.0), (1.0, 20.0, 30.0))), recording, place=PLACE)
    (box,) = of(shown, Box)
    contrasts, sides = [], []
    for fraction in np.linspace(0, 1, 41):
        shown.paint.update(Frame(0, 100, float(fraction), 40.0))
        labels = labels_of(box)
        name = labels.get("x₁")
        color = name.style.color if name else "#ffffff"
        contrasts.append(1 - rgb_from_hex(color).mean())
        sides.append(name.x_px if name else np.nan)
        # The other axis keeps its side.
        assert labels["x₂"].style.color == THEMES["light"].muted
    assert max(contrasts) == pytest.approx(1 - rgb_from_hex(THEMES["light"].muted).mean())
    assert np.nanmin(sides) < PLACE.left + 60 < PLACE.right - 60 < np.nanmax(sides)
    assert contrasts[20] == 0.0
    assert np.abs(np.diff(contrasts)).max() < 0.5 * max(contrasts)
    assert np.nanmax(np.abs(np.diff(sides))) < 0.1 * PLACE.width


def test_numbers_stay_where_no_wall_changes_sides(show, recording: Recording) -> None:
    for made in (SurfacePanel(azimuth_deg=0.0), SurfacePanel(path=((0.0, -1.0, 30.0), (1.0, -60.0, 30.0)))):
        shown = show(made, recording, place=PLACE)
        (box,) = [artist for artist in (*shown.paint.static, *shown.paint.dynamic) if isinstance(artist, Box)]
        shown.at(0)
        assert set(labels_of(box)) == {"0", "1", "0.5", "x₁", "x₂"}
        assert {label.style.color for label in labels_of(box).values()} == {THEMES["light"].muted}


def test_heights_are_not_written_over_one_another(show, recording: Recording) -> None:
    for elevation_deg, n_heights in ((30.0, 3), (88.0, 0)):
        shown = show(SurfacePanel(elevation_deg=elevation_deg), recording, place=PLACE)
        (box,) = shown.paint.static
        texts = [label.text for label in box._members if isinstance(label, Label) and label.align == "right"]
        assert len(texts) == n_heights


@pytest.mark.parametrize(
    "path",
    [
        [[0.0, -60.0, 30.0]],
        [[0.5, -60.0, 30.0], [0.5, 0.0, 30.0]],
        [[0.5, -60.0, 30.0], [0.2, 0.0, 30.0]],
    ],
)
def test_refused_paths(path: list) -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": "surface", "path": path})
    assert str(caught.value) == (
        "panel (surface) must be valid: path must be two or more [fraction, azimuth_deg, elevation_deg] with rising "
        f"fractions; got {path!r}."
    )


@pytest.mark.parametrize("key", [[1.5, 0.0, 30.0], [-0.1, 0.0, 30.0], [1.0, 0.0, 0.5], [1.0, 0.0, 91.0], [1.0, 0.0]])
def test_a_key_out_of_range(key: list) -> None:
    with pytest.raises(UsageError, match=re.escape("$.path[1]")):
        panel({"kind": "surface", "path": [[0.0, -60.0, 30.0], key]})


def test_nothing_moves_outside_the_place_while_the_viewer_stands(show, recording: Recording) -> None:
    shown = show(SurfacePanel(), recording, place=PLACE)
    pictures = [shown.at(i) for i in (0, 70, 140)]
    moved = np.any([(picture != pictures[0]).any(axis=-1) for picture in pictures], axis=0)
    left, bottom, right, top = PLACE.box_px
    moved[bottom - 2 : top + 2, left - 2 : right + 2] = False
    assert not moved.any()


def test_diverged_and_outside_outputs_stay_in_the_box(show, diverged: Recording, outside: Recording) -> None:
    for recording in (diverged, outside):
        shown = show(SurfacePanel(), recording, place=PLACE)
        shown.at(-1)
        (surface,) = of(shown, HeightField)
        _, residuals = of(shown, Polylines)
        corners = [(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)]
        box = surface.camera.project(corners)
        ends = np.concatenate(residuals.lines)
        assert np.isfinite(ends).all()
        assert (ends >= box.min(axis=0) - 0.01).all()
        assert (ends <= box.max(axis=0) + 0.01).all()
