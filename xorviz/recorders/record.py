"""``xorviz.record`` and what it finds out first: which framework a model is of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Unpack

from xorviz.errors import UsageError
from xorviz.recorders._base import Subject
from xorviz.recorders.arrays import Arrays, Function
from xorviz.recorders.options import Options, RecorderOptions, options_of
from xorviz.recorders.recorder import Recorder


def record(
    path: str | os.PathLike[str] | None, model: Any, inputs: Any, targets: Any, **options: Unpack[RecorderOptions]
) -> Recorder:
    """Record a model while it is trained.

    ```python
    with xorviz.record("run.xorviz", model, inputs, targets) as recorder:
        for ...:
            ...  # one update
            recorder.step(loss=loss)
    ```

    A dense network, made of the framework's own linear and activation layers, is recorded by its parameters and can be
    drawn by every panel. Any other model is recorded by its outputs on a grid and at the points.

    Args:
        path: the file to be, its name ending in ``.xorviz``; None records in memory.
        model: a PyTorch module, a Keras model, an estimator of scikit-learn, a pytree of JAX, a dict or list of arrays,
            or a function from points to outputs.
        inputs: training points, rows of numbers.
        targets: what the outputs should be there: numbers, or classes counted from 0.
        **options: see `Options`.

    Returns:
        A recorder; call its `step` after every update.

    Raises:
        UsageError: data that do not fit the model, a path that is taken, or an unknown option.
    """
    chosen = options_of(options)
    return Recorder(path, subject_of(model, chosen), inputs, targets, chosen)


def subject_of(model: Any, options: Options) -> Subject:
    """What a recorder asks of a model.

    Raises:
        UsageError: it is of no framework that is known.
    """
    families = {cls.__module__.partition(".")[0] for cls in type(model).__mro__}
    # Keras first: on the backend of PyTorch its models are modules as well.
    if "keras" in families:
        from xorviz.recorders.keras_model import KerasModel

        return KerasModel(model)
    if "torch" in families:
        from xorviz.recorders.torch_module import TorchModule

        return TorchModule(model)
    if "sklearn" in families:
        from xorviz.recorders.sklearn_estimator import SklearnEstimator

        return SklearnEstimator(model)
    if families & {"equinox", "flax"} or _holds_jax(model):
        from xorviz.recorders.jax_tree import jax_subject

        return jax_subject(model, options)
    if isinstance(model, Mapping | list | tuple):
        return Arrays(model, options)
    if callable(model):
        return Function(model)
    raise UsageError(f"model must be one of a framework that xorviz knows; got {type(model).__name__}.")


def _holds_jax(model: Any) -> bool:
    """Whether an array of JAX is in it, found without importing JAX."""
    if isinstance(model, Mapping):
        return any(_holds_jax(item) for item in model.values())
    if isinstance(model, list | tuple):
        return any(_holds_jax(item) for item in model)
    return type(model).__module__.partition(".")[0] in ("jaxlib", "jax")
