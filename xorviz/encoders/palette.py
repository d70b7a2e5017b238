"""One palette for a whole animation, and the nearest entry for every colour.

A palette per frame would make still parts of the picture change with every frame, and cost 768 bytes each;
dither makes plots larger and less faithful. So there is one palette, without dither, chosen with care.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import final

import numpy as np
import numpy.typing as npt

from xorviz.encoders._clusters import nearest
from xorviz.encoders._few_colours import Colours, Sampled, points_of, srgb_of

TRANSPARENT = 0
"""The index that shows nothing; 0, so that a table fresh from the system already says 'not looked up yet'."""

Mask = npt.NDArray[np.bool_]

_RGB = np.uint32(0xFFFFFF)
_VISIBLE = 0.005  # a quarter of a just noticeable difference in Oklab
# More saves a few bytes, and errs more in the worst pixels.
_LAG_OF_ERROR = 0.7


def packed(frame: npt.NDArray[np.uint8]) -> Colours:
    """Returns a frame as one integer per pixel, without a copy where its memory allows.

    Args:
        frame (uint8 of shape (height_px, width_px, 4)): RGBA.

    Returns:
        uint32 of shape (height_px, width_px): red + 256 green + 65536 blue + 16777216 alpha.
    """
    pixels: Colours = np.ascontiguousarray(frame).view("<u4")[..., 0]
    return pixels


@final
class Palette:
    """At most 255 colours and the map from any colour to the nearest of them.

    Near is meant in Oklab and a little in sRGB: Oklab alone makes much of near-blacks that no screen tells apart.

    While there is room, colours unlike all entries become entries themselves: the samples may have missed the
    colours of a fade or a marker. The index of a colour, once given, stays.

    Attributes:
        colours (uint32 of shape (n,)): packed; entry i has the index i + 1, index 0 is transparent.
        n_most (int): to how many they may grow.
        lag (float): distance in sRGB by which what a pixel shows may be further from its colour than the nearest entry.
    """

    def __init__(self, colours: Colours, *, n_colors: int = 255, lag: float = 0.0) -> None:
        """Keeps the colours; looks nothing up yet.

        Args:
            colours (uint32 of shape (n,)): packed; at least one.
            n_colors: to how many the palette may grow, at most 255; not at all if there is a lag.
            lag: distance in sRGB.
        """
        self.colours, self.lag = colours, lag
        self.n_most = len(colours) if lag else n_colors
        self._points = points_of(colours)
        # 16 MiB of addresses each; the system gives memory only to the pages of colours that occur.
        self._table = np.zeros(1 << 24, np.uint8)
        self._may_wait = np.zeros(1 << 24 if lag else 0, bool)

    @classmethod
    def of(cls, samples: Sequence[npt.NDArray[np.uint8]], *, n_colors: int = 255, error: float = 0.0) -> Palette:
        """Chooses the palette of an animation from a few of its frames.

        Colours that make up most of their group are kept exactly, so backgrounds, lines and text keep theirs.

        Args:
            samples: uint8 frames of shape (height_px, width_px, 4).
            n_colors: at most 255.
            error: distance in sRGB that the pixels' colours, but for those kept exactly, may have from the palette's,
                by root mean square: no more colours are taken than that needs.

        Returns:
            A palette of at most ``n_colors``.
        """
        sampled = Sampled(samples)
        if error:
            return cls(sampled.fewest(n_colors, error), n_colors=n_colors, lag=_LAG_OF_ERROR * error)
        return cls(sampled.chosen(n_colors), n_colors=n_colors)

    def frozen(self) -> Palette:
        """Returns a palette of the same colours that does not grow, and so depends on nothing it is asked."""
        return Palette(self.colours, n_colors=len(self.colours), lag=self.lag)

    def __reduce__(self) -> tuple[partial[Palette], tuple[Colours]]:
        """Pickles the colours; what was looked up is looked up again."""
        return partial(Palette, n_colors=self.n_most, lag=self.lag), (self.colours,)

    def indices(self, pixels: Colours) -> npt.NDArray[np.uint8]:
        """Returns the index of the nearest palette entry for every pixel.

        Args:
            pixels (uint32 of any shape): packed colours; the top byte is ignored.

        Returns:
            uint8 of the same shape: 1 to n.
        """
        colours = pixels & _RGB
        found = self._table.take(colours)
        if not found.all():
            self._look_up(np.unique(colours[found == TRANSPARENT]))
            found = self._table.take(colours)
        return found

    def is_near(self, pixels: Colours, shown: npt.NDArray[np.uint8], best: npt.NDArray[np.uint8]) -> Mask:
        """Returns where an entry is as good as the nearest, within the lag.

        Args:
            pixels (uint32 of shape (n,)): packed colours.
            shown (uint8 of shape (n,)): an index of each; what is transparent is not near.
            best (uint8 of shape (n,)): the index of the nearest.
        """
        entries, colours = srgb_of(np.append(np.uint32(0), self.colours)), srgb_of(pixels)
        off, least = (np.linalg.norm(colours - entries[indices], axis=1) for indices in (shown, best))
        near: Mask = (off <= least + self.lag) & (shown != TRANSPARENT)
        return near

    def may_wait(self, pixels: Colours) -> Mask:
        """Returns where any entry but the nearest is as good, within the lag.

        Args:
            pixels (uint32 of any shape): packed colours that ``indices`` was asked for.
        """
        found: Mask = self._may_wait.take(pixels & _RGB)
        return found

    def _look_up(self, colours: Colours) -> None:
        points = points_of(colours)
        found = nearest(points, self._points)
        if len(self.colours) < self.n_most:
            distance = np.linalg.norm((points - self._points[found])[:, :3], axis=1)
            furthest = np.argsort(-distance, kind="stable")[: self.n_most - len(self.colours)]
            new = furthest[distance[furthest] > _VISIBLE]
            self.colours = np.concatenate([self.colours, colours[new]])
            self._points = np.concatenate([self._points, points[new]])
            found = nearest(points, self._points)
        self._table[colours] = found + 1
        if self.lag and len(self.colours) > 1:
            second = nearest(srgb_of(colours), srgb_of(self.colours), but=found)
            self._may_wait[colours] = self.is_near(colours, (second + 1).astype(np.uint8), self._table[colours])
