"""Reading a study: its plan at once, its runs block by block, every row checked."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, Final, NoReturn, final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.recordings.displayed import Displayed
from xorviz.recordings.opening import reading, refuse
from xorviz.sweeps.passes import Address
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.settings import Value
from xorviz.sweeps.store_format import FINAL_LOSSES, SCORES, SOLVED_STEPS, STUDY, block_crc, header_crc, ordinal_of

Array = NDArray[Any]
_WIDTHS = tuple(np.dtype(kind).itemsize for kind in (SCORES, FINAL_LOSSES, SOLVED_STEPS))


@dataclass(frozen=True, eq=False)
class Runs:
    """What became of some runs, one element each.

    Attributes:
        scores (float64 array of shape (n_runs,)): sum over steps of the reported loss; NaN if the run diverged.
        final_losses (float32 array of shape (n_runs,)): reported loss of the last parameters.
        solved_steps (int32 array of shape (n_runs,)): step from which every point stays correct; -1 for never.
    """

    scores: Array
    final_losses: Array
    solved_steps: Array

    def __len__(self) -> int:
        return len(self.scores)


@final
class Study(Displayed):
    """The runs of a sweep, read from its store; also of one that is being written. A notebook shows its picture.

    Args:
        path: the store.

    Raises:
        StudyError: it is missing, of another kind, of a newer format, cut short or altered.

    Attributes:
        path: the file.
        plan: what the study is.
        seal: the checksum that those of all blocks start from.
        n_points: how many settings are tried.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path: Final = Path(path)
        self._rows: dict[Address, Runs] = {}
        with reading(self.path, STUDY) as connection:
            text, self.seal = self._header(connection)
            try:
                self.plan: Final = msgspec.json.decode(text, type=Plan)
                self.plan.check_sizes()
                self.experiment: Final = Experiment.from_builtins(self.plan.experiment)
            except (msgspec.MsgspecError, UsageError, ValueError, RecursionError) as error:
                self._fail(f"is damaged: its header cannot be understood: {error}")
            self.n_points: Final = self.plan.n_points
            self._read(connection)

    def __repr__(self) -> str:
        """In one line, for a prompt."""
        title, points = self.experiment.title, "1 point" if self.n_points == 1 else f"{self.n_points:,} points"
        return f"<Study {title!r}: {self.n_runs:,} runs at {points}, {str(self.path)!r}>"

    def refresh(self) -> int:
        """Read what has been stored since; return how many blocks that were.

        Raises:
            StudyError: a row is not as it was written, or the file is another one now.
        """
        with reading(self.path, STUDY) as connection:
            if self._header(connection)[1] != self.seal:
                self._fail("is no longer the study that was opened", "Open it again.")
            return self._read(connection)

    @property
    def n_runs(self) -> int:
        """How many runs are stored."""
        return len(self._rows) * self.plan.block_runs

    @property
    def blocks(self) -> dict[Address, Runs]:
        """Every stored block, in the order in which a sweep runs them: block after block, in each point after point."""
        return {address: self._rows[address] for address in sorted(self._rows, key=lambda at: (at.block, at.point))}

    @cached_property
    def points(self) -> list[tuple[Value, ...]]:
        """The swept values of every point."""
        return self.plan.points()

    @cached_property
    def experiments(self) -> list[Experiment]:
        """The experiment of every point."""
        return self.plan.experiments()

    def at(self, point: int) -> Runs:
        """The runs of a point, block after block.

        Raises:
            UsageError: there is no such point.
        """
        if not 0 <= point < self.n_points:
            raise UsageError(f"point must be from 0 to {self.n_points - 1}; got {point!r}.")
        found = [self._rows[address] for address in sorted(at for at in self._rows if at.point == point)]
        return joined(found)

    def by_point(self) -> list[Runs]:
        """The runs of every point; no runs where none are stored."""
        found: list[list[Runs]] = [[] for _ in range(self.n_points)]
        for address, runs in self.blocks.items():
            found[address.point].append(runs)
        return [joined(runs) for runs in found]

    def _read(self, connection: sqlite3.Connection) -> int:
        # Blocks come in any order, so what is new is what is not here.
        have = len(self._rows)
        query = "SELECT ordinal, point, block FROM block"
        new = [row for row in connection.execute(query) if Address(row[1], row[2]) not in self._rows]
        for ordinal, point, block in new:
            is_placed = [type(value) for value in (point, block)] == [int, int] and 0 <= point < self.n_points
            if not is_placed or block < 0 or ordinal != ordinal_of(self.n_points, point, block):
                self._fail(f"is damaged: row {ordinal} is no block of this study")
            self._rows[Address(point, block)] = self._block(connection, ordinal, point, block)
        return len(self._rows) - have

    def _block(self, connection: sqlite3.Connection, ordinal: int, point: int, block: int) -> Runs:
        query = "SELECT scores, final_losses, solved_steps, crc FROM block WHERE ordinal = ?"
        row = connection.execute(query, (ordinal,)).fetchone()
        if row is None:
            # Of a damaged tree a scan may list what a search does not find.
            self._fail(f"is damaged: row {ordinal} is missing")
        *blobs, crc = row
        n_bytes = [self.plan.block_runs * width for width in _WIDTHS]
        if [type(blob) for blob in blobs] != [bytes] * 3 or [len(blob) for blob in blobs] != n_bytes:
            self._fail(f"is damaged: block {block} of point {point} does not hold {self.plan.block_runs} runs")
        if block_crc(self.seal, point, block, (blobs[0], blobs[1], blobs[2])) != crc:
            self._fail(f"is damaged: block {block} of point {point} does not match its checksum")
        kinds = (SCORES, FINAL_LOSSES, SOLVED_STEPS)
        return Runs(*(np.frombuffer(blob, kind) for blob, kind in zip(blobs, kinds, strict=True)))

    def _header(self, connection: sqlite3.Connection) -> tuple[bytes, int]:
        rows = connection.execute("SELECT CAST(json AS BLOB), crc FROM header").fetchmany(2)
        if len(rows) != 1 or [type(value) for value in rows[0]] != [bytes, int]:
            self._fail("is damaged: it has no header")
        text, crc = rows[0]
        if header_crc(text) != crc:
            self._fail("is damaged: its header does not match its checksum")
        return text, crc

    def _fail(self, reason: str, remedy: str = "Copy it again from where it came.") -> NoReturn:
        refuse(self.path, reason, remedy, STUDY)


def joined(parts: list[Runs]) -> Runs:
    """Runs one after the other."""
    if not parts:
        return Runs(np.empty(0, SCORES), np.empty(0, FINAL_LOSSES), np.empty(0, SOLVED_STEPS))
    return Runs(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.final_losses for part in parts]),
        np.concatenate([part.solved_steps for part in parts]),
    )
