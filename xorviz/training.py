"""train(experiment) -> Recording."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from os import PathLike
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from xorviz.errors import DivergedWarning
from xorviz.learning.articles import article
from xorviz.learning.experiment import Experiment
from xorviz.learning.workspace import Workspace
from xorviz.recordings.header import Header
from xorviz.recordings.recording import Recording
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.schedule import SnapshotSchedule

Array: TypeAlias = NDArray[Any]
Progress: TypeAlias = Callable[[int, int, float], None]

_PROGRESS_INTERVAL_S = 0.05
#: How large the snapshots of a recording become at most, unless a schedule is given.
_MOST_BYTES = 10**9


def train(
    experiment: Experiment | str,
    *,
    seed: int | None = None,
    out: str | PathLike[str] | None = None,
    schedule: SnapshotSchedule | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> Recording:
    """Run an experiment and record it.

    A run whose loss stops being finite ends there, with that loss recorded. Of an interrupted run (Ctrl-C)
    everything up to its last snapshot is kept; see `RecordingWriter`.

    Args:
        experiment: an experiment, or the name of an article: relu, backprop, convergence, init-scale, online.
        seed: of the initialisation; None takes the experiment's.
        out: file to record to; None records in memory.
        schedule: which steps become snapshots; None takes the default, counted in epochs where one point is
            learned at a time, and thinned out where all snapshots, 16 bytes per parameter each, would exceed 1 GB.
        progress: called as ``progress(step, at_most, loss)`` some 20 times a second at most.
        force: replace the file, and what a cut-off run left beside it, if they exist.

    Returns:
        The recording, ready to read.

    Raises:
        UsageError: an unknown article, a seed out of range, or a file that exists and not ``force``.
        XorvizError: the file cannot be written.

    Warns:
        DivergedWarning: the loss stopped being finite.
    """
    if isinstance(experiment, str):
        experiment = article(experiment)
    if seed is not None:
        experiment = experiment.replace(seed=seed)
    with RecordingWriter(out, _header(experiment), force=force) as writer:
        _Run(experiment, writer, schedule or _schedule(experiment), progress or _silent).finish()
        return writer.close()


@final
class _Run:
    """One run on its way from snapshot to snapshot."""

    def __init__(
        self, experiment: Experiment, writer: RecordingWriter, schedule: SnapshotSchedule, progress: Progress
    ) -> None:
        parameters = experiment.initialisation.draw(experiment.network, seed=experiment.seed)
        self._workspace = Workspace(experiment, parameters)
        self._n_steps = experiment.stopping.n_steps
        self._loss_below = experiment.stopping.loss_below or -np.inf
        self._writer, self._schedule, self._progress = writer, schedule, progress
        self._next_progress_s = 0.0

    def finish(self) -> None:
        """Take every step and record every snapshot."""
        workspace = self._workspace
        loss = self._snapshot(np.empty(0))
        while workspace.step < self._n_steps and not self._ends(loss):
            begin = workspace.step
            losses = self._advance_to(min(self._schedule.next_after(begin), self._n_steps))
            if workspace.step == begin:
                # A block's sum may round otherwise than its snapshot's; this step is recorded already.
                break
            loss = self._snapshot(losses)
        self._progress(workspace.step, self._n_steps, float(loss))
        if not np.isfinite(loss):
            warnings.warn(
                DivergedWarning(
                    f"training diverged at step {workspace.step}: its loss is {loss} and the run ends there. "
                    "Lower the learning rate or choose another seed."
                ),
                stacklevel=3,
            )

    def _advance_to(self, target: int) -> Array:
        """Step until the target or the end of the run; return the losses of the steps made."""
        workspace = self._workspace
        blocks = []
        while workspace.step < target:
            workspace.save()
            n_steps = min(target - workspace.step, workspace.block_steps)
            losses = workspace.advance(n_steps)
            ends = self._ends(losses)
            if ends.any():
                # The rule is read once per block, so the block is repeated up to the step at which it holds.
                losses = losses[: ends.argmax()]
                workspace.restore()
                workspace.advance(len(losses))
                blocks.append(losses)
                break
            blocks.append(losses)
            if time.monotonic() >= self._next_progress_s:
                self._progress(workspace.step, self._n_steps, float(losses[-1]))
                self._next_progress_s = time.monotonic() + _PROGRESS_INTERVAL_S
        return np.concatenate(blocks)

    def _ends(self, losses: Array) -> Array:
        return np.asarray((losses < self._loss_below) | ~np.isfinite(losses))

    def _snapshot(self, losses: Array) -> Array:
        workspace = self._workspace
        loss = workspace.measure()
        self._writer.add(
            workspace.step,
            losses,
            loss=float(loss),
            parameters=workspace.parameters,
            gradients=workspace.gradient,
            outputs=workspace.outputs,
        )
        return loss


def _schedule(experiment: Experiment) -> SnapshotSchedule:
    n_updates_an_epoch = 1 if experiment.batch == "full" else len(experiment.batch)
    n_most = _MOST_BYTES // (16 * experiment.network.n_parameters)
    return SnapshotSchedule.bounded(experiment.stopping.n_steps, n_most=n_most, every=n_updates_an_epoch)


def _header(experiment: Experiment) -> Header:
    problem = experiment.problem
    return Header(
        title=experiment.title,
        description=experiment.description,
        network=experiment.network,
        loss=experiment.loss,
        experiment=experiment.to_builtins(),
        seed=experiment.seed,
        bounds=problem.bounds,
        inputs=problem.inputs,
        targets=problem.targets,
        task=problem.task,
        class_names=problem.class_names,
        feature_names=problem.feature_names,
        target_name=problem.target_name,
        validation_inputs=problem.validation_inputs,
        validation_targets=problem.validation_targets,
        units=problem.units,
        plane=problem.plane,
    )


def _silent(step: int, n_steps: int, loss: float) -> None:
    """No progress is shown."""
