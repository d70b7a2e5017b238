"""Sets of points in the plane: moons, circles, blobs, spirals, checkerboard.

Points are drawn by ``numpy.random.default_rng(seed)``, class after class. Noise is normal with standard deviation
``noise`` in units of the plane, added to both coordinates after the class is settled, so that with enough of it classes
overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.problems._base import Problem
from xorviz.problems.tasks import MOST_CLASSES

Float64 = NDArray[np.float64]
MOST_POINTS = 100_000


def moons(n_points: int = 200, *, noise: float = 0.12, seed: int = 0) -> Problem:
    """Two half circles that reach into each other.

    Class 0 is (cos t, sin t), class 1 is (1 − cos t, ½ − sin t), t evenly from 0 to π.

    Args:
        n_points: of both classes together.
        noise: standard deviation of what is added to both coordinates.
        seed: of the noise.

    Raises:
        UsageError: too few or too many points, or a negative noise.
    """

    def draw(k: int, n: int, random: np.random.Generator) -> Float64:
        t = np.linspace(0.0, np.pi, n)
        return np.stack([1 - np.cos(t), 0.5 - np.sin(t)] if k else [np.cos(t), np.sin(t)], axis=-1)

    return _set("moons", draw, n_points, 2, noise, seed)


def circles(n_points: int = 200, *, noise: float = 0.08, seed: int = 0, factor: float = 0.45) -> Problem:
    """A circle around a smaller one.

    Class 0 is (cos t, sin t), class 1 is ``factor`` times that, t evenly from 0 to 2π.

    Args:
        n_points: of both classes together.
        noise: standard deviation of what is added to both coordinates.
        seed: of the noise.
        factor: radius of the inner circle, above 0 and below 1.

    Raises:
        UsageError: too few or too many points, a negative noise, or another factor.
    """
    if not 0 < factor < 1:
        raise UsageError(f"factor must be above 0 and below 1; got {factor!r}.")

    def draw(k: int, n: int, random: np.random.Generator) -> Float64:
        t = np.linspace(0.0, 2 * np.pi, n, endpoint=False)
        return (factor if k else 1.0) * np.stack([np.cos(t), np.sin(t)], axis=-1)

    return _set("circles", draw, n_points, 2, noise, seed)


def blobs(n_points: int = 200, *, noise: float = 0.35, seed: int = 0, n_classes: int = 3) -> Problem:
    """Normal clouds around centres that lie evenly on the unit circle, the first one on top.

    Args:
        n_points: of all classes together.
        noise: standard deviation of a cloud.
        seed: of the points.
        n_classes: 2 to 10.

    Raises:
        UsageError: too few or too many points or classes, or a negative noise.
    """

    def draw(k: int, n: int, random: np.random.Generator) -> Float64:
        angle = np.pi / 2 - 2 * np.pi * k / n_classes
        return np.full((n, 2), [np.cos(angle), np.sin(angle)])

    return _set("blobs", draw, n_points, n_classes, noise, seed)


def spirals(
    n_points: int = 240, *, noise: float = 0.02, seed: int = 0, n_classes: int = 2, n_turns: float = 1.0
) -> Problem:
    """Arms that wind around each other.

    Class k is r (sin φ, cos φ) with φ = 2π (n_turns · r + k / n_classes), r evenly from 0.08 to 1.

    Args:
        n_points: of all classes together.
        noise: standard deviation of what is added to both coordinates.
        seed: of the noise.
        n_classes: 2 to 10.
        n_turns: how often an arm goes round, up to 4.

    Raises:
        UsageError: too few or too many points, classes or turns, or a negative noise.

    References:
        K. J. Lang & M. J. Witbrock, "Learning to tell two spirals apart", Connectionist Models Summer School (1988);
        theirs wind three times, with radii that grow in steps.
    """
    if not 0 < n_turns <= 4:
        raise UsageError(f"n_turns must be above 0 and at most 4; got {n_turns!r}.")

    def draw(k: int, n: int, random: np.random.Generator) -> Float64:
        r = np.linspace(0.08, 1.0, n)
        angle = 2 * np.pi * (n_turns * r + k / n_classes)
        arm: Float64 = r[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
        return arm

    return _set("spirals", draw, n_points, n_classes, noise, seed)


def checkerboard(n_points: int = 400, *, noise: float = 0.0, seed: int = 0, n_squares: int = 3) -> Problem:
    """Points all over the square [−1, 1]², whose class is the colour of their square on a board.

    The class of (x, y) is 1 where ⌊n (x + 1)/2⌋ + ⌊n (y + 1)/2⌋ is odd, n = ``n_squares``.

    Args:
        n_points: of both classes together, half of each.
        noise: standard deviation of what is added to both coordinates.
        seed: of the points.
        n_squares: squares a side, 2 to 8.

    Raises:
        UsageError: too few or too many points or squares, or a negative noise.
    """
    if not 2 <= n_squares <= 8:
        raise UsageError(f"n_squares must be from 2 to 8; got {n_squares!r}.")

    def draw(k: int, n: int, random: np.random.Generator) -> Float64:
        cells = np.array([c for c in np.ndindex(n_squares, n_squares) if sum(c) % 2 == k])
        chosen = cells[random.integers(len(cells), size=n)]
        points: Float64 = (chosen + random.uniform(size=(n, 2))) * 2 / n_squares - 1
        return points

    return _set("checkerboard", draw, n_points, 2, noise, seed)


def one_hot(classes: NDArray[np.int64], n_classes: int) -> Float64:
    """Targets of classes from 0: one column of 0 and 1 for two of them, else one column a class."""
    targets: Float64 = classes[:, None].astype(np.float64) if n_classes == 2 else np.eye(n_classes)[classes]
    return targets


def check_draw(n_points: int, noise: float, *, least: int = 2) -> None:
    """Refuse a set that could not be drawn.

    Raises:
        UsageError: too few or too many points, or a noise that is no standard deviation.
    """
    if isinstance(n_points, bool) or not isinstance(n_points, int) or not least <= n_points <= MOST_POINTS:
        raise UsageError(f"n_points must be a whole number from {least} to {MOST_POINTS:,}; got {n_points!r}.")
    if not (isfinite(noise) and noise >= 0):
        raise UsageError(f"noise must be a standard deviation, 0 or more; got {noise!r}.")


def _set(
    name: str,
    draw: Callable[[int, int, np.random.Generator], Float64],
    n_points: int,
    n_classes: int,
    noise: float,
    seed: int,
) -> Problem:
    """Class after class, as many points of each as of any other, or one fewer."""
    if isinstance(n_classes, bool) or not isinstance(n_classes, int) or not 2 <= n_classes <= MOST_CLASSES:
        raise UsageError(f"n_classes must be a whole number from 2 to {MOST_CLASSES}; got {n_classes!r}.")
    check_draw(n_points, noise, least=2 * n_classes)
    random = np.random.default_rng(seed)
    sizes = [n_points // n_classes + (k < n_points % n_classes) for k in range(n_classes)]
    points = np.concatenate([draw(k, n, random) for k, n in enumerate(sizes)])
    points += random.normal(0.0, 1.0, points.shape) * noise
    classes = np.repeat(np.arange(n_classes), sizes)
    task: dict[str, Any] = {} if n_classes == 2 else {"task": "multiclass"}
    return Problem(name=name, inputs=points, targets=one_hot(classes, n_classes), **task)
