"""What ``xorviz still`` and ``xorviz sheet`` do: check everything, train, draw, write, say what was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xorviz.data import Data
from xorviz.errors import UsageError
from xorviz.recipe import scene_from
from xorviz.recording import Recording
from xorviz.render.console import Console
from xorviz.render.outcomes import learned, outcome
from xorviz.render.source import Source, resolve, scene_asked
from xorviz.scene import Scene, size_from_text
from xorviz.shots import Ground
from xorviz.stills import Still, check, contact_sheet, still


@dataclass(frozen=True)
class Request:
    """What both commands are told.

    Attributes:
        source: an article's name, a recipe, a recording, or nothing.
        out: the file to write; named after the source if not given.
        scene: a built-in scene or a recipe that is drawn instead of the source's own.
        size: width and height in pixels.
        theme: light, dark or print.
        transparent: leave out the ground.
        dpi: pixels per inch.
        seed: of the initialisation.
        arithmetic: as-published or textbook.
        force: replace an existing file.
        data: is learned instead of an article's problem.
        view: plane and held inputs, as fields of the scene.
    """

    source: str
    out: Path | None
    scene: str | None
    size: str | None
    theme: str | None
    transparent: bool
    dpi: float
    seed: int | None
    arithmetic: str | None
    force: bool
    data: Data | None
    view: dict[str, Any]

    @property
    def ground(self) -> Ground:
        """What is drawn on."""
        return "transparent" if self.transparent else "paper"

    @property
    def changes(self) -> dict[str, Any]:
        """Fields of the scene that were given as options."""
        changes = self.view if self.theme is None else {"theme": self.theme, **self.view}
        return changes if self.size is None else {"size": size_from_text(self.size), **changes}

    def resolved(self) -> Source:
        """The run, not carried out yet, and the scene that came with it."""
        return resolve(self.source, seed=self.seed, arithmetic=self.arithmetic, data=self.data)

    def scene_or(self, default: Scene | str) -> Scene:
        """The scene that is drawn."""
        scene = scene_from(default) if self.scene is None else scene_asked(self.scene, n_runs=1)
        return scene.changed(**self.changes)


def draw_still(request: Request, console: Console, *, step: int | None, panel: str) -> None:
    """Draw one step.

    Raises:
        UsageError: refused before any work, or a step that the run does not have.
        XorvizError: the work failed.
    """
    source = request.resolved()
    scene = source.laid_out(request.scene_or(source.scene))
    out = request.out or Path(f"{source.stem}.png")
    check(scene, out, panel=panel, ground=request.ground, dpi=request.dpi)
    console.may_write(out, force=request.force)
    recordings = source.recordings(console)
    drawn = still(recordings, out, step=step, scene=scene, panel=panel, ground=request.ground, dpi=request.dpi)
    _say(drawn, recordings[0], console)


def draw_sheet(request: Request, console: Console, *, steps: int | Sequence[int], columns: int | None) -> None:
    """Draw several steps of one run side by side.

    Raises:
        UsageError: refused before any work, or a step that the run does not have.
        XorvizError: the work failed.
    """
    source = request.resolved()
    if len(source.runs) != 1:
        raise UsageError(f"SOURCE must be one run to draw a sheet of its steps; got {len(source.runs)} runs.")
    scene = request.scene_or(source.scene if request.source.endswith(".toml") else "multiples")
    out = request.out or Path(f"{source.stem}.png")
    check(source.laid_out(scene), out, ground=request.ground, dpi=request.dpi)
    console.may_write(out, force=request.force)
    recording = source.recordings(console)[0]
    sized = {} if request.size is None else {"size": scene.size}
    drawn = contact_sheet(
        recording, out, steps=steps, columns=columns, scene=scene, ground=request.ground, dpi=request.dpi, **sized
    )
    _say(drawn, recording, console)


def _say(drawn: Still, recording: Recording, console: Console) -> None:
    details = {
        "path": str(drawn.path),
        "size": list(drawn.size),
        "steps": list(drawn.steps),
        "n_bytes": drawn.n_bytes,
        "notes": list(drawn.notes),
    }
    console.result(str(drawn.path), {**details, **outcome(recording)})
    for note in drawn.notes:
        console.say(note)
    shown = ", ".join(f"{step:,}" for step in drawn.steps)
    steps = f"step{'s' * (len(drawn.steps) > 1)} {shown}"
    console.say(f"{steps}, {drawn.size[0]}×{drawn.size[1]}, {drawn.n_bytes / 1e3:.0f} kB: {learned(recording)}")
