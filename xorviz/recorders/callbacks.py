"""Callbacks for loops that belong to a framework: Keras' ``fit``, Lightning's and Hugging Face's ``Trainer``.

Their base classes are only there where the framework is, so each class is made when its callback is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Unpack

from xorviz.errors import XorvizError
from xorviz.recorders._base import need
from xorviz.recorders.options import RecorderOptions
from xorviz.recorders.record import record
from xorviz.recorders.recorder import Recorder

PathLike = str | os.PathLike[str] | None


class _Recording:
    """What the three have in common: a recorder that begins with training and ends with it."""

    def __init__(self, path: PathLike, inputs: Any, targets: Any, options: Mapping[str, Any]) -> None:
        self._given = (path, inputs, targets, dict(options))
        self.recorder: Recorder | None = None

    def begin(self, model: Any) -> None:
        """Of training that goes on after it ended, the first part is kept."""
        if self.recorder is None:
            path, inputs, targets, options = self._given
            self.recorder = record(path, model, inputs, targets, **options)

    def end(self, *, complete: bool = True) -> None:
        """Close the file."""
        if self.recorder is not None:
            self.recorder.__exit__(*(None, None, None) if complete else (XorvizError, None, None))


def numbers(logs: Mapping[str, Any] | None) -> dict[str, Any]:
    """The numbers among what a framework reports."""
    return {str(name): value for name, value in (logs or {}).items() if _is_number(value)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or getattr(value, "shape", None) == ()


def keras_callback(path: PathLike, inputs: Any, targets: Any, **options: Unpack[RecorderOptions]) -> Any:
    """A ``keras.callbacks.Callback`` that records what ``fit`` does; arguments and errors as for `xorviz.record`.

    The loss is the one Keras reports after every batch: a mean over the epoch so far. What is reported at the end of an
    epoch, such as ``val_loss``, is recorded at that step. With ``steps_per_execution`` every execution is a step.

    Returns:
        The callback; its ``recording.recorder`` is the recorder.
    """
    try:
        from keras.callbacks import Callback
    except ImportError:
        raise need("keras", "keras") from None

    class XorvizCallback(Callback):
        def __init__(self) -> None:
            super().__init__()
            self.recording = _Recording(path, inputs, targets, options)

        def on_train_begin(self, logs: Any = None) -> None:
            self.recording.begin(self.model)

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            given = numbers(logs)
            if self.recording.recorder is not None:
                # Reading `self.model` brings back into it what the backend keeps to itself while it trains.
                self.recording.recorder.step(self.model, loss=given.pop("loss", None), **given)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            for name, value in numbers(logs).items():
                if name.startswith("val_") and self.recording.recorder is not None:
                    self.recording.recorder.add_scalar(name, value)

        def on_train_end(self, logs: Any = None) -> None:
            self.recording.end()

    return XorvizCallback()


def lightning_callback(path: PathLike, inputs: Any, targets: Any, **options: Unpack[RecorderOptions]) -> Any:
    """A Lightning ``Callback`` that records every batch; arguments and errors as for `xorviz.record`.

    The loss is what ``training_step`` returns; what it logs is recorded as well. Only the first process writes. With
    gradients accumulated over batches, a batch without an update is a step that changes nothing.

    Returns:
        The callback; its ``recording.recorder`` is the recorder.
    """
    try:
        from lightning.pytorch import Callback
    except ImportError:
        raise need("lightning", "lightning") from None

    class XorvizCallback(Callback):
        def __init__(self) -> None:
            super().__init__()
            self.recording = _Recording(path, inputs, targets, options)

        def on_train_start(self, trainer: Any, pl_module: Any) -> None:
            if trainer.is_global_zero:
                self.recording.begin(pl_module)

        def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
            if self.recording.recorder is not None:
                given = numbers(trainer.callback_metrics)
                given.pop("loss", None)
                loss = outputs.get("loss") if isinstance(outputs, Mapping) else outputs
                self.recording.recorder.step(loss=loss, **given)

        def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
            self.recording.end(complete=False)

        def on_train_end(self, trainer: Any, pl_module: Any) -> None:
            self.recording.end()

    return XorvizCallback()


def transformers_callback(path: PathLike, inputs: Any, targets: Any, **options: Unpack[RecorderOptions]) -> Any:
    """A ``TrainerCallback`` of Hugging Face that records every step; arguments and errors as for `xorviz.record`.

    The Trainer reports its loss only now and then (``logging_steps``): these values are recorded where they come.

    Returns:
        The callback; its ``recording.recorder`` is the recorder.
    """
    try:
        from transformers import TrainerCallback
    except ImportError:
        raise need("transformers", "transformers") from None

    class XorvizCallback(TrainerCallback):
        def __init__(self) -> None:
            self.recording = _Recording(path, inputs, targets, options)

        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if state.is_world_process_zero:
                self.recording.begin(kwargs["model"])

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            if self.recording.recorder is not None:
                self.recording.recorder.step()

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
            for name, value in numbers(logs).items():
                if self.recording.recorder is not None:
                    self.recording.recorder.add_scalar(name, value)

        def on_train_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            self.recording.end()

    return XorvizCallback()
