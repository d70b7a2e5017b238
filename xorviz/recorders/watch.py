"""``xorviz.watch``: a PyTorch optimizer says itself when it has made an update."""

from __future__ import annotations

import os
from typing import Any, Unpack

from xorviz.errors import UsageError
from xorviz.recorders.options import RecorderOptions, options_of
from xorviz.recorders.record import subject_of
from xorviz.recorders.recorder import Recorder


def watch(
    model: Any,
    optimizer: Any,
    inputs: Any,
    targets: Any,
    *,
    path: str | os.PathLike[str] | None = "run.xorviz",
    **options: Unpack[RecorderOptions],
) -> Recorder:
    """Record a PyTorch model without a line in its training loop: every step of the optimizer is one.

    Numbers are reported by ``recorder.add_scalar("loss", loss)``, before the optimizer's step or after it. What is not
    closed is closed when the program ends.

    Args:
        model: the module.
        optimizer: that trains it.
        inputs: training points, rows of numbers.
        targets: what the outputs should be there.
        path: the file to be, its name ending in ``.xorviz``; None records in memory.
        **options: as for `xorviz.record`.

    Returns:
        The recorder; its ``close`` lets go of the optimizer.

    Raises:
        UsageError: an optimizer that is none of PyTorch's, data that do not fit the model, or a path that is taken.
    """
    if not hasattr(optimizer, "register_step_post_hook"):
        raise UsageError(f"optimizer must be one of PyTorch 2 or newer; got {type(optimizer).__name__}.")
    chosen = options_of(options)
    recorder = Recorder(path, subject_of(model, chosen), inputs, targets, chosen)

    def after_step(optimizer: Any, arguments: Any, keywords: Any) -> None:
        del optimizer, arguments, keywords
        recorder.step()

    recorder.at_close(optimizer.register_step_post_hook(after_step).remove)
    return recorder
