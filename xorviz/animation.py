"""A recording as one file: timeline, canvas and encoder put together."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import Any

from xorviz.canvas import Canvas
from xorviz.encoders import Encoded, Encoder, check_target, encoder_for
from xorviz.layout import places
from xorviz.panels import panel
from xorviz.recipe import scene_from
from xorviz.recording import Recording
from xorviz.scene import Scene
from xorviz.timeline import n_moving_frames, timeline


def animate(
    recording: Recording,
    out: str | PathLike[str],
    *,
    scene: str | PathLike[str] | Scene = "dashboard",
    progress: Callable[[int, int], None] | None = None,
    **changes: Any,
) -> Encoded:
    """Draw a recording and write it as one file; the suffix says the format: ``.gif`` or ``.mp4``.

    Args:
        recording: the run, from `xorviz.train` or `xorviz.load`.
        out: the file; an existing one is replaced when the new one is whole.
        scene: a `Scene`, the name of a built-in one, or the path of a recipe.
        progress: called after every frame with how many are done and how many there are.
        **changes: any fields of `Scene` to replace: ``duration_s=8``, ``theme="dark"``, ``size=(1280, 720)``.

    Returns:
        What was written: path, frames, seconds, bytes, and what the format forced upon the picture.

    Raises:
        UsageError: an argument that is refused before any work.
        XorvizError: the file could not be written; nothing is left behind.
    """
    chosen = scene_from(scene).changed(**changes)
    encoder = check(chosen, out)
    width_px, height_px = chosen.size
    frames = timeline(
        recording, clock=chosen.clock, fps=chosen.fps, duration_s=chosen.duration_s, hold_s=chosen.hold_s
    )
    canvas = Canvas(recording, chosen, frames)
    encoder.open(
        out,
        width_px=width_px,
        height_px=height_px,
        fps=chosen.fps,
        samples=canvas.samples(),
        n_loops=chosen.n_loops,
    )
    with encoder:
        for done, (picture, duration_ms) in enumerate(canvas.frames(), start=1):
            encoder.write(picture, duration_ms)
            if progress is not None:
                progress(done, len(frames))
        return encoder.close()


def check(scene: Scene, out: str | PathLike[str]) -> Encoder:
    """Refuse what could not be written, before any work.

    Args:
        scene: what would be drawn.
        out: where it would go.

    Returns:
        The encoder of the file's format, not opened.

    Raises:
        UsageError: a suffix, folder, size, rate, duration, panel or option that is not allowed.
    """
    check_target(out)
    encoder = encoder_for(out)
    width_px, height_px = scene.size
    encoder.check(width_px=width_px, height_px=height_px, fps=scene.fps)
    n_moving_frames(fps=scene.fps, duration_s=scene.duration_s, hold_s=scene.hold_s)
    for name in places(scene):
        panel(scene.panel_options(name), where=f"panels.{name}")
    return encoder
