"""How well a run does at its snapshots, on the points it was trained on and on those it was not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.problems.tasks import is_correct
from xorviz.recordings.recording import Recording

Array = NDArray[np.float64]
_VALUES_PER_PIECE, _VALUES_A_POINT = 1 << 21, 64


def r_squared(outputs: NDArray[Any], targets: Array) -> Array:
    """The share of the targets' variance that outputs account for, 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; over all outputs.

    Args:
        outputs (float array of shape (..., n_points, n_outputs)): what the network says.
        targets (float64 array of shape (n_points, n_outputs)): what it should say; ȳ is their mean over the points.

    Returns:
        (float64 array of shape (...,)): at most 1; below 0 where the mean would do better. 0 where targets do not vary.

    References:
        N. R. Draper & H. Smith, Applied Regression Analysis (1998), section 1.3.
    """
    with np.errstate(all="ignore"):
        left = np.square(targets - outputs).sum(axis=(-2, -1))
        whole = np.square(targets - targets.mean(axis=0)).sum()
        return np.asarray(1.0 - left / whole if whole else np.zeros_like(left), dtype=np.float64)


def rmse(outputs: NDArray[Any], targets: Array) -> Array:
    """The root of the mean squared error over points and outputs; arguments and shape as for `r_squared`."""
    with np.errstate(all="ignore"):
        return np.asarray(np.sqrt(np.square(targets - outputs).mean(axis=(-2, -1))), dtype=np.float64)


class Scores:
    """What is said of every snapshot of a run.

    Args:
        recording: the run.

    Attributes:
        r_squared, rmse (float64 arrays of shape (n_snapshots,)): of the training points; of a regression, else empty.
        validation_loss (float64 array of shape (n_snapshots,)): the reported loss of the validation points; a sum is
            scaled to as many points as were trained on. Empty where there are none.
        validation_score (float64 array of shape (n_snapshots,)): share of the validation points that are correct, or
            of a regression their R²; empty where there are none.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        nothing = np.empty(0)
        self.r_squared = self.rmse = self.validation_loss = self.validation_score = nothing
        is_regression = recording.task == "regression"
        if is_regression:
            targets = recording.targets
            both = [(r_squared(out, targets), rmse(out, targets)) for out in self._outputs(recording.inputs)]
            self.r_squared, self.rmse = (np.concatenate(one) for one in zip(*both, strict=True))
        if not len(recording.validation_inputs):
            return
        targets, losses, shares = recording.validation_targets, [], []
        for out in self._outputs(recording.validation_inputs):
            with np.errstate(all="ignore"):
                # A loss that only its training loop knows is not known here either.
                known = recording.has_objective
                losses.append(recording.objective.value(out, targets) if known else np.full(len(out), np.nan))
            correct = is_correct(recording.task, out, targets).mean(axis=-1)
            shares.append(r_squared(out, targets) if is_regression else correct)
        is_sum = recording.has_objective and recording.objective.reported == "sum"
        scale = len(recording.inputs) / len(targets) if is_sum else 1.0
        self.validation_loss, self.validation_score = np.concatenate(losses) * scale, np.concatenate(shares)

    def _outputs(self, points: Array) -> list[NDArray[Any]]:
        """Outputs of every snapshot, some at a time: float arrays of shape (n, n_points, n_outputs)."""
        recording = self._recording
        n_piece = max(1, _VALUES_PER_PIECE // (len(points) * _VALUES_A_POINT))
        starts = range(0, recording.n_snapshots, n_piece)
        return [recording.outputs(points, snapshot=slice(start, start + n_piece)) for start in starts]

    def text(self, snapshot: int) -> str:
        """How good the fit is, in words: ``"196/200 correct"`` or ``"R² 0.93"``; validation behind it."""
        recording = self._recording
        if recording.task == "regression":
            said = f"R² {share_text(self.r_squared[snapshot])}"
        else:
            said = f"{recording.n_correct(snapshot)}/{len(recording.targets)} correct"
        return said + self.validation_text(snapshot)

    def validation_text(self, snapshot: int) -> str:
        """What is said of validation points: ``", validation 94%"`` or ``", validation R² 0.91"``; nothing if none."""
        if not len(self.validation_score):
            return ""
        score = float(self.validation_score[snapshot])
        is_regression = self._recording.task == "regression"
        return f", validation {'R² ' + share_text(score) if is_regression else f'{score:.0%}'}"


def share_text(value: float) -> str:
    """Two places; ``< 0`` for a fit that is worse than the mean, ``–`` for none."""
    if not np.isfinite(value):
        return "–"
    return f"{value:.2f}" if value >= 0 else "< 0"
