"""``xorviz sweep`` and ``xorviz export`` and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Force, Json, Quiet, Theme
from xorviz.render.sweep_request import SweepRequest

_AS_IT_IS = SweepRequest()
Stored = Annotated[Path, Parameter(help="The store of a study: *.db.")]


def sweep(
    source: Annotated[str, Parameter(help="An article's name.")] = "init-scale",
    /,
    *,
    store: Annotated[Path, Parameter(help="The file that keeps every run: *.db. The same command goes on with it.")],
    request: Annotated[SweepRequest, Parameter(name="*")] = _AS_IT_IS,
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
    replay: Annotated[
        str, Parameter(show_default=False, help="Train one run again, POINT:BLOCK:INDEX, as a recording to --out.")
    ] = "",
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
    by = sweeping.watcher(watch, store, scene, theme, force, console)
    sweeping.sweep(source, request, store, console, watcher=by)


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
