"""A scene of one or more recordings as frames: a static layer drawn once, moving artists drawn over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.artists.place import Place
from xorviz.encoders._samples import Samples
from xorviz.errors import UsageError
from xorviz.pages import Page
from xorviz.panels import panel
from xorviz.panels._base import Panel, RunsPanel
from xorviz.recordings.recording import Recording
from xorviz.recordings.schedule import even_choice
from xorviz.scenes.layout import RUN_STRIP, places
from xorviz.scenes.multiples import of_run, scene_of
from xorviz.scenes.scene import Scene, kind_of, run_of
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import theme
from xorviz.sweeps.growth import Growth
from xorviz.timing.timeline import Frame, Timeline

Pixels = NDArray[np.uint8]


class Canvas:
    """Draws frames of one recording, or of several side by side, in one scene; frames in any order.

    Args:
        recordings: the run, or runs.
        scene: what to draw.
        timelines: which snapshots will be shown; one timeline for each run, with the same durations.
        ground: what is drawn on, ``"#rrggbb"``; the theme's paper if not given.
        only: the name of a panel that is drawn where it stands, without the others.

    Raises:
        UsageError: the scene names a panel that does not exist, or that cannot show its recording.
    """

    def __init__(
        self,
        recordings: Recording | Sequence[Recording],
        scene: Scene,
        timelines: Timeline | Sequence[Timeline],
        *,
        ground: str = "",
        only: str = "",
    ) -> None:
        runs = list(recordings) if isinstance(recordings, Sequence) else [recordings]
        self._timelines = [timelines] if isinstance(timelines, Timeline) else list(timelines)
        self._timeline = self._timelines[0]
        scene, colors = scene_of(scene, runs), theme(scene.theme)
        self._renderer = Renderer(*scene.size)
        self._pixels = pixels(self._renderer)
        self._pixels[:] = (*np.rint(rgb_from_hex(ground or colors.paper) * 255).astype(np.uint8), 255)
        self._fixed: list[Artist] = []
        self._slow, self._quick = _Moving([], []), _Moving([], [])
        with np.errstate(all="ignore"):
            for run, a_panel, place, measured in _measured(runs, scene, self._timelines, only):
                paint = a_panel.attach(place, measured, colors)
                for artist in paint.static:
                    artist.draw(self._renderer)
                self._fixed += paint.static
                moving = self._slow if paint.follows == "snapshot" else self._quick
                moving.artists.extend(paint.dynamic)
                moving.updates.append((run, paint.update))
        for artist in (*self._slow.artists, *self._quick.artists):
            artist.prepare(self._renderer)
        self._static = self._pixels.copy()
        self._kept = np.empty_like(self._static)
        self._kept_snapshots: list[int] = []

    def draw(self, index: int) -> Pixels:
        """Draw the frame at a position in the timeline.

        Returns:
            uint8 array of shape (height, width, 4), RGBA, opaque: a view that the next call overwrites.
        """
        frames = self._frames(index)
        snapshots = [frame.snapshot for frame in frames]
        if snapshots == self._kept_snapshots:
            np.copyto(self._pixels, self._kept)
        else:
            np.copyto(self._pixels, self._static)
            self._slow.update(frames)
            self._slow.draw(self._renderer)
            # The copy is worth it only where it is used.
            if index + 1 < len(self._timeline) and snapshots == [one.snapshot for one in self._frames(index + 1)]:
                np.copyto(self._kept, self._pixels)
                self._kept_snapshots = snapshots
        self._quick.update(frames)
        self._quick.draw(self._renderer)
        return self._pixels

    def put(self, index: int, page: Page) -> None:
        """Draw that frame, but for the ground, on a page."""
        moving = (self._slow, self._quick)
        for part in moving:
            part.update(self._frames(index))
        for artist in (*self._fixed, *self._slow.artists, *self._quick.artists):
            artist.vector(page)

    def _frames(self, index: int) -> list[Frame]:
        return [timeline.frame(index) for timeline in self._timelines]

    def samples(self, n_most: int) -> Samples:
        """A few frames spread over the way to the end of training, first and last included, drawn when looked at."""
        return Samples(even_choice(len(self._timeline.there), n_most).tolist(), self.draw)

    def frames(self) -> Iterator[tuple[Pixels, float]]:
        """Every frame in order with its duration in milliseconds; each picture is overwritten by the next."""
        for index in range(len(self._timeline)):
            yield self.draw(index), float(self._timeline.durations_ms[index])


@dataclass(frozen=True, slots=True)
class _Moving:
    """What moves alike: artists, and what brings those of each panel to a frame of its run."""

    artists: list[Artist]
    updates: list[tuple[int, Callable[[Frame], None]]]

    def update(self, frames: Sequence[Frame]) -> None:
        # A run whose numbers are none any more is drawn all the same; that it diverged is said once, not by NumPy.
        with np.errstate(all="ignore"):
            for run, update in self.updates:
                update(frames[run])

    def draw(self, renderer: Renderer) -> None:
        with np.errstate(all="ignore"):
            for artist in self.artists:
                artist.draw(renderer)


def _measured(
    recordings: Sequence[Recording], scene: Scene, timelines: Sequence[Timeline], only: str
) -> Iterator[tuple[int, Panel, Place, Any]]:
    """Every panel of a scene, or one, with the recording it shows, its place, and what it measured.

    Panels of one kind that show different recordings are brought to common limits.
    """
    placed, measured, kinds = panels_of(scene), {}, defaultdict[str, list[str]](list)
    if only:
        placed = {name: found for name, found in placed.items() if kind_of(name) == kind_of(only)}
    snapshots = [timeline.there for timeline in timelines]
    for name, (a_panel, _) in placed.items():
        run = run_of(name)
        _check_subject(name, a_panel, recordings[run])
        if isinstance(a_panel, RunsPanel):
            measured[name] = a_panel.measure_runs(recordings, snapshots)
        else:
            measured[name] = a_panel.measure(recordings[run], snapshots[run])
            kinds[kind_of(name)].append(name)
    for names in kinds.values():
        if len(names) > 1:
            together = placed[names[0]][0].together([measured[name] for name in names])
            measured.update(zip(names, together, strict=True))
    for name in [only] if only else placed:
        yield run_of(name), *placed[name], measured[name]


def _check_subject(name: str, a_panel: Panel, subject: object) -> None:
    """Refuse a study where a recording is wanted, and the other way round."""
    what = "study" if isinstance(subject, Growth) else "recording"
    if a_panel.shows not in (what, "both"):
        remedy = "Try --scene sweep." if what == "study" else "Give a study's .db file, or another scene."
        raise UsageError(f"panel {name!r} must have a {a_panel.shows} to draw; got a {what}. {remedy}")


def panels_of(scene: Scene) -> dict[str, tuple[Panel, Place]]:
    """Every panel of a scene and where it stands, by name.

    Where several recordings are drawn, each has its name above the first of its panels.

    Raises:
        UsageError: a panel that does not exist, an option it does not have, or no room.
    """
    found = {
        name: (panel(scene.panel_options(name), where=f"panels.{name}"), place) for name, place in places(scene).items()
    }
    for run, text in enumerate(scene.run_names):
        first = next(iter(of_run(scene, run)), None)
        # A panel that speaks of all is no single run's.
        if first is not None and not isinstance(found[first][0], RunsPanel):
            above, place = found[first]
            bottom = place.top + round(above.headroom_pt * place.pt)
            strip = replace(place, bottom=bottom, top=bottom + round(RUN_STRIP * place.pt))
            found[f"run@{run + 1}"] = (panel({"kind": "run", "name": text}), strip)
    return found
