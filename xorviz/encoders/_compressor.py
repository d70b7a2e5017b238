"""The part of an encoder that costs time and can be done anywhere: frames in, a part of the file out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Frame: TypeAlias = npt.NDArray[np.uint8]
"""One picture: uint8 of shape (height_px, width_px, 4), RGBA, not premultiplied; the alpha counts with a matte only."""

RGB: TypeAlias = tuple[int, int, int]
"""A colour of 0 to 255 each."""

Part: TypeAlias = Any
"""What a compressor makes of some successive frames; small, picklable, and understood by its encoder alone."""


class Compressor(ABC):
    """Compresses runs of frames, each on its own: no run needs what another left behind.

    It holds no file and can be pickled, so that several processes can each compress a run that they drew themselves:
    frames never cross from one process to another, only parts of the file do. Equal frames give equal parts wherever
    they are made.

    Use: ``begin``, ``add`` for every frame of the run, ``end``; then the next run.
    """

    @abstractmethod
    def begin(self, *, start_ms: float, before: Frame | None) -> None:
        """Starts a run.

        Args:
            start_ms (float, milliseconds): when its first frame is shown.
            before (uint8 of shape (height_px, width_px, 4)): the frame shown until then; None at the very start.
        """

    @abstractmethod
    def add(self, frame: Frame, duration_ms: float) -> None:
        """Takes the next frame, keeping no reference to it; arguments as for `Encoder.write`."""

    @abstractmethod
    def end(self) -> Part:
        """Ends the run and returns what `Encoder.append` takes."""
