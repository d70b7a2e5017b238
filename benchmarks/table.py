"""Results as text: a table for every job, one for the lengths, one for the targets."""

from __future__ import annotations

from benchmarks.contender import CONTENDERS
from benchmarks.jobs import JOBS

_WIDTH = 36
_QUIET_CORES = 0.25


def job_table(job, results):
    """One line for every contender of a job, ratios against the first of xorviz."""
    of_job = {entry: result for entry, result in results.items() if entry.job == job}
    reference = next((r for e, r in of_job.items() if e.contender == "xorviz" and "skipped" not in r), None)
    head = f"{'frames':>6} {'CPU ms':>8} {'×':>6} {'wall ms':>8} {'×':>6} {'others':>6} {'kB/frame':>9} {'peak MB':>8}"
    lines = [f"{JOBS[job].title:{_WIDTH}} {head}"]
    for entry, result in of_job.items():
        title = CONTENDERS[entry.contender].title
        if "skipped" in result:
            lines.append(f"{title:{_WIDTH}} not run: {result['skipped']}")
            continue
        cpu, wall = (ratio(result, reference, key) for key in ("cpu_ms", "wall_ms"))
        times = f"{result['cpu_ms']:8.1f} {cpu:>6} {result['wall_ms']:8.1f} {wall:>6} {result['others_cores']:6.1f}"
        size = f"{result['n_bytes'] / result['n_frames'] / 1e3:9.1f}"
        lines.append(f"{title:{_WIDTH}} {result['n_frames']:6} {times} {size} {result['peak_mb']:8.0f}")
    return "\n".join(lines)


def ratio(result, reference, key):
    """How many times as much as the reference, for a column; empty without a reference."""
    if reference is None or "skipped" in result:
        return ""
    times = result[key] / reference[key]
    return f"{times:.2f}" if times < 9.95 else f"{times:.0f}"


def lengths_table(results):
    """Memory, and CPU per frame, at several lengths of the same animation."""
    lines = [f"{'Lengths, 1280×720':{_WIDTH}} {'file':>5} {'frames':>6} {'CPU ms':>8} {'kB/frame':>9} {'peak MB':>8}"]
    order = list(CONTENDERS)
    for entry in sorted(results, key=lambda e: (order.index(e.contender), e.job, e.n_frames)):
        result, title = results[entry], CONTENDERS[entry.contender].title
        suffix = JOBS[entry.job].suffix[1:].upper()
        if "skipped" in result:
            lines.append(f"{title:{_WIDTH}} {suffix:>5} {entry.n_frames:6} not run: {result['skipped']}")
            continue
        times = f"{result['n_frames']:6} {result['cpu_ms']:8.1f}"
        size = f"{result['n_bytes'] / result['n_frames'] / 1e3:9.1f} {result['peak_mb']:8.0f}"
        lines.append(f"{title:{_WIDTH}} {suffix:>5} {times} {size}")
    return "\n".join(lines)


def targets(timed, watched):
    """The targets: a name, what was measured, the limit, and the verdict; only those that were measured."""
    of = {(e.job, e.contender): r for e, r in timed.items() if "skipped" not in r}
    wanted = [
        ("CPU, four panels to MP4 / x264 veryfast on frames in memory", "xorviz", "x264", "cpu_ms", "<=", 1.5),
        ("wall, FFMpegWriter / xorviz, 2 workers", "ffmpeg-writer", "xorviz-2", "wall_ms", ">=", 35),
        ("wall, 1 worker / 2 workers", "xorviz", "xorviz-2", "wall_ms", ">=", 1.8),
        ("wall, 1 worker / 2 workers, pool open", "xorviz", "xorviz-2-warm", "wall_ms", ">=", 1.8),
    ]
    rows = []
    for name, above, below, key, sign, limit in wanted:
        pair = [of.get(("dashboard", contender)) for contender in (above, below)]
        if None not in pair:
            value = pair[0][key] / pair[1][key]
            kept = value <= limit if sign == "<=" else value >= limit
            busy = max(result["others_cores"] for result in pair) if key == "wall_ms" else 0
            rows.append((name, f"{value:.2f}", f"{sign} {limit}", verdict(kept, busy)))
    for contender in ("xorviz", "xorviz-2"):
        for job in ("long-mp4", "long-gif"):
            peaks = {
                e.n_frames: r["peak_mb"]
                for e, r in watched.items()
                if (e.job, e.contender) == (job, contender) and "skipped" not in r
            }
            if len(peaks) > 1:
                growth, title = peaks[max(peaks)] - peaks[min(peaks)], CONTENDERS[contender].title
                name = f"memory, {title}, {JOBS[job].suffix[1:].upper()}, {max(peaks)} - {min(peaks)} frames"
                rows.append((name, f"{growth:+.0f} MB", "<= 50 MB", verdict(growth <= 50)))
    return rows


def verdict(is_kept, busy_cores=0.0):
    """Whether a target is kept; no wall time says so while other work takes the machine."""
    if busy_cores > _QUIET_CORES:
        return f"not judged: other work used {busy_cores:.1f} cores"
    return "kept" if is_kept else "MISSED"


def targets_table(rows):
    """The targets as text."""
    return "\n".join(
        [f"{'Target':60} {'measured':>10} {'wanted':>10}"]
        + [f"{name:60} {value:>10} {limit:>10}  {judged}" for name, value, limit, judged in rows]
    )
