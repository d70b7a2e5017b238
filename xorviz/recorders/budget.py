"""How many snapshots a run of unknown length may have: by what one costs, and by the bytes that there are."""

from __future__ import annotations

from typing import Final, final

from xorviz.recorders.options import Options
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.recordings.schedule import SnapshotSchedule
from xorviz.timing.events import events

#: Parameters times points up to which a snapshot costs little more than a row; beyond it, about as much as a step, and
#: they are made fewer: 60 in the first 10,000 steps at least.
_CHEAP_PRODUCTS, _FEWEST, _MOST = 1 << 18, 5, 128
#: What share of the bytes the rows may take, and the dense start; the rest is what SQLite needs while it writes.
_ROWS_SHARE, _START_SHARE = 0.75, 4
_EVERY_STEP = 1 << 62
_PARTS, _MOST_AT_ONCE = 32, 4_000_000
#: Norms, checksums, numbers and what SQLite needs of its own for a row.
_ROW_BYTES_BESIDE = 300


@final
class Budget:
    """Which steps become snapshots, and which of them go when the file grows too large.

    Args:
        options: what the user asked for.
        row_bytes: what a snapshot takes.
        n_products: multiplications that looking at a snapshot takes.
    """

    def __init__(self, options: Options, *, row_bytes: int, n_products: int) -> None:
        self._max_bytes: Final = options.max_bytes
        self.row_bytes: Final = row_bytes + _ROW_BYTES_BESIDE
        #: How much is written together: what is written and then thinned leaves its pages in the file.
        self.at_once_bytes: Final = min(options.max_bytes // _PARTS, _MOST_AT_ONCE)
        self._schedule = _schedule(options, n_products)
        n_affordable = options.max_bytes // (_START_SHARE * self.row_bytes)
        self._n_start: Final = max(1, min(self._schedule.n_dense, SnapshotSchedule().n_dense, n_affordable))
        #: Of the steps on the schedule after the start, one in so many is taken.
        self._one_in = 1
        #: Of the losses, and of what else is given at every step, one in so many is written.
        self.scalars_one_in = 1
        self._due: dict[int, int] = {}
        self._n_due = 0
        self._last_due = -1

    def next_after(self, step: int) -> int:
        """The next step that becomes a snapshot."""
        found = step
        while True:
            found = self._schedule.next_after(found)
            if found <= self._n_start * self._schedule.every:
                return found
            if found > self._last_due:
                self._n_due, self._last_due = self._n_due + 1, found
            if self._n_due % self._one_in == 0:
                self._due[found] = self._n_due
                return found

    def keep_within(self, writer: RecordingWriter) -> None:
        """Thin what is written until it is within the bytes: evenly, but for the start and what happened in the run."""
        allowed = _ROWS_SHARE * self._max_bytes
        while (before := writer.n_bytes) > allowed:
            if writer.n_scalar_bytes > before / 3:
                # As `coarsen` does it: what is written from now on is as coarse as what is there.
                self.scalars_one_in *= 4 if self.scalars_one_in == 1 else 2
                writer.coarsen()
            else:
                self._thin(writer)
            if writer.n_bytes >= before:
                # What is left is the start and the events.
                return

    def _thin(self, writer: RecordingWriter) -> None:
        self._one_in *= 2
        happened = {event.step for event in events(writer.so_far())}
        going = {step for step, n in self._due.items() if n % self._one_in and step not in happened}
        writer.remove(going)
        self._due = {step: n for step, n in self._due.items() if step not in going}


def _schedule(options: Options, n_products: int) -> SnapshotSchedule:
    if options.schedule is not None:
        return options.schedule
    if options.every is not None:
        return SnapshotSchedule(n_dense=_EVERY_STEP, every=options.every)
    n_per_doubling = max(_FEWEST, min(_MOST, _MOST * _CHEAP_PRODUCTS // max(n_products, 1)))
    return SnapshotSchedule(n_dense=2 * n_per_doubling, n_per_doubling=n_per_doubling)
