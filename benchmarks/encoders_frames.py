"""Frames to encode, drawn by xorviz: the two dashboards, a surface that turns, and a field alone."""

from __future__ import annotations

FPS = 25
SETS = {
    "dashboard, light": ("dashboard", {"size": (960, 540)}),
    "dashboard, dark": ("dashboard", {"size": (1280, 720), "theme": "dark"}),
    "turning surface": ("surface", {"size": (960, 540)}),
    "field alone": ("field", {"size": (1280, 720)}),
}
"""Title -> scene and what is changed in it."""


def size_of(title):
    return SETS[title][1]["size"]


def draw(title, path, duration_s):
    """Writes the frames of a set as raw RGBA; returns how many."""
    # What draws would count as memory of who only encodes.
    import xorviz
    from xorviz.production.canvas import Canvas
    from xorviz.scenes.scene import scene_named
    from xorviz.timing.timeline import timelines

    name, changes = SETS[title]
    held = 1 / FPS
    scene = scene_named(name).changed(fps=FPS, duration_s=duration_s, first_hold_s=held, hold_s=held, **changes)
    recording = xorviz.train("backprop", seed=0)
    frames = timelines([recording], **scene.playing)
    with path.open("wb") as file:
        for frame, _ in Canvas([recording], scene, frames).frames():
            file.write(frame)
    return len(frames[0])
