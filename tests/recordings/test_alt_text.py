"""What an animation shows, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.errors import DivergedWarning
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.recordings.alt_text import alt_text, loss_in_words


@dataclass
class Run:
    """What the words are made of, to be set by hand."""

    title: str = "XOR"
    description: str = "2–2–1 sigmoid"
    task: str = "binary"
    snapshot_losses: Any = field(default_factory=lambda: np.array([3.0, 0.25]))
    n_steps: int = 1400
    diverged_at: int | None = None
    solved_at: int | None = 900
    correct: int = 4
    inputs: Any = field(default_factory=lambda: np.zeros((4, 2)))

    @property
    def final_loss(self) -> float:
        return float(self.snapshot_losses[-1])

    def n_correct(self) -> int:
        return self.correct


def words(*runs: Run) -> str:
    return alt_text(runs)


def test_of_a_recording(recording):
    assert alt_text(recording) == (
        "A neural network learns XOR: 2–2–1 sigmoid, cross-entropy, gradient descent. "
        "The loss falls from 3.00 to 0.15 in 140 steps; all 4 points are correct from step 69 on."
    )


def test_of_one_run():
    sentence = "A neural network learns XOR: 2–2–1 sigmoid. The loss falls from 3.00 to 0.25 in 1,400 steps"
    assert words(Run()) == f"{sentence}; all 4 points are correct from step 900 on."
    assert words(Run(solved_at=None, correct=3)) == f"{sentence}; 3 of 4 points are correct at the end."
    assert words(Run(task="regression")) == f"{sentence}."
    assert words(Run(description="")).startswith("A neural network learns XOR. The loss")


def test_a_loss_that_rises_or_stays():
    assert "The loss rises from 0.0012 to 1.00 in" in words(Run(snapshot_losses=np.array([0.0012, 1.0])))
    assert "The loss goes from 0.50 to 0.50 in" in words(Run(snapshot_losses=np.array([0.5, 0.5])))


def test_of_a_run_that_diverges():
    linear = Network(widths=(2, 2, 1), activations=("linear", "linear"))
    with pytest.warns(DivergedWarning):
        recording = xorviz.train(xorviz.Experiment(network=linear, optimizer=GradientDescent(learning_rate=3.0)))
    text = alt_text(recording)
    assert f"at first, diverges at step {recording.diverged_at:,}." in text
    assert "nan" not in text


def test_of_several_runs():
    one, two, three = Run(), Run(snapshot_losses=np.array([1.0, 0.5]), correct=2), Run()
    assert words(one, two, three) == (
        "3 training runs side by side: XOR, 2–2–1 sigmoid. The median loss falls from 3.00 to 0.25; "
        "2 of 3 runs end with every point correct."
    )
    assert words(one, Run(title="AND")).startswith("2 training runs side by side: XOR, AND. ")
    assert words(*[Run(task="regression")] * 2).endswith("to 0.25.")
    lost = Run(snapshot_losses=np.array([3.0, np.nan]))
    assert "rises from 3.00 to infinity;" in words(lost, lost)


def test_is_one_line():
    assert "learns My own run: b." in words(Run(title="My\nown\r\n  run", description="b"))


def test_losses():
    assert [loss_in_words(loss) for loss in (0.1, 0.0999, 12.345, 9.8e-8, np.inf)] == [
        "0.10",
        "0.1",
        "12.35",
        "9.8e-08",
        "infinity",
    ]
