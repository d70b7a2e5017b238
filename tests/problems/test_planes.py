"""Planes: coordinates and inputs, held values, principal components against scikit-learn's formula, bounds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.problems.planes import Plane, aspect, bounds_around, feature_plane, principal_plane

CLOUD = np.random.default_rng(3).normal(size=(200, 4)) @ np.diag([3.0, 0.1, 2.0, 0.5]) + [1.0, 2.0, 3.0, 4.0]


def test_two_inputs_are_the_plane_itself_and_nothing_is_copied():
    plane = feature_plane(CLOUD[:, :2])
    points = np.zeros((5, 2), dtype=np.float32)
    assert plane.is_whole
    assert plane.names == ("x₁", "x₂")
    assert plane.inputs(points) is points
    assert plane.features == (0, 1)


def test_a_pair_with_the_rest_held():
    plane = feature_plane(CLOUD, (2, 0), feature_names=("a", "b", "c", "d"), held={3: 7.0})
    lower_median = np.sort(CLOUD[:, 1])[99]
    np.testing.assert_allclose(plane.inputs(np.array([[10.0, 20.0]])), [[20.0, lower_median, 10.0, 7.0]])
    np.testing.assert_allclose(plane.coordinates(CLOUD), CLOUD[:, [2, 0]])
    assert plane.names == ("c", "a")
    assert plane.features == (2, 0)
    assert plane.inputs(np.zeros((1, 2), dtype=np.float32)).dtype == np.float32


def test_principal_components_are_the_eigenvectors_of_the_covariance():
    plane = principal_plane(CLOUD)
    values, vectors = np.linalg.eigh(np.cov(CLOUD.T))
    for k in (0, 1):
        vector = vectors[:, -1 - k]
        np.testing.assert_allclose(plane.directions[k], vector * np.sign(vector[np.abs(vector).argmax()]), atol=1e-12)
    np.testing.assert_allclose(plane.explained, values[::-1][:2] / values.sum())
    assert plane.names[0] == f"PC1 ({values[-1] / values.sum():.0%} of variance)"
    at = plane.coordinates(CLOUD)
    np.testing.assert_allclose(plane.coordinates(plane.inputs(at)), at)
    assert plane.features is None


def test_a_layer_restricted_to_the_plane_says_the_same():
    plane, generator = principal_plane(CLOUD), np.random.default_rng(0)
    weights, biases, at = generator.normal(size=(3, 4)), generator.normal(size=3), generator.normal(size=(6, 2))
    restricted, offsets = plane.restricted(weights, biases)
    np.testing.assert_allclose(at @ restricted.T + offsets, plane.inputs(at) @ weights.T + biases)


def test_one_input_is_the_first_coordinate():
    plane = feature_plane(np.array([[1.0], [4.0]]))
    np.testing.assert_array_equal(plane.inputs(np.array([[3.0, 9.0]])), [[3.0]])
    np.testing.assert_array_equal(plane.coordinates(np.array([[3.0]])), [[3.0, 0.0]])


def test_bounds_are_square_where_units_are_alike():
    points = np.array([[0.0, 0.0], [2.0, 1.0]])
    np.testing.assert_allclose(bounds_around(feature_plane(points), points), ((-0.3, 2.3), (-0.8, 1.8)))
    points = np.array([[0.0, 0.0], [100.0, 1.0]])
    bounds = bounds_around(feature_plane(points), points)
    np.testing.assert_allclose(bounds, ((-15.0, 115.0), (-0.15, 1.15)))
    assert aspect(bounds) == 1.0
    assert aspect(((0.0, 1.5), (0.0, 1.0))) == 1.5


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: feature_plane(CLOUD, (1, 1)), "plane must be of two different inputs from 0 to 3; got [1, 1]."),
        (lambda: feature_plane(CLOUD, (0, 4)), "plane must be of two different inputs from 0 to 3; got [0, 4]."),
        (
            lambda: feature_plane(CLOUD, held={1: 0.0}),
            "held must name inputs that the plane does not show; got 'x₂'.",
        ),
        (
            lambda: principal_plane(CLOUD[:, :1]),
            "plane 'pca' must have two inputs or more, and points that differ. Leave it out.",
        ),
        (
            lambda: Plane(origin=(0.0,), directions=((1.0, 0.0), (0.0, 1.0)), names=("", "")),
            "plane must have an origin and directions of one length; got [1, 2].",
        ),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        call()
