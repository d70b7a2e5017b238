"""Curves that are uncovered from the left: drawn once, then copied column by column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xorviz.artists._base import Artist, Renderer, pixels
from xorviz.pages import Page, rectangle


class Reveal(Artist):
    """Everything its members draw, but only left of a moving edge.

    The members are drawn once over the static layer. A frame then costs one copy of the uncovered columns, however
    many vertices the curves have.

    Args:
        members: artists that do not change.
        left_px: left edge of the revealed region in whole pixels.
        right_px: its right edge.
    """

    def __init__(self, members: Sequence[Artist], *, left_px: int, right_px: int) -> None:
        self._members = list(members)
        self._left_px, self._right_px = left_px, right_px
        self._layer: NDArray[np.uint8] | None = None
        self._top = self._bottom = 0
        self.edge_px = float(left_px)

    def prepare(self, renderer: Renderer) -> None:
        """Draw the members over the static layer, keep the rows they touch, take them back."""
        frame = pixels(renderer)
        static = frame.copy()
        for member in self._members:
            member.draw(renderer)
        rows = np.flatnonzero((frame != static).any(axis=(1, 2)))
        if len(rows):
            self._top, self._bottom = int(rows[0]), int(rows[-1]) + 1
        columns = slice(max(self._left_px, 0), self._right_px)
        self._layer = frame[self._top : self._bottom, columns].copy()
        frame[:] = static

    def draw(self, renderer: Renderer) -> None:
        """Copy the columns left of ``edge_px``."""
        if self._layer is None:
            raise RuntimeError("Reveal.prepare must be called before draw")
        left = max(self._left_px, 0)
        n_columns = int(np.clip(round(self.edge_px) - left, 0, self._layer.shape[1]))
        pixels(renderer)[self._top : self._bottom, left : left + n_columns] = self._layer[:, :n_columns]

    def vector(self, page: Page) -> None:
        """The members, cut off at ``edge_px``."""
        left = max(self._left_px, 0)
        right = int(np.clip(round(self.edge_px), left, max(self._right_px, left)))
        with page.clipped(rectangle(left, 0, right, page.sheet.frame_px[1])):
            for member in self._members:
                member.vector(page)
