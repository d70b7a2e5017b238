"""Problems by name: truth tables, parity, sets in the plane against their formulas, curves, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.defaults import experiment_for
from xorviz.problems import problem, xor
from xorviz.problems.truth_tables import TRUTH_TABLES
from xorviz.training import train

FORMULAS = {
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "nand": lambda a, b: not (a and b),
    "nor": lambda a, b: not (a or b),
    "xor": lambda a, b: a != b,
    "xnor": lambda a, b: a == b,
    "a-implies-b": lambda a, b: not a or b,
    "b-implies-a": lambda a, b: not b or a,
    "a-and-not-b": lambda a, b: a and not b,
    "b-and-not-a": lambda a, b: b and not a,
    "a": lambda a, b: a,
    "not-b": lambda a, b: not b,
    "b": lambda a, b: b,
    "not-a": lambda a, b: not a,
    "true": lambda a, b: True,
    "false": lambda a, b: False,
}


@pytest.mark.parametrize("name", TRUTH_TABLES)
def test_truth_tables_by_formula(name):
    found = problem(name)
    expected = [[float(FORMULAS[name](a, b))] for a, b in found.inputs.astype(bool)]
    np.testing.assert_array_equal(found.targets, expected)


def test_there_are_sixteen_and_each_is_another():
    assert len(set(TRUTH_TABLES.values())) == len(TRUTH_TABLES) == 16
    assert problem("xor") == xor()


def test_parity_counts_ones():
    found = problem("parity-3")
    np.testing.assert_array_equal(found.inputs @ [4, 2, 1], np.arange(8))
    np.testing.assert_array_equal(found.targets[:, 0], [0, 1, 1, 0, 1, 0, 0, 1])
    np.testing.assert_array_equal(problem("parity-2").targets, xor().targets)
    assert found.drawn_plane.origin == (0.0, 0.0, 0.0)


def test_moons_lie_on_their_half_circles():
    found = problem("moons", n_points=101, noise=0.0)
    is_lower = found.targets[:, 0] == 1
    assert (~is_lower).sum() == 51
    upper, lower = found.inputs[~is_lower], found.inputs[is_lower]
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert upper[:, 1].min() > -1e-9
    assert lower[:, 1].max() < 0.5 + 1e-9


def test_circles_have_their_radii():
    found = problem("circles", noise=0.0, factor=0.3)
    np.testing.assert_allclose(np.linalg.norm(found.inputs, axis=1), np.where(found.targets[:, 0] == 1, 0.3, 1.0))


def test_noise_is_a_standard_deviation():
    noisy, exact = (problem("circles", n_points=20_000, noise=noise).inputs for noise in (0.2, 0.0))
    np.testing.assert_allclose((noisy - exact).std(axis=0), 0.2, rtol=0.03)


def test_blobs_stand_around_a_circle():
    found = problem("blobs", n_points=30_000, n_classes=4, noise=0.5)
    assert found.task == "multiclass"
    np.testing.assert_array_equal(found.targets.sum(axis=0), 7500)
    means = [found.inputs[found.targets[:, k] == 1].mean(axis=0) for k in range(4)]
    np.testing.assert_allclose(means, [[0, 1], [1, 0], [0, -1], [-1, 0]], atol=0.03)


def test_a_spiral_s_angle_grows_with_its_radius():
    found = problem("spirals", n_classes=3, noise=0.0, n_turns=0.5)
    for k in range(3):
        points = found.inputs[found.targets[:, k] == 1]
        r = np.linalg.norm(points, axis=1)
        angle = np.unwrap(np.arctan2(points[:, 0], points[:, 1]))
        np.testing.assert_allclose(np.cos(angle), np.cos(np.pi * r + 2 * np.pi * k / 3), atol=1e-9)


def test_squares_of_a_board_change_colour():
    found = problem("checkerboard", n_squares=4)
    cells = np.floor((found.inputs + 1) * 2).sum(axis=1)
    np.testing.assert_array_equal(found.targets[:, 0], cells % 2)
    assert np.abs(found.inputs).max() <= 1


def test_curves():
    found = problem("sine", noise=0.0)
    np.testing.assert_allclose(found.targets, np.sin(2 * found.inputs))
    found = problem("ripple", noise=0.0)
    r = np.linalg.norm(found.inputs, axis=1, keepdims=True)
    np.testing.assert_allclose(found.targets, np.cos(2 * np.pi * r) * np.exp(-(r**2)))
    assert found.task == "regression"


def test_a_seed_says_which_points():
    assert problem("blobs", seed=1) == problem("blobs", seed=1)
    assert problem("blobs", seed=1) != problem("blobs", seed=2)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mons", {}, re.escape("; got 'mons'. Did you mean 'moons'?") + "$"),
        ("moons", {"n_classes": 3}, "^option of data 'moons' must be one of n_points, noise, seed; got 'n_classes'"),
        ("xor", {"noise": 0.1}, "^data 'xor' must be given without options; got noise.$"),
        ("moons", {"noise": -1.0}, "^noise must be a standard deviation, 0 or more; got -1.0.$"),
        ("moons", {"n_points": 3}, "^n_points must be a whole number from 4 to 100,000; got 3.$"),
        ("blobs", {"n_classes": 11}, "^n_classes must be a whole number from 2 to 10; got 11.$"),
        ("parity-11", {}, "^parity must be of 2 to 10 bits, such as parity-3; got 11.$"),
        ("circles", {"factor": 1.0}, "^factor must be above 0 and below 1; got 1.0.$"),
        ("spirals", {"n_turns": 9.0}, "^n_turns must be above 0 and at most 4; got 9.0.$"),
        ("checkerboard", {"n_squares": 1}, "^n_squares must be from 2 to 8; got 1.$"),
    ],
)
def test_what_is_refused(name, options, message):
    with pytest.raises(UsageError, match=message):
        problem(name, **options)


@pytest.mark.parametrize("name", ["nand", "parity-3", "moons", "circles", "spirals"])
def test_the_default_network_learns_it(name):
    recording = train(experiment_for(problem(name), n_steps=300))
    assert recording.n_correct() == len(recording.inputs)


def test_the_default_network_learns_three_arms():
    recording = train(experiment_for(problem("spirals", n_classes=3), n_steps=400))
    assert recording.n_correct() >= 238
    assert recording.verify().ok
    assert recording.network.activations[-1] == "softmax"


def test_the_default_network_fits_a_curve():
    recording = train(experiment_for(problem("sine", noise=0.0), n_steps=600))
    assert recording.final_loss < 0.01
    assert recording.solved_at is None
