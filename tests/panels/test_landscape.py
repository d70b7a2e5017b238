from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels import landscape
from xorviz.panels.landscape import LandscapePanel, _bounds, _limits, _side
from xorviz.problems import Problem
from xorviz.recordings.recording import Recording

EVERY = np.arange(3)


def labels(artists) -> list[str]:
    return [artist.text for artist in artists if isinstance(artist, Label)]


def test_measured(recording: Recording) -> None:
    measured = LandscapePanel().measure(recording, EVERY)
    vectors = recording.parameter_vectors()
    differences = vectors - vectors[-1]
    _, sizes, directions = np.linalg.svd(differences, full_matrices=False)
    shares = sizes[:2] ** 2 / (sizes**2).sum()
    assert measured.names == (f"PC 1 ({shares[0]:.1%})", f"PC 2 ({shares[1]:.1%})")
    np.testing.assert_array_equal(measured.path_snapshots, np.arange(recording.n_snapshots))
    np.testing.assert_allclose(np.abs(measured.path), np.abs(differences @ directions[:2].T), atol=1e-9)
    assert measured.losses.shape == (97, 97)
    (x_low, x_high), (y_low, y_high) = measured.bounds
    for row, column in ((0, 0), (0, 96), (40, 13)):
        x, y = x_low + column / 96 * (x_high - x_low), y_low + row / 96 * (y_high - y_low)
        theta = vectors[-1] + x * measured.plane.directions[0] + y * measured.plane.directions[1]
        outputs = recording.network.forward(theta, recording.inputs)
        assert measured.losses[row, column] == pytest.approx(
            float(recording.objective.value(outputs, recording.targets))
        )


def test_how_far_a_snapshot_is_off_the_plane(recording: Recording) -> None:
    measured = LandscapePanel().measure(recording, EVERY)
    origin, directions = measured.plane.origin, measured.plane.directions
    for snapshot in (0, 70, recording.n_snapshots - 1):
        theta = recording.parameter_vectors([snapshot])[0]
        at, (true, on_plane, distance) = measured.at(snapshot)
        nearest = origin + at @ directions
        assert true == recording.snapshot_losses[snapshot]
        outputs = recording.network.forward(nearest, recording.inputs)
        assert on_plane == pytest.approx(float(recording.objective.value(outputs, recording.targets)))
        # Pythagoras: what is not along the two directions is off the plane.
        assert distance**2 == pytest.approx(np.sum((theta - origin) ** 2) - np.sum(at**2), abs=1e-9)
    assert (on_plane, distance) == (pytest.approx(true), pytest.approx(0.0, abs=1e-12))


def test_numbers_on_screen(show, recording: Recording) -> None:
    wide = show(LandscapePanel(), recording, place=Place(60, 50, 560, 300), size=(640, 360))
    wide.at(70)
    _, (true, on_plane, distance) = LandscapePanel().measure(recording, EVERY).at(70)
    assert labels(wide.paint.dynamic) == [f"{true:.3f}", f"{on_plane:.3f}", f"{distance:.3f}"]
    static = labels(wide.paint.static)
    assert {"loss landscape", "true loss", "on plane", "off plane"} <= set(static)
    rows = {label.y_px for label in wide.paint.dynamic if isinstance(label, Label)}
    assert rows == {309.0}
    narrow = show(LandscapePanel(), recording)
    heights = [label.y_px for label in narrow.paint.dynamic if isinstance(label, Label)]
    assert narrow.place.top > heights[0] > heights[1] > heights[2] > narrow.place.bottom


def test_the_path_so_far_and_the_present(show, recording: Recording) -> None:
    shown = show(LandscapePanel(), recording)
    (whole,) = [
        a for a in shown.paint.static if isinstance(a, Polylines) and len(a.lines) == 1 and len(a.lines[0]) > 100
    ]
    halo, done = [a for a in shown.paint.dynamic if isinstance(a, Polylines)]
    (dot,) = [a for a in shown.paint.dynamic if isinstance(a, Markers)]
    for k in (0, 40, 140):
        shown.at(k)
        np.testing.assert_allclose(done.lines[0], whole.lines[0][: k + 1], atol=1e-6)
        np.testing.assert_array_equal(halo.lines[0], done.lines[0])
        np.testing.assert_allclose(dot.points, whole.lines[0][k : k + 1], atol=1e-6)
    inside = Place(60, 50, 218, 170)
    assert (whole.lines[0] > (inside.left, inside.bottom)).all()
    assert (whole.lines[0] < (inside.right, inside.top)).all()


def test_two_parameters(recording: Recording) -> None:
    measured = LandscapePanel(parameters=("W1[0,0]", "b2[0]")).measure(recording, EVERY)
    weights, biases = recording.parameters["W1"][:, 0, 0], recording.parameters["b2"][:, 0]
    np.testing.assert_allclose(measured.path, np.stack([weights - weights[-1], biases - biases[-1]], axis=-1))
    assert measured.plane.zeros == (weights[-1], biases[-1])
    total = np.sum((recording.parameter_vectors() - recording.parameter_vectors([-1])) ** 2)
    assert measured.names[0] == f"W1[0,0] ({np.sum((weights - weights[-1]) ** 2) / total:.1%})"


