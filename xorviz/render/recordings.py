"""``xorviz train``, ``info`` and ``verify``: everything about recordings that draws nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xorviz.errors import UsageError
from xorviz.learning.data import Data
from xorviz.learning.experiment import Experiment
from xorviz.recordings.partial_file import check_name, cut_off, partial_of
from xorviz.recordings.recording import Recording, load
from xorviz.render.console import Console
from xorviz.render.outcomes import learned, outcome
from xorviz.render.source import resolve
from xorviz.training import train


def train_and_store(
    source: str,
    out: Path | None,
    *,
    seed: int | None,
    arithmetic: str | None,
    data: Data | None,
    force: bool,
    console: Console,
) -> None:
    """Train an experiment into a file.

    Raises:
        UsageError: refused before any work.
        XorvizError: the file cannot be written.
    """
    found = resolve(source, seed=seed, arithmetic=arithmetic, data=data)
    (run, *others) = found.runs
    if others:
        raise UsageError(f"SOURCE must name one run to train; {source!r} has {len(found.runs)}. Try xorviz render.")
    if isinstance(run, Recording):
        raise UsageError(f"SOURCE must name something to train; {source!r} is a recording. Try xorviz info {source}.")
    record(run, out or Path(f"{found.stem}.xorviz"), force=force, console=console)


def record(run: Experiment, path: Path, *, force: bool, console: Console) -> None:
    """Train an experiment into a file, and say what came of it.

    Raises:
        UsageError: refused before any work.
        XorvizError: the file cannot be written.
    """
    check_name(path, argument="out")
    partial = partial_of(path)
    # Whoever agrees to replace the file does not speak of what a cut-off run left beside it.
    if partial.exists() and not force:
        raise cut_off(partial, argument="out")
    console.may_write(path, force=force)
    with console.warnings_said(), console.progress("train", "step") as progress:
        # A file that is to be replaced has been asked for; of two runs that begin at once the second is refused.
        replaces = force or path.exists()
        recording = train(run, out=path, force=replaces, progress=lambda step, n_steps, loss: progress(step, n_steps))
    console.result(str(path), {"path": str(path), **details(recording)})
    console.say(f"{recording.n_snapshots} snapshots, {path.stat().st_size / 1e3:.0f} kB: {learned(recording)}")


def details(recording: Recording) -> dict[str, Any]:
    """A run's outcome with the final outputs and parameters at full precision, as JSON values."""
    named = {}
    if recording.is_dense:
        views = recording.network.views(recording.parameter_vectors([-1])[0])
        named = {name: array.tolist() for name, array in views.items()}
    return {
        **outcome(recording),
        "outputs": recording.outputs(recording.inputs).tolist(),
        "parameters": named,
        "metrics": {name: recording.series(name).values[-1] for name in recording.metrics},
    }


def describe(path: Path, console: Console) -> None:
    """Say what a recording holds.

    Raises:
        RecordingError: it cannot be read.
    """
    recording = load(path)
    rows = {
        "file": f"{path}, {path.stat().st_size / 1e3:.0f} kB",
        "run": f"{recording.title}, {recording.description}, seed {recording.seed}",
        "network": f"{recording.network.describe()}, {recording.network.n_parameters} parameters"
        if recording.is_dense
        else recording.model.describe(),
        "recorded": f"{recording.n_steps:,} steps, {recording.n_snapshots:,} snapshots"
        + ("" if recording.complete else "; cut off before its end"),
        "learned": learned(recording),
        "written by": ", ".join(f"{name} {version}" for name, version in recording.versions.items()),
    }
    text = "\n".join(f"{name:<11}{value}" for name, value in rows.items())
    console.result(text, {"path": str(path), "complete": recording.complete, **details(recording)})


def check(path: Path, console: Console) -> bool:
    """Re-run the forward passes of a recording and report agreement.

    Returns:
        Whether every snapshot agrees.

    Raises:
        RecordingError: it cannot be read.
    """
    result = load(path).verify()
    agreement = "agrees" if result.ok else f"DISAGREES, worst at snapshot {result.worst}"
    text = (
        f"{path}: the re-run loss of {result.n_snapshots:,} snapshots {agreement}; "
        f"largest difference {result.max_absolute:.1e}"
    )
    console.result(text, {"path": str(path), **msgspec.to_builtins(result)})
    return result.ok
