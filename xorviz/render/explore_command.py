"""``xorviz explore``: a run as a page that draws itself in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Arithmetic, Force, Json, Quiet, Seed, Source


def explore(
    source: Source = "",
    /,
    *,
    out: Annotated[Path | None, Parameter(alias="-o", help="The page to write: *.html.")] = None,
    max_bytes: Annotated[int, Parameter(help="What snapshots may take; more are thinned evenly.")] = 4_000_000,
    seed: Seed = None,
    arithmetic: Arithmetic = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Write a page to explore a run with: scrub, turn the surface, read the output at any point.

    xorviz explore backprop --out explore.html

    xorviz explore run.xorviz --max-bytes 500000
    """
    from xorviz.errors import UsageError
    from xorviz.explorer.exploring import check
    from xorviz.explorer.exploring import explore as write_page
    from xorviz.render.outcomes import learned, outcome
    from xorviz.render.source import resolve

    console = Console(quiet, json)
    found = resolve(source, seed=seed, arithmetic=arithmetic)
    if len(found.runs) != 1:
        raise UsageError(f"SOURCE must be one run to be explored; got {len(found.runs)} runs.")
    page = out or Path(f"{found.stem}.explorer.html")
    check(page, max_bytes)
    console.may_write(page, force=force)
    recording = found.recordings(console)[0]
    written = write_page(recording, page, max_bytes=max_bytes)
    details = {
        "path": str(written.path),
        "n_snapshots": written.n_snapshots,
        "n_bytes": written.n_bytes,
        "notes": list(written.notes),
    }
    console.result(str(written.path), {**details, **outcome(recording)})
    for note in written.notes:
        console.say(note)
    console.say(f"{written.n_snapshots:,} snapshots, {written.n_bytes / 1e3:.0f} kB: {learned(recording)}")
