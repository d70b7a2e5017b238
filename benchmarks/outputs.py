"""Several files from one drawing, what a dry run foresees, and what a limit of bytes costs; all by the command line.

Ratios are of runs one after another. CPU times are those of the processes and their workers.

    python -m benchmarks.outputs [n_workers]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TOGETHER = ("gif", "mp4", "webm")
FORESEEN = (["a.gif"], ["a.mp4", "--size", "1280x720"], ["a.webp", "--theme", "dark", "--quality", "balanced"])
LIMITS = (("a.gif", "2MB"), ("a.gif", "700kB"), ("a.mp4", "400kB"), ("a.webm", "200kB"))


@dataclass(frozen=True)
class Ran:
    """One command."""

    wall_s: float
    cpu_s: float
    said: dict[str, Any]


def run(folder: str, *words: str) -> Ran:
    """``xorviz render``, in a process of its own."""
    before, began_s = os.times(), time.perf_counter()
    command = [sys.executable, "-m", "xorviz", "render", *words, "--json", "--quiet", "--force"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    after, wall_s = os.times(), time.perf_counter() - began_s
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(wall_s, cpu_s, json.loads(done.stdout))


def together(folder: str, n_workers: str) -> None:
    """Files from one drawing, beside each from its own."""
    alone = [run(folder, "--out", f"alone.{suffix}", "--workers", n_workers) for suffix in TOGETHER]
    outs = [word for suffix in TOGETHER for word in ("--out", f"all.{suffix}")]
    all_ = run(folder, *outs, "--workers", n_workers)
    for suffix in TOGETHER:
        same = Path(folder, f"alone.{suffix}").read_bytes() == Path(folder, f"all.{suffix}").read_bytes()
        assert same, f"{suffix}: not the same bytes"
    wall_s, cpu_s = sum(one.wall_s for one in alone), sum(one.cpu_s for one in alone)
    print(f"{', '.join(TOGETHER)}, one by one: {wall_s:.1f} s wall, {cpu_s:.1f} s CPU")
    print(f"from one drawing, the same bytes: {all_.wall_s:.1f} s wall, {all_.cpu_s:.1f} s CPU")
    print(f"ratio {all_.wall_s / wall_s:.2f} wall, {all_.cpu_s / cpu_s:.2f} CPU")


def foreseen(folder: str, words: Sequence[str], n_workers: str) -> None:
    """What a dry run says, beside what comes of it."""
    command = ("--out", *words, "--workers", n_workers)
    said, done = run(folder, *command, "--dry-run"), run(folder, *command)
    bytes_ratio = said.said["estimated_bytes"][0] / done.said["n_bytes"]
    time_ratio = said.said["estimated_s"] / done.wall_s
    print(f"{' '.join(words)}: foreseen / true {bytes_ratio:.2f} bytes, {time_ratio:.2f} s, in {said.wall_s:.1f} s")


def limited(folder: str, out: str, limit: str, n_workers: str) -> None:
    """What keeps a limit, beside the file without one."""
    plain = run(folder, "--out", out, "--workers", n_workers)
    done = run(folder, "--out", out, "--max-bytes", limit, "--workers", n_workers)
    times = done.cpu_s / plain.cpu_s
    print(
        f"{out} under {limit}: {done.said['n_bytes']:,} bytes, {times:.1f} times the CPU of {plain.said['n_bytes']:,}"
    )
    print(f"    {done.said['notes'][-1]}")


def main() -> None:
    n_workers = sys.argv[1] if len(sys.argv) > 1 else "1"
    with TemporaryDirectory() as folder:
        together(folder, n_workers)
        for words in FORESEEN:
            foreseen(folder, words, n_workers)
        for out, limit in LIMITS:
            limited(folder, out, limit, n_workers)


if __name__ == "__main__":
    main()
