"""What came of a run, in words and as JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores
from xorviz.sweeps.growth import Growth


def learned(recording: Recording) -> str:
    """What came of a run, in one line: points correct, loss, steps."""
    if isinstance(recording, Growth):
        return f"{recording.n_steps:,} runs of {recording.study.n_points:,} points"
    n_points = len(recording.inputs)
    solved = f" from step {recording.solved_at:,}" if recording.solved_at is not None else ""
    losses = recording.snapshot_losses
    scores = Scores(recording)
    if recording.task == "regression":
        fit = f"R² {scores.r_squared[-1]:.3f}, RMSE {scores.rmse[-1]:.3g}"
    else:
        fit = f"{recording.n_correct()}/{n_points} correct{solved}"
    fit += scores.validation_text(recording.n_snapshots - 1)
    text = f"{fit}, loss {losses[0]:.2f} → {_short(losses[-1])}"
    if recording.diverged_at is not None:
        text += f", diverged at step {recording.diverged_at:,}"
    return f"{text} in {recording.n_steps:,} steps"


def fit_details(recording: Recording) -> dict[str, Any]:
    """What only some tasks have: R² and RMSE of a regression, loss and score of validation points."""
    scores = Scores(recording)
    found = {name: getattr(scores, name) for name in ("r_squared", "rmse", "validation_loss", "validation_score")}
    return {name: float(values[-1]) for name, values in found.items() if len(values)}


def reached(recordings: Sequence[Recording]) -> str:
    """How many of several runs ended with every point correct."""
    if all(recording.task == "regression" for recording in recordings):
        shares = [float(Scores(recording).r_squared[-1]) for recording in recordings]
        return f"R² from {min(shares):.3f} to {max(shares):.3f} in {len(recordings)} runs"
    n_solved = sum(recording.n_correct() == len(recording.inputs) for recording in recordings)
    return f"{n_solved} of {len(recordings)} runs have all points correct"


def _short(loss: float) -> str:
    return f"{loss:.2f}" if loss >= 0.1 or loss != loss else f"{loss:.2g}"


def outcome(recording: Recording) -> dict[str, Any]:
    """Steps, losses and points correct, as JSON values."""
    if isinstance(recording, Growth):
        return {"title": recording.title, "n_runs": recording.n_steps, "n_points": recording.study.n_points}
    return {
        "title": recording.title,
        "description": recording.description,
        "seed": recording.seed,
        "n_steps": recording.n_steps,
        "n_snapshots": recording.n_snapshots,
        "first_loss": float(recording.snapshot_losses[0]),
        "final_loss": recording.final_loss,
        "n_correct": recording.n_correct(),
        "n_points": len(recording.inputs),
        **fit_details(recording),
        "solved_at": recording.solved_at,
        "diverged_at": recording.diverged_at,
    }
