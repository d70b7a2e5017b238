from __future__ import annotations

import msgspec
import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.header import Header, decode_header, encode_header
from xorviz.losses import Loss
from xorviz.network import Network

NETWORK = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))
INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGETS = np.array([[0.0], [1.0], [1.0], [0.0]])
HEADER = Header(
    title="XOR",
    description="",
    network=NETWORK,
    loss=Loss(),
    experiment={"rate": 0.1},
    seed=2**200,
    bounds=((-0.5, 1.5), (-0.5, 1.5)),
    inputs=INPUTS,
    targets=TARGETS,
)


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
