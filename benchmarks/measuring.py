"""Run contenders in processes of their own, watch their memory, and put rounds together."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.process_tree import rss_mb

_SAMPLE_EVERY_S = 0.05
_MOST_S = 1200


class Peak(threading.Thread):
    """Watches how much memory a process and all that it started hold at most."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.mb, self._over = pid, 0.0, threading.Event()

    def run(self):
        while not self._over.wait(_SAMPLE_EVERY_S):
            self.mb = max(self.mb, rss_mb(self.pid))

    def end(self):
        self._over.set()
        self.join()
        return self.mb


def measure(contender, job, n_frames):
    """What a contender's process printed, its peak memory that of the whole tree; or why there is nothing."""
    words = ["-m", "benchmarks.contender", contender, job, str(n_frames)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8",
        )  # fmt: skip
        peak = Peak(process.pid)
        peak.start()
        try:
            out, complaint = process.communicate(timeout=_MOST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, complaint = process.communicate()
            complaint += f"gave up after {_MOST_S} s"
        finally:
            peak_mb = peak.end()
    if process.returncode:
        named = re.findall(r"^[\w. -]*(?:Error|error|gave up).*", complaint, re.MULTILINE)
        return {"skipped": f"failed: {(named or [f'exit code {process.returncode}'])[-1][:100]}"}
    result = json.loads(out.strip().splitlines()[-1])
    if "peak_mb" in result:
        result["peak_mb"] = max(result["peak_mb"], peak_mb)
    return result


def together(results):
    """Rounds as one: the median, but of wall times the least, because other work on the machine only adds to them."""
    if any("skipped" in result for result in results):
        return next(result for result in results if "skipped" in result)
    combined = {key: statistics.median(result[key] for result in results) for key in results[0]}
    fastest = min(results, key=lambda result: result["wall_ms"])
    combined |= {key: fastest[key] for key in ("wall_ms", "others_cores")}
    combined["n_frames"], combined["n_bytes"] = int(combined["n_frames"]), int(combined["n_bytes"])
    return combined


def machine():
    """Processor, system and versions of what takes part."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    peers = ("imageio-ffmpeg", "celluloid", "gif", "matplotloom")
    names = ("xorviz", "numpy", "matplotlib", "av", "pillow", "numba", *peers)
    libraries = []
    for name in names:
        try:
            libraries.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    load = f"load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {load}; {system}, {', '.join(libraries)}"
