"""``xorviz still`` and ``xorviz sheet`` and their options."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.data_options import Hold, Learned, Plane, asked, plane_changes
from xorviz.render.options import Arithmetic, Dpi, Force, Json, Quiet, Seed, Source, StillOut, Theme, Transparent


def still(
    source: Source = "",
    /,
    *,
    out: StillOut = None,
    step: Annotated[int | None, Parameter(help="Step to show; the last if not given.")] = None,
    scene: Annotated[str | None, Parameter(help="A built-in scene, or a *.toml.")] = None,
    panel: Annotated[str, Parameter(help="Show one panel of the scene alone.")] = "",
    size: Annotated[str | None, Parameter(help="Width and height of the scene in pixels: 960x540.")] = None,
    theme: Theme = None,
    plane: Plane = None,
    hold_input: Hold = (),
    learned: Learned = None,
    transparent: Transparent = False,
    dpi: Dpi = 96.0,
    seed: Seed = None,
    arithmetic: Arithmetic = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Draw one step as a picture: PNG, or SVG and PDF for papers.

    xorviz still run.xorviz --step 500 --out figure.pdf

    xorviz still convergence --panel loss --out loss.svg --transparent
    """
    from xorviz.render.stills import Request, draw_still

    data, view = asked(learned), plane_changes(plane, hold_input)
    request = Request(source, out, scene, size, theme, transparent, dpi, seed, arithmetic, force, data, view)
    draw_still(request, Console(quiet, json), step=step, panel=panel)


def sheet(
    source: Source = "",
    /,
    *,
    out: StillOut = None,
    step: Annotated[tuple[int, ...], Parameter(negative="", help="A step to show; repeatable.")] = (),
    count: Annotated[int, Parameter(help="How many steps to show where none are named.")] = 6,
    columns: Annotated[int | None, Parameter(help="Steps in a row; as many as fit well if not given.")] = None,
    scene: Annotated[str | None, Parameter(help="A built-in scene, or a *.toml.")] = None,
    size: Annotated[str | None, Parameter(help="Width and height of the sheet in pixels.")] = None,
    theme: Theme = None,
    plane: Plane = None,
    hold_input: Hold = (),
    learned: Learned = None,
    transparent: Transparent = False,
    dpi: Dpi = 96.0,
    seed: Seed = None,
    arithmetic: Arithmetic = None,
    force: Force = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Draw several steps side by side as one picture.

    xorviz sheet backprop --out sheet.pdf

    xorviz sheet run.xorviz --step 0 --step 20 --step 60 --columns 3 --scene field --out sheet.svg
    """
    from xorviz.render.stills import Request, draw_sheet

    data, view = asked(learned), plane_changes(plane, hold_input)
    request = Request(source, out, scene, size, theme, transparent, dpi, seed, arithmetic, force, data, view)
    draw_sheet(request, Console(quiet, json), steps=step or count, columns=columns)
