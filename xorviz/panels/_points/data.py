"""The points of a recording, those that were trained on first, and what they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.recording import Recording

Array = NDArray[np.float64]
_DISCRETE = 2


def all_inputs(recording: Recording) -> Array:
    """Training points, then validation points: float64 array of shape (n_all, n_inputs)."""
    if not len(recording.validation_inputs):
        return recording.inputs
    return np.concatenate([recording.inputs, recording.validation_inputs])


def all_targets(recording: Recording) -> Array:
    """Targets of training points, then of validation points: float64 array of shape (n_all, n_outputs)."""
    if not len(recording.validation_targets):
        return recording.targets
    return np.concatenate([recording.targets, recording.validation_targets])


def classes_of(recording: Recording) -> NDArray[np.int64]:
    """The class of each of all points: int64 array of shape (n_all,); of the first output where each is for itself."""
    targets = all_targets(recording)
    if recording.task == "multiclass":
        of_largest: NDArray[np.int64] = targets.argmax(axis=1)
        return of_largest
    return (targets[:, 0] > 0.5).astype(np.int64)


def target_span(recording: Recording) -> tuple[float, float]:
    """Values at the ends of the output's colour scale: 0 and 1, or of a regression its lowest and highest target."""
    if recording.task != "regression":
        return 0.0, 1.0
    targets = all_targets(recording)[:, 0]
    low, high = float(targets.min()), float(targets.max())
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def on_slice(recording: Recording) -> NDArray[np.bool_] | None:
    """Which points belong to the plane that is drawn: bool array of shape (n_all,); None for all of them.

    Where a held input takes two values only, as a bit does, points with the other value belong to another slice.
    """
    points, plane = all_inputs(recording), recording.plane
    if plane.features is None or points.shape[1] <= 2:
        return None
    belongs = np.ones(len(points), dtype=np.bool_)
    for k in range(points.shape[1]):
        if k not in plane.features and len(np.unique(points[:, k])) <= _DISCRETE:
            belongs &= np.isclose(points[:, k], plane.origin[k])
    return belongs if belongs.any() and not belongs.all() else None
