"""A snapshot as it is given, and as a row of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.errors import UsageError
from xorviz.recordings.database import Trace
from xorviz.recordings.header import Header
from xorviz.recordings.scalars import Series, encode_scalars

_LITTLE_ENDIAN = np.dtype("<f8")


class Snapshot(NamedTuple):
    """What is recorded of one step; see `RecordingWriter.add`.

    Attributes:
        losses: None where not every step's is known; what is known is then among the scalars, by the name ``"loss"``.
        scalars: other numbers that were given since the snapshot before, by name.
    """

    step: int
    losses: ArrayLike | None
    loss: float
    parameters: ArrayLike
    gradients: ArrayLike
    outputs: ArrayLike | None = None
    scalars: Mapping[str, Series] = MappingProxyType({})


@final
class RowMaker:
    """Makes rows of snapshots.

    Args:
        header: of the recording.
    """

    def __init__(self, header: Header) -> None:
        self._header: Final = header
        self._model: Final = header.model
        self._vector: Final = np.dtype(header.precision).newbyteorder("<")
        #: What the vectors of one row take.
        self.n_bytes: Final = self._vector.itemsize * (self._model.n_values + self._model.n_gradients)

    def rows(self, snapshots: Sequence[Snapshot], ordinal: int, since: int) -> list[tuple[Trace, bytes, bytes]]:
        """The rows of snapshots: what each adds to the traces, its parameters, its gradients.

        Args:
            snapshots: what they hold, in order.
            ordinal: under which number the first is kept.
            since: step of the snapshot before; 0 for the first.

        Raises:
            UsageError: an array of another shape, or a step that is not later.
        """
        losses: list[tuple[int, NDArray[Any]]] = []
        for snapshot in snapshots:
            losses.append(self._losses(snapshot, ordinal + len(losses), since))
            since = int(snapshot.step)
        flats = [_numbers("parameters", one.parameters, (self._model.n_values,), self._vector) for one in snapshots]
        gradients = [
            _numbers("gradients", one.gradients, (self._model.n_gradients,), self._vector) for one in snapshots
        ]
        # Of all of them at once: for small networks the calls are what takes time.
        norms = np.concatenate([self._norms(flats), self._norms(gradients)], axis=-1)
        n_correct = self._header.n_correct(np.stack(list(map(self._outputs, snapshots, flats))))
        return [
            (
                Trace(
                    ordinal=ordinal + i,
                    step=int(one.step),
                    since=int(one.step) - len_of,
                    n_correct=int(n_correct[i]),
                    loss=_numbers("loss", one.loss, ()).tobytes(),
                    norms=norms[i].astype(_LITTLE_ENDIAN, copy=False).tobytes(),
                    losses=stored.tobytes(),
                    scalars=encode_scalars(one.scalars),
                ),
                flats[i].tobytes(),
                gradients[i].tobytes(),
            )
            for i, (one, (len_of, stored)) in enumerate(zip(snapshots, losses, strict=True))
        ]

    def _losses(self, snapshot: Snapshot, ordinal: int, since: int) -> tuple[int, NDArray[Any]]:
        """How many steps a snapshot is after the one before, and their losses, none where not all are known."""
        step = int(snapshot.step)
        if step <= since if ordinal else step != 0:
            rule = f"be greater than {since}" if ordinal else "be 0 for the first snapshot"
            raise UsageError(f"step must {rule}; got {step!r}.")
        if snapshot.losses is None:
            return step - since, np.empty(0)
        return step - since, _numbers("losses", snapshot.losses, (step - since,))

    def _norms(self, vectors: Sequence[NDArray[Any]]) -> NDArray[np.float64]:
        norms: NDArray[np.float64] = self._model.layer_norms(np.stack(vectors))
        return norms

    def _outputs(self, snapshot: Snapshot, flat: NDArray[Any]) -> NDArray[Any]:
        outputs = snapshot.outputs
        if outputs is None:
            with np.errstate(all="ignore"):
                outputs = self._model.forward(flat.astype(np.float64), self._header.inputs)
        return _numbers("outputs", outputs, self._header.targets.shape)


def _numbers(argument: str, values: ArrayLike, shape: tuple[int, ...], dtype: Any = _LITTLE_ENDIAN) -> NDArray[Any]:
    """Values as little-endian numbers, float64 bit for bit."""
    try:
        array = np.asarray(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{argument} must be numbers; got {values!r}.") from error
    if array.shape != shape:
        raise UsageError(f"{argument} must have shape {shape!r}; got shape {array.shape!r}.")
    return array
