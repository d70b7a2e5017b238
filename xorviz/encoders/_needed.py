"""How many bytes a file will take, told to whoever has too few."""

from __future__ import annotations

import errno
import pickle
from typing import final

from xorviz.encoders._compressor import Part
from xorviz.encoders.byte_counts import readable

_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@final
class Needed:
    """An estimate from the runs of frames that were compressed so far."""

    def __init__(self) -> None:
        self._n_bytes, self._share = 0, 0.0

    def add(self, part: Part, share: float) -> None:
        """One more run.

        Args:
            part: of the file.
            share: of all frames that are there with it, 0 to 1; 0 where nobody knows.
        """
        if share:
            self._n_bytes, self._share = self._n_bytes + len(pickle.dumps(part)), share

    def reason(self, error: OSError) -> str:
        """Why a file could not be written, what is left of it, and what to do."""
        is_known = self._share and error.errno in _NO_ROOM
        size = f"; about {readable(self._n_bytes / self._share)} are needed" if is_known else ""
        return f"{error.strerror or error}{size}. Nothing was left behind; make room or choose another place."
