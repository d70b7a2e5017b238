"""Runs of any length keep within their bytes, and a missing row is still missed; a run is drawn while it goes on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import xorviz
from xorviz.errors import RecordingError, UsageError
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.scalars import Series

INPUTS, TARGETS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
#: Starts wrong at every point, is right from this step on.
SOLVED_AT = 1777


def long_run(path: Path | None, n_steps: int, max_bytes: int, **options: object) -> xorviz.Recording:
    generator = np.random.default_rng(0)
    weights = {
        "W1": generator.normal(size=(2, 8)),
        "b1": np.zeros(8),
        "W2": generator.normal(size=(8, 1)),
        "b2": np.zeros(1),
    }
    options = {"activations": ("tanh", "linear"), "every": 1, "loss": None, "strict": True} | options
    with xorviz.record(path, weights, INPUTS, TARGETS, max_bytes=max_bytes, **options) as recorder:
        for step in range(n_steps):
            weights["b1"][0] = step
            weights["b2"][0] = -100.0 if step < SOLVED_AT - 1 else 0.0
            if step == SOLVED_AT - 1:
                weights["W2"][:] = 0.0
                weights["W1"][:, :2] = [[4.0, -4.0], [-4.0, 4.0]]
                weights["b1"][:2] = weights["b1"][1:2] = -2.0
            recorder.step(loss=1.0 / (1 + step), lr=float(step))
    assert recorder.recording is not None
    return recorder.recording


def test_a_long_run_keeps_within_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    recording = long_run(path, 6000, 600_000)
    assert path.stat().st_size <= 600_000
    assert (recording.n_steps, recording.complete) == (6000, True)
    assert recording.n_snapshots < 3000
    # The start is whole, and the rest is even up to a factor of two.
    np.testing.assert_array_equal(recording.steps[:100], np.arange(100))
    gaps = np.diff(recording.steps[(recording.steps > 1000) & (recording.steps < 5900)])
    assert gaps.max() <= 2 * np.median(gaps)
    # Losses that are left are still those of their steps.
    np.testing.assert_array_equal(recording.loss, 1.0 / (1 + recording.loss_steps))
    np.testing.assert_array_equal(recording.series("lr").values, recording.series("lr").steps)
    np.testing.assert_array_equal(recording.parameters["b1"][2:, 0], recording.steps[2:] - 1.0)


def test_sparse_numbers_are_as_far_apart_as_asked_whatever_is_missing() -> None:
    """Between two far snapshots all even steps may have been dropped, and all multiples of a power of two."""
    odd = Series(np.arange(1, 4001, 2), np.arange(1.0, 4001, 2))
    sparse = odd.sparse(1000)
    np.testing.assert_array_equal(sparse.steps, [1, 1001, 2001, 3001])
    np.testing.assert_array_equal(sparse.values, sparse.steps)
    every = Series(np.arange(5000), np.arange(5000.0))
    np.testing.assert_array_equal(every.sparse(1000).steps, np.arange(0, 5000, 1000))
    rare = Series(np.arange(50, 5000, 100), np.zeros(50))
    np.testing.assert_array_equal(rare.sparse(8).steps, rare.steps)


def test_a_row_that_is_lost_after_thinning_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "run.xorviz"
    recording = long_run(path, 3000, 300_000)
    with closing(sqlite3.connect(path)) as connection:
        ordinals = [row[0] for row in connection.execute("SELECT ordinal FROM snapshot ORDER BY ordinal")]
        assert len(ordinals) == recording.n_snapshots < ordinals[-1]
        connection.execute("DELETE FROM snapshot WHERE ordinal = ?", (ordinals[50],))
        connection.commit()
    with pytest.raises(RecordingError, match=f"is damaged: the row before row {ordinals[51]} is missing"):
        xorviz.load(path)


def test_removing_and_coarsening_keep_what_is_left(recording: xorviz.Recording) -> None:
    header = recording._header
    with RecordingWriter(None, header) as writer:
        for k in range(20):
            losses = [] if k == 0 else [k - 1.0]
            vector = np.full(header.model.n_values, float(k))
            writer.add(k, losses, loss=float(k), parameters=vector, gradients=-vector)
        writer.remove({3, 4, 5, 0, 19})
        writer.coarsen()
        left = writer.close()
    np.testing.assert_array_equal(left.steps, [0, 1, 2, *range(6, 20)])
    np.testing.assert_array_equal(left.parameter_vectors()[:, 0], left.steps)
    # Of the four losses that one row has now, the first is left; of rows with one, that.
    np.testing.assert_array_equal(left.loss_steps, [0, 1, 2, *range(6, 19)])
    np.testing.assert_array_equal(left.loss, left.loss_steps)


def test_a_network_too_large_for_its_bytes_is_sampled() -> None:
    generator = np.random.default_rng(0)
    weights = [generator.normal(size=(2, 500)), generator.normal(size=(500, 1))]
    options = {"predict": lambda w, x: np.tanh(x @ w[0]) @ w[1], "n_grid": 5, "max_bytes": 200_000}
    with xorviz.record(None, weights, INPUTS, TARGETS, **options) as recorder:
        recorder.step(loss=1.0)
    assert recorder.recording is not None
    assert not recorder.recording.is_dense


def test_drawn_by_another_process_while_it_goes_on(tmp_path: Path) -> None:
    """The run thins and ends; what the other process draws is the moment at which it began."""
    loop = textwrap.dedent(
        """
        import select, sys
        import numpy as np
        import xorviz

        w = {"W1": np.eye(2), "b1": np.zeros(2), "W2": np.ones((2, 1)), "b2": np.zeros(1)}
        points = [[0, 0], [0, 1], [1, 0], [1, 1]]
        options = {"activations": ("tanh", "sigmoid"), "every": 1, "max_bytes": 200_000}
        with xorviz.record("run.xorviz", w, points, [0, 1, 1, 0], **options) as recorder:
            for step in range(10**9):
                w["b1"] += 0.001
                recorder.step(loss=1 / (1 + step))
                if step == 300:
                    print("going", flush=True)
                if step > 300 and step % 50 == 0 and select.select([sys.stdin], [], [], 0)[0]:
                    break
        """
    )
    training = subprocess.Popen(
        [sys.executable, "-c", loop], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert training.stdout is not None
        assert training.stdout.readline() == "going\n"
        words = [
            "--out",
            "live.gif",
            "--duration",
            "3",
            "--fps",
            "5",
            "--size",
            "320x180",
            "--quiet",
            "--scene",
            "field",
        ]
        for name in ("run.xorviz", "run.xorviz.partial"):
            command = [sys.executable, "-m", "xorviz", "render", name, *words, "--force", "--workers", "2"]
            subprocess.run(command, cwd=tmp_path, check=True)
            assert (tmp_path / "live.gif").stat().st_size > 1000
        assert training.poll() is None
    finally:
        training.communicate("stop\n", timeout=60)
    assert training.returncode == 0
    assert xorviz.load(tmp_path / "run.xorviz").complete


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"every": 0}, "every must be a whole number of at least 1; got 0."),
        ({"max_bytes": 5}, "max_bytes must be a whole number of at least 100,000; got 5."),
        ({"link": "softsign"}, "link must be one of auto, linear, sigmoid, softmax; got 'softsign'."),
        (
            {},
            "model must be one whose outputs can be computed; of this network only arrays are known. Give "
            "predict=function(model, points), or the activations of its layers: activations=('tanh', 'sigmoid').",
        ),
    ],
)
def test_refused_options(options: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        xorviz.record(None, {"W1": np.eye(2), "W2": np.ones((2, 1))}, INPUTS, TARGETS, **options)
    assert str(caught.value).partition(" Did you")[0] == message
