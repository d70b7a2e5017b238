from __future__ import annotations

import pickle
import sqlite3
import struct
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tests import rows
from xorviz.errors import RecordingError, UsageError
from xorviz.learning.losses import Loss
from xorviz.problems.planes import feature_plane
from xorviz.recordings.database import vector_crc
from xorviz.recordings.recording import Recording, load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.training import train

HEADER = msgspec.structs.replace(rows.HEADER, experiment={"rate": 0.1}, seed=2**70)
NETWORK, INPUTS, TARGETS = HEADER.network, HEADER.inputs, HEADER.targets
#: OR and NAND feed an AND: solves XOR. Layout W1, b1, W2, b2.
SOLUTION = np.array([20.0, -20.0, 20.0, -20.0, -10.0, 30.0, 20.0, 20.0, -30.0])
STEPS = [0, 1, 4, 9, 16]


def vectors() -> np.ndarray:
    """Zero; solved; negated, which answers 1 everywhere; solved twice."""
    return np.stack([0 * SOLUTION, SOLUTION, -SOLUTION, SOLUTION, SOLUTION * 1.1])


def record(path: Path | None = None) -> Recording:
    with RecordingWriter(path, HEADER) as writer:
        previous = 0
        for step, parameters in zip(STEPS, vectors(), strict=True):
            loss, gradients = NETWORK.gradient(parameters, INPUTS, TARGETS, Loss())
            losses = np.arange(previous, step) / 100
            writer.add(step, losses, loss=float(loss), parameters=parameters, gradients=gradients)
            previous = step
        return writer.close()


@pytest.fixture(params=["memory", "file", "saved from memory", "saved from file"])
def recording(request: pytest.FixtureRequest, tmp_path: Path) -> Recording:
    made = record(tmp_path / "run.xorviz" if request.param in ("file", "saved from file") else None)
    if not request.param.startswith("saved"):
        return made
    made.save(tmp_path / "copy.xorviz")
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".xorviz"]
    return load(tmp_path / "copy.xorviz")


def test_gives_back_what_was_recorded(recording: Recording) -> None:
    assert (recording.title, recording.description, recording.seed) == ("XOR", "", 2**70)
    assert (recording.network, recording.objective) == (NETWORK, Loss())
    assert (recording.experiment, recording.bounds) == ({"rate": 0.1}, ((-0.5, 1.5), (-0.5, 1.5)))
    assert recording.versions["numpy"] == np.__version__
    assert set(recording.versions) == {"xorviz", "numpy", "python"}
    np.testing.assert_array_equal(recording.inputs, INPUTS)
    np.testing.assert_array_equal(recording.targets, TARGETS)
    assert recording.steps.dtype == np.int64
    assert recording.steps.tolist() == STEPS
    assert (recording.n_snapshots, recording.n_steps, recording.complete) == (5, 16, True)
    np.testing.assert_array_equal(recording.loss, np.arange(16) / 100)
    assert recording.final_loss == recording.snapshot_losses[-1]
    np.testing.assert_array_equal(recording.parameter_vectors(), vectors())
    np.testing.assert_array_equal(recording.parameter_vectors([-1, 2]), vectors()[[4, 2]])
    _, gradients = NETWORK.gradient(vectors(), INPUTS, TARGETS, Loss())
    np.testing.assert_array_equal(recording.gradient_vectors(slice(1, None, 2)), gradients[1::2])


def test_named_arrays(recording: Recording) -> None:
    assert list(recording.parameters) == ["W1", "b1", "W2", "b2"]
    assert recording.parameters["W1"].shape == (5, 2, 2)
    assert recording.gradients["b1"].shape == (5, 2)
    np.testing.assert_array_equal(recording.parameters["W2"][3], [[20.0], [20.0]])
    np.testing.assert_array_equal(recording.gradients["b2"][:, 0], recording.gradient_vectors()[:, 8])
    assert recording.parameters["W1"] is recording.parameters["W1"]
    with pytest.raises(KeyError):
        recording.parameters["W3"]


def test_arrays_are_read_only(recording: Recording) -> None:
    arrays = [recording.loss, recording.steps, recording.snapshot_losses, recording.inputs, recording.targets]
    arrays += [recording.parameters["W1"], recording.gradient_vectors(), recording.outputs(INPUTS)]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_outputs(recording: Recording) -> None:
    expected = NETWORK.forward(vectors(), INPUTS)
    np.testing.assert_array_equal(recording.outputs(INPUTS, [0, 4]), expected[[0, 4]])
    np.testing.assert_array_equal(recording.outputs(INPUTS), expected[4])
    np.testing.assert_array_equal(recording.outputs(INPUTS.tolist(), np.int64(-2)), expected[3])
    (hidden,) = recording.hidden(INPUTS, snapshot=1)
    np.testing.assert_allclose(hidden.round(), [[0, 1], [1, 1], [1, 1], [1, 0]])
    assert recording.hidden(INPUTS, slice(3))[0].shape == (3, 4, 2)
    in_float32 = recording.outputs(INPUTS.astype(np.float32))
    assert in_float32.dtype == np.float32
    np.testing.assert_allclose(in_float32, expected[4], atol=1e-6)


def test_correctness(recording: Recording) -> None:
    # All zero puts every output on 0.5 exactly: no side at all.
    assert recording.n_correct(slice(None)).tolist() == [0, 4, 2, 4, 4]
    assert recording.n_correct() == 4
    assert recording.solved_at == 9
    assert recording.diverged_at is None


