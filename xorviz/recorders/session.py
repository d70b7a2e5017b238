"""One recording on its way: snapshots that wait for their gradient, and rows that are written some at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any, Final, final

import numpy as np

from xorviz.parallel.threads import on_one_thread
from xorviz.recorders._base import Array
from xorviz.recorders.budget import Budget
from xorviz.recorders.objective import Objective
from xorviz.recorders.sampling import Taker
from xorviz.recordings.header import Header
from xorviz.recordings.journal import Record, Taken, Told, Updated
from xorviz.recordings.recording import Recording
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.scalar_log import ScalarLog
from xorviz.recordings.scalars import encode_scalars
from xorviz.recordings.waiting import SnapshotMaker, Waiting

#: Snapshots become rows together, because looking at many costs little more than looking at one: at most so many, so
#: many seconds, or as many bytes as the budget says. Until then they are in the journal. Large ones become rows as soon
#: as they can: looking at them together saves less than writing them twice costs.
_MOST_WAITING, _LONGEST_S, _LARGE_ROW = 64, 0.25, 1 << 18
#: Later in a run, snapshots are far apart. Where none is due for so many seconds, or for so many times of what one
#: costs, the run as it is then goes to the journal all the same, for as long as it is the latest.
_PASSING_S, _PASSING_COSTS = 1.0, 5000
#: The journal begins anew when it is so large, or four times what it began with.
_JOURNAL_BYTES = 1 << 22


@final
class Session:
    """Writes what is taken of a model.

    Args:
        path: the file to be; None records in memory.
        header: of the recording.
        taker: what takes snapshots.
        objective: the loss, and the activation that it is taken of.
        budget: which steps become snapshots.
        log: the numbers that the training loop reports.
        force: replace the file.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        header: Header,
        taker: Taker,
        objective: Objective,
        budget: Budget,
        log: ScalarLog,
        *,
        force: bool,
    ) -> None:
        self._taker: Final = taker
        self._link: Final = objective.link
        self._budget: Final = budget
        self._log: Final = log
        self._maker: Final = SnapshotMaker(header, objective.link, log)
        self._waiting: list[Waiting] = []
        self._passing: Taken | None = None
        self._oldest_s = 0.0
        #: Of the latest snapshot.
        self.last_step = -1
        self.writer: Final = RecordingWriter(path, header, force=force)
        self._journal: Final = self.writer.journal()
        # In memory nothing outlives a kill.
        self._passing_due_s = np.inf if self._journal is None else time.perf_counter() + _PASSING_S
        self.next_step = budget.next_after(0)
        try:
            self._begin_journal()
        except BaseException:
            self.writer.abandon()
            raise

    def is_due(self, step: int) -> bool:
        """Whether the model is to be looked at: by the schedule, or because that was not done for long."""
        return step >= self.next_step or time.perf_counter() > self._passing_due_s

    def keep(self, step: int, vector: Array) -> None:
        """Keep a snapshot until its row can be written."""
        # The first one is written at once: the file is there from the first step on.
        if not self._waiting and step:
            self._oldest_s = time.perf_counter()
        self._waiting.append(Waiting(step, vector))
        self._passing = None
        self.last_step = step
        self.next_step = self._budget.next_after(step)
        self._note(Taken(step, vector.tobytes()))

    def take(self, step: int) -> None:
        """Look at the model now: for a snapshot, or in passing."""
        vector = self._taker.take()
        if step >= self.next_step or self._journal is None:
            self.keep(step, vector)
        else:
            self._passing = Taken(step, vector.tobytes(), passing=True)
            self._note(self._passing)

    def after_update(self, step: int, reported: Any, *, is_seen: bool) -> None:
        """An update has been made. When this returns, what was taken and what leads to it outlive this process.

        Args:
            step: how many updates there are now.
            reported: the latest loss that was given; None where none was.
            is_seen: whether the model is the one after the update.
        """
        if reported is not None:
            self._maker.last_reported = reported
        is_due = is_seen and self.is_due(step)
        if self._waiting or is_due:
            if self._waiting:
                self._complete()
            begin_s = time.perf_counter()
            if is_due:
                self.take(step)
            self._settle()
            if is_due and self._journal is not None:
                end_s = time.perf_counter()
                self._passing_due_s = end_s + max(_PASSING_S, _PASSING_COSTS * (end_s - begin_s))

    def _complete(self) -> None:
        """The update after the latest snapshot has been made: its gradient is still there, and its loss is known."""
        latest, is_new = self._waiting[-1], False
        if not latest.is_complete:
            latest.complete(self._taker.gradient(), self._maker.last_reported)
            is_new = True
        if self._is_writing_due():
            self.write([one for one in self._waiting if one.is_complete])
            self._begin_journal()
        elif is_new:
            self._note(_updated(latest))

    def _note(self, record: Record) -> None:
        """Into the journal; before a snapshot the numbers that lead to it, without which it could not be read."""
        if self._journal is not None:
            if isinstance(record, Taken) and (told := self._log.untold()):
                self._journal.add(Told(encode_scalars(told)))
            self._journal.add(record)

    def _settle(self) -> None:
        if self._journal is not None and self._journal.keep() > self._most_bytes:
            self._begin_journal()

    def _begin_journal(self) -> None:
        """With what no row tells yet."""
        if self._journal is None:
            return
        left: list[Record] = []
        if told := self._log.untold(again=True):
            left.append(Told(encode_scalars(told)))
        for one in self._waiting:
            left.append(Taken(one.step, one.vector.tobytes()))
            if one.is_complete:
                left.append(_updated(one))
        if self._passing is not None:
            left.append(self._passing)
        self._most_bytes = max(_JOURNAL_BYTES, 4 * self._journal.restart(self._link, left))

    def _is_writing_due(self) -> bool:
        if self._budget.row_bytes >= _LARGE_ROW:
            return True
        n_bytes = len(self._waiting) * self._budget.row_bytes + 16 * self._log.n_values
        is_old = time.perf_counter() - self._oldest_s > _LONGEST_S
        return len(self._waiting) >= _MOST_WAITING or n_bytes >= self._budget.at_once_bytes or is_old

    @on_one_thread
    def write(self, ready: Sequence[Waiting]) -> None:
        """Write some of the snapshots that wait, the first ones."""
        if not ready:
            return
        self._waiting = self._waiting[len(ready) :]
        self.writer.add_all(self._maker.snapshots(ready, scalars_one_in=self._budget.scalars_one_in))
        self._budget.keep_within(self.writer)
        self._oldest_s = time.perf_counter()

    def close(self, step: int | None = None, *, complete: bool) -> Recording:
        """Write what waits and the model at a last step, if one is given, and end the recording."""
        if step is not None and self.last_step < step:
            self.keep(step, self._taker.take())
        if self._journal is not None:
            self._journal.close()
        self.write(self._waiting)
        return self.writer.close(complete=complete)


def _updated(one: Waiting) -> Updated:
    """What the update after a snapshot told of it."""
    return Updated(float(one.reported), None if one.gradient is None else one.gradient.tobytes())
