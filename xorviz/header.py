"""What a recording says about its run, and how that is stored: one JSON text and two arrays."""

from __future__ import annotations

import json
import math
import platform
from typing import Any, TypeAlias, TypeVar, final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz import __version__
from xorviz.errors import UsageError
from xorviz.losses import Loss
from xorviz.network import Network

Float64: TypeAlias = NDArray[np.float64]
AnyFloat = TypeVar("AnyFloat", bound=NDArray[Any])
Bounds: TypeAlias = tuple[tuple[float, float], tuple[float, float]]

LAYOUT = "float64, little-endian, C order"


def read_only(array: AnyFloat) -> AnyFloat:
    """The array itself, from now on protected from writing."""
    array.flags.writeable = False
    return array


def current_versions() -> dict[str, str]:
    """The versions of xorviz, NumPy and Python that are running."""
    return {"xorviz": __version__, "numpy": np.__version__, "python": platform.python_version()}


@final
class Header(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a recording says about its run.

    Attributes:
        title: one line, drawn above the animation.
        description: a sentence or two; may be empty.
        network: the network that was trained.
        loss: the loss that was descended and reported.
        experiment: the whole experiment as JSON values, so that the run can be repeated.
        seed: of the initialisation and of all that is random; None where nothing is.
        bounds: (lowest, highest) first input, (lowest, highest) second input, in input units; what is drawn.
        inputs (float64 array of shape (n_points, n_inputs)): the training points; read-only.
        targets (float64 array of shape (n_points, n_outputs)): what the outputs should be; read-only.
        versions: of the programs that recorded it; the running ones if not given.

    Raises:
        UsageError: arrays that do not fit the network, or bounds that enclose nothing.
    """

    title: str
    description: str
    network: Network
    loss: Loss
    experiment: dict[str, Any]
    seed: int | None
    bounds: Bounds
    inputs: Float64
    targets: Float64
    versions: dict[str, str] = msgspec.field(default_factory=current_versions)

    def __post_init__(self) -> None:
        """Check the arrays and keep read-only copies of them."""
        n_inputs, n_outputs = self.network.widths[0], self.network.widths[-1]
        for field, width in (("inputs", n_inputs), ("targets", n_outputs)):
            array = np.array(getattr(self, field), dtype=np.float64)
            if array.ndim != 2 or array.shape[1] != width or not array.size:
                raise UsageError(f"{field} must have shape (n_points, {width}); got {array.shape!r}.")
            if not np.isfinite(array).all():
                raise UsageError(f"{field} must be finite; got {array.tolist()!r}.")
            msgspec.structs.force_setattr(self, field, read_only(array))
        if len(self.inputs) != len(self.targets):
            raise UsageError(f"targets must have one row per point, here {len(self.inputs)}; got {len(self.targets)}.")
        if any(not (math.isfinite(high - low) and low < high) for low, high in self.bounds):
            raise UsageError(f"bounds must be two finite (low, high) with low < high; got {self.bounds!r}.")

    def n_correct(self, outputs: Float64) -> int:
        """How many training points have every output strictly on its target's side of 0.5.

        Args:
            outputs (float64 array of shape (n_points, n_outputs)): at the training points.
        """
        is_right = np.isfinite(outputs) & ((outputs - 0.5) * (self.targets - 0.5) > 0)
        return int(np.count_nonzero(is_right.all(axis=-1)))


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON text; `layout` and the shapes are there for whoever reads the file without xorviz."""

    title: str
    description: str
    network: Network
    loss: Loss
    experiment: dict[str, Any]
    seed: int | None
    bounds: Bounds
    versions: dict[str, str]
    layout: str
    parameters: dict[str, tuple[int, ...]]
    inputs: tuple[int, int]
    targets: tuple[int, int]


_SAME = ("title", "description", "network", "loss", "experiment", "seed", "bounds", "versions")


def encode_header(header: Header) -> tuple[str, bytes, bytes]:
    """A header as it is stored.

    Returns:
        The JSON text, then inputs and targets as little-endian float64 in C order.

    Raises:
        UsageError: the experiment holds something JSON has no word for; an infinite number, say.
    """
    stored = _Stored(
        layout=LAYOUT,
        parameters=header.network.shapes,
        inputs=header.inputs.shape,
        targets=header.targets.shape,
        **{name: getattr(header, name) for name in _SAME},
    )
    try:
        # Not msgspec's encoder: it writes infinity and NaN as null without a word.
        text = json.dumps(msgspec.to_builtins(stored), allow_nan=False, ensure_ascii=False, indent=1)
        text.encode()
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"experiment must hold JSON values and finite numbers only; {error}.") from error
    return text, header.inputs.astype("<f8").tobytes(), header.targets.astype("<f8").tobytes()


def decode_header(text: bytes, inputs: bytes, targets: bytes) -> Header:
    """The header that `encode_header` stored.

    Raises:
        ValueError: it is not one; the message says why.
    """
    try:
        stored = msgspec.json.decode(text, type=_Stored)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if stored.layout != LAYOUT:
        raise ValueError(f"its numbers are laid out as {stored.layout!r}")
    arrays = {}
    for name, blob, shape in (("inputs", inputs, stored.inputs), ("targets", targets, stored.targets)):
        if min(shape) < 1 or len(blob) != 8 * shape[0] * shape[1]:
            raise ValueError(f"{name} hold {len(blob)} bytes for shape {shape!r}")
        arrays[name] = np.frombuffer(blob, "<f8").reshape(shape)
    same: dict[str, Any] = {name: getattr(stored, name) for name in _SAME}
    return Header(inputs=arrays["inputs"], targets=arrays["targets"], **same)
