"""What a recording says about its run, and how that is stored: one JSON text and two arrays."""

from __future__ import annotations

import json
import math
import platform
from typing import Any, Literal, TypeAlias, TypeVar, final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz import __version__
from xorviz.errors import UsageError
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.problems.planes import Bounds as Bounds
from xorviz.problems.planes import Plane, Units, bounds_around, feature_plane
from xorviz.problems.tasks import Task, check_task, is_correct
from xorviz.recordings.dense_model import DenseModel
from xorviz.recordings.model import Model
from xorviz.recordings.probe import Probe, SampledModel

Float64: TypeAlias = NDArray[np.float64]
AnyFloat = TypeVar("AnyFloat", bound=NDArray[Any])

#: Number types of vectors: what most frameworks train in is kept as it is.
Precision: TypeAlias = Literal["float64", "float32"]

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
        network: the network that was trained; None for a model of another kind, which has a ``probe``.
        loss: the loss that was descended and reported; None where it is none of those xorviz can take.
        experiment: the whole experiment as JSON values, so that the run can be repeated.
        seed: of the initialisation and of all that is random; None where nothing is.
        bounds: (lowest, highest) first coordinate, (lowest, highest) second coordinate of the plane; what is drawn.
        inputs (float64 array of shape (n_points, n_inputs)): the training points; read-only.
        targets (float64 array of shape (n_points, n_outputs)): what the outputs should be; read-only.
        versions: of the programs that recorded it; the running ones if not given.
        task: what is asked of the outputs; see `xorviz.problems.tasks.Task`.
        class_names: of the classes, in order; empty where they have only numbers.
        feature_names: of the inputs; empty where they are x₁, x₂ …
        target_name: of what is predicted; empty where it has no name.
        validation_inputs (float64 array of shape (n_validation, n_inputs)): points that were not trained on; read-only.
        validation_targets (float64 array of shape (n_validation, n_outputs)): what the outputs should be there.
        units: mean and standard deviation by which each input was standardised; empty where they were not.
        plane: the plane that is drawn; None for that of the first two inputs.
        probe: where a model that is no network was sampled.
        precision: of the stored parameters, gradients and samples.

    Raises:
        UsageError: both a network and a probe, or neither; arrays that do not fit them; or bounds that enclose nothing.
    """

    title: str
    description: str
    network: Network | None = None
    loss: Loss | None
    experiment: dict[str, Any]
    seed: int | None
    bounds: Bounds
    inputs: Float64
    targets: Float64
    versions: dict[str, str] = msgspec.field(default_factory=current_versions)
    task: Task = "binary"
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    validation_inputs: Float64 = msgspec.field(default_factory=lambda: np.empty((0, 0)))
    validation_targets: Float64 = msgspec.field(default_factory=lambda: np.empty((0, 0)))
    units: Units = ()
    plane: Plane | None = None
    probe: Probe | None = None
    precision: Precision = "float64"

    def __post_init__(self) -> None:
        """Check the arrays and keep read-only copies of them."""
        if (self.network is None) == (self.probe is None):
            raise UsageError("network and probe must be one of the two; got both, or neither.")
        n_inputs, n_outputs = _widths(self.network, self.probe)
        for prefix in ("", "validation_"):
            for name, width in (("inputs", n_inputs), ("targets", n_outputs)):
                field = prefix + name
                array = np.array(getattr(self, field), dtype=np.float64)
                if prefix and not array.size:
                    array = np.empty((0, width))
                elif array.ndim != 2 or array.shape[1] != width or not array.size:
                    raise UsageError(f"{field} must have shape (n_points, {width}); got {array.shape!r}.")
                if not np.isfinite(array).all():
                    raise UsageError(f"{field} must be finite; got {array.tolist()!r}.")
                msgspec.structs.force_setattr(self, field, read_only(array))
            n, n_targets = len(getattr(self, f"{prefix}inputs")), len(getattr(self, f"{prefix}targets"))
            if n != n_targets:
                raise UsageError(f"{prefix}targets must have one row per point, here {n}; got {n_targets}.")
        check_task(self.task, self.targets, self.class_names)
        if self.feature_names and len(self.feature_names) != n_inputs:
            raise UsageError(f"feature_names must be {n_inputs}, one an input; got {list(self.feature_names)!r}.")
        if self.units and len(self.units) != n_inputs:
            raise UsageError(f"units must be {n_inputs}, one an input; got {len(self.units)}.")
        if self.plane is not None and len(self.plane.origin) != n_inputs:
            raise UsageError(f"plane must be in a space of {n_inputs} inputs; got {len(self.plane.origin)}.")
        if any(not (math.isfinite(high - low) and low < high) for low, high in self.bounds):
            raise UsageError(f"bounds must be two finite (low, high) with low < high; got {self.bounds!r}.")

    @property
    def drawn_plane(self) -> Plane:
        """`plane`, or what stands for it."""
        return self.plane or feature_plane(self.inputs, feature_names=self.feature_names, units=self.units)

    def on_plane(self, plane: Plane) -> Header:
        """With another plane, and bounds around all points on it."""
        everything = np.concatenate([self.inputs, self.validation_inputs])
        if len(plane.origin) != self.inputs.shape[1]:
            raise UsageError(f"plane must be in a space of {self.inputs.shape[1]} inputs; got {len(plane.origin)}.")
        return msgspec.structs.replace(self, plane=plane, bounds=bounds_around(plane, everything))

    @property
    def model(self) -> Model:
        """What computes outputs from a snapshot's vector, or looks them up in it."""
        if self.network is not None:
            return DenseModel(self.network)
        assert self.probe is not None
        known = np.concatenate([self.inputs, self.validation_inputs])
        return SampledModel(self.probe, self.drawn_plane, self.bounds, known)

    def n_correct(self, outputs: Float64) -> NDArray[np.int64]:
        """How many training points are correct; see `xorviz.problems.tasks.is_correct`.

        Outputs are of shape (..., n_points, n_outputs), counts of shape (...,).
        """
        return np.asarray(np.count_nonzero(is_correct(self.task, outputs, self.targets), axis=-1))


