"""Functions to fit: one of a single input, one of two."""

from __future__ import annotations

import numpy as np

from xorviz.problems._base import Problem
from xorviz.problems.planar_sets import check_draw


def sine(n_points: int = 60, *, noise: float = 0.12, seed: int = 0) -> Problem:
    """The function y = sin 2x at points drawn evenly from −3 to 3, with normal noise on y.

    Args:
        n_points: how many.
        noise: standard deviation of what is added to y.
        seed: of the points and the noise.

    Raises:
        UsageError: too few or too many points, or a negative noise.
    """
    check_draw(n_points, noise, least=3)
    random = np.random.default_rng(seed)
    x = np.sort(random.uniform(-3.0, 3.0, n_points))
    y = np.sin(2 * x) + random.normal(0.0, 1.0, n_points) * noise
    return Problem(
        name="sine", inputs=x[:, None], targets=y[:, None], task="regression", feature_names=("x",), target_name="y"
    )


def ripple(n_points: int = 300, *, noise: float = 0.05, seed: int = 0) -> Problem:
    """The function y = cos(2π r) exp(−r²) of the distance r from the middle, at points drawn evenly from [−1.2, 1.2]².

    Args:
        n_points: how many.
        noise: standard deviation of what is added to y.
        seed: of the points and the noise.

    Raises:
        UsageError: too few or too many points, or a negative noise.
    """
    check_draw(n_points, noise, least=3)
    random = np.random.default_rng(seed)
    points = random.uniform(-1.2, 1.2, (n_points, 2))
    r = np.linalg.norm(points, axis=1)
    y = np.cos(2 * np.pi * r) * np.exp(-(r**2)) + random.normal(0.0, 1.0, n_points) * noise
    return Problem(name="ripple", inputs=points, targets=y[:, None], task="regression", target_name="y")
