"""Several classes, regressions, planes of many inputs, validation points: the numbers behind their pictures."""

from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists._base import Renderer, pixels
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.artists.regions import RegionImage
from xorviz.errors import UsageError
from xorviz.learning.defaults import experiment_for
from xorviz.panels import panel
from xorviz.panels._field.region_lines import region_lines
from xorviz.panels._points.data import on_slice, target_span
from xorviz.panels._points.markers import SHAPES, DataMarkers
from xorviz.panels.accuracy import AccuracyPanel
from xorviz.panels.curve import CurvePanel
from xorviz.panels.field import FieldPanel
from xorviz.panels.loss import LossPanel
from xorviz.panels.surface import SurfacePanel
from xorviz.problems import blobs, parity, ripple, sine
from xorviz.problems.planes import principal_plane
from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores
from xorviz.styles.themes import THEMES

LIGHT = THEMES["light"]


def trained(problem, n_steps: int = 60) -> Recording:
    return xorviz.train(experiment_for(problem, n_steps=n_steps))


@pytest.fixture(scope="module")
def three_classes() -> Recording:
    return trained(blobs(30, noise=0.2).split(0.2))


@pytest.fixture(scope="module")
def curve() -> Recording:
    return trained(sine(30).split(0.2))


def thirds(n: int = 61) -> np.ndarray:
    """Probabilities of three classes that meet at right angles to the directions to a triangle's corners."""
    ys, xs = np.mgrid[-1 : 1 : n * 1j, -1 : 1 : n * 1j]
    angles = np.pi / 2 + 2 * np.pi * np.arange(3) / 3
    z = 3 * (xs[..., None] * np.cos(angles) + ys[..., None] * np.sin(angles))
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def test_three_regions_meet_in_three_rays():
    values, n = thirds(), 61
    found = region_lines(values)
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    middle = (n - 1) / 2
    for (i, j), lines in found.items():
        points = (np.concatenate(lines) - middle) / middle
        # Between classes i and j lies the ray that halves the angle between their corners.
        bisector = np.pi / 2 + np.pi * (i + j) / 3 + (np.pi if (i, j) == (0, 2) else 0)
        along = points @ [np.cos(bisector), np.sin(bisector)]
        across = points @ [-np.sin(bisector), np.cos(bisector)]
        np.testing.assert_allclose(across, 0, atol=0.01)
        assert along.min() == pytest.approx(0, abs=0.03)
        assert along.max() > 0.9


def test_regions_that_do_not_meet_have_no_line():
    xs = np.linspace(-3, 3, 31)
    scores = np.stack([-xs, np.full(31, 1.0), xs], axis=-1)[None].repeat(5, axis=0)
    assert set(region_lines(scores)) == {(0, 1), (1, 2)}


def test_pixels_have_the_colour_of_the_largest_value():
    palettes = LIGHT.region_palettes(3)
    image = RegionImage((10, 20, 110, 120), palettes)
    values = thirds(41)
    image.set_values(values)
    renderer = Renderer(130, 140, 72.0)
    image.draw(renderer)
    drawn = pixels(renderer)[::-1][20:120, 10:110]
    for row, column in ((2, 50), (97, 50), (60, 5), (60, 95), (10, 90)):
        at = values[round(row / 99 * 40), round(column / 99 * 40)]
        k = int(at.argmax())
        tone = (at[k] - 1 / 3) / (2 / 3) * 63
        near = palettes[k, max(int(tone) - 3, 0) : int(tone) + 5, :3].astype(int)
        assert np.abs(near - drawn[row, column, :3]).max(axis=1).min() <= 6
    image.set_values(np.full((5, 5, 3), np.nan))
    image.draw(renderer)
    assert (pixels(renderer)[::-1][30, 30] == palettes[0, 0]).all()


def test_field_of_classes(three_classes):
    measured = FieldPanel(n_grid=9).measure(three_classes, np.arange(2))
    outputs = measured.outputs(-1)
    assert outputs.shape == (9, 9, 3)
    np.testing.assert_allclose(outputs.sum(axis=-1), 1, rtol=1e-5)
    with pytest.raises(UsageError, match=r"^output of panel 'field' must be from 1 to 3; got 4\.$"):
        FieldPanel(output=4).measure(three_classes, np.arange(2))


def test_markers_by_class_hollow_where_not_trained_on(three_classes):
    markers = DataMarkers(three_classes, LIGHT, 10.0)
    n_all = 30
    markers.move(np.arange(2.0 * n_all).reshape(n_all, 2))
    faces = [tuple(artist.face) for artist in markers.artists]
    assert len(markers.artists) == 6
    assert [len(artist.points) for artist in markers.artists[::2]] == three_classes.targets.sum(axis=0).tolist()
    validation = [len(artist.points) for artist in markers.artists[1::2]]
    assert validation == three_classes.validation_targets.sum(axis=0).tolist()
    assert len(set(faces[::2])) == 3
    assert set(faces[1::2]) == {(1.0, 1.0, 1.0, 1.0)}


def test_shapes_differ_from_class_to_class():
    assert len({shape for shape, _ in SHAPES}) == len(SHAPES) == 10


def test_the_legend_names_classes_and_validation(show, three_classes):
    shown = show(FieldPanel(), three_classes, place=Place(60, 20, 200, 160))
    texts = [a.text for a in shown.paint.static if isinstance(a, Label)]
    assert {"0", "1", "2"} <= set(texts)
    assert texts[-1] in ("validation", "val.")


