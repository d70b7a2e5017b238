"""Running a study: what is missing is trained by whoever has a processor, and stored as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from xorviz.parallel.sharing import as_done
from xorviz.parallel.workers import Workers
from xorviz.sweeps.blocks import pieces_of, trainer_of
from xorviz.sweeps.engines import engine_for
from xorviz.sweeps.passes import Address, Counts, passes
from xorviz.sweeps.statistics import statistics
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study, joined


def run_study(store: Store, n_runs: int, workers: Workers, progress: Callable[[int, int], None] | None = None) -> int:
    """Train and store what a study lacks to a number of runs.

    What is stored is the same whoever trains, in whatever order, and however often that was interrupted.

    Args:
        store: of the study, open.
        n_runs: how many there shall be, rounded up to whole blocks; what is there beyond stays.
        workers: who trains; only this process writes.
        progress: called after every block with how many runs are stored and how many there shall be.

    Returns:
        How many runs the study has now.

    Raises:
        XorvizError: the store cannot be written, or workers died again and again; everything stored is kept.
    """
    study, plan = store.study, store.study.plan
    n_blocks = -(-n_runs // plan.block_runs)
    engine = engine_for(study.experiments[0], plan.engine)
    trainer, n_together = trainer_of(plan, engine), max(engine.runs_at_once // plan.block_runs, 1)
    done = set(study.blocks)
    n_wanted = max(n_blocks, len(done)) * plan.block_runs
    for addresses in _batches(study, n_blocks):
        pieces = pieces_of([at for at in addresses if at not in done], study.experiments, n_together)
        for index, results in as_done(pieces, here=trainer, remote=trainer, workers=workers):
            for address, result in zip(pieces[index].addresses, results, strict=True):
                store.add(address, result)
                done.add(address)
            if progress is not None:
                progress(len(done) * plan.block_runs, n_wanted)
        study.refresh()
    return study.n_runs


def _batches(study: Study, n_blocks: int) -> Iterable[list[Address]]:
    """All blocks at once, or pass by pass where one pass decides about the next."""

    def deviations(counts: Counts) -> NDArray[np.float64]:
        blocks = study.blocks
        found = [joined([blocks[Address(point, b)] for b in range(n)]) for point, n in enumerate(counts.tolist())]
        return statistics(found).relative_deviations

    every = passes(study.plan, n_blocks, deviations)
    return every if study.plan.adaptive else [list(chain.from_iterable(every))]
