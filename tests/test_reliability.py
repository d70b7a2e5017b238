"""The promises of docs/reliability.md, each as often as its table says."""

from __future__ import annotations

import os
import random
import sys

import pytest

from tests.soak._room import room
from tests.soak.table import FAULTS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, signals and /proc")


@pytest.mark.parametrize("name", FAULTS)
def test_the_promise_holds(name: str) -> None:
    fault = FAULTS[name]
    with room() as folder:
        print(fault.run(fault.n, random.Random(int(os.environ.get("XORVIZ_SEED", "1"))), folder))  # noqa: T201
