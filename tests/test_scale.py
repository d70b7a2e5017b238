"""A million steps, a million parameters: what is read and held is counted, never timed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from xorviz import training
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.panels.norms import GradientPanel, ParameterPanel
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Header, Recording, load
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.row_reader import RowReader
from xorviz.recordings.schedule import SnapshotSchedule
from xorviz.scenes.scene import DASHBOARD
from xorviz.timing.timeline import timeline

MILLION = 1_000_000
WIDE = Network(widths=(2, 1000, 1000, 1), activations=("tanh", "tanh", "sigmoid"))
GRID = np.stack(np.meshgrid(*[np.linspace(0, 1, 103, dtype=np.float32)] * 2), axis=-1).reshape(-1, 2)


def write(path: Path, network: Network, steps: list[int]) -> Recording:
    """A recording of synthetic losses, whose parameters go from one vector to another."""
    header = Header(
        title="XOR",
        description="",
        network=network,
        loss=Loss(),
        experiment={},
        seed=0,
        bounds=((-0.35, 1.35), (-0.35, 1.35)),
        inputs=np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
        targets=np.array([[0.0], [1.0], [1.0], [0.0]]),
    )
    start, end = np.random.default_rng(0).normal(scale=1.5 / max(network.widths) ** 0.5, size=(2, network.n_parameters))
    losses = np.exp(-np.arange(steps[-1] + 1) / steps[-1])
    with RecordingWriter(path, header) as writer:
        for previous, step in zip([0, *steps], steps, strict=False):
            parameters = start + np.log1p(step) / np.log1p(steps[-1]) * (end - start)
            loss = float(losses[step])
            writer.add(step, losses[previous:step], loss=loss, parameters=parameters, gradients=-parameters)
        return writer.close()


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    schedule, steps = SnapshotSchedule(), [0]
    while steps[-1] < MILLION:
        steps.append(min(schedule.next_after(steps[-1]), MILLION))
    path = tmp_path_factory.mktemp("long") / "long.xorviz"
    write(path, Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid")), steps)
    return path


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("wide") / "wide.xorviz"
    write(path, WIDE, [0, 1, 2, 4, 8, 16])
    return path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Every vector that is read from now on: its column and its row."""
    found: list[tuple[str, int]] = []
    vectors = RowReader.vectors

    def counted(self: RowReader, column: str, ordinals: list[int], n_parameters: int) -> Iterator[bytes]:
        for ordinal, vector in zip(ordinals, vectors(self, column, ordinals, n_parameters), strict=True):
            found.append((column, ordinal))
            yield vector

    monkeypatch.setattr(RowReader, "vectors", counted)
    return found


def peak_mb(call: Callable[[], object]) -> float:
    """The most memory that a call holds at once, in megabytes."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def test_a_million_steps_open_without_a_parameter_and_are_drawn(long: Path, read: list[tuple[str, int]]) -> None:
    recording = load(long)
    assert (recording.n_steps, recording.n_snapshots) == (MILLION, 3306)
    # 8 MB of losses: as stored row by row, and as an array.
    assert peak_mb(lambda: load(long)) < 30
    made = timeline(recording)
    # The change clock has looked at every snapshot once: for so small a network that is cheap.
    assert sorted(read) == [("parameters", ordinal) for ordinal in range(3306)]
    canvas = Canvas(recording, DASHBOARD, made)
    read.clear()
    canvas.draw(0)
    canvas.draw(50)
    assert read == [("parameters", 0), ("parameters", made.snapshots[50])]


def test_a_million_parameters_open_without_reading_one(wide: Path, read: list[tuple[str, int]]) -> None:
    recording = load(wide)
    assert recording.network.n_parameters == 1_005_001
    assert peak_mb(lambda: load(wide)) < 1
    norms = {of: recording.layer_norms(of) for of in ("parameters", "gradients")}
    counts = recording.n_correct(slice(None))
    assert recording.solved_at in (None, *recording.steps.tolist())
    for panel in (GradientPanel(), ParameterPanel()):
        panel.measure(recording, np.arange(6))
    assert read == []
    vectors = recording.parameter_vectors()
    for name, part in recording.network.layer_ranges.items():
        expected = np.linalg.norm(vectors[:, part], axis=1)
        np.testing.assert_allclose(norms["parameters"][name], expected, rtol=1e-12)
        np.testing.assert_array_equal(norms["gradients"][name], norms["parameters"][name])
    right = (recording.outputs(recording.inputs, slice(None)) > 0.5) == (recording.targets > 0.5)
    np.testing.assert_array_equal(counts, right.all(axis=-1).sum(axis=-1))


def test_a_frame_of_a_wide_network_reads_one_row_once(wide: Path, read: list[tuple[str, int]]) -> None:
    recording = load(wide)
    made = timeline(recording)
    canvas = Canvas(recording, DASHBOARD, made)
    assert {column for column, _ in read} == {"parameters"}
    index = int(np.flatnonzero(made.snapshots == 3)[0])
    canvas.draw(0)
    read.clear()
    canvas.draw(index)
    assert read == [("parameters", 3)]


def test_a_field_is_evaluated_in_float32_in_pieces(wide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = load(wide)
    recording.outputs(GRID, 2)
    # Whole, two layers of 10,609 points are 85 MB.
    assert peak_mb(lambda: recording.outputs(GRID, 2)) < 30
    whole = recording.outputs(GRID, 2)
    assert whole.dtype == np.float32
    np.testing.assert_array_equal(recording.outputs(GRID, 2), whole)
    np.testing.assert_allclose(whole[::9], recording.outputs(GRID[::9].astype(np.float64), 2), atol=2e-5)
    for piece in (1 << 18, 1 << 24):
        monkeypatch.setattr("xorviz.recordings.vectors._PIECE", piece)
        np.testing.assert_allclose(recording.outputs(GRID[::3], 2), whole[::3], atol=2e-5)


def test_many_snapshots_of_a_wide_network_are_never_held_at_once(wide: Path) -> None:
    recording = load(wide)
    points = GRID[::25].astype(np.float64)
    together = recording.outputs(points, slice(None))
    np.testing.assert_array_equal(together[4], recording.outputs(points, 4))
    # A vector is 8 MB; six of them, and their layers, would be 90.
    assert peak_mb(lambda: recording.outputs(points, slice(None))) < 45


def test_the_vector_that_is_kept_is_the_right_one(wide: Path) -> None:
    recording = load(wide)
    for snapshot in (0, 5, 0, -1):
        for dtype in (np.float32, np.float64, np.float32):
            found = recording.outputs(GRID[:5].astype(dtype), snapshot)
            expected = load(wide).outputs(GRID[:5].astype(dtype), snapshot)
            np.testing.assert_array_equal(found, expected)


def test_train_keeps_a_recording_below_a_gigabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Experiment(network=WIDE, stopping=Stopping(n_steps=10_000))
    schedule = training._schedule(wide)
    assert schedule.n_most(10_000) * 16 * WIDE.n_parameters <= 1e9
    assert schedule == SnapshotSchedule(10, 5)
    monkeypatch.setattr(training, "_MOST_BYTES", 16 * 9 * 40)
    recording = training.train("backprop", seed=0)
    assert recording.n_snapshots <= 40
    assert recording.n_steps == len(recording.loss) == 140
