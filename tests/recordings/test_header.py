from __future__ import annotations

import json

import msgspec
import numpy as np
import pytest

from tests import rows
from xorviz.errors import UsageError
from xorviz.problems.planes import feature_plane
from xorviz.recordings.header import decode_header, encode_header

HEADER = msgspec.structs.replace(rows.HEADER, experiment={"rate": 0.1}, seed=2**200)
NETWORK, INPUTS, TARGETS = HEADER.network, HEADER.inputs, HEADER.targets


def test_round_trip() -> None:
    text, inputs, targets = encode_header(HEADER)
    found = decode_header(text.encode(), inputs, targets)
    for field in ("title", "description", "network", "loss", "experiment", "seed", "bounds", "versions"):
        assert getattr(found, field) == getattr(HEADER, field)
    np.testing.assert_array_equal(found.inputs, INPUTS)
    np.testing.assert_array_equal(found.targets, TARGETS)


def test_arrays_are_copied() -> None:
    inputs = INPUTS.copy()
    header = msgspec.structs.replace(HEADER, inputs=inputs)
    inputs[0, 0] = 5
    assert header.inputs[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        header.inputs[0, 0] = 1


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"title": 3}'])
def test_anything_else_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        decode_header(text, b"", b"")


def test_blobs_must_have_the_length_of_their_shape() -> None:
    text, inputs, targets = encode_header(HEADER)
    with pytest.raises(ValueError, match=r"^inputs hold 56 bytes for shape \(4, 2\)$"):
        decode_header(text.encode(), inputs[8:], targets)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"inputs": np.zeros((4, 3))}, "inputs must have shape (n_points, 2); got (4, 3)."),
        ({"targets": np.zeros((3, 1))}, "targets must have one row per point, here 4; got 3."),
        ({"targets": [[np.nan]]}, "targets must be finite; got [[nan]]."),
        (
            {"bounds": ((0.0, 0.0), (0.0, 1.0))},
            "bounds must be two finite (low, high) with low < high; got ((0.0, 0.0), (0.0, 1.0)).",
        ),
    ],
)
def test_refused_headers(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        msgspec.structs.replace(HEADER, **change)
    assert str(caught.value) == message


def test_experiment_must_survive_json() -> None:
    header = msgspec.structs.replace(HEADER, experiment={"rate": float("inf")})
    with pytest.raises(UsageError, match="experiment must hold JSON values and finite numbers only; "):
        encode_header(header)


def test_what_is_not_said_has_its_default() -> None:
    """A recording that was written before these fields were there."""
    text, inputs, targets = encode_header(HEADER)
    stored = json.loads(text)
    for name in ("task", "class_names", "feature_names", "target_name", "plane", "n_validation"):
        del stored[name]
    found = decode_header(json.dumps(stored).encode(), inputs, targets)
    assert (found.task, found.class_names, found.feature_names, found.plane) == ("binary", (), (), None)
    assert found.validation_inputs.shape == (0, 2)
    assert found.validation_targets.shape == (0, 1)
    assert found.drawn_plane.is_whole


def test_what_belongs_to_data_survives() -> None:
    validation = {"validation_inputs": np.array([[0.5, 0.5], [2.0, 1.0]]), "validation_targets": np.array([[1.0], [0]])}
    plane = feature_plane(INPUTS, (1, 0))
    header = msgspec.structs.replace(
        HEADER, task="binary", class_names=("no", "yes"), feature_names=("a", "b"), plane=plane, **validation
    )
    text, inputs, targets = encode_header(header)
    found = decode_header(text.encode(), inputs, targets)
    for field in ("task", "class_names", "feature_names", "plane"):
        assert getattr(found, field) == getattr(header, field)
    np.testing.assert_array_equal(found.inputs, INPUTS)
    for field, array in validation.items():
        np.testing.assert_array_equal(getattr(found, field), array)
    stored = json.loads(text) | {"n_validation": 6}
    with pytest.raises(ValueError, match=r"^inputs hold 6 points of which 6 were not trained on$"):
        decode_header(json.dumps(stored).encode(), inputs, targets)
