"""When patches are drawn, in whole units of a format's clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import final

from xorviz.encoders._patches import Patch


@final
class PatchClock:
    """Rounds durations so that the total stays true, and lets a frame that changes nothing prolong the one before.

    Args:
        longest_ms: that one patch can be shown.
        nothing: a patch that changes nothing, under which a longer time goes on.

    Attributes:
        n_patches: how many are over.
        frame: the first frame that shows the patch that is yielded.
        total_ms: of all frames so far.
    """

    def __init__(self, *, longest_ms: int, nothing: Patch) -> None:
        self._longest_ms, self._nothing = longest_ms, nothing
        self._pending: Patch | None = None
        self._pending_ms = 0
        self._elapsed_ms = 0.0
        self.n_patches, self.total_ms = 0, 0
        self.frame, self._n_frames = 0, 0

    def add(self, patch: Patch | None, duration_ms: float) -> Iterator[tuple[Patch, int]]:
        """Takes the next frame; yields what is known to be over, with its time in whole milliseconds."""
        if patch is not None:
            yield from self.finish()
            self._pending, self.frame = patch, self._n_frames
        self._n_frames += 1
        self._elapsed_ms += duration_ms
        # At least 1 ms, because players take 0 for a time of their own choice.
        spent_ms = max(1, math.floor(self._elapsed_ms + 0.5) - self.total_ms)
        self.total_ms += spent_ms
        self._pending_ms += spent_ms

    def finish(self) -> Iterator[tuple[Patch, int]]:
        """Yields what is still pending."""
        while self._pending is not None:
            shown_ms = min(self._pending_ms, self._longest_ms)
            yield self._pending, shown_ms
            self.n_patches += 1
            self._pending_ms -= shown_ms
            self._pending = self._nothing if self._pending_ms else None
