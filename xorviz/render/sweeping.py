"""What ``xorviz sweep`` and ``xorviz export`` do: check everything, train, store, say what was made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment
from xorviz.render.console import Console
from xorviz.render.crew import crew
from xorviz.render.recordings import record
from xorviz.render.source import resolve, scene_asked
from xorviz.render.sweep_request import SweepRequest
from xorviz.render.watching import Watcher
from xorviz.sweeps.axes import short
from xorviz.sweeps.blocks import prepare
from xorviz.sweeps.export import export
from xorviz.sweeps.planning import Wanted, plan_of
from xorviz.sweeps.replay import runs_at
from xorviz.sweeps.report import report
from xorviz.sweeps.running import run_study
from xorviz.sweeps.statistics import statistics
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study


def _wanted(source: str, request: SweepRequest) -> Wanted:
    return Wanted(
        experiment=_experiment(source, request.arithmetic),
        grids=request.grid,
        n_random=request.random,
        seed=request.seed,
        block_runs=request.block,
        common=request.common,
        adaptive=request.adaptive,
        engine=request.engine,
    )


def _experiment(source: str, arithmetic: str | None) -> Experiment:
    found = resolve(source, seed=None, arithmetic=arithmetic)
    if len(found.runs) != 1 or not isinstance(found.runs[0], Experiment):
        raise UsageError(f"SOURCE must be one experiment to sweep; got {source!r}. Give an article's name.")
    return found.runs[0]


def watcher(
    out: Path | None, path: Path, scene: str, theme: str | None, force: bool, console: Console
) -> Watcher | None:
    """Who redraws the picture of a sweep, if anybody.

    Raises:
        UsageError: a scene that is none of a study, or a file that cannot be written or is not to be replaced.
    """
    if out is None:
        return None
    console.may_write(out, force=force)
    return Watcher(path, out, scene_asked(scene, 1).changed(**({} if theme is None else {"theme": theme})))


def sweep(source: str, request: SweepRequest, path: Path, console: Console, *, watcher: Watcher | None = None) -> None:
    """Run what a study lacks, and say what it has.

    Raises:
        UsageError: refused before any work.
        StudyError: the store cannot be read.
        XorvizError: the work failed; everything stored is kept.
    """
    existing = Study(path).plan if path.exists() else None
    plan, n_runs = plan_of(_wanted(source, request), existing, n_runs=request.runs, n_passes=request.passes)
    with Store(path, plan) as store, crew(request.workers, request.executor, prepare=prepare) as workers:
        workers.start()
        n_before = store.study.n_runs
        try:
            with console.progress("train", "run", n_before=n_before) as progress:
                run_study(store, n_runs, workers, watcher.beside(progress) if watcher else progress)
        except BaseException as error:
            store.study.refresh()
            error.add_note(f"{store.study.n_runs:,} runs are kept in {str(path)!r}; the same command goes on.")
            raise
    if watcher is not None:
        watcher.draw()
    _report(store.study, n_before, console)


def _report(study: Study, n_before: int, console: Console) -> None:
    found = statistics(study.by_point())
    with np.errstate(all="ignore"):
        relative = found.standard_errors / np.abs(found.means)
    n_tried = found.n_runs + found.n_diverged
    is_known = np.isfinite(found.means)
    best = int(np.nanargmin(found.means)) if is_known.any() else 0
    details: dict[str, Any] = {
        "path": str(study.path),
        "n_runs": study.n_runs,
        "n_new_runs": study.n_runs - n_before,
        "n_points": study.n_points,
        "engine": study.plan.engine,
        "n_bytes": study.path.stat().st_size,
        "failed": float(np.nansum(found.failed * n_tried) / max(n_tried.sum(), 1)),
        "largest_relative_error": float(np.nanmax(relative)) if np.isfinite(relative).any() else None,
        "best_point": {
            "point": best,
            **{axis.setting: value for axis, value in zip(study.plan.axes, study.points[best], strict=True)},
            "mean": float(found.means[best]),
            "standard_error": float(found.standard_errors[best]),
        },
    }
    console.result(str(study.path), details)
    said = ", ".join(
        f"{axis.setting} {short(value)}" for axis, value in zip(study.plan.axes, study.points[best], strict=True)
    )
    console.say(
        f"{study.n_runs:,} runs of {study.n_points:,} points ({study.n_runs - n_before:,} new, {study.plan.engine}); "
        f"{details['failed']:.1%} fail; lowest mean {found.means[best]:.5g} ± {found.standard_errors[best]:.2g} "
        f"at {said}"
    )


def report_claims(path: Path, console: Console) -> None:
    """Print what a study says of its article's claims.

    Raises:
        UsageError: a study of something else, or too few runs.
        StudyError: the store cannot be read.
    """
    found = report(Study(path))
    console.result(found.text(), asdict(found))


def replay(source: str, path: Path, address: str, out: Path | None, *, force: bool, console: Console) -> None:
    """Train one run of a study again, as a recording.

    Raises:
        UsageError: no such run, or a file that cannot be written.
        StudyError: the store cannot be read.
    """
    study = Study(path)
    if source != study.plan.experiment["name"]:
        raise UsageError(f"SOURCE must be what was swept; {str(path)!r} is of {study.plan.experiment['name']!r}.")
    runs = runs_at(study, address, argument="--replay")
    if len(runs) > 1:
        raise UsageError(f"--replay must name one run, POINT:BLOCK:INDEX; got {address!r}.")
    record(runs[0], out or Path(f"{path.stem}-{address.replace(':', '-')}.xorviz"), force=force, console=console)


def export_study(path: Path, to: str, out: Path | None, *, force: bool, console: Console) -> None:
    """Write a study as a table.

    Raises:
        UsageError: an unknown format, or a file that is not to be replaced.
        StudyError: the store cannot be read.
        XorvizError: the table cannot be written.
    """
    study, target = Study(path), out or path.with_suffix(f".{to}")
    console.may_write(target, force=force)
    n_runs = export(study, target, to)
    n_bytes = target.stat().st_size
    console.result(str(target), {"path": str(target), "n_runs": n_runs, "n_bytes": n_bytes})
    console.say(f"{n_runs:,} runs, {n_bytes / 1e6:.1f} MB")
