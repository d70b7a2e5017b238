"""What one ``xorviz render`` was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xorviz.data import Data


@dataclass(frozen=True)
class Request:
    """The words of one ``xorviz render``.

    Attributes:
        source: an article's name, a recipe, a recording, or nothing.
        outs: the files to write; one named after the source if none.
        bundle: path without a suffix of more files, or empty.
        both_themes: the bundle in light and in dark.
        scene: a built-in scene or a recipe that is drawn instead of the source's own.
        changes: fields of the scene that were given as options.
        place: where it will be looked at, or empty.
        seconds: playing time to the hundredth.
        asked: of the files, as fields of `Options`.
        max_bytes: the most that a file may take, as it was written.
        seed: of the initialisation.
        arithmetic: as-published or textbook.
        data: is learned instead of an article's problem.
        workers: processes that draw; every core if None.
        also: more sources, drawn beside the first.
        n_seeds: draw so many runs that differ in their seeds.
        executor: address of a dask scheduler whose workers draw instead.
        force: replace an existing file.
        check_flash: look for flashes, and say what was found.
        fail_on_nan: draw nothing of a run whose loss stopped being finite.
        max_pixels: of a frame; what a scene allows if None.
    """

    source: str
    outs: tuple[Path, ...]
    bundle: str
    both_themes: bool
    scene: str | None
    changes: dict[str, Any]
    place: str
    seconds: float | None
    asked: dict[str, Any]
    max_bytes: str | None
    seed: int | None
    arithmetic: str | None
    data: Data | None
    workers: int | None
    executor: str | None
    also: tuple[str, ...]
    n_seeds: int | None
    force: bool
    check_flash: bool
    fail_on_nan: bool
    max_pixels: int | None
