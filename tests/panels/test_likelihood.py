from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.surface import HeightField
from xorviz.panels.likelihood import LikelihoodPanel, bernoulli_losses
from xorviz.recordings.recording import Recording

PLACE = Place(60, 50, 460, 300)
SIZE = (520, 350)


def test_losses_by_hand() -> None:
    """p = ¼: −ln ¼ for a target of 1, −ln ¾ for 0, their mean for ½."""
    losses = bernoulli_losses(np.array([0.25, 0.25, 0.25, 1.0, 0.0]), np.array([1.0, 0.0, 0.5, 1.0, 1.0]))
    expected = [np.log(4), np.log(4 / 3), (np.log(4) + np.log(4 / 3)) / 2, 0.0, 15 * np.log(10)]
    np.testing.assert_allclose(losses, expected, atol=1e-12)


def test_losses_are_those_that_are_descended(recording: Recording) -> None:
    outputs = recording.outputs(recording.inputs, 50)[:, 0]
    total = bernoulli_losses(outputs, recording.targets[:, 0]).sum()
    assert total == pytest.approx(recording.snapshot_losses[50])


@pytest.mark.parametrize(("of", "top"), [("likelihood", 1.0), ("loss", 4.0)])
def test_the_surface(show, recording: Recording, of: str, top: float) -> None:
    panel = LikelihoodPanel(of=of)
    assert panel.measure(recording, np.arange(2)).heights == (0.0, top)
    shown = show(panel, recording, place=PLACE, size=SIZE)
    surface = next(a for a in shown.paint.static if isinstance(a, HeightField))
    p, y = np.moveaxis(surface.floor.astype(float) + 0.5, -1, 0)
    if of == "likelihood":
        expected = p**y * (1 - p) ** (1 - y)
    else:
        near = np.clip(p, np.exp(-4), 1 - np.exp(-4))
        expected = -(y * np.log(near) + (1 - y) * np.log(1 - near)) / 4
    inside = (p > 1e-6) & (p < 1 - 1e-6)
    np.testing.assert_allclose((surface._heights + 0.5)[inside], expected[inside], atol=1e-5)
    assert surface._heights.min() >= -0.5
    assert surface._heights.max() <= 0.5


@pytest.mark.parametrize("of", ["likelihood", "loss"])
def test_points_move_on_it(show, recording: Recording, of: str) -> None:
    shown = show(LikelihoodPanel(of=of), recording, place=PLACE, size=SIZE)
    camera = next(a for a in shown.paint.static if isinstance(a, HeightField)).camera
    squares, circles = [a for a in shown.paint.dynamic if isinstance(a, Markers)]
    (stems,) = [a for a in shown.paint.dynamic if isinstance(a, Polylines)]
    (mean,) = [a for a in shown.paint.dynamic if isinstance(a, Label)]
    targets = recording.targets[:, 0]
    for k in (0, 140):
        shown.at(k)
        p = recording.outputs(recording.inputs, k)[:, 0]
        values = np.where(targets == 1, p, 1 - p)
        heights = values if of == "likelihood" else -np.log(values) / 4
        at = camera.project(np.stack([p - 0.5, targets - 0.5, heights - 0.5], axis=-1))
        np.testing.assert_allclose(squares.points, at[targets == 0], atol=1e-9)
        np.testing.assert_allclose(circles.points, at[targets == 1], atol=1e-9)
        np.testing.assert_allclose([line[1] for line in stems.lines], at, atol=1e-9)
        expected = np.exp(np.log(values).mean()) if of == "likelihood" else -np.log(values).mean()
        assert mean.text == f"{expected:.3f}"


def test_outputs_that_are_no_probabilities_are_taken_as_0_or_1(show, outside: Recording) -> None:
    """Outputs −3, −0.5, 2, 4.5 for targets 0, 1, 1, 0."""
    shown = show(LikelihoodPanel(), outside, place=PLACE, size=SIZE)
    shown.at(0)
    camera = next(a for a in shown.paint.static if isinstance(a, HeightField)).camera
    squares, circles = [a for a in shown.paint.dynamic if isinstance(a, Markers)]
    expected = camera.project([[-0.5, -0.5, 0.5], [0.5, -0.5, -0.5]])
    np.testing.assert_allclose(squares.points, expected, atol=1e-6)
    expected = camera.project([[-0.5, 0.5, -0.5], [0.5, 0.5, 0.5]])
    np.testing.assert_allclose(circles.points, expected, atol=1e-6)


def test_what_is_no_number_has_no_place(show, recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show(LikelihoodPanel(), recording, place=PLACE, size=SIZE)
    monkeypatch.setattr(Recording, "outputs", lambda self, points, snapshot: np.full((4, 1), np.nan))
    picture = shown.at(-1)
    assert [a.text for a in shown.paint.dynamic if isinstance(a, Label)] == ["–"]
    np.testing.assert_array_equal(shown.inside(picture), shown.static[50:300, 60:460])


@pytest.mark.parametrize("azimuth_deg", [-120.0, -60.0, 30.0, 150.0])
def test_no_number_lies_on_another(show, recording: Recording, azimuth_deg: float) -> None:
    shown = show(LikelihoodPanel(azimuth_deg=azimuth_deg), recording, place=PLACE, size=SIZE)
    box = next(a for a in shown.paint.static if hasattr(a, "_members"))
    labels = [a for a in box._members if isinstance(a, Label)]
    at = np.array([[label.x_px, label.y_px] for label in labels])
    apart = np.abs(at[:, None] - at[None]) + 1e9 * np.eye(len(at))[..., None]
    assert {"p", "y"} <= {label.text for label in labels}
    assert ((apart[..., 0] > 6) | (apart[..., 1] > 9)).all()


def test_titles(show, recording: Recording) -> None:
    for place, title in ((PLACE, "loss of target y at output p"), (Place(60, 50, 240, 170), "loss")):
        shown = show(LikelihoodPanel(of="loss"), recording, place=place, size=SIZE)
        assert next(a.text for a in shown.paint.static if isinstance(a, Label)) == title
