"""Which blocks a study runs, and in which order: a rule that depends on nothing but the plan and complete passes."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xorviz.sweeps.plan import Plan

Counts = NDArray[np.int64]


class Address(NamedTuple):
    """A block of a study."""

    point: int
    block: int


def passes(plan: Plan, n_blocks: int, deviations: Callable[[Counts], NDArray[np.float64]]) -> Iterator[list[Address]]:
    """The blocks of a study, pass after pass, each of as many as there are points; the last one perhaps of fewer.

    The first pass goes once to every point. So do the others, unless the plan is adaptive: then each block of a pass
    goes where the relative standard error would be largest after those before it. What a pass consists of is decided
    from the results of the passes before it, all of them complete, so it depends neither on workers nor on what was
    interrupted, and a study of more runs begins with the blocks of one of fewer.

    Args:
        plan: of the study.
        n_blocks: how many there shall be in all.
        deviations: standard deviation of a run relative to the mean, by point (float64 array of shape (n_points,)),
            of the first ``counts[point]`` blocks of each; called when all of these are complete.

    Yields:
        The blocks of one pass; the next one is asked for when they are complete.
    """
    counts = np.zeros(plan.n_points, dtype=np.int64)
    n_left = n_blocks
    while n_left:
        if plan.adaptive and counts.any():
            points = _largest_errors(counts, deviations(counts), plan.n_points)
        else:
            points = list(range(plan.n_points))
        chosen = []
        for point in points[:n_left]:
            chosen.append(Address(point, int(counts[point])))
            counts[point] += 1
        n_left -= len(chosen)
        yield chosen


def _largest_errors(counts: Counts, deviations: NDArray[np.float64], n_new: int) -> list[int]:
    """Points of the next blocks: each where deviation/√blocks is largest by then, of equal ones the first."""
    # A point of which nothing can be said, all its runs diverged, is as good as known.
    known = np.where(np.isfinite(deviations), deviations, 0.0)
    blocks = counts.tolist()
    heap = [(-float(deviation) / blocks[point] ** 0.5, point) for point, deviation in enumerate(known)]
    heapq.heapify(heap)
    points = []
    for _ in range(n_new):
        _, point = heap[0]
        points.append(point)
        blocks[point] += 1
        heapq.heapreplace(heap, (-float(known[point]) / blocks[point] ** 0.5, point))
    return points