def _widths(network: Network | None, probe: Probe | None) -> tuple[int, int]:
    """Inputs and outputs of a point."""
    if network is not None:
        return network.widths[0], network.widths[-1]
    assert probe is not None
    return probe.n_inputs, probe.n_outputs


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON text; `layout` and the shapes are there for whoever reads the file without xorviz.

    The shapes are of the arrays as they are stored: the last `n_validation` rows are validation points.
    """

    title: str
    description: str
    network: Network | None
    loss: Loss | None
    experiment: dict[str, Any]
    seed: int | None
    bounds: Bounds
    versions: dict[str, str]
    layout: str
    parameters: dict[str, tuple[int, ...]]
    inputs: tuple[int, int]
    targets: tuple[int, int]
    task: Task = "binary"
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    units: Units = ()
    plane: Plane | None = None
    n_validation: int = 0
    probe: Probe | None = None
    precision: Precision = "float64"


_SAME = (
    *("title", "description", "network", "loss", "experiment", "seed", "bounds", "versions"),
    *("task", "class_names", "feature_names", "target_name", "units", "plane"),
    *("probe", "precision"),
)


def encode_header(header: Header) -> tuple[str, bytes, bytes]:
    """A header as it is stored.

    Returns:
        The JSON text, then inputs and targets, those of validation points last, as little-endian float64 in C order.

    Raises:
        UsageError: the experiment holds something JSON has no word for; an infinite number, say.
    """
    inputs = np.concatenate([header.inputs, header.validation_inputs])
    targets = np.concatenate([header.targets, header.validation_targets])
    stored = _Stored(
        layout=LAYOUT,
        parameters={} if header.network is None else header.network.shapes,
        inputs=inputs.shape,
        targets=targets.shape,
        n_validation=len(header.validation_inputs),
        **{name: getattr(header, name) for name in _SAME},
    )
    try:
        # Not msgspec's encoder: it writes infinity and NaN as null without a word.
        text = json.dumps(msgspec.to_builtins(stored), allow_nan=False, ensure_ascii=False, indent=1)
        text.encode()
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"experiment must hold JSON values and finite numbers only; {error}.") from error
    return text, inputs.astype("<f8").tobytes(), targets.astype("<f8").tobytes()


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
    arrays: dict[str, Any] = {}
    for name, blob, shape in (("inputs", inputs, stored.inputs), ("targets", targets, stored.targets)):
        if min(shape) < 1 or len(blob) != 8 * shape[0] * shape[1]:
            raise ValueError(f"{name} hold {len(blob)} bytes for shape {shape!r}")
        n_training = shape[0] - stored.n_validation
        if not 0 < n_training <= shape[0]:
            raise ValueError(f"{name} hold {shape[0]} points of which {stored.n_validation} were not trained on")
        rows = np.frombuffer(blob, "<f8").reshape(shape)
        arrays[name], arrays[f"validation_{name}"] = rows[:n_training], rows[n_training:]
    same: dict[str, Any] = {name: getattr(stored, name) for name in _SAME}
    return Header(**arrays, **same)
