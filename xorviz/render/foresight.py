"""``xorviz render --dry-run``: how large the files will be, and how soon they are there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xorviz.budget import Budget
from xorviz.byte_counts import readable
from xorviz.encoders import Options, encoder_for, suffix_of
from xorviz.render.console import Console
from xorviz.render.crew import n_cores
from xorviz.render.source import Source
from xorviz.scene import Scene
from xorviz.trials import Estimate, estimated
from xorviz.viewing import viewed
from xorviz.workers import Alone

# A process that is started to draw imports so long, while this one trains.
_START_S = 0.5


def foreseen(
    source: Source,
    scene: Scene,
    outs: Sequence[Path],
    options: Options,
    budget: Budget | None,
    n_workers: int | None,
) -> tuple[str, dict[str, Any]]:
    """Train, encode a sample in this process, and say what the whole would be.

    Args:
        source: what is shown.
        scene: how.
        outs: the files.
        options: what is asked of them.
        budget: the limit that they keep, if any.
        n_workers: processes that would draw; every core if None.

    Returns:
        A sentence, and the same as JSON values.

    Raises:
        UsageError: something that is seen only with the run at hand, such as a limit that no setting can keep.
    """
    imports_s, began_s = time.process_time(), time.perf_counter()
    scene, recordings = viewed(scene, source.recordings(Console(quiet=True)))
    trained_s, notes = time.perf_counter() - began_s, []
    encoders = [(suffix_of(out), encoder_for(out, options)) for out in outs]
    if budget:
        choice = budget.choose(recordings, scene, Alone())
        scene = choice.scene
        encoders = [
            (suffix_of(out), budget.encoder(out, level)) for out, level in zip(outs, choice.levels, strict=True)
        ]
        notes = [f"{out} {budget.said(choice, i)}" for i, out in enumerate(outs)]
    prepared_s = time.perf_counter() - began_s
    found = estimated(recordings, scene, encoders, Alone())
    # How much longer than its own work a process takes here and now, beside others.
    crowd = (time.perf_counter() - began_s) / max(time.process_time() - imports_s, 1e-3)
    wall_s = imports_s * crowd + prepared_s + _drawing_s(found, n_workers or n_cores(), trained_s, _START_S * crowd)
    sizes = ", ".join(f"{out} about {readable(n)}" for out, n in zip(outs, found.n_bytes, strict=True))
    text = "\n".join([f"{sizes}; about {wall_s:.1f} s, from {found.n_sampled} of {found.n_frames} frames", *notes])
    return text, {"estimated_bytes": list(found.n_bytes), "estimated_s": wall_s}


def _drawing_s(found: Estimate, n_workers: int, trained_s: float, start_s: float) -> float:
    """Seconds from the end of training until the files are there; other processes begin later, by a canvas."""
    work_s = found.n_frames * found.frame_s
    alone_s = max(0.0, start_s - trained_s - found.setup_s) + found.setup_s / 2 if n_workers > 1 else 0.0
    shared_s = max(0.0, work_s - alone_s) / n_workers
    return found.setup_s + min(work_s, alone_s) + shared_s
