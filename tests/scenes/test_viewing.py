"""Planes by name, and the dashboard that suits what is shown."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.defaults import experiment_for
from xorviz.problems import Problem, blobs, moons, parity, ripple, sine, xor
from xorviz.production.canvas import panels_of
from xorviz.scenes.dashboards import suited
from xorviz.scenes.scene import DASHBOARD, SCENES
from xorviz.scenes.viewing import plane_named, viewed
from xorviz.training import train


@pytest.fixture(scope="module")
def four():
    inputs = np.random.default_rng(0).normal(size=(12, 4))
    problem = Problem(name="four", inputs=inputs, targets=inputs[:, :1] > 0, feature_names=("a", "b", "c", "d"))
    return train(experiment_for(problem, n_steps=2))


@pytest.mark.parametrize("words", ["2,4", "b,d", " b , 4"])
def test_two_inputs_by_name_or_number(four, words):
    plane = plane_named(four, words, {"a": 0.5})
    assert plane.features == (1, 3)
    assert plane.names == ("b", "d")
    assert plane.origin[0] == 0.5
    assert plane.held()[0] == 0.5


def test_principal_components(four):
    plane = plane_named(four, "pca", {})
    assert plane.explained is not None
    _, (seen,) = viewed(DASHBOARD.changed(plane="pca"), [four])
    assert seen.plane == plane
    _, (same,) = viewed(DASHBOARD, [four])
    assert same is four


@pytest.mark.parametrize(
    ("words", "held", "message"),
    [
        ("1", {}, "plane must be pca, or two inputs with a comma between, such as 1,2; got '1'."),
        ("a,e", {}, "plane must be one of pca, a, b, c, d, 1 to 4; got 'e'."),
        ("a,5", {}, "plane must be one of pca, a, b, c, d, 1 to 4; got '5'."),
        ("a,a", {}, "plane must be of two different inputs from 0 to 3; got [0, 0]."),
        ("pca", {"a": 1.0}, "held must go with a plane of two inputs; got plane 'pca'. Leave it out."),
        ("a,b", {"b": 1.0}, "held must name inputs that the plane does not show; got 'b'."),
    ],
)
def test_what_is_refused(four, words, held, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}"):
        plane_named(four, words, held)


@pytest.mark.parametrize(
    ("problem", "panels"),
    [
        (xor(), {"field", "surface", "loss", "gradients"}),
        (parity(3), {"field", "surface", "loss", "gradients"}),
        (moons(20), {"field", "surface", "loss", "accuracy"}),
        (xor().split(0.25), {"field", "surface", "loss", "accuracy"}),
        (blobs(12), {"field", "hidden", "unit-maps", "loss", "accuracy"}),
        (ripple(20), {"field", "surface", "loss", "accuracy"}),
        (sine(20), {"curve", "loss", "accuracy"}),
    ],
)
def test_the_dashboard_suits(problem, panels):
    scene = suited(DASHBOARD.changed(theme="dark"), problem)
    assert set(scene.panel_names) - {"header", "time"} == panels
    assert scene.theme == "dark"
    panels_of(scene)
    recording = train(experiment_for(problem, n_steps=1))
    assert viewed(DASHBOARD.changed(theme="dark"), [recording])[0].rows == scene.rows


def test_other_scenes_stay():
    assert suited(SCENES["field"], sine()) is SCENES["field"]
    assert suited(DASHBOARD, xor()) is DASHBOARD
    own = DASHBOARD.changed(rows=("field loss",))
    assert suited(own, blobs()) is own
