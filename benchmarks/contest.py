"""Who draws what, with how many frames, in which order: in turns, round after round."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from benchmarks.contender import CONTENDERS
from benchmarks.jobs import JOBS, SCENES
from benchmarks.measuring import measure, together

_OURS = ("xorviz", "xorviz-2", "xorviz-2-warm")
ENTRANTS = {
    "dashboard": (*_OURS, "encoder", "x264", "ffmpeg-writer", "celluloid", "matplotloom"),
    "surface": (*_OURS[:2], "encoder", "ffmpeg-writer", "matplotloom"),
    "gif": (*_OURS, "command", "encoder", "pillow-writer", "celluloid", "gif", "matplotloom", "savefig"),
}
LENGTHS = {"xorviz": (100, 1000, 10_000), "xorviz-2": (100, 10_000)}
_PEER_COST = 20  # how much longer a frame takes the others, to begin with what takes longest
PEER_LENGTHS = {
    "long-mp4": {"ffmpeg-writer": (25, 100), "celluloid": (20, 60)},
    "long-gif": {"pillow-writer": (60, 240)},
}


@dataclass(frozen=True)
class Entry:
    """A contender in a job with so many frames."""

    job: str
    contender: str
    n_frames: int


def timed_entries(scenes, *, is_quick, only=()):
    """The entries whose time counts; each runs by itself."""
    chosen = [name for scene in scenes for name in SCENES[scene] if name in ENTRANTS]
    entries = []
    for name in chosen:
        job = JOBS[name]
        for contender in ENTRANTS[name]:
            is_peer = CONTENDERS[contender].kind == "peer"
            n_peer = max(job.n_peer // 3, 2) if is_quick else job.n_peer
            n_ours = job.n_quick if is_quick else job.n_frames
            entries.append(Entry(name, contender, n_peer if is_peer else n_ours))
    return [entry for entry in entries if not only or entry.contender in only]


def long_entries(scenes, *, is_quick, only=()):
    """The entries whose memory counts, the longest first; two run side by side."""
    entries = []
    for name in [name for scene in scenes for name in SCENES[scene] if name in PEER_LENGTHS]:
        most = JOBS[name].n_quick if is_quick else JOBS[name].n_frames
        for contender, lengths in LENGTHS.items():
            entries += [Entry(name, contender, min(n, most)) for n in lengths if n <= most or n == lengths[-1]]
        for contender, lengths in PEER_LENGTHS[name].items():
            entries += [Entry(name, contender, n // 6 if is_quick else n) for n in lengths]
    entries = list(dict.fromkeys(entries))
    entries.sort(key=lambda entry: -entry.n_frames * (1 if entry.contender in LENGTHS else _PEER_COST))
    return [entry for entry in entries if not only or entry.contender in only]


def timed(entries, n_rounds, tell):
    """Result of every entry: ``n_rounds`` rounds, each contender once in each."""
    rounds = []
    for number in range(n_rounds):
        rounds.append({})
        for entry in entries:
            earlier = rounds[0].get(entry, {})
            rounds[-1][entry] = earlier if "skipped" in earlier else _measured(entry, f"round {number + 1}", tell)
    return {entry: together([a_round[entry] for a_round in rounds]) for entry in entries} if rounds else {}


def watched(entries, tell):
    """Result of every entry, once, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(entries, pool.map(lambda entry: _measured(entry, "memory", tell), entries), strict=True))


def _measured(entry, when, tell):
    begin = time.perf_counter()
    result = measure(entry.contender, entry.job, entry.n_frames)
    tell(f"{when}: {entry.job}, {entry.contender}, {entry.n_frames} frames: {time.perf_counter() - begin:.1f} s")
    return result


def as_records(results):
    """Results as a list of plain dictionaries, for JSON."""
    return [{**asdict(entry), **result} for entry, result in results.items()]
