"""Between snapshots that are far apart the latest state is on disk all the same, and leaves no trace afterwards."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import xorviz
from xorviz.recorders import session
from xorviz.recordings.partial_file import partial_of

INPUTS, TARGETS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
RARE = {"every": 10**6, "loss": None, "strict": True, "activations": ("tanh", "linear")}


def weights() -> dict[str, np.ndarray]:
    return {"W1": np.ones((2, 3)), "b1": np.zeros(3), "W2": np.ones((3, 1)), "b2": np.zeros(1)}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_PASSING_S", 0.05)
    monkeypatch.setattr(session, "_PASSING_COSTS", 1)
    monkeypatch.setattr(session, "_LONGEST_S", 0.01)


def test_what_a_kill_would_leave_is_never_old(tmp_path: Path) -> None:
    path, now = tmp_path / "run.xorviz", weights()
    seen = []
    with xorviz.record(path, now, INPUTS, TARGETS, **RARE) as recorder:
        for step in range(40):
            time.sleep(0.02)
            now["b1"][0] = step + 1
            recorder.step(loss=float(step))
            found = xorviz.load(partial_of(path))
            assert len(found.steps) <= 3, "rows for now pile up"
            np.testing.assert_array_equal(found.parameters["b1"][:, 0], found.steps)
            np.testing.assert_array_equal(found.loss, np.arange(found.steps[-1]))
            seen.append(step + 1 - int(found.steps[-1]))
    assert max(seen[10:]) < 10
    recording = xorviz.load(path)
    np.testing.assert_array_equal(recording.steps, [0, 40])
    np.testing.assert_array_equal(recording.loss, np.arange(40.0))


def test_in_memory_only_the_schedule_counts() -> None:
    now = weights()
    with xorviz.record(None, now, INPUTS, TARGETS, **RARE) as recorder:
        for step in range(10):
            time.sleep(0.02)
            recorder.step(loss=float(step))
        assert recorder._session is not None
        assert recorder._session.last_step == 0
    assert recorder.recording is not None
    np.testing.assert_array_equal(recorder.recording.steps, [0, 10])


class Clock:
    """Between any two looks at it as much time passes as lets a snapshot fall due now and then."""

    now_s = 0.0

    def perf_counter(self) -> float:
        self.now_s += 0.013
        return self.now_s


def test_nothing_is_taken_of_a_model_that_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of stacked parameters only some are looked at: what falls due at another step must not be an older one's."""
    monkeypatch.setattr(session, "time", Clock())
    kept: list[tuple[int, float]] = []
    take = session.Session.take

    def noted(self: session.Session, step: int) -> None:
        take(self, step)
        vector = self._waiting[-1].vector if self._passing is None else np.frombuffer(self._passing.vector)
        kept.append((step, float(vector[-1])))

    monkeypatch.setattr(session.Session, "take", noted)
    every = {name: np.stack([value + step for step in range(1, 201)]) for name, value in weights().items()}
    path = tmp_path / "run.xorviz"
    with xorviz.record(path, weights(), INPUTS, TARGETS, **(RARE | {"every": 50})) as recorder:
        recorder.extend(every)
    assert len(kept) > 20
    assert [step for step, _ in kept] == [value for _, value in kept]
    np.testing.assert_array_equal(xorviz.load(path).steps, np.arange(0, 201, 50))
