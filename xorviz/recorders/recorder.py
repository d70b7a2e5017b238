"""The recorder: two calls in a training loop, which it neither changes nor stops."""

from __future__ import annotations

import atexit
import os
import sys
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, final

from xorviz.errors import RecorderWarning, UsageError
from xorviz.recorders._base import Subject, as_array
from xorviz.recorders.options import Options
from xorviz.recorders.reported import held
from xorviz.recorders.session import Session
from xorviz.recorders.starting import Start
from xorviz.recordings.partial_file import check_new
from xorviz.recordings.recording import Recording
from xorviz.recordings.scalar_log import ScalarLog
from xorviz.recordings.traces import LOSS


@final
class Recorder:
    """Records a model while somebody trains it; a context manager.

    What goes wrong while recording is warned of once; recording ends there, and training goes on. With ``strict`` it is
    raised.

    Args:
        path: the file to be, its name ending in ``.xorviz``; None records in memory.
        subject: the model.
        inputs: training points.
        targets: what the outputs should be there.
        options: everything else.

    Raises:
        UsageError: data that do not fit the model, or a path that is taken.

    Attributes:
        recording: what was recorded, once the recorder is closed; None before, and where nothing was recorded.
    """

    def __init__(
        self, path: str | os.PathLike[str] | None, subject: Subject, inputs: Any, targets: Any, options: Options
    ) -> None:
        # The file itself comes with the first step.
        if path is not None:
            check_new(Path(path), force=options.force, argument="path")
        self._path, self._subject, self._options = path, subject, options
        self._data = (inputs, targets)
        self._log: Final = ScalarLog()
        self._n = 0
        self._start: Start | None = None
        self._session: Session | None = None
        self._is_open = True
        self._at_close: list[Callable[[], object]] = []
        self.recording: Recording | None = None
        if subject.is_ready:
            self._start = Start(subject, inputs, targets, options)
        reference = weakref.ref(self)
        self._at_exit = lambda: _close_at_exit(reference)
        atexit.register(self._at_exit)

    def __enter__(self) -> Recorder:
        """The recorder itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close; complete only without an exception."""
        self._close(complete=error is None)
        if error is not None and self.recording is not None and self.recording.path is not None:
            error.add_note(f"What was recorded until then is in {str(self.recording.path)!r}.")

    def at_close(self, call: Callable[[], object]) -> None:
        """What is to be done when the recording ends, however it does."""
        self._at_close.append(call)

    @property
    def n_steps(self) -> int:
        """How many updates were made until now."""
        return self._n

    def step(self, model: Any = None, *, loss: Any = None, **metrics: Any) -> None:
        """Say that an update has been made.

        Args:
            model: the parameters now, where they are not changed in place but made anew: a pytree of JAX, arrays.
            loss: a number, from the forward pass before this update.
            **metrics: other numbers of this step, by name.

        Raises:
            XorvizError: with ``strict`` only: it cannot be recorded.
        """
        if not self._is_open:
            return
        try:
            self._step(model, loss, metrics)
        except Exception as error:
            self._fail(error)

    def _step(self, model: Any, loss: Any, metrics: dict[str, Any], *, is_seen: bool = True) -> None:
        """As `step`; where it is not seen, the model is an older one, of which nothing can be taken."""
        step = self._n
        if model is not None:
            self._subject.replace(model)
        if self._start is None:
            # What a model is, is only known after its first pass: that is where the recording begins.
            self._start = Start(self._subject, *self._data, self._options)
            return
        if loss is None:
            reported = self._log.last(LOSS, step)
        else:
            reported = held(loss)
            self._log.add(LOSS, step, reported)
        for name, value in metrics.items():
            self._log.add(name, step, held(value))
        if self._session is None:
            first = None if reported is None else float(reported)
            self._session = self._start.session(self._path, self._log, first)
        self._n = step + 1
        self._session.after_update(self._n, reported, is_seen=is_seen)

    def extend(self, models: Any, *, loss: Any = None, **metrics: Any) -> None:
        """Say that many updates have been made, all at once: what ``jax.lax.scan`` stacked, or a loop kept.

        Args:
            models: the parameters after each update, as one tree whose arrays have a first axis more.
            loss (float array of shape (n_updates,)): the loss before each.
            **metrics: other numbers, as many.

        Raises:
            XorvizError: with ``strict`` only: it cannot be recorded.
        """
        if not self._is_open:
            return
        try:
            given = {
                name: as_array(values) for name, values in ({"loss": loss} | metrics).items() if values is not None
            }
            n_updates = self._subject.n_stacked(models)
            for name, values in given.items():
                if len(values) != n_updates:
                    raise UsageError(f"{name} must have one value an update, here {n_updates}; got {len(values)}.")
            for i in range(n_updates):
                is_seen = self._session is None or self._session.is_due(self._n + 1) or i == n_updates - 1
                model = self._subject.at(models, i) if is_seen else None
                now = {name: float(values[i]) for name, values in given.items()}
                self._step(model, now.pop("loss", None), now, is_seen=is_seen)
        except Exception as error:
            self._fail(error)

    def jump(self, step: int, model: Any = None) -> None:
        """Take a snapshot at a later step, of a run that is over; arguments as for `step`.

        Args:
            step: how many updates had been made.
            model: the parameters then; None for a model that holds them.
        """
        self._n = step - 1
        self.step(model)

    def add_scalar(self, tag: str, scalar_value: Any, global_step: int | None = None) -> None:
        """Record one number, as the SummaryWriter of TensorBoard does.

        Args:
            tag: its name; ``"loss"`` is the training loss.
            scalar_value: the number.
            global_step: at which step. Now, if it is not given, has been written already, or is yet to come.

        Raises:
            XorvizError: with ``strict`` only: it cannot be recorded.
        """
        if not self._is_open:
            return
        try:
            since = -1 if self._session is None else self._session.last_step
            step = self._n if global_step is None or not since < global_step <= self._n else int(global_step)
            self._log.add(str(tag), step, held(scalar_value))
        except Exception as error:
            self._fail(error)

    def close(self) -> Recording | None:
        """End the recording, with the model as it is now; a second call only returns it again.

        Returns:
            The recording; None where nothing could be recorded.

        Raises:
            XorvizError: with ``strict`` only: it cannot be finished.
        """
        self._close(complete=True)
        return self.recording

    def _close(self, *, complete: bool) -> None:
        if not self._is_open:
            return
        try:
            if self._session is None and self._start is not None:
                self._session = self._start.session(self._path, self._log, None)
            self._let_go()
            if self._session is not None:
                self.recording = self._session.close(self._n, complete=complete)
        except Exception as error:
            self._fail(error)

    def _let_go(self) -> None:
        self._is_open = False
        atexit.unregister(self._at_exit)
        while self._at_close:
            self._at_close.pop()()

    def _fail(self, error: Exception) -> None:
        """End the recording where it is."""
        self._let_go()
        if self._session is not None and self.recording is None:
            for close in (self._session.close, self._session.writer.close):
                try:
                    self.recording = close(complete=False)
                    break
                except Exception as another:
                    error.add_note(str(another))
        if self._options.strict:
            raise error
        warnings.warn(RecorderWarning(f"recording stopped at step {self._n}, training goes on: {error}"), stacklevel=4)


def _close_at_exit(reference: weakref.ref[Recorder]) -> None:
    recorder = reference()
    if recorder is not None:
        recorder._close(complete=getattr(sys, "last_type", None) is None)
