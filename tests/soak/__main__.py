"""``python -m tests.soak [fault …] [--times 10] [--seed 1]``: every fault, many times more often than in CI."""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.soak._room import room
from tests.soak.table import FAULTS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="fault", help=f"any of: {', '.join(FAULTS)}")
    parser.add_argument("--times", type=float, default=10, help="how many times CI's count; 10")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if unknown := set(given.faults) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    n_failed = 0
    for name in given.faults or FAULTS:
        fault, begin = FAULTS[name], time.monotonic()
        with room() as folder:
            try:
                said = fault.run(max(int(fault.n * given.times), 1), random.Random(given.seed), folder)
            except AssertionError as error:
                n_failed += 1
                said = f"BROKEN: {error}"
        print(f"{name:24} {time.monotonic() - begin:7.1f} s  {said}", flush=True)
    return min(n_failed, 1)


if __name__ == "__main__":
    sys.exit(main())
