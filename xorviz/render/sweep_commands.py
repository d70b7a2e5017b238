"""``xorviz sweep`` and ``xorviz export`` and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Arithmetic, Force, Json, Quiet, Theme

Stored = Annotated[Path, Parameter(help="The store of a study: *.db.")]


def sweep(
    source: Annotated[str, Parameter(help="An article's name.")] = "init-scale",
    /,
    *,
    store: Annotated[Path, Parameter(help="The file that keeps every run: *.db. The same command goes on with it.")],
    runs: Annotated[int | None, Parameter(help="How many runs in all.")] = None,
    passes: Annotated[int | None, Parameter(help="Instead of --runs: blocks for every point, on average.")] = None,
    grid: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help="SETTING=exp:-3:4:400, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT or VALUE,VALUE; repeatable.",
        ),
    ] = (),
    random: Annotated[int | None, Parameter(help="Draw so many points from the ranges, given without a count.")] = None,
    adaptive: Annotated[
        bool, Parameter(negative="", help="After the first pass, go where the relative standard error is largest.")
    ] = False,
    common: Annotated[bool, Parameter(negative="", help="All points start from the same random numbers.")] = False,
    seed: Annotated[int, Parameter(help="Of the study.")] = 0,
    block: Annotated[int | None, Parameter(help="Runs of a point that are stored as one row.")] = None,
    arithmetic: Arithmetic = None,
    engine: Annotated[str, Parameter(help="numpy, numba, or auto: the fastest that is installed.")] = "auto",
    workers: Annotated[int | None, Parameter(help="Processes that train; every core if not given.")] = None,
    executor: Annotated[str | None, Parameter(help="A dask.distributed scheduler: tcp://HOST:PORT.")] = None,
    report: Annotated[
        bool, Parameter(negative="", help="Train nothing; print what the stored runs say of init-scale's claims.")
    ] = False,
    watch: Annotated[
        Path | None, Parameter(help="Redraw this picture while the sweep runs: .png, .svg or .pdf.")
    ] = None,
    scene: Annotated[
        str, Parameter(help="What --watch draws: sweep, sweep-dashboard, shelves, or a *.toml.")
    ] = "sweep",
    theme: Theme = None,
    replay: Annotated[str, Parameter(help="Train one run again, POINT:BLOCK:INDEX, as a recording to --out.")] = "",
    out: Annotated[Path | None, Parameter(alias="-o", help="Of --replay: *.xorviz.")] = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Train very many runs over a grid of settings, and keep what became of each.

    xorviz sweep init-scale --runs 4000000 --store study.db

    xorviz sweep backprop --grid learning_rate=log:0.1:10:50 --grid widths=2-2-1,2-3-1 --runs 100000 --store rates.db

    xorviz sweep init-scale --runs 4000000 --store study.db --watch study.png

    xorviz sweep init-scale --store study.db --report

    xorviz sweep init-scale --store study.db --replay 155:0:7 --out run.xorviz
    """
    from xorviz.render import sweeping

    console = Console(quiet, json)
    if report:
        sweeping.report_claims(store, console)
        return
    if replay:
        sweeping.replay(source, store, replay, out, force=force, console=console)
        return
    request = sweeping.Request(
        source=source,
        arithmetic=arithmetic,
        grids=grid,
        n_random=random,
        seed=seed,
        block_runs=block,
        common=common,
        adaptive=adaptive,
        engine=engine,
        n_runs=runs,
        n_passes=passes,
        workers=workers,
        executor=executor,
    )
    sweeping.sweep(request, store, console, watcher=sweeping.watcher(watch, store, scene, theme, force, console))


def export(
    store: Stored,
    /,
    *,
    to: Annotated[str, Parameter(help="csv or parquet.")] = "csv",
    out: Annotated[
        Path | None, Parameter(alias="-o", help="The file to write; named after the store if not given.")
    ] = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Write every run of a study as a table, one row each.

    xorviz export study.db --to parquet
    """
    from xorviz.render.sweeping import export_study

    export_study(store, to, out, force=force, console=Console(quiet, json))
