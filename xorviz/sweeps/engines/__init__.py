"""Engines: one file each; `engine_for` chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xorviz.errors import UsageError, unknown

if TYPE_CHECKING:
    from xorviz.learning.experiment import Experiment
    from xorviz.sweeps.engines._base import Engine


def engine_for(experiment: Experiment, name: str = "auto") -> Engine:
    """The engine that trains an experiment.

    Args:
        experiment: what is to be trained.
        name: numba, numpy, or auto, the first of these that is installed and can.

    Returns:
        An engine; small and picklable.

    Raises:
        UsageError: an unknown name, or an engine that is not installed or cannot train the experiment.
    """
    from xorviz.sweeps.engines.numba_engine import NumbaEngine
    from xorviz.sweeps.engines.numpy_engine import NumpyEngine

    engines: dict[str, Engine] = {engine.name: engine for engine in (NumbaEngine(), NumpyEngine())}
    if name != "auto" and name not in engines:
        raise unknown("engine", name, ("auto", *engines))
    if name == "auto":
        return next(engine for engine in engines.values() if not engine.supports(experiment))
    if reason := engines[name].supports(experiment):
        raise UsageError(f"engine must be one that can train {experiment.name}; got {name!r}, which {reason}.")
    return engines[name]
