"""``xorviz still`` and ``xorviz sheet`` and their options."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Json, Quiet, Source
from xorviz.render.still_request import StillRequest

_AS_IT_IS = StillRequest()


def still(
    source: Source = "",
    /,
    *,
    step: Annotated[int | None, Parameter(help="Step to show; the last if not given.")] = None,
    panel: Annotated[str, Parameter(show_default=False, help="Show one panel of the scene alone.")] = "",
    request: Annotated[StillRequest, Parameter(name="*")] = _AS_IT_IS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Draw one step as a picture: PNG, or SVG and PDF for papers.

    xorviz still run.xorviz --step 500 --out figure.pdf

    xorviz still convergence --panel loss --out loss.svg --transparent
    """
    from xorviz.render.stills import draw_still

    draw_still(source, request, Console(quiet, json), step=step, panel=panel)


def sheet(
    source: Source = "",
    /,
    *,
    step: Annotated[tuple[int, ...], Parameter(negative="", help="A step to show; repeatable.")] = (),
    count: Annotated[int, Parameter(help="How many steps to show where none are named.")] = 6,
    columns: Annotated[int | None, Parameter(help="Steps in a row; as many as fit well if not given.")] = None,
    request: Annotated[StillRequest, Parameter(name="*")] = _AS_IT_IS,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Draw several steps side by side as one picture.

    xorviz sheet backprop --out sheet.pdf

    xorviz sheet run.xorviz --step 0 --step 20 --step 60 --columns 3 --scene field --out sheet.svg
    """
    from xorviz.render.stills import draw_sheet

    draw_sheet(source, request, Console(quiet, json), steps=step or count, columns=columns)
