"""Every fault with the number of times that CI does it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.soak import inputs, recordings, renders


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        run: does it ``n`` times, with a generator for what is random, in a folder of its own; raises if a promise
            does not hold, else says what was seen.
        n: how often CI does it.
    """

    run: Callable[[int, random.Random, Path], str]
    n: int


FAULTS = {
    "killed recorder": Fault(recordings.killed_recorder, 200),
    "cut recording": Fault(recordings.cut_recording, 500),
    "mutated recording": Fault(recordings.mutated_recording, 5000),
    "hostile recording": Fault(recordings.hostile_recording, 1),
    "mutated recipe": Fault(inputs.mutated_recipe, 2500),
    "mutated options": Fault(inputs.mutated_options, 1250),
    "mutated table": Fault(inputs.mutated_table, 1250),
    "killed render": Fault(renders.killed_render, 100),
    "killed worker": Fault(renders.killed_worker, 50),
    "interrupted": Fault(renders.interrupted, 60),
    "full disk": Fault(renders.full_disk, 40),
}
