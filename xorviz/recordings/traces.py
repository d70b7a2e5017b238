"""The traces of a recording: what is known of every snapshot, and of steps between them, without any vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.recordings.database import Trace
from xorviz.recordings.header import Float64, read_only
from xorviz.recordings.scalars import Series, decode_scalars, joined

Int64: TypeAlias = NDArray[np.int64]

#: Among a row's scalars: the loss, where not that of every step was kept.
LOSS = "loss"


@final
class Traces(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The rows of a recording as arrays, all read-only.

    Attributes:
        ordinals: under which number each snapshot's row is kept.
        steps (int64 array of shape (n_snapshots,)): of each snapshot.
        n_correct (int64 array of shape (n_snapshots,)): points on the right side of 0.5.
        snapshot_losses (float64 array of shape (n_snapshots,)): loss of each snapshot's parameters.
        norms (float64 array of shape (n_snapshots, 2, n_layers)): of parameters, then of gradients.
        losses (float64 array of shape (n_losses,)): of every step, or of those that were kept.
        loss_steps (int64 array of shape (n_losses,)): of the losses; None where they are of every step.
        scalars: every other number that was given, by name.
    """

    ordinals: list[int]
    steps: Int64
    n_correct: Int64
    snapshot_losses: Float64
    norms: Float64
    losses: Float64
    loss_steps: Int64 | None
    scalars: dict[str, Series]

    def at_snapshots(self, series: Series) -> Float64:
        """The last value given after the snapshot before, up to each snapshot: NaN where there is none."""
        found = np.full(len(self.steps), np.nan)
        # A later value of the same snapshot overwrites an earlier one.
        at = np.searchsorted(self.steps, series.steps)
        is_within = at < len(self.steps)
        found[at[is_within]] = series.values[is_within]
        return read_only(found)


def traces_of(rows: Sequence[Trace]) -> Traces:
    """The traces that checked rows hold.

    Raises:
        ValueError: rows with scalars that are none, or with norms of another number of layers than the others.
    """
    if len({len(row.norms) for row in rows}) != 1 or len(rows[0].norms) % 16:
        raise ValueError("its norms are not those of one model")
    scalars: dict[str, list[Series]] = {}
    losses: list[Float64] = []
    loss_steps: list[Int64 | range] = []
    for row in rows:
        given = decode_scalars(row.scalars)
        if len(row.losses) or row.step == row.since:
            losses.append(np.frombuffer(row.losses, "<f8"))
            loss_steps.append(range(row.since, row.step))
            given.pop(LOSS, None)
        for name, one in given.items():
            if ((one.steps < row.since) | (one.steps > row.step)).any() or (np.diff(one.steps) < 0).any():
                raise ValueError(f"{name!r} has steps outside of its row's")
            if name == LOSS:
                losses.append(one.values)
                loss_steps.append(one.steps)
            else:
                scalars.setdefault(name, []).append(one)
    every = {name: joined(parts) for name, parts in scalars.items()}
    for one in every.values():
        read_only(one.steps), read_only(one.values)
    return Traces(
        ordinals=[row.ordinal for row in rows],
        steps=read_only(np.array([row.step for row in rows], dtype=np.int64)),
        n_correct=read_only(np.array([row.n_correct for row in rows], dtype=np.int64)),
        snapshot_losses=read_only(np.frombuffer(b"".join(row.loss for row in rows), "<f8").astype(np.float64)),
        norms=read_only(
            np.frombuffer(b"".join(row.norms for row in rows), "<f8").astype(np.float64).reshape(len(rows), 2, -1)
        ),
        losses=read_only(np.concatenate(losses or [np.empty(0)]).astype(np.float64, copy=False)),
        loss_steps=_steps_of(loss_steps),
        scalars=every,
    )


def _steps_of(pieces: Sequence[Int64 | range]) -> Int64 | None:
    """All of them one after the other; None where they follow each other from 0 on, which needs no memory."""
    stops = [0, *(one.stop for one in pieces if isinstance(one, range))]
    if all(isinstance(one, range) and one.start == stop for one, stop in zip(pieces, stops, strict=False)):
        return None
    return read_only(np.concatenate([np.asarray(one, dtype=np.int64) for one in pieces]))
