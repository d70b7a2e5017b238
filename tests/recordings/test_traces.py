"""The steps that losses belong to."""

from __future__ import annotations

import numpy as np

from xorviz.recordings.database import Trace
from xorviz.recordings.scalars import Series, encode_scalars
from xorviz.recordings.traces import traces_of


def row(ordinal: int, since: int, step: int, losses: list[float], scalars: bytes = b"") -> Trace:
    return Trace(ordinal, step, since, 0, bytes(8), bytes(16), np.array(losses).tobytes(), scalars)


def test_losses_of_every_step_need_no_steps() -> None:
    found = traces_of([row(0, 0, 0, []), row(1, 0, 2, [0.5, 0.25]), row(2, 2, 3, [0.125])])
    assert found.losses.tolist() == [0.5, 0.25, 0.125]
    assert found.loss_steps is None


def test_losses_of_some_steps_say_which() -> None:
    kept = encode_scalars({"loss": Series(np.array([2, 4]), np.array([0.5, 0.25]))})
    found = traces_of([row(0, 0, 0, []), row(1, 0, 2, [1.0, 0.75]), row(2, 2, 6, [], kept), row(3, 6, 7, [0.125])])
    assert found.losses.tolist() == [1.0, 0.75, 0.5, 0.25, 0.125]
    assert found.loss_steps is not None
    assert found.loss_steps.tolist() == [0, 1, 2, 4, 6]


def test_losses_that_nobody_reported_leave_a_gap() -> None:
    found = traces_of([row(0, 0, 0, []), row(1, 0, 3, []), row(2, 3, 5, [0.5, 0.25])])
    assert found.losses.tolist() == [0.5, 0.25]
    assert found.loss_steps is not None
    assert found.loss_steps.tolist() == [3, 4]
