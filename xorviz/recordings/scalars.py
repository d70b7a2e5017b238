"""Numbers given at some steps of a run, by name: ``val_loss`` and whatever else a training loop reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, final

import msgspec
import numpy as np
from numpy.typing import NDArray

Float64: TypeAlias = NDArray[np.float64]
Int64: TypeAlias = NDArray[np.int64]

_decoder = msgspec.msgpack.Decoder(dict[str, tuple[bytes, bytes]])


@final
class Series(msgspec.Struct, frozen=True, eq=False):
    """One number over some steps.

    Attributes:
        steps (int64 array of shape (n,)): not falling.
        values (float64 array of shape (n,)): what was given there.
    """

    steps: Int64
    values: Float64

    def __len__(self) -> int:
        return len(self.steps)

    def sparse(self, n: int) -> Series:
        """The first of every n steps: of a number given at every step those at multiples of n, of a rarer one all."""
        _, chosen = np.unique(self.steps // n, return_index=True)
        return Series(self.steps[chosen], self.values[chosen])

    def every(self, n: int) -> Series:
        """The first and every n-th after it, so that those that are left keep their steps."""
        return Series(self.steps[::n], self.values[::n])


def joined(several: Iterable[Series]) -> Series:
    """Series of one name one after the other."""
    parts = list(several)
    return Series(
        np.concatenate([np.empty(0, np.int64), *(part.steps for part in parts)]),
        np.concatenate([np.empty(0), *(part.values for part in parts)]),
    )


def encode_scalars(scalars: Mapping[str, Series]) -> bytes:
    """As a row stores them: nothing where there are none."""
    found = {
        name: (one.steps.astype("<i8").tobytes(), one.values.astype("<f8").tobytes())
        for name, one in scalars.items()
        if len(one)
    }
    return msgspec.msgpack.encode(found) if found else b""


def decode_scalars(blob: bytes) -> dict[str, Series]:
    """What `encode_scalars` stored.

    Raises:
        ValueError: it is nothing of the kind.
    """
    if not blob:
        return {}
    try:
        found = _decoder.decode(blob)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    scalars = {}
    for name, (steps, values) in found.items():
        if len(steps) % 8 or len(steps) != len(values):
            raise ValueError(f"{name!r} has {len(steps)} bytes of steps and {len(values)} of values")
        scalars[name] = Series(
            np.frombuffer(steps, "<i8").astype(np.int64), np.frombuffer(values, "<f8").astype(np.float64)
        )
    return scalars
