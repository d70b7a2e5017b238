from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.learning.network import Network
from xorviz.recordings.landscape import ParameterPlane, coordinate_plane, filter_normalised, losses_at, principal_plane
from xorviz.recordings.recording import Recording

NETWORK = Network(widths=(2, 3, 2, 1), activations=("tanh", "relu", "sigmoid"))


def path(n: int = 30, n_parameters: int = 12, *, seed: int = 0) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(size=(n, n_parameters))
    return (steps * np.geomspace(3, 0.1, n_parameters)).cumsum(axis=0)


def test_principal_plane_is_that_of_a_singular_value_decomposition() -> None:
    parameters = path()
    plane = principal_plane(parameters)
    differences = parameters - parameters[-1]
    _, sizes, directions = np.linalg.svd(differences, full_matrices=False)
    np.testing.assert_allclose(np.abs(np.sum(plane.directions * directions[:2], axis=1)), 1.0, atol=1e-9)
    assert plane.shares(parameters) == pytest.approx(sizes[:2] ** 2 / (sizes**2).sum())
    np.testing.assert_array_equal(plane.origin, parameters[-1])
    coordinates = plane.coordinates(parameters)
    farthest = coordinates[np.abs(coordinates).argmax(axis=0), [0, 1]]
    assert (farthest < 0).all()
    np.testing.assert_allclose(coordinates[-1], 0.0, atol=1e-12)


@pytest.mark.parametrize("n_parameters", [2, 5, 2000])
def test_directions_are_orthonormal_whatever_the_path(n_parameters: int) -> None:
    straight = np.linspace(0, 1, 9)[:, None] * np.ones(n_parameters)
    still = np.ones((4, n_parameters))
    alone = np.ones((1, n_parameters))
    for parameters in (path(20, n_parameters), straight, still, alone, 1e-8 * path(20, n_parameters)):
        plane = principal_plane(parameters)
        np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-9)
    assert principal_plane(straight).shares(straight) == pytest.approx((1.0, 0.0))
    assert principal_plane(still).shares(still) == (0.0, 0.0)


def test_coordinates_and_points_of_slanting_directions() -> None:
    """(1, 0, 0) and (1, 1, 0) from (0, 0, 5): the nearest point to (3, 2, 9) is 1·(1, 0, 0) + 2·(1, 1, 0)."""
    plane = ParameterPlane(np.array([0.0, 0.0, 5.0]), np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 0.0]]), ("a", "b"))
    at = plane.coordinates(np.array([3.0, 2.0, 9.0]))
    np.testing.assert_allclose(at, [1.0, 2.0])
    np.testing.assert_allclose(plane.points(at), [3.0, 2.0, 5.0])
    assert plane.shares(np.ones((2, 3))) is None


def test_what_is_not_a_number_has_no_coordinates() -> None:
    plane = principal_plane(path())
    assert np.isnan(plane.coordinates(np.full(12, np.nan))).all()


def test_coordinate_plane() -> None:
    origin = np.arange(NETWORK.n_parameters, dtype=float)
    plane = coordinate_plane(NETWORK, origin, ["W1[1,2]", "b2[0]"])
    named = NETWORK.views(plane.points(np.array([10.0, 20.0])))
    expected = {name: array.copy() for name, array in NETWORK.views(origin.copy()).items()}
    expected["W1"][1, 2] += 10
    expected["b2"][0] += 20
    for name, array in expected.items():
        np.testing.assert_array_equal(named[name], array)
    assert plane.zeros == (5.0, 15.0)
    assert plane.names == ("W1[1,2]", "b2[0]")


@pytest.mark.parametrize("name", ["W1", "W1[2,0]", "W1[0]", "b1[0,0]", "W9[0,0]", "W1[-1,0]", "W1[0,0]x", ""])
def test_no_such_parameter(name: str) -> None:
    network = Network(widths=(2, 2, 1), activations=("tanh", "sigmoid"))
    with pytest.raises(UsageError) as caught:
        coordinate_plane(network, np.zeros(9), [name, "b1[0]"])
    assert str(caught.value) == (
        "parameters must be elements such as 'W1[0,1]', counted from 0, of W1 of shape [2, 2], b1 of shape [2], "
        f"W2 of shape [2, 1], b2 of shape [1]; got {name!r}."
    )


def test_filter_normalised_makes_every_unit_as_long_as_its_own_parameters() -> None:
    origin = np.random.default_rng(2).normal(size=NETWORK.n_parameters)
    plane = ParameterPlane(origin, np.random.default_rng(3).normal(size=(2, NETWORK.n_parameters)), ("a", "b"))
    scaled = filter_normalised(plane, NETWORK)
    own = NETWORK.views(origin)
    for before, after in zip(plane.directions, scaled.directions, strict=True):
        old, new = NETWORK.views(before), NETWORK.views(after)
        for layer, width in enumerate(NETWORK.widths[1:], start=1):
            for unit in range(width):
                lengths = [
                    np.hypot(np.linalg.norm(of[f"W{layer}"][:, unit]), of[f"b{layer}"][unit]) for of in (new, own)
                ]
                assert lengths[0] == pytest.approx(lengths[1])
                ratio = new[f"W{layer}"][:, unit] / old[f"W{layer}"][:, unit]
                np.testing.assert_allclose(ratio, new[f"b{layer}"][unit] / old[f"b{layer}"][unit])


def test_a_direction_of_nothing_stays_nothing() -> None:
    plane = ParameterPlane(np.ones(NETWORK.n_parameters), np.zeros((2, NETWORK.n_parameters)), ("a", "b"))
    assert not filter_normalised(plane, NETWORK).directions.any()


def test_losses_are_those_of_the_recording(recording: Recording) -> None:
    """With both coordinates of snapshots on a plane through them, the recorded losses; in any shape, in pieces."""
    vectors = recording.parameter_vectors([10, 20, 30])
    plane = ParameterPlane(vectors[0], vectors[1:] - vectors[0], ("a", "b"))
    at = np.array([[[0.0, 0.0]], [[1.0, 0.0]], [[0.0, 1.0]]])
    losses = losses_at(recording, plane, at)
    assert losses.shape == (3, 1)
    np.testing.assert_allclose(losses[:, 0], recording.snapshot_losses[[10, 20, 30]], rtol=1e-12)


def test_losses_in_pieces_are_the_same(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = principal_plane(recording.parameter_vectors())
    at = np.random.default_rng(0).normal(size=(5, 7, 2))
    whole = losses_at(recording, plane, at)
    monkeypatch.setattr("xorviz.recordings.landscape._PIECE", 100)
    np.testing.assert_allclose(losses_at(recording, plane, at), whole, rtol=1e-12)


def test_the_slope_of_the_plane_is_the_gradient() -> None:
    recording = xorviz.train("backprop")
    theta = recording.parameter_vectors([40])[0]
    plane = principal_plane(
        np.stack([recording.parameter_vectors([0])[0], recording.parameter_vectors([70])[0], theta])
    )
    e = 1e-5
    at = np.array([[[e, 0], [-e, 0]], [[0, e], [0, -e]]])
    losses = losses_at(recording, plane, at)
    slope = (losses[:, 0] - losses[:, 1]) / (2 * e)
    assert recording.objective.reduction == recording.objective.reported
    np.testing.assert_allclose(slope, plane.directions @ recording.gradient_vectors([40])[0], rtol=1e-5)