@pytest.mark.parametrize("kind", ["readout", "bars", "likelihood"])
def test_panels_of_two_sides_refuse(three_classes, curve, kind):
    for recording, got in ((three_classes, "3 classes"), (curve, "a regression")):
        with pytest.raises(UsageError, match=f"^panel '{kind}' must have outputs of two sides to show; got {got}"):
            panel({"kind": kind}).measure(recording, np.arange(2))


@pytest.mark.parametrize(
    "kind", ["field", "surface", "unit-lines", "unit-maps", "hidden", "network", "loss", "accuracy"]
)
def test_every_frame_of_several_classes(show, three_classes, kind):
    shown = show(panel({"kind": kind}), three_classes)
    first, last = shown.at(0), shown.at(-1)
    np.testing.assert_array_equal(shown.at(0), first)
    assert (shown.inside(first) != shown.inside(last)).any()


def test_curve_numbers(curve):
    measured = CurvePanel().measure(curve, np.arange(2))
    (low, high), (least, most) = measured.bounds
    assert (low, high) == curve.bounds[0]
    assert least < curve.targets.min()
    assert most > curve.targets.max()
    np.testing.assert_allclose(measured.inputs[[0, -1], 0], [low, high])
    np.testing.assert_array_equal(measured.curves(5), curve.outputs(measured.inputs, snapshot=5))
    with pytest.raises(UsageError, match=r"^panel 'curve' must have a network with 1 input to draw; got 2 inputs\."):
        CurvePanel().measure(trained(blobs(12), 1), np.arange(1))


def test_residuals_end_on_the_curve(show, curve):
    place = Place(40, 30, 280, 190)
    shown = show(CurvePanel(), curve, place=place)
    shown.at(-1)
    measured = CurvePanel().measure(curve, np.arange(2))
    leads = shown.paint.dynamic[0].lines
    assert len(leads) == 30
    said = curve.outputs(curve.inputs)[:, 0]
    (_, bounds) = measured.bounds
    for lead, target, output in zip(leads, curve.targets[:, 0], said, strict=False):
        np.testing.assert_allclose(lead[:, 1], place.y_px(np.array([target, output]), bounds))
        assert lead[0, 0] == lead[1, 0]
    markers = [a for a in shown.paint.dynamic if isinstance(a, Markers)]
    assert sum(len(a.points) for a in markers) == 30


def test_a_regression_has_the_span_of_its_targets():
    recording = trained(ripple(40), 30)
    assert target_span(recording) == (recording.targets.min(), recording.targets.max())
    measured = SurfacePanel().measure(recording, np.arange(2))
    assert measured.span == target_span(recording)
    assert measured.heights[0] <= measured.span[0] < measured.span[1] <= measured.heights[1]


def test_curves_of_validation(three_classes, curve):
    for recording, title in ((three_classes, "accuracy"), (curve, "R²")):
        scores, shown = Scores(recording), np.arange(recording.n_snapshots)
        loss = LossPanel().measure(recording, shown)
        assert [trace.name for trace in loss.traces] == ["training", "validation"]
        np.testing.assert_array_equal(loss.traces[1].values, scores.validation_loss)
        share = AccuracyPanel().measure(recording, shown)
        assert share.titles == (title,)
        np.testing.assert_array_equal(share.traces[1].values, np.maximum(scores.validation_score, 0))


def test_of_bits_only_those_on_the_slice_are_drawn(show):
    recording = trained(parity(3), 5)
    np.testing.assert_array_equal(on_slice(recording), recording.inputs[:, 2] == 0)
    shown = show(FieldPanel(), recording, place=Place(60, 20, 200, 160))
    markers = [a for a in shown.paint.dynamic if isinstance(a, Markers)]
    assert sum(len(a.points) for a in markers) == 4
    assert "at x₃ = 0" in [a.text for a in shown.paint.static if isinstance(a, Label)]


def test_fields_are_evaluated_on_their_plane():
    recording = trained(parity(4), 5)
    seen = recording.on_plane(principal_plane(np.random.default_rng(0).normal(size=(9, 4))))
    measured = FieldPanel(n_grid=5).measure(seen, np.arange(2))
    points = seen.plane.inputs(measured.grid.reshape(-1, 2).astype(np.float64))
    np.testing.assert_allclose(measured.outputs(3).reshape(-1, 1), recording.outputs(points, snapshot=3), atol=1e-6)


def test_the_plane_of_three_bits_is_a_slice_of_the_cube():
    """The field at the corners says what the network says of the rows of the table."""
    recording = trained(parity(3), 5)
    panel_of = FieldPanel(bounds=((0.0, 1.0), (0.0, 1.0)), n_grid=2)
    corners = panel_of.measure(recording, np.arange(2)).outputs(-1)[..., 0]
    expected = recording.outputs(recording.inputs[recording.inputs[:, 2] == 0])[:, 0].reshape(2, 2).T
    np.testing.assert_allclose(corners, expected, atol=1e-6)


def test_several_regressions_are_told_apart_by_r_squared(show):
    runs = [xorviz.train(experiment_for(sine(20), n_steps=5, seed=seed)) for seed in (0, 1)]
    shown = show(panel({"kind": "run", "name": "one"}), runs[0], place=Place(20, 90, 280, 130))
    shown.at(0)
    assert shown.paint.dynamic[0].text == Scores(runs[0]).text(0)
    summary = panel({"kind": "summary"}).measure_runs(runs, [np.arange(2), np.arange(2)])
    assert summary.n_points == 0
