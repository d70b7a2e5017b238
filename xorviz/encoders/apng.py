"""APNG: exact colours in every program that reads PNG; those that know no animation show the first frame."""

from __future__ import annotations

import struct
from io import BufferedWriter
from typing import ClassVar, final

from xorviz.encoders._patch_file import PatchEncoder
from xorviz.encoders._patches import Patch, PatchCompressor
from xorviz.encoders._png_chunks import SIGNATURE, chunk, deflated, header

_KEPT = 0
_REPLACING, _OVER = 0, 1


@final
class ApngEncoder(PatchEncoder):
    """Writes APNG; see `PatchEncoder`.

    References:
        W3C, Portable Network Graphics (PNG) Specification, Third Edition, section 11.3.6.
    """

    sees_through = True
    format_name: ClassVar[str] = "an APNG"
    longest_side_px: ClassVar[int] = 65535
    longest_ms: ClassVar[int] = 65535

    def _patches(self) -> PatchCompressor:
        return PatchCompressor(deflated, is_opaque=self._matte is None)

    def _head(self, n_loops: int) -> bytes:
        height_px, width_px, _ = self._shape
        self._n_loops = n_loops
        before = SIGNATURE + header(width_px, height_px, 4)
        self._counts_at = len(before)
        return before + self._counts()

    def _patch(self, patch: Patch, duration_ms: int) -> bytes:
        n_before = self._clock.n_patches
        # Controls and data are numbered together, but the first data have no number.
        number = max(0, 2 * n_before - 1)
        place = struct.pack(">IIIII", number, patch.width_px, patch.height_px, patch.left_px, patch.top_px)
        how = struct.pack(">HHBB", duration_ms, 1000, _KEPT, _REPLACING if patch.replaces or not n_before else _OVER)
        if not n_before:
            return chunk(b"fcTL", place + how) + chunk(b"IDAT", patch.data)
        return chunk(b"fcTL", place + how) + chunk(b"fdAT", struct.pack(">I", number + 1) + patch.data)

    def _close(self, file: BufferedWriter) -> None:
        file.write(chunk(b"IEND", b""))
        file.seek(self._counts_at)
        file.write(self._counts())

    def _counts(self) -> bytes:
        return chunk(b"acTL", struct.pack(">II", self._clock.n_patches, self._n_loops))
