"""``xorviz render --dry-run``: how large the files will be, and how soon they are there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xorviz.encoders import Options, encoder_for, suffix_of
from xorviz.encoders.byte_counts import readable
from xorviz.parallel.workers import Alone
from xorviz.production.budget import Budget
from xorviz.production.drawing import runs
from xorviz.production.trials import Estimate, estimated
from xorviz.render.console import Console
from xorviz.render.crew import n_cores
from xorviz.render.source import Source
from xorviz.scenes.scene import Scene
from xorviz.scenes.viewing import viewed

# Until an interpreter has started, and has let go of everything.
_END_S = 0.4


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
    # Another process is started before training, and imports what this one did.
    late_s = max(0.0, imports_s * crowd - trained_s)
    wall_s = (imports_s + _END_S) * crowd + prepared_s + _drawing_s(found, n_workers or n_cores(), late_s)
    sizes = ", ".join(f"{out} about {readable(n)}" for out, n in zip(outs, found.n_bytes, strict=True))
    text = "\n".join([f"{sizes}; about {wall_s:.1f} s, from {found.n_sampled} of {found.n_frames} frames", *notes])
    return text, {"estimated_bytes": list(found.n_bytes), "estimated_s": wall_s}


def _drawing_s(found: Estimate, n_workers: int, late_s: float) -> float:
    """Seconds from the end of training until the files are there.

    Args:
        found: what a sample says.
        n_workers: processes that draw, this one included.
        late_s: seconds from the end of training until the others have imported.
    """
    own_s, work_s = found.setup_s + found.first_s, found.n_frames * found.frame_s
    n_runs = len(runs(found.n_frames))
    n_others = min(n_workers, n_runs) - 1
    # Others begin when the files are open, by a canvas of their own.
    other_s = max(found.setup_s, late_s) + found.canvas_s + found.first_s
    even_s = (own_s + n_others * other_s + work_s) / (1 + n_others)
    # Whoever is ready waits for the last run, half of one in the mean.
    return min(own_s + work_s, even_s + work_s / n_runs / 2 if n_others else even_s)
