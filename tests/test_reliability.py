"""The promises of docs/reliability.md, each as often as its table says."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

from tests.soak._room import room
from tests.soak.table import FAULTS

_PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"


def test_the_page_lists_every_fault_and_how_often_it_is_done() -> None:
    table = _PAGE.read_text(encoding="utf-8").split("| fault |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in table]
    modules = {name: fault.run.__module__.rpartition(".")[2] for name, fault in FAULTS.items()}
    assert {name: (times, test) for name, times, _, test in cells} == {
        name: (f"{fault.n:,}", f"`{modules[name]}.{fault.run.__name__}`") for name, fault in FAULTS.items()
    }


@pytest.mark.skipif(sys.platform != "linux", reason="forks, signals and /proc")
@pytest.mark.parametrize("name", FAULTS)
def test_the_promise_holds(name: str) -> None:
    fault = FAULTS[name]
    with room() as folder:
        # What was seen, in words: a fault that saw nothing has none.
        assert fault.run(fault.n, random.Random(int(os.environ.get("XORVIZ_SEED", "1"))), folder)
