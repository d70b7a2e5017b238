"""A scene: which panels, where, in what size, theme and time. Its reader for recipes is `recipe`."""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec

from xorviz.errors import UsageError, unknown
from xorviz.styles.themes import THEMES
from xorviz.timing.pacing import FIRST_HOLD_S, Pace

GROUNDS = ("paper", "transparent")
MOST_PIXELS = 50_000_000
_LEAST_SIDE_PX = 64
_OF_THE_ROWS = ("row_weights", "column_weights", "each", "cell_aspect", "gutters", "panels")


class Scene(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about an animation that is not the run itself. ``Scene()`` is the XOR dashboard.

    Attributes:
        size: width and height of the frame in pixels.
        fps, duration_s, first_hold_s, hold_s, clock, steps, easing, slow, slow_factor, ping_pong, align: how it
            plays; see `Pace`.
        n_loops: how often a GIF plays; 0 for ever.
        theme: ``"light"``, ``"dark"`` or ``"print"``.
        ground: what it is drawn on: ``"paper"``, the theme's, or ``"transparent"``.
        rows: what stands where: each row names panels from left to right, separated by spaces; a name that repeats
            across neighbouring cells spans them, and ``.`` leaves a cell empty. Of several recordings ``loss@2``
            shows the second; without a number it is the first.
        row_weights: relative heights of the rows; even if not given.
        column_weights: relative widths of the columns; even if not given.
        each: panels that are drawn once for every recording, side by side; `for_runs` makes the rows for them.
        cell_aspect: width over height of every cell; 0 lets the cells fill the frame.
        gutters: space between columns and between rows, in points.
        run_names: what the recordings are called where several are drawn.
        header: whether the title line is drawn.
        time_bar: whether the time bar is drawn.
        plane: the plane of the inputs that panels draw, where a network has more than two: ``"pca"``, or two inputs by
            name or number from 1, ``"1,4"``; the recording's own if not given.
        held: values of inputs that the plane does not show, by name or number; their lower medians if not given.
        panels: options of panels by name, ``{"field": {"style": "classes"}}``; ``kind`` where it is not the name.

    Raises:
        UsageError: a value out of range, naming what is allowed.
    """

    size: tuple[int, int] = (960, 540)
    fps: float = 25.0
    duration_s: float = 6.0
    first_hold_s: float = FIRST_HOLD_S
    hold_s: float = 1.5
    n_loops: int = 0
    clock: str = "change"
    steps: tuple[int, ...] = ()
    easing: str = "none"
    slow: str | int = ""
    slow_factor: float = 4.0
    ping_pong: bool = False
    align: str = "step"
    theme: str = "light"
    ground: str = "paper"
    rows: tuple[str, ...] = ("field surface surface", "field loss gradients")
    row_weights: tuple[float, ...] = ()
    column_weights: tuple[float, ...] = ()
    each: tuple[str, ...] = ()
    cell_aspect: float = 0.0
    gutters: tuple[float, float] = (70.0, 48.0)
    run_names: tuple[str, ...] = ()
    header: bool = True
    time_bar: bool = True
    plane: str = ""
    held: dict[str, float] = {}
    panels: dict[str, dict[str, Any]] = {}

    def __post_init__(self) -> None:
        """Refuse what could not be drawn."""
        width, height = self.size
        if min(width, height) < _LEAST_SIDE_PX or width * height > MOST_PIXELS:
            raise UsageError(
                f"size must be at least {_LEAST_SIDE_PX}x{_LEAST_SIDE_PX} and at most {MOST_PIXELS:,} pixels; "
                f"got {width}x{height}. Try 960x540."
            )
        Pace(**self.playing)
        for name, values in (("cell_aspect", (self.cell_aspect,)), ("gutters", self.gutters)):
            if not all(0 <= value <= 1000 for value in values):
                raise UsageError(f"{name} must be from 0 to 1000; got {getattr(self, name)!r}.")
        if not 0 <= self.n_loops <= 65535:
            raise UsageError(f"loop must be a count from 0, for ever, to 65535; got {self.n_loops!r}.")
        if self.theme not in THEMES:
            raise unknown("theme", self.theme, THEMES)
        if self.ground not in GROUNDS:
            raise unknown("ground", self.ground, GROUNDS)
        self._check_grid()

    def _check_grid(self) -> None:
        cells = self.cells
        if not cells or len({len(row) for row in cells}) != 1 or not cells[0]:
            raise UsageError(f"rows must name the same number of cells each; got {list(self.rows)!r}.")
        for name, weights, n in (
            ("row_weights", self.row_weights, len(cells)),
            ("column_weights", self.column_weights, len(cells[0])),
        ):
            if weights and (len(weights) != n or not all(math.isfinite(w) and w > 0 for w in weights)):
                raise UsageError(f"{name} must be {n} positive numbers; got {list(weights)!r}.")
        for name, is_strip in (("header", self.header), ("time", self.time_bar)):
            if is_strip and any(name in row for row in cells):
                raise UsageError(f"rows must not name {name!r} where that strip is drawn; got {list(self.rows)!r}.")
        known = dict.fromkeys([*self.panel_names, *map(kind_of, self.panel_names), *self.each])
        for name in self.panel_names:
            run_of(name)
        for name in self.panels:
            if name not in known:
                raise unknown("panels", name, known)

    def changed(self, **changes: Any) -> Scene:
        """A copy with some fields changed, checked for type and range.

        With other rows, or other panels for `each` recording, what belonged to the old ones goes: weights, gutters,
        panel options.

        Raises:
            UsageError: a name that is no field, or a value that a scene refuses.
        """
        for name in changes:
            if name not in self.__struct_fields__:
                raise unknown("argument", name, self.__struct_fields__)
        kept = msgspec.structs.asdict(self)
        if {"rows", "each"} & set(changes):
            plain = Scene()
            kept |= {name: getattr(plain, name) for name in _OF_THE_ROWS}
        try:
            return msgspec.convert(kept | changes, Scene)
        except msgspec.ValidationError as error:
            if isinstance(error.__cause__, UsageError):
                raise error.__cause__ from None
            raise UsageError(f"{error}.") from error

    @property
    def playing(self) -> dict[str, Any]:
        """How it plays, as arguments of `xorviz.timing.timeline.timelines`."""
        return {name: getattr(self, name) for name in Pace.__struct_fields__}

    @property
    def cells(self) -> list[list[str]]:
        """Panel names by row and column."""
        return [row.split() for row in self.rows]

    @property
    def panel_names(self) -> list[str]:
        """Every panel's name once, in reading order; the strips ``header`` and ``time`` where they are drawn."""
        named = dict.fromkeys(name for row in self.cells for name in row if name != ".")
        return [*(["header"] * self.header), *named, *(["time"] * self.time_bar)]

    def panel_options(self, name: str) -> dict[str, Any]:
        """What the scene says of one panel, its kind included; of ``loss@2`` what it says of ``loss``, and more."""
        return {"kind": kind_of(name), **self.panels.get(kind_of(name), {}), **self.panels.get(name, {})}


def kind_of(name: str) -> str:
    """The panel that a cell names: ``"loss"`` of ``"loss@2"``."""
    return name.partition("@")[0]


def run_of(name: str) -> int:
    """Which recording a cell shows, from 0: 1 for ``"loss@2"``, 0 for ``"loss"``.

    Raises:
        UsageError: what follows the ``@`` is no count.
    """
    _, at, number = name.partition("@")
    if at and not re.fullmatch(r"[1-9]\d{0,3}", number):
        raise UsageError(f"rows must number recordings from 1, such as 'loss@2'; got {name!r}.")
    return int(number) - 1 if at else 0


# A lower viewer than the panel's own makes the surface wider in a place that is wide.
DASHBOARD = Scene(row_weights=(216, 120), column_weights=(384, 188, 188), panels={"surface": {"elevation_deg": 24.0}})


def _of_a_study(*rows: str, size: tuple[int, int] = (960, 540), of: dict[str, dict[str, Any]] | None = None) -> Scene:
    """A scene of a study; each of its frames has so many times more runs, because an error goes with their root."""
    strips: dict[str, dict[str, Any]] = {"header": {"kind": "study"}, "time": {"events": False}}
    return Scene(size=size, rows=rows, clock="log", panels={**strips, **(of or {})})


SCENES = {
    "dashboard": DASHBOARD,
    "field": Scene(size=(720, 720), rows=("field",)),
    "surface": Scene(size=(720, 540), rows=("surface",), panels={"surface": {"orbit_deg": 40.0}}),
    "traces": Scene(rows=("loss", "gradients", "parameters")),
    "outputs": Scene(rows=("field loss", "field accuracy"), row_weights=(168, 168), column_weights=(384, 400)),
    "multiples": Scene(
        each=("field",),
        cell_aspect=1.0,
        gutters=(16.0, 10.0),
        panels={"field": {"values": False, "scale": False, "ticks": False}},
    ),
    "cloud": Scene(rows=("cloud",)),
    "sweep": _of_a_study("sweep-mean"),
    "sweep-dashboard": _of_a_study("sweep-mean sweep-density", "sweep-medians sweep-failures", size=(1280, 720)),
    "shelves": _of_a_study("sweep-density", of={"sweep-density": {"of": "loss"}}),
    "table": Scene(rows=("field readout", "field loss"), row_weights=(190, 144), column_weights=(384, 400)),
}


def scene_named(name: str) -> Scene:
    """The built-in scene of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in SCENES:
        raise unknown("scene", name, [*SCENES, "a recipe.toml"])
    return SCENES[name]


def size_from_text(text: str) -> tuple[int, int]:
    """``"960x540"`` as width and height in pixels.

    Raises:
        UsageError: it reads otherwise.
    """
    match = re.fullmatch(r"(\d{1,6})[x×](\d{1,6})", text.strip())
    if not match:
        raise UsageError(f"size must be WIDTHxHEIGHT in pixels, such as 960x540; got {text!r}.")
    return int(match[1]), int(match[2])
