"""Engines: one file each; `engine_for` chooses."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from xorviz.errors import UsageError, unknown

if TYPE_CHECKING:
    from xorviz.experiment import Experiment
    from xorviz.sweeps.engines._base import Engine


def engine_for(experiment: Experiment, name: str = "auto") -> Engine:
    """The engine that trains an experiment.

    Args:
        experiment: what is to be trained.
        name: numpy, or auto, the fastest that is installed and can.

    Returns:
        An engine; small and picklable.

    Raises:
        UsageError: an unknown name, or an engine that cannot train the experiment.
    """
    if name not in ("auto", "numpy"):
        raise unknown("engine", name, ("auto", "numpy"))
    engine: Engine = import_module("xorviz.sweeps.engines.numpy_engine").NumpyEngine()
    if reason := engine.supports(experiment):
        raise UsageError(f"engine must be one that can train {experiment.name}; got {name!r}: {engine.name} {reason}.")
    return engine
