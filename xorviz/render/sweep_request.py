"""The options of ``xorviz sweep`` that say what is trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.options import Arithmetic


@dataclass(frozen=True)
class SweepRequest:
    """A study and who trains it; each field is the option of its name. See `xorviz.sweeps.planning.Wanted`."""

    runs: Annotated[int | None, Parameter(help="How many runs in all.")] = None
    passes: Annotated[int | None, Parameter(help="Instead of --runs: blocks for every point, on average.")] = None
    grid: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help="SETTING=exp:-3:4:400, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT or VALUE,VALUE; repeatable.",
        ),
    ] = ()
    random: Annotated[int | None, Parameter(help="Draw so many points from the ranges, given without a count.")] = None
    adaptive: Annotated[
        bool, Parameter(negative="", help="After the first pass, go where the relative standard error is largest.")
    ] = False
    common: Annotated[bool, Parameter(negative="", help="All points start from the same random numbers.")] = False
    seed: Annotated[int, Parameter(help="Of the study.")] = 0
    block: Annotated[int | None, Parameter(help="Runs of a point that are stored as one row.")] = None
    arithmetic: Arithmetic = None
    engine: Annotated[str, Parameter(help="numpy, numba, or auto: the fastest that is installed.")] = "auto"
    workers: Annotated[int | None, Parameter(help="Processes that train; every core if not given.")] = None
    executor: Annotated[str | None, Parameter(help="A dask.distributed scheduler: tcp://HOST:PORT.")] = None
