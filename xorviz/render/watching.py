"""``xorviz sweep --watch``: a picture of a study, redrawn while it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, final

from xorviz.scenes.scene import Scene
from xorviz.stills import check, still
from xorviz.sweeps.growth import Growth, as_recording
from xorviz.sweeps.study import Study

#: At most so often, and so that drawing takes at most a part of the time.
_LEAST_PAUSE_S, _PAUSES = 2.0, 15.0


@final
class Watcher:
    """Redraws a picture of a store now and then; the file is replaced whole.

    Args:
        path: the store.
        out: the picture.
        scene: what is drawn.

    Raises:
        UsageError: a picture that could not be written, or a scene that does not exist.
    """

    def __init__(self, path: Path, out: Path, scene: Scene) -> None:
        check(scene, out)
        self._path: Final = path
        self._out: Final = out
        self._scene: Final = scene
        self._study: Study | None = None
        self._next_s = time.monotonic() + _LEAST_PAUSE_S

    def beside(self, progress: Callable[[int, int], None]) -> Callable[[int, int], None]:
        """Progress that redraws, too, where it is time."""

        def and_draw(done: int, total: int) -> None:
            progress(done, total)
            if time.monotonic() >= self._next_s:
                self.draw()

        return and_draw

    def draw(self) -> None:
        """Draw what is stored now; nothing if nothing is."""
        begin_s = time.monotonic()
        # Only what is new is read.
        if self._study is None:
            self._study = Study(self._path)
        else:
            self._study.refresh()
        if self._study.n_runs:
            still(as_recording(Growth(self._study)), self._out, scene=self._scene)
        end_s = time.monotonic()
        self._next_s = end_s + max(_LEAST_PAUSE_S, _PAUSES * (end_s - begin_s))
