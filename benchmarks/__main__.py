"""Draw the same animations by xorviz and by what people use instead: CPU and wall time per frame, memory, bytes.

Run ``python -m benchmarks``: about ten minutes, with ``--quick`` under two. Each contender runs in a process of its
own, in turns. All draw the same recording and the same snapshots at the same size, with OPENBLAS_NUM_THREADS=1.
Importing, training and a few frames to warm up are not counted, except for the command, which is timed from its start
to its end. CPU is user + system of the process and of all it starts, so other work on the machine matters little;
"others" is how many cores that other work used, to judge the wall time by. Peak MB is the memory of all processes of
a contender together. The slow contenders draw few frames, spread over the same time line: their times are per frame,
and their pictures lie further apart, which makes their bytes per frame larger.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks import chart, table
from benchmarks.contender import CONTENDERS
from benchmarks.contest import ENTRANTS, as_records, long_entries, timed, timed_entries, watched
from benchmarks.jobs import SCENES
from benchmarks.measuring import machine

OUTPUTS = Path(__file__).parents[1] / "outputs"


def parsed(words=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--scene", action="append", choices=SCENES, help="only this one; may be given again")
    parser.add_argument("--only", action="append", default=[], choices=CONTENDERS, help="only this contender; likewise")
    parser.add_argument("--quick", action="store_true", help="few frames, one round, lengths to 1,000")
    parser.add_argument("--rounds", type=int, help="how often each contender is timed; 2, with --quick 1")
    parser.add_argument("--json", type=Path, default=OUTPUTS / "benchmarks.json", metavar="PATH", help="all results")
    parser.add_argument("--plot", type=Path, default=OUTPUTS / "benchmarks.png", metavar="PATH", help="the chart")
    return parser.parse_args(words)


def report(about, times, lengths):
    """Everything as text."""
    parts = [about]
    parts += [table.job_table(job, times) for job in ENTRANTS if any(entry.job == job for entry in times)]
    if lengths:
        parts.append(table.lengths_table(lengths))
    rows = table.targets(times, lengths)
    if rows:
        parts.append(table.targets_table(rows))
    return "\n\n".join(parts)


def main(words=None):
    arguments = parsed(words)
    scenes = arguments.scene or list(SCENES)
    n_rounds = arguments.rounds or (1 if arguments.quick else 2)
    about, begin = machine(), time.perf_counter()
    options = {"is_quick": arguments.quick, "only": arguments.only}

    def tell(text):
        print(text, file=sys.stderr, flush=True)

    times = timed(timed_entries(scenes, **options), n_rounds, tell)
    lengths = watched(long_entries(scenes, **options), tell)
    rounds = "1 round" if n_rounds == 1 else f"{n_rounds} rounds"
    took = f"{rounds}, the median of CPU and the least wall time; {time.perf_counter() - begin:.0f} s in all"
    about = f"{about}\n{took}. The lengths ran once and two at a time, so only their memory and CPU count."
    print(report(about, times, lengths))
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "about": about,
        "times": as_records(times),
        "lengths": as_records(lengths),
        "targets": [dict(zip(("name", "measured", "wanted", "verdict"), row, strict=True))
                    for row in table.targets(times, lengths)],
    }  # fmt: skip
    arguments.json.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    chart.draw(times, list(ENTRANTS), arguments.plot)
    tell(f"wrote {arguments.json}" + (f" and {arguments.plot}" if arguments.plot.exists() else ""))


if __name__ == "__main__":
    main()
