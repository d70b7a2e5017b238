"""CPU time and memory of a process with all that it started, read from /proc; without one, of itself only."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

_IS_LINUX = Path("/proc/self/task").is_dir()


def descendants(pid):
    """Process ids of everything that a process started and that still runs, or has not been waited for."""
    found = []
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return found
    for child in children:
        found += [child, *descendants(child)]
    return found


def _cpu_s_of(pid):
    """User and system time of a process and of the children it waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def cpu_s():
    """CPU time that this process and everything it started have used."""
    usages = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    waited_for = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return waited_for + sum(_cpu_s_of(pid) for pid in descendants(os.getpid()))


def machine_cpu_s():
    """CPU time that everything on this machine has used since it was started; 0 where that is not known."""
    try:
        user, nice, system, _, _, irq, softirq, *_ = Path("/proc/stat").read_text().split("\n")[0].split()[1:]
    except OSError:
        return 0.0
    return sum(map(int, (user, nice, system, irq, softirq))) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid):
    """Memory that a process and everything it started hold now; pages they share count for each."""
    n_pages = 0
    for one in (pid, *descendants(pid)):
        try:
            n_pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return n_pages * resource.getpagesize() / 1e6


def own_peak_mb():
    """The most memory that this process has held since its program began."""
    if _IS_LINUX:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
