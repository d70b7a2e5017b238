"""A snapshot as it is given, and as a row of the file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xorviz.database import Trace
from xorviz.errors import UsageError
from xorviz.header import Header
from xorviz.scalars import Series, encode_scalars

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

    def row(self, snapshot: Snapshot, ordinal: int, since: int) -> tuple[Trace, bytes, bytes]:
        """The row of a snapshot: what it adds to the traces, its parameters, its gradients.

        Args:
            snapshot: what it holds.
            ordinal: under which number it is kept.
            since: step of the snapshot before; 0 for the first.

        Raises:
            UsageError: an array of another shape, or a step that is not later.
        """
        header, model, step = self._header, self._model, int(snapshot.step)
        if step <= since if ordinal else step != 0:
            rule = f"be greater than {since}" if ordinal else "be 0 for the first snapshot"
            raise UsageError(f"step must {rule}; got {step!r}.")
        losses = np.empty(0)
        if snapshot.losses is not None:
            losses = _numbers("losses", snapshot.losses, (step - since,))
        flat = _numbers("parameters", snapshot.parameters, (model.n_values,), self._vector)
        gradients = _numbers("gradients", snapshot.gradients, (model.n_gradients,), self._vector)
        outputs = snapshot.outputs
        if outputs is None:
            with np.errstate(all="ignore"):
                outputs = model.forward(flat.astype(np.float64), header.inputs)
        norms = np.concatenate([model.layer_norms(vector.astype(np.float64)) for vector in (flat, gradients)])
        trace = Trace(
            ordinal=ordinal,
            step=step,
            since=since,
            n_correct=header.n_correct(_numbers("outputs", outputs, header.targets.shape)),
            loss=_numbers("loss", snapshot.loss, ()).tobytes(),
            norms=norms.astype(_LITTLE_ENDIAN, copy=False).tobytes(),
            losses=losses.tobytes(),
            scalars=encode_scalars(snapshot.scalars),
        )
        return trace, flat.tobytes(), gradients.tobytes()


def _numbers(argument: str, values: ArrayLike, shape: tuple[int, ...], dtype: Any = _LITTLE_ENDIAN) -> NDArray[Any]:
    """Values as little-endian numbers, float64 bit for bit."""
    try:
        array = np.asarray(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{argument} must be numbers; got {values!r}.") from error
    if array.shape != shape:
        raise UsageError(f"{argument} must have shape {shape!r}; got shape {array.shape!r}.")
    return array
