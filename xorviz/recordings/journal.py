"""What a recorder was told and has not yet written as rows: a file beside the recording, appended to at every snapshot.

A row costs what looking at the model and a transaction cost, so a recorder makes many of them at a time. A write to a
file costs two microseconds, and what was written outlives the process all the same; so every snapshot goes here first.
Who opens a recording that was cut off, or goes on, makes the rows that are missing (`unwritten`).

A record is its length, a CRC-32 and itself in MessagePack. The CRC-32 starts from that of the record before, the first
from the recording's seal: what is torn, mixed or of another run ends the journal there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from struct import Struct
from typing import Annotated, BinaryIO, Final, TypeAlias, final
from zlib import crc32

import msgspec

from xorviz.errors import XorvizError
from xorviz.learning.activations import ActivationName

SUFFIX = "-steps"
"""What is added to the name of the recording that is being written."""

_FRAME = Struct("<II")
MOST_STEPS = 1 << 62
"""More than any run has; with room for sums in 64 bits."""

Step: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=MOST_STEPS)]


class Begun(msgspec.Struct, frozen=True, array_like=True, tag="begun"):
    """The first record.

    Attributes:
        link: the activation by which outputs in the snapshots of a sampled model become what is recorded.
        number: how often the journal had begun before; so what an earlier one left behind this one does not follow it.
    """

    link: ActivationName
    number: int = 0


class Told(msgspec.Struct, frozen=True, array_like=True, tag="told"):
    """Numbers that were given since the snapshot before, as `encode_scalars` stores them."""

    scalars: bytes


class Taken(msgspec.Struct, frozen=True, array_like=True, tag="taken"):
    """A snapshot: its vector as a row would store it. One in passing counts for as long as it is the latest."""

    step: Step
    vector: bytes
    passing: bool = False


class Updated(msgspec.Struct, frozen=True, array_like=True, tag="updated"):
    """The update after the latest snapshot: the loss that was given for it, and the framework's gradient."""

    reported: float
    gradient: bytes | None


Record: TypeAlias = Begun | Told | Taken | Updated

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Record)


@final
class Journal:
    """Writes records.

    Args:
        path: of the file; one that is there is replaced.
        seal: of the recording.

    Raises:
        XorvizError: it cannot be written.
    """

    def __init__(self, path: Path, seal: int) -> None:
        self._path: Final = path
        self._seal: Final = seal
        self._crc = seal
        self._ready = bytearray()
        self._n_begun = 0
        self._file: FileIO | None = None
        self._n_bytes = 0

    def add(self, record: Record) -> None:
        """Make a record ready to be kept."""
        data = _encode(record)
        self._crc = crc32(data, self._crc)
        self._ready += _FRAME.pack(len(data), self._crc)
        self._ready += data

    def keep(self) -> int:
        """Write what is ready: when this returns, the death of the process cannot lose it.

        Returns:
            How many bytes the file has.

        Raises:
            XorvizError: it cannot be written.
        """
        ready, file = self._ready, self._file
        if ready and file is not None:
            try:
                n_written = file.write(ready)
                # Without a buffer a write may be a part only.
                while n_written < len(ready):
                    n_written += file.write(ready[n_written:])
            except OSError as error:
                raise self._failed(error) from error
            self._n_bytes += n_written
            ready.clear()
        return self._n_bytes

    def restart(self, link: ActivationName, records: Sequence[Record] = ()) -> int:
        """Begin anew with some records, because rows tell all the others.

        Args:
            link: see `Begun`.
            records: what no row tells.

        Returns:
            How many bytes the file has.

        Raises:
            XorvizError: it cannot be written.
        """
        is_new = self._file is None or any(isinstance(record, Taken) for record in records)
        if is_new:
            self.keep()
        before = self._crc, self._n_bytes
        self._crc, self._n_bytes = self._seal, 0
        self._ready.clear()
        self.add(Begun(link, self._n_begun))
        self._n_begun += 1
        for record in records:
            self.add(record)
        if is_new:
            self._replace(before)
        elif self._file is not None:
            # Without a snapshot there is nothing to lose, and pages that are there need not be asked for.
            self._file.seek(0)
            self.keep()
        return self._n_bytes

    def _replace(self, before: tuple[int, int]) -> None:
        """Write what is ready to a new file; until that is whole, the old one is there."""
        fresh = Path(f"{self._path}-new")
        self.close()
        try:
            self._file = FileIO(fresh, "wb")
            self.keep()
            self.close()
            try:
                fresh.replace(self._path)
            except PermissionError:
                # Windows, while somebody reads the old one: that has all of this, and more, and goes on.
                self._crc, self._n_bytes = before
            self._file = FileIO(self._path, "r+b")
            self._file.seek(self._n_bytes)
        except OSError as error:
            raise self._failed(error) from error
        finally:
            with suppress(OSError):
                fresh.unlink()

    def close(self) -> None:
        """Write no more; the file stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _failed(self, error: OSError) -> XorvizError:
        return XorvizError(f"{str(self._path)!r} cannot be written: {error.strerror or error}.")


def records(file: BinaryIO, seal: int) -> Iterator[Record]:
    """What a journal holds, up to where it is not as it was written.

    Args:
        file: a journal, from its beginning.
        seal: of the recording.
    """
    n_left, crc = os.fstat(file.fileno()).st_size, seal
    while len(frame := file.read(_FRAME.size)) == _FRAME.size:
        n_bytes, expected = _FRAME.unpack(frame)
        n_left -= _FRAME.size
        if n_bytes > n_left:
            return
        data = file.read(n_bytes)
        n_left -= n_bytes
        crc = crc32(data, crc)
        if crc != expected:
            return
        try:
            yield _decoder.decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
