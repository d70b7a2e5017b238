"""Choosing a few colours that stand for many: variance splits, then k-means."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Points: TypeAlias = npt.NDArray[np.float32]
Weights: TypeAlias = npt.NDArray[np.float64]
Labels: TypeAlias = npt.NDArray[np.intp]
_BLOCK = 128


def nearest(points: Points, centres: Points, *, but: Labels | None = None) -> Labels:
    """Returns for every point the index of the nearest centre, the first of equals.

    Args:
        points (float32 of shape (n, n_axes)): any coordinates with Euclidean distance.
        centres (float32 of shape (k, n_axes)): at least one.
        but (intp of shape (n,)): for every point a centre that is passed over; None for none.

    Returns:
        intp of shape (n,).
    """
    found = np.empty(len(points), np.intp)
    # |p - c|^2 = |p|^2 - 2 p.c + |c|^2, and |p|^2 does not change which c is nearest.
    doubled = np.ascontiguousarray(-2.0 * centres.T)
    squared = np.einsum("ij,ij->i", centres, centres)
    # A block's distances stay in the cache, and its product is too small for BLAS to start threads: on 30,000 points
    # their waiting cost ten times the work.
    for start in range(0, len(points), _BLOCK):
        distances = points[start : start + _BLOCK] @ doubled
        distances += squared
        if but is not None:
            passed = but[start : start + _BLOCK]
            distances[np.arange(len(passed)), passed] = np.inf
        np.argmin(distances, axis=1, out=found[start : start + _BLOCK])
    return found


def centres_of(points: Points, weights: Weights, labels: Labels, n: int) -> tuple[Points, Weights]:
    """Returns the weighted mean of each label's points and its total weight.

    Args:
        points (float32 of shape (n_points, n_axes)): coordinates.
        weights (float64 of shape (n_points,)): positive.
        labels (intp of shape (n_points,)): 0 to n - 1.
        n: number of labels.

    Returns:
        float32 of shape (n, n_axes), zero where a label has no points, and float64 of shape (n,).
    """
    total: Weights = np.bincount(labels, weights, n).astype(np.float64)
    sums = np.stack([np.bincount(labels, weights * points[:, axis], n) for axis in range(points.shape[1])], axis=1)
    return (sums / np.maximum(total, 1e-300)[:, None]).astype(np.float32), total


def cluster(points: Points, weights: Weights, n: int, *, n_rounds: int = 8) -> Labels:
    """Divides points into at most ``n`` groups with little squared distance inside each.

    Args:
        points (float32 of shape (n_points, n_axes)): coordinates, all different.
        weights (float64 of shape (n_points,)): positive.
        n: number of groups, fewer than points.
        n_rounds: k-means rounds after the splits.

    Returns:
        intp of shape (n_points,): the group of every point.

    References:
        X. Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems II (1991):
        of all cuts the one that removes most squared error; S. Lloyd, "Least squares quantization in PCM",
        IEEE Trans. Inf. Theory 28 (1982). Deviation: cuts are sought along the axis of largest spread only.
    """
    labels = _split(points, weights, n)
    for _ in range(n_rounds):
        centres, total = centres_of(points, weights, labels, n)
        # A group that lost all its points has no mean; at infinity it is nobody's nearest.
        centres[total == 0] = 1e3
        labels = nearest(points, centres)
    return labels


def _split(points: Points, weights: Weights, n: int) -> Labels:
    groups = [np.arange(len(points))]
    cuts = [_best_cut(points, weights, groups[0])]
    while len(groups) < n:
        worst = max(range(len(cuts)), key=lambda i: cuts[i][0])
        gain, low, high = cuts[worst]
        if gain <= 0.0:
            break
        groups[worst] = low
        groups.append(high)
        cuts[worst] = _best_cut(points, weights, low)
        cuts.append(_best_cut(points, weights, high))
    labels = np.empty(len(points), np.intp)
    for label, members in enumerate(groups):
        labels[members] = label
    return labels


def _best_cut(points: Points, weights: Weights, members: Labels) -> tuple[float, Labels, Labels]:
    """Returns the squared error that the best cut of a group removes, and the two halves."""
    if len(members) < 2:
        return 0.0, members, members
    inside, weight = points[members], weights[members]
    mean = weight @ inside / weight.sum()
    axis = int(np.argmax(weight @ (inside - mean) ** 2))
    order = np.argsort(inside[:, axis])
    along = inside[order, axis].astype(np.float64) - mean[axis]
    ordered = weight[order]
    mass = np.cumsum(ordered)[:-1]
    moment = np.cumsum(ordered * along)[:-1]
    rest = mass[-1] + ordered[-1] - mass
    # Between-group variance of two halves whose moments cancel, because the mean was subtracted.
    gains = moment**2 * (1.0 / mass + 1.0 / rest)
    at = int(np.argmax(gains))
    return float(gains[at]), members[order[: at + 1]], members[order[at + 1 :]]
