"""Every fault with the number of times that CI does it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.soak import inputs, memory, places, recordings, renders, sizes, strange, studies, sweeps, writers


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
    "mutated recording": Fault(recordings.mutated_recording, 3500),
    "hostile recording": Fault(recordings.hostile_recording, 1),
    "forged recording": Fault(recordings.forged_recording, 300),
    "mutated study": Fault(studies.mutated_study, 1500),
    "hostile study": Fault(studies.hostile_study, 1),
    "forged study": Fault(studies.forged_study, 300),
    "mutated recipe": Fault(inputs.mutated_recipe, 2200),
    "mutated options": Fault(inputs.mutated_options, 600),
    "mutated table": Fault(inputs.mutated_table, 2400),
    "killed render": Fault(renders.killed_render, 100),
    "killed worker": Fault(renders.killed_worker, 50),
    "killed sweep": Fault(sweeps.killed_sweep, 50),
    "eight sweeps": Fault(sweeps.eight_sweeps, 30),
    "two recorders": Fault(writers.two_recorders, 30),
    "two renders": Fault(writers.two_renders, 30),
    "odd places": Fault(places.odd_places, 1),
    "strange panels": Fault(strange.strange_panels, 1),
    "strange formats": Fault(strange.strange_formats, 1),
    "sizes": Fault(sizes.sizes, 1),
    "flat memory": Fault(memory.flat_memory, 2),
    "bombs": Fault(memory.bombs, 1),
    "interrupted": Fault(renders.interrupted, 60),
    "full disk": Fault(renders.full_disk, 40),
}