def test_outputs_that_are_not_finite_are_not_correct() -> None:
    network = msgspec.structs.replace(NETWORK, activations=("linear", "linear"))
    with RecordingWriter(None, msgspec.structs.replace(HEADER, network=network)) as writer:
        writer.add(0, [], loss=0.25, parameters=vectors()[0], gradients=vectors()[0])
        # A last bias of infinity: every output is infinite, on the right side of two targets.
        bad = np.array([0.0] * 8 + [np.inf])
        writer.add(2, [0.25, np.nan], loss=np.inf, parameters=bad, gradients=bad)
        recording = writer.close()
    assert recording.n_correct(slice(None)).tolist() == [2, 0]
    assert recording.solved_at is None
    assert recording.diverged_at == 1


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda r: r.outputs([1.0, 2.0, 3.0]), "points must have shape (n, 2); got shape (3,)."),
        (lambda r: r.outputs(np.zeros((4, 3))), "points must have shape (n, 2); got shape (4, 3)."),
        (lambda r: r.hidden("all"), "points must have shape (n, 2); got 'all'."),
        (lambda r: r.outputs(INPUTS, 5), "snapshot must be from -5 to 4; got 5."),
        (lambda r: r.n_correct([0, -6]), "snapshot must be from -5 to 4; got -6."),
        (lambda r: r.parameter_vectors([0.5]), "snapshot must be a whole number, or several; got [0.5]."),
        (lambda r: r.outputs(INPUTS, "last"), "snapshot must be a whole number, or several; got 'last'."),
        (lambda r: r.save("run.txt"), "path must end in .xorviz; got 'run.txt'."),
    ],
)
def test_refused_arguments(ask: Callable[[Recording], object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        ask(record())
    assert str(caught.value) == message


def test_verify_agrees(recording: Recording) -> None:
    found = recording.verify()
    assert found.ok
    assert (found.n_snapshots, found.n_not_finite) == (5, 0)
    assert found.max_absolute < 1e-15


def test_verify_finds_parameters_altered_with_their_checksum(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    record(path)
    with closing(sqlite3.connect(path)) as connection:
        (seal,) = connection.execute("SELECT crc FROM header").fetchone()
        (parameters,) = connection.execute("SELECT parameters FROM snapshot WHERE ordinal = 2").fetchone()
        parameters = parameters[:-8] + struct.pack("<d", 0.5)
        crc = vector_crc(seal, 2, "parameters", parameters)
        statement = "UPDATE snapshot SET parameters = ?, parameters_crc = ? WHERE ordinal = 2"
        connection.execute(statement, (parameters, crc))
        connection.commit()
    found = load(path).verify()
    assert not found.ok
    assert found.worst == 2
    assert found.max_absolute > 1e-6


def test_a_loaded_file_can_be_moved_and_is_missed(tmp_path: Path) -> None:
    path, elsewhere = tmp_path / "run.xorviz", tmp_path / "old.xorviz"
    recording = record(path)
    path.rename(elsewhere)
    with pytest.raises(RecordingError, match="does not exist"):
        recording.parameters["W1"]
    with RecordingWriter(path, msgspec.structs.replace(HEADER, seed=1)) as writer:
        writer.add(0, [], loss=0.25, parameters=np.zeros(9), gradients=np.zeros(9))
    with pytest.raises(RecordingError, match=r"is no longer the file that was loaded\. Load it again\."):
        recording.verify()
    assert load(elsewhere).verify().ok


def test_the_same_recording_on_another_plane(tmp_path):
    recording = train("backprop", out=tmp_path / "a.xorviz")
    plane = feature_plane(recording.inputs, (1, 0))
    for other in (recording.on_plane(plane), pickle.loads(pickle.dumps(recording.on_plane(plane)))):
        assert other.plane == plane
        np.testing.assert_allclose(other.bounds, ((-0.15, 1.15), (-0.15, 1.15)))
        np.testing.assert_array_equal(other.outputs(INPUTS), recording.outputs(INPUTS))
    assert recording.plane.is_whole
    with pytest.raises(UsageError, match=r"^plane must be in a space of 2 inputs; got 1\.$"):
        recording.on_plane(feature_plane(np.ones((1, 1))))


def test_a_recording_in_memory_outlives_the_one_it_was_made_of():
    recording = train("backprop").on_plane(feature_plane(INPUTS, (1, 0)))
    assert pickle.loads(pickle.dumps(recording)).plane == recording.plane
    assert recording.parameters["W1"][-1].shape == (2, 2)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_what_is_read_of_a_run_that_goes_on_leaves_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_damaged: bool
) -> None:
    (folder := tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    path = tmp_path / "run.xorviz"
    with RecordingWriter(path, HEADER) as writer:
        writer.add(0, [], loss=0.25, parameters=vectors()[0], gradients=vectors()[0])
        if is_damaged:
            _set_loss(path, 1.0)
            with pytest.raises(RecordingError, match="do not match their checksum"):
                load(path)
            _set_loss(path, 0.25)
        else:
            found = load(path)
            assert len(list(folder.iterdir())) == 1
            del found
        assert list(folder.iterdir()) == []


def _set_loss(path: Path, loss: float) -> None:
    with closing(sqlite3.connect(f"{path}.partial")) as connection, connection:
        connection.execute("UPDATE snapshot SET loss = ?", (struct.pack("<d", loss),))
