"""How an animation plays: how long, how fast along its clock, where slowly, and whether back again."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown
from xorviz.timing.alignment import ALIGNMENTS
from xorviz.timing.clocks import CLOCKS
from xorviz.timing.events import EVENT_KINDS

Array = NDArray[np.float64]

Easing = Literal["none", "in", "out", "in-out"]
EASINGS: tuple[str, ...] = get_args(Easing)

FIRST_HOLD_S = 0.4
#: Width of slow motion where it is half as strong as in its middle, as a part of the way.
SLOW_WIDTH = 0.15
_N_KNOTS = 4097

_EASED: dict[str, Callable[[Array], Array]] = {
    "none": lambda time: time,
    "in": lambda time: time**2,
    "out": lambda time: 1.0 - (1.0 - time) ** 2,
    "in-out": lambda time: time**2 * (3.0 - 2.0 * time),
}


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that `timelines` is told about time.

    Attributes:
        clock: ``"change"`` spends frames where the drawn function changes, ``"loss"`` where the logarithm of the loss
            changes, ``"linear"`` in proportion to steps, ``"log"`` to the logarithm of steps; ``"steps"`` shows the
            listed ones.
        steps: for the clock ``"steps"``: rising steps, each shown for one frame; the last snapshot up to each. It has
            no use for ``duration_s``: the playing time is that of the frames and the holds.
        fps: frames per second.
        duration_s: playing time in seconds, holds included.
        first_hold_s: how long the first frame stays beyond its turn, in seconds.
        hold_s: how long the frame that shows the end of training stays beyond its turn, in seconds.
        easing: ``"in"`` starts slowly, ``"out"`` stops slowly, ``"in-out"`` does both, ``"none"`` neither.
        slow: an event, one of `EVENT_KINDS`, or a step, around which the clock goes slowly; empty for none. Of events
            of one kind the first counts, of several recordings the one whose event comes first.
        slow_factor: how many times denser frames are there.
        ping_pong: whether the animation plays back to its beginning, in the same playing time; neither end is shown
            twice, so that it loops evenly.
        align: what several recordings have in common in a frame: ``"step"``, ``"epoch"`` or ``"loss"``.

    Raises:
        UsageError: a value out of range, naming what is allowed.
    """

    clock: str = "change"
    steps: tuple[int, ...] = ()
    fps: float = 25.0
    duration_s: float = 6.0
    first_hold_s: float = FIRST_HOLD_S
    hold_s: float = 1.5
    easing: str = "none"
    slow: str | int = ""
    slow_factor: float = 4.0
    ping_pong: bool = False
    align: str = "step"

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        for name, value, low, high in (
            ("fps", self.fps, 0.1, 3600),
            ("duration", self.duration_s, 0.1, 3600),
            ("hold", self.hold_s, 0, 3600),
            ("first_hold_s", self.first_hold_s, 0, 3600),
            ("slow_factor", self.slow_factor, 1, 20),
        ):
            if not (math.isfinite(value) and low <= value <= high):
                raise UsageError(f"{name} must be a number from {low:g} to {high}; got {value!r}.")
        for name, word, allowed in (
            ("clock", self.clock, CLOCKS),
            ("easing", self.easing, EASINGS),
            ("align", self.align, ALIGNMENTS),
        ):
            if word not in allowed:
                raise unknown(name, word, allowed)
        if isinstance(self.slow, str) and self.slow and self.slow not in EVENT_KINDS:
            raise unknown("slow", self.slow, [*EVENT_KINDS, "a step"])
        if self.clock == "steps":
            self._check_steps()

    def _check_steps(self) -> None:
        if not self.steps or self.steps[0] < 0 or list(self.steps) != sorted(set(self.steps)):
            raise UsageError(
                f"steps must be rising steps for clock 'steps', such as [0, 20, 40]; got {list(self.steps)!r}."
            )
        for name, value, plain in (("easing", self.easing, "none"), ("slow", self.slow, "")):
            if value != plain:
                raise UsageError(f"{name} must be {plain!r} with clock 'steps', which lists all frames; got {value!r}.")

    @property
    def n_there(self) -> int:
        """How many frames lead from the first picture to the last.

        Raises:
            UsageError: the holds leave no time for a single frame.
        """
        if self.clock == "steps":
            return len(self.steps)
        n_moving = round((self.duration_s - self.first_hold_s - self.hold_s) * self.fps)
        if n_moving < 1:
            raise UsageError(
                f"duration must leave at least one frame beside the holds of {self.first_hold_s:g} s and "
                f"{self.hold_s:g} s; got {self.duration_s:g} s. Give a longer duration or a shorter hold."
            )
        return n_moving // 2 + 1 if self.ping_pong else n_moving

    @property
    def order(self) -> list[int]:
        """Which of the pictures on the way there each frame shows."""
        n_there = self.n_there
        return [*range(n_there), *range(n_there - 2, 0, -1)] if self.ping_pong else list(range(n_there))

    @property
    def durations_ms(self) -> Array:
        """How long each frame is shown, in milliseconds; see `timelines`."""
        durations_ms, last = np.full(len(self.order), 1000.0 / self.fps), self.n_there - 1
        durations_ms[0] += self.first_hold_s * 1000.0
        if self.clock == "steps":
            durations_ms[last] += self.hold_s * 1000.0
        else:
            durations_ms[last] = self.duration_s * 1000.0 - np.delete(durations_ms, last).sum()
        return durations_ms


def progress(n_frames: int, *, easing: str = "none", slow_at: float | None = None, slow_factor: float = 1.0) -> Array:
    """How far along the way each frame is.

    Args:
        n_frames: how many there are.
        easing: ``"in"`` starts slowly, ``"out"`` stops slowly, ``"in-out"`` does both.
        slow_at: where on the way, from 0 to 1, it goes slowly; None nowhere.
        slow_factor: how many times denser frames are there, compared with those far from it.

    Returns:
        float64 array of shape (n_frames,): from 0 to 1, non-decreasing; a single frame is at 1.
    """
    if n_frames == 1:
        return np.ones(1)
    time = _EASED[easing](np.linspace(0.0, 1.0, n_frames))
    if slow_at is None:
        return time
    way = np.linspace(0.0, 1.0, _N_KNOTS)
    density = 1.0 + (slow_factor - 1.0) * _bump((way - slow_at) / SLOW_WIDTH)
    spent = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(time, spent / spent[-1], way)


def _bump(x: Array) -> Array:
    """1 for ``abs(x)`` up to a quarter, 0 from three quarters on, half a wave of a cosine between; its area is 1."""
    return 0.5 + 0.5 * np.cos(np.pi * np.clip(2.0 * np.abs(x) - 0.5, 0.0, 1.0))
