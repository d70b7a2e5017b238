"""Training blocks of runs, here or in another process: what a sweep shares among workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xorviz.learning.experiment import Experiment
from xorviz.learning.initialisations import Glorot
from xorviz.sweeps.engines._base import BlockResult, Engine
from xorviz.sweeps.passes import Address
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.seeds import initial_parameters


@dataclass(frozen=True)
class Piece:
    """Blocks that one call of an engine trains; their experiments differ only in how parameters are drawn.

    Attributes:
        addresses: of the blocks.
        experiments: of their points.
    """

    addresses: tuple[Address, ...]
    experiments: tuple[Experiment, ...]

    def __repr__(self) -> str:
        """By its addresses, for messages."""
        return ", ".join(f"block {at.block} of point {at.point}" for at in self.addresses)


@dataclass(frozen=True)
class Trainer:
    """Does pieces of a study, in any process; picklable.

    Attributes:
        engine: trains.
        seed: of the study.
        block_runs: runs in a block.
        common: whether all points start from the same random numbers.
    """

    engine: Engine
    seed: int
    block_runs: int
    common: bool

    def __call__(self, piece: Piece) -> list[BlockResult]:
        """What became of the runs of each block."""
        starts = [
            initial_parameters(
                experiment,
                study_seed=self.seed,
                point=point,
                block=block,
                n_runs=self.block_runs,
                common=self.common,
            )
            for (point, block), experiment in zip(piece.addresses, piece.experiments, strict=True)
        ]
        result = self.engine.run(piece.experiments[0], np.concatenate(starts))
        parts = [slice(i * self.block_runs, (i + 1) * self.block_runs) for i in range(len(starts))]
        return [BlockResult(result.scores[at], result.final_losses[at], result.solved_steps[at]) for at in parts]


def trainer_of(plan: Plan, engine: Engine) -> Trainer:
    """The trainer of a study."""
    return Trainer(engine, plan.seed, plan.block_runs, plan.common)


def pieces_of(addresses: Sequence[Address], experiments: Sequence[Experiment], n_blocks: int) -> list[Piece]:
    """Blocks put together, neighbours that one call can train, so many at most.

    Args:
        addresses: of the blocks, in order.
        experiments: of all points.
        n_blocks: most blocks in a piece.
    """
    pieces: list[Piece] = []
    group: list[Address] = []
    kinds = {at.point: _without_initialisation(experiments[at.point]) for at in addresses}
    for address in addresses:
        if group and (len(group) == n_blocks or kinds[group[0].point] != kinds[address.point]):
            pieces.append(_piece(group, experiments))
            group = []
        group.append(address)
    return [*pieces, _piece(group, experiments)] if group else pieces


def _piece(group: Sequence[Address], experiments: Sequence[Experiment]) -> Piece:
    return Piece(tuple(group), tuple(experiments[at.point] for at in group))


def _without_initialisation(experiment: Experiment) -> Experiment:
    return experiment.replace(initialisation=Glorot(), name="", seed=0)


def prepare() -> None:
    """Called in a process that will train, before its first piece: importing this module was the work."""
