"""Does an animation flash? What WCAG 2 counts as a general flash, found in a stream of frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xorviz.styles.color import linear_from_srgb

#: Flashes in any one second that are still allowed; each is a pair of opposing changes.
MOST_A_SECOND = 3
#: How much relative luminance must change, of 1; and below what its darker end must lie.
_CHANGE, _DARKER_END = 0.1, 0.8
#: A quarter of 341×256 px on a screen of 1024×768, as a share of that screen.
LARGE_AREA = 341 * 256 / 4 / (1024 * 768)
_BLOCK_PX = 8
# What each level of red, green and blue adds to relative luminance.
_SHARES = np.outer([0.2126, 0.7152, 0.0722], linear_from_srgb(np.arange(256) / 255.0)).astype(np.float32)
# Sums of durations, in milliseconds, round.
_ROUNDING_MS = 1e-6

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Flashing:
    """A time in which a large area flashes too often.

    Attributes:
        start_s: the first change that counts, in seconds from the beginning.
        stop_s: the last.
        per_second: the most flashes in any one second; a half is a change without its opposite.
        area: the largest share of the frame that flashes too often at one time, 0..1.
    """

    start_s: float
    stop_s: float
    per_second: float
    area: float


def flashes(frames: Iterable[tuple[NDArray[np.uint8], float]]) -> list[Flashing]:
    """Times in which more than three flashes a second cover a large area, each of one playing.

    A flash is a pair of opposing changes of relative luminance by a tenth or more, of which the darker end is below
    0.8. Blocks of 8×8 pixels are followed one by one, from one turning point of their luminance to the next, however
    many frames lie between.

    Two simplifications: the frame is taken to fill the screen, so that the area that matters is a share of it, a
    quarter of 341×256 px of 1024×768; and area is added up wherever it lies, not within ten degrees of the visual
    field, so that more is found, never less. Saturated red is not looked for, nor what happens where a loop closes.

    Args:
        frames: pictures in order, each with how long it is shown in milliseconds; uint8 arrays of shape (height,
            width, 3 or more), of one size. Each is looked at before the next is asked for.

    Returns:
        The times, in order; none if nothing flashes.

    References:
        WCAG 2.2, success criterion 2.3.1 and "general flash and red flash thresholds"; relative luminance as there.
    """
    found: list[Flashing] = []
    blocks: _Blocks | None = None
    now_ms = 0.0
    for frame, duration_ms in frames:
        luminance = block_luminance(frame)
        if blocks is None:
            sizes_px = _block_sizes_px(frame)
            blocks = _Blocks(luminance, sizes_px / sizes_px.sum())
        elif (seen := blocks.see(luminance, now_ms)) is not None:
            last = found[-1] if found else None
            if last is not None and seen.start_s <= last.stop_s:
                found[-1] = Flashing(
                    last.start_s, seen.stop_s, max(last.per_second, seen.per_second), max(last.area, seen.area)
                )
            else:
                found.append(seen)
        now_ms += duration_ms
    return found


class _Blocks:
    """Every block's luminance since its last turning point, and its changes within the last second."""

    def __init__(self, luminance: Float32, areas: Float32) -> None:
        self._low, self._high, self._areas = luminance.copy(), luminance.copy(), areas
        # Where the last change went: 1 up, -1 down, 0 nowhere yet.
        self._went = np.zeros(luminance.shape, dtype=np.int8)
        self._n_changes = np.zeros(luminance.shape, dtype=np.int32)
        self._recent: deque[tuple[float, NDArray[np.bool_]]] = deque()

    def see(self, luminance: Float32, now_ms: float) -> Flashing | None:
        """Look at a frame that appears now; what flashes too often up to now, or None."""
        while self._recent and self._recent[0][0] <= now_ms - 1000.0 + _ROUNDING_MS:
            self._n_changes -= self._recent.popleft()[1]
        np.minimum(self._low, luminance, out=self._low)
        np.maximum(self._high, luminance, out=self._high)
        rose = (luminance - self._low >= _CHANGE) & (self._low < _DARKER_END) & (self._went <= 0)
        fell = (self._high - luminance >= _CHANGE) & (luminance < _DARKER_END) & (self._went >= 0)
        changed = rose | fell
        if not changed.any():
            return None
        self._went[rose], self._went[fell] = 1, -1
        # From a turning point on, only what goes back from it counts.
        self._low[changed] = self._high[changed] = luminance[changed]
        self._n_changes += changed
        self._recent.append((now_ms, changed))
        return self._flashing()

    def _flashing(self) -> Flashing | None:
        """What flashes too often within the second that ends with the last change."""
        n_changes = 2 * MOST_A_SECOND + 1
        area = self._area(n_changes)
        if area <= LARGE_AREA:
            return None
        too_often = self._n_changes >= n_changes
        start_ms = next(at_ms for at_ms, changed in self._recent if (changed & too_often).any())
        while self._area(n_changes + 1) > LARGE_AREA:
            n_changes += 1
        return Flashing(start_ms / 1000, self._recent[-1][0] / 1000, n_changes / 2, area)

    def _area(self, n_changes: int) -> float:
        """Share of the frame that changed so often, or more, within the last second."""
        return float(self._areas[self._n_changes >= n_changes].sum())


def block_luminance(frame: NDArray[np.uint8]) -> Float32:
    """Relative luminance, the mean of each block of a frame; blocks at the right and lower edge may be smaller.

    Args:
        frame (uint8 array of shape (height, width, 3 or more)): sRGB.

    Returns:
        float32 array of shape (ceil(height / 8), ceil(width / 8)), 0..1.
    """
    luminance: Float32 = np.take(_SHARES[0], frame[..., 0])
    for channel in (1, 2):
        luminance += np.take(_SHARES[channel], frame[..., channel])
    for axis, n_px in enumerate(luminance.shape):
        luminance = np.add.reduceat(luminance, np.arange(0, n_px, _BLOCK_PX), axis=axis)
    luminance /= _block_sizes_px(frame)
    return luminance


def _block_sizes_px(frame: NDArray[np.uint8]) -> Float32:
    """Pixels of each block: float32 array of the shape of `block_luminance`."""
    down, across = (np.diff([*range(0, n_px, _BLOCK_PX), n_px]) for n_px in frame.shape[:2])
    return np.outer(down, across).astype(np.float32)