def test_axes_of_two_parameters_read_their_values(show, recording: Recording) -> None:
    shown = show(LandscapePanel(parameters=("W1[0,0]", "b2[0]")), recording)
    weights = recording.parameters["W1"][:, 0, 0]
    (low, high), _ = LandscapePanel(parameters=("W1[0,0]", "b2[0]")).measure(recording, EVERY).bounds
    place = Place(60, 50, 218, 170)
    below = [a for a in shown.paint.static if isinstance(a, Label) and a.y_px == place.bottom - 17 and a.text]
    assert len(below) >= 2
    for label in below:
        value = float(label.text.replace("−", "-"))
        assert label.x_px == pytest.approx(float(place.x_px(value - weights[-1], (low, high))))


def test_normalised_directions_have_no_shares(recording: Recording) -> None:
    measured = LandscapePanel(normalised=True).measure(recording, EVERY)
    assert measured.names == ("PC 1", "PC 2")
    plain = LandscapePanel().measure(recording, EVERY)
    assert measured.losses[48, 48] != plain.losses[48, 48]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"parameters": ("b1[0]", "b1[0]")}, "parameters must be two different ones; got ['b1[0]', 'b1[0]']."),
        (
            {"parameters": ("b1[0]", "b1[1]"), "normalised": True},
            "parameters must not be given with normalised; got ['b1[0]', 'b1[1]'].",
        ),
    ],
)
def test_refused(given: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        LandscapePanel(**given)
    assert str(caught.value) == message


def test_a_diverged_run_is_shown_up_to_where_it_can_be(diverged: Recording) -> None:
    measured = LandscapePanel().measure(diverged, EVERY)
    assert np.isfinite(measured.path).all()
    assert np.isfinite(measured.plane.origin).all()
    assert 1 <= len(measured.path) < diverged.n_snapshots
    assert np.isfinite(measured.limits).all()
    assert 0 < measured.limits[0] < measured.limits[1]


def test_what_cannot_be_computed_in_time(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """9 parameters, 3 units and 4 points: 20·9 + 4·(9 + 7·3) = 300 ns a loss."""
    assert _side(recording) == 97
    monkeypatch.setattr(landscape, "_BUDGET_NS", 300.0 * 40**2)
    assert LandscapePanel().measure(recording, EVERY).losses.shape == (40, 40)
    monkeypatch.setattr(landscape, "_BUDGET_NS", 300.0 * 12.9**2)
    with pytest.raises(UsageError) as caught:
        LandscapePanel().measure(recording, EVERY)
    assert str(caught.value) == (
        "panel 'landscape' must compute 13x13 losses within about 2 s; got a network of 9 parameters and 4 points. "
        "Choose panel 'loss' or 'parameters' instead."
    )


def test_one_parameter() -> None:
    problem = Problem(name="line", inputs=[[1.0], [2.0]], targets=[[0.0], [1.0]], bounds=((0, 1), (0, 1)))
    network = Network(widths=(1, 1), activations=("sigmoid",), biases=False)
    recording = xorviz.train(Experiment(network=network, problem=problem, stopping=Stopping(n_steps=2)))
    with pytest.raises(UsageError) as caught:
        LandscapePanel().measure(recording, EVERY)
    assert str(caught.value) == "panel 'landscape' must have a network with 2 or more parameters to draw; got 1."


def test_bounds() -> None:
    assert _bounds(np.array([[0.0, 0.0]])) == ((-1, 1), (-1, 1))
    (x_low, x_high), (y_low, y_high) = _bounds(np.array([[-10.0, 0.0], [0.0, 0.2]]))
    assert (x_low, x_high) == pytest.approx((-11.5, 1.5))
    assert (y_low, y_high) == pytest.approx((0.1 - 1.625, 0.1 + 1.625))


def test_limits_of_the_scale() -> None:
    losses = np.append(np.geomspace(0.01, 1, 1001), [np.nan, np.inf, 0.0])
    assert _limits(losses) == pytest.approx((0.01 * 10**0.02, 10**-0.02))
    assert _limits(np.full(9, 2.0)) == pytest.approx((2 / 1.5, 3.0))
    assert _limits(np.array([np.nan, 0.0])) == (0.1, 1.0)
    assert _limits(np.append(np.full(50, 1e-30), np.ones(50)))[0] == pytest.approx(1e-6)


def test_together() -> None:
    panel = LandscapePanel()
    measured = [panel.measure(xorviz.train("backprop", seed=seed), EVERY) for seed in (0, 3)]
    first, second = panel.together(measured)
    assert first.limits == second.limits
    assert first.limits == (min(m.limits[0] for m in measured), max(m.limits[1] for m in measured))


def test_the_map_is_the_logarithm_of_the_losses(show, recording: Recording) -> None:
    shown = show(LandscapePanel(), recording)
    measured = LandscapePanel().measure(recording, EVERY)
    image = next(a for a in shown.paint.static if isinstance(a, FieldImage))
    low, high = measured.limits
    share = np.clip(np.log(measured.losses / low) / np.log(high / low), 0, 1)
    np.testing.assert_allclose(image._levels[::-1] / 255, share, atol=1 / 255)
