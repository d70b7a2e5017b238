"""Where an animation will be looked at, and what that asks of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, final

import msgspec

from xorviz.errors import UsageError, unknown
from xorviz.scenes.scene import Scene


@final
class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What is chosen for one place; whatever is asked for explicitly wins.

    Attributes:
        suffix: of the file, if none is named.
        size: width and height in pixels; a scene of another shape gets as many pixels in its own.
        fps: frames per second.
        theme: of the picture.
        max_bytes: of the file.
        why: the reasons.
    """

    suffix: str
    size: tuple[int, int]
    fps: float
    theme: str
    max_bytes: int
    why: str


PLACES = MappingProxyType(
    {
        "readme": Place(
            suffix=".gif",
            size=(640, 360),
            # All 255 colours at 10 fps take as many bytes as 127 at 12.5, whose bands can be seen.
            fps=10.0,
            theme="light",
            max_bytes=700_000,
            why="GitHub plays only images that lie in the repository, and its proxy passes no more than 5 MiB of those "
            "from elsewhere; under 700 kB a page with several of them is still quick",
        ),
        "docs": Place(
            suffix=".webp",
            size=(800, 450),
            fps=25.0,
            theme="light",
            max_bytes=2_000_000,
            why="Sphinx and MkDocs take it as an image, and it is smaller and closer than a GIF",
        ),
        "slides": Place(
            suffix=".mp4",
            size=(1920, 1080),
            fps=30.0,
            theme="light",
            max_bytes=20_000_000,
            why="PowerPoint, Keynote and Google Slides play H.264, full screen; talks are sent by mail",
        ),
        "paper": Place(
            suffix=".mp4",
            size=(1280, 720),
            fps=25.0,
            theme="print",
            max_bytes=10_000_000,
            why="what journals and arXiv take beside the text is a video of a few megabytes; for the page itself use "
            "xorviz still",
        ),
        "social": Place(
            suffix=".mp4",
            size=(1280, 720),
            fps=30.0,
            theme="dark",
            max_bytes=8_000_000,
            why="services code H.264 anew; GitHub attaches videos up to 10 MB",
        ),
    }
)
"""Name -> what is chosen."""


def place_named(name: str) -> Place:
    """The place of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in PLACES:
        raise unknown("place", name, PLACES)
    return PLACES[name]


def at_place(scene: Scene, place: Place) -> Scene:
    """A scene in the size, rate and theme of a place."""
    width, height = scene.size
    scale = math.sqrt(place.size[0] * place.size[1] / (width * height))
    size = tuple(round(side * scale / 2) * 2 for side in scene.size)
    return scene.changed(size=size, fps=place.fps, theme=place.theme)


def asked(scene: Scene, *, place: str, seconds: float | None, changes: Mapping[str, Any]) -> Scene:
    """A scene with everything that was asked of it; what is named explicitly wins over the place.

    Args:
        scene: what is changed.
        place: one of `PLACES`, or empty.
        seconds: how long it plays, to the hundredth; as the scene says if None.
        changes: fields of the scene.

    Raises:
        UsageError: no such place, a value that a scene refuses, or two playing times.
    """
    if place:
        scene = at_place(scene, place_named(place))
    if seconds is None:
        return scene.changed(**changes)
    if "duration_s" in changes:
        both = f"{seconds!r} and {changes['duration_s']!r}"
        raise UsageError(f"seconds and duration must not both say how long it plays; got {both}. Leave one out.")
    return lasting(scene.changed(**changes), seconds)


def lasting(scene: Scene, seconds: float) -> Scene:
    """A scene that plays so long, to a hundredth of a second in every format.

    The rate becomes the nearest that gives a whole number of pictures, and is not higher than asked for; holds that
    would take more than half of the time are shortened. Where the frames are listed, the rate alone decides.

    Raises:
        UsageError: a time out of range, or too short for the scene.
    """
    if isinstance(seconds, bool) or not (math.isfinite(seconds) and 0.1 <= seconds <= 3600):
        raise UsageError(f"seconds must be a number from 0.1 to 3600; got {seconds!r}.")
    holds_s = scene.first_hold_s + scene.hold_s
    shorter = min(1.0, seconds / 2 / holds_s) if holds_s else 1.0
    first_hold_s, hold_s = scene.first_hold_s * shorter, scene.hold_s * shorter
    if scene.clock != "steps":
        # What a hair of rounding takes away is no picture.
        n_pictures = max(1, math.floor(seconds * scene.fps + 1e-6))
        fps = n_pictures / seconds
        return scene.changed(duration_s=seconds, fps=fps, first_hold_s=first_hold_s, hold_s=hold_s)
    n_frames = len(scene.steps) * 2 - 2 if scene.ping_pong else len(scene.steps)
    fps = n_frames / (seconds - first_hold_s - hold_s)
    n_held = round((first_hold_s + hold_s) * fps)
    fps = (n_frames + n_held) / seconds
    first = n_held / fps * (scene.first_hold_s / holds_s if holds_s else 0.0)
    return scene.changed(fps=fps, first_hold_s=first, hold_s=n_held / fps - first)
