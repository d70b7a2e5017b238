"""What ``xorviz still`` and ``xorviz sheet`` do: check everything, train, draw, write, say what was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xorviz.errors import UsageError
from xorviz.recordings.recording import Recording
from xorviz.render.console import Console
from xorviz.render.outcomes import learned, outcome
from xorviz.render.still_request import StillRequest
from xorviz.stills import Still, check, contact_sheet, still


def draw_still(name: str, request: StillRequest, console: Console, *, step: int | None, panel: str) -> None:
    """Draw one step.

    Raises:
        UsageError: refused before any work, or a step that the run does not have.
        XorvizError: the work failed.
    """
    source = request.resolved(name)
    scene = source.laid_out(request.scene_or(source.scene))
    out = request.out or Path(f"{source.stem}.png")
    check(scene, out, panel=panel, dpi=request.dpi)
    console.may_write(out, force=request.force)
    recordings = source.recordings(console)
    drawn = still(recordings, out, step=step, scene=scene, panel=panel, dpi=request.dpi)
    _say(drawn, recordings[0], console)


def draw_sheet(
    name: str, request: StillRequest, console: Console, *, steps: int | Sequence[int], columns: int | None
) -> None:
    """Draw several steps of one run side by side.

    Raises:
        UsageError: refused before any work, or a step that the run does not have.
        XorvizError: the work failed.
    """
    source = request.resolved(name)
    if len(source.runs) != 1:
        raise UsageError(f"SOURCE must be one run to draw a sheet of its steps; got {len(source.runs)} runs.")
    scene = request.scene_or(source.scene if name.endswith(".toml") else "multiples")
    out = request.out or Path(f"{source.stem}.png")
    check(source.laid_out(scene), out, dpi=request.dpi)
    console.may_write(out, force=request.force)
    recording = source.recordings(console)[0]
    sized = {} if request.size is None else {"size": scene.size}
    drawn = contact_sheet(recording, out, steps=steps, columns=columns, scene=scene, dpi=request.dpi, **sized)
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
