"""Encode frames of our own scenes by xorviz and by what users would pick instead: bytes, error, CPU time, memory.

Run ``python -m benchmarks.encoders``; ten minutes. Prints a table and verdicts for every set of frames, and writes
``outputs/encoders.json`` and ``outputs/encoders.png``; with ``--docs`` docs/formats.md, too. Ours run without numba but
where the name says ``[fast]``. Every contender encodes in a process of its own; CPU time is
user + system of it and of what it starts, imports not counted, the least of three runs that take turns, because other
work on the machine only adds to it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.encoders_contenders import CONTENDERS, REMEDIES
from benchmarks.encoders_fidelity import fidelity
from benchmarks.encoders_frames import FPS, SETS, draw, size_of
from benchmarks.encoders_table import markdown, plot, table, targets, targets_table
from benchmarks.measuring import machine

_ROOT = Path(__file__).parents[1]


def _run(name, source, size, out):
    """What a contender's process measured of itself, or why it did not run."""
    words = [sys.executable, "-m", "benchmarks.encoders_contenders", name, str(source), *map(str, size), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(words, env=environment, cwd=out.parent, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout.strip().splitlines()[-1])
    last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    remedy = next((remedy for key, remedy in REMEDIES.items() if key in last), "")
    return {"skipped": remedy or last}


def measure(title, names, folder, *, duration_s, n_rounds):
    """Contender -> result, for one set of frames."""
    source, size = folder / "frames.rgba", size_of(title)
    n_frames = draw(title, source, duration_s)
    frames = np.memmap(source, np.uint8, "r", shape=(n_frames, size[1], size[0], 4))
    results = {}
    for i_round in range(n_rounds):
        for name in names:
            out = folder / f"out{CONTENDERS[name][1]}"
            if "skipped" in results.get(name, {}):
                continue
            run = _run(name, source, size, out)
            if i_round == 0 and "skipped" not in run:
                run |= {"n_bytes": out.stat().st_size, "n_frames": n_frames, **fidelity(frames, out, FPS)}
            elif i_round:
                run = results[name] | {key: min(run[key], results[name][key]) for key in ("cpu_s", "peak_mb")}
            results[name] = run
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", nargs="*", choices=list(SETS), default=list(SETS))
    parser.add_argument("--contenders", nargs="*", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--seconds", type=float, default=4.0, help="of animation in every set")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--docs", action="store_true", help="put the table and the plot into docs/formats.md, too")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    results = {}
    for title in chosen.sets:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(
                title, chosen.contenders, Path(folder), duration_s=chosen.seconds, n_rounds=chosen.rounds
            )  # fmt: skip
        results[title] = found
        print(f"\n{table(title, found)}\n{targets_table(targets(found))}", flush=True)
    _keep(results, chosen)


def _keep(results, chosen):
    """Writes results and a plot; sets and contenders that were not run this time stay as they were."""
    kept = _ROOT / "outputs" / "encoders.json"
    before = json.loads(kept.read_text())["sets"] if kept.exists() else {}
    results = {title: before.get(title, {}) | results.get(title, {}) for title in SETS if title in before | results}
    kept.write_text(json.dumps({"machine": machine(), "sets": results}, indent=1))
    plot(results, _ROOT / "outputs" / "encoders.png")
    if chosen.docs:
        plot(results, _ROOT / "docs" / "encoders.png", dpi=70)
        page = _ROOT / "docs" / "formats.md"
        head, mark, rest = page.read_text(encoding="utf-8").partition("<!-- benchmark -->\n")
        tail = rest[rest.index("<!-- end -->") :]
        said = f"{chosen.seconds:g} s of every set, rounds: {chosen.rounds}. {machine()}.\n\n{markdown(results)}"
        page.write_text(f"{head}{mark}{said}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
