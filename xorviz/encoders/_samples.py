"""Frames that exist only while somebody looks at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final, overload

from xorviz.encoders._compressor import Frame


@final
class Samples(Sequence[Frame]):
    """A sequence of frames of which each is made when it is asked for, and may be overwritten by the next.

    Two dozen frames kept at once would take more memory than everything else that writes a file.

    Args:
        positions: of the frames, in the words of ``frame``.
        frame: makes the one at a position.
    """

    def __init__(self, positions: Sequence[int], frame: Callable[[int], Frame]) -> None:
        self._positions, self._frame = positions, frame

    def __len__(self) -> int:
        """How many they are."""
        return len(self._positions)

    @overload
    def __getitem__(self, index: int) -> Frame: ...
    @overload
    def __getitem__(self, index: slice) -> Samples: ...
    def __getitem__(self, index: int | slice) -> Frame | Samples:
        """Makes the frame there."""
        if isinstance(index, slice):
            return Samples(self._positions[index], self._frame)
        return self._frame(self._positions[index])
