"""Experiment: everything a training run depends on, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Literal, TypeAlias, get_origin

import msgspec
import numpy as np

from xorviz.errors import UsageError, unknown
from xorviz.learning.initialisations import Glorot, Initialisation
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent, Optimizer
from xorviz.problems import Problem, xor

BiasGradient: TypeAlias = Literal["per_unit", "layer_sum"]
UpdateOrder: TypeAlias = Literal["simultaneous", "output_first"]


class Stopping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a run ends: at whichever comes first.

    Attributes:
        n_steps: most updates to make.
        loss_below: stop before the first update at which the reported loss is below this; None never does.
    """

    n_steps: int = 10_000
    loss_below: float | None = None

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        if self.n_steps < 1:
            raise UsageError(f"stopping.n_steps must be 1 or more; got {self.n_steps!r}.")
        if self.loss_below is not None and not (isfinite(self.loss_below) and self.loss_below > 0):
            raise UsageError(f"stopping.loss_below must be positive or None; got {self.loss_below!r}.")


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Problem, network, initialisation, loss, optimizer and stopping rule of one training run.

    The defaults are the textbook's. Three fields, `bias_gradient`, `update_order` and the network's
    ``relu_derivative``, have a second value, as an article published; `textbook` gives the twin without them.

    Attributes:
        network: what is trained.
        problem: what it should learn.
        initialisation: how the first parameters are drawn.
        loss: what is descended and reported.
        optimizer: how a gradient becomes an update.
        batch: ``"full"``, every point in each update, or an order of point indices, ``(0, 2, 1, 3)``: each
            update is of one point, and the order is gone through over and over.
        stopping: when the run ends.
        seed: of the initialisation.
        bias_gradient: ``"per_unit"``, or ``"layer_sum"``: every bias of a layer moves by the sum of that
            layer's deltas over points and units, as published by `convergence`.
        update_order: ``"simultaneous"``, every layer's gradient taken before any moves, or
            ``"output_first"``: a layer is updated before its weights carry the error back, as published by
            `init-scale`.
        name: under which the experiment is known.

    Raises:
        UsageError: parts that do not fit each other.
    """

    network: Network
    problem: Problem = msgspec.field(default_factory=xor)
    initialisation: Initialisation = msgspec.field(default_factory=Glorot)
    loss: Loss = msgspec.field(default_factory=Loss)
    optimizer: Optimizer = msgspec.field(default_factory=GradientDescent)
    batch: Literal["full"] | tuple[int, ...] = "full"
    stopping: Stopping = msgspec.field(default_factory=Stopping)
    seed: int = 0
    bias_gradient: BiasGradient = "per_unit"
    update_order: UpdateOrder = "simultaneous"
    name: str = "experiment"

    def __post_init__(self) -> None:
        """Check that the parts fit each other."""
        n_points, n_inputs = self.problem.inputs.shape
        n_outputs = self.problem.targets.shape[1]
        if (self.network.widths[0], self.network.widths[-1]) != (n_inputs, n_outputs):
            raise UsageError(
                f"network.widths must begin with {n_inputs} and end with {n_outputs} for the problem "
                f"{self.problem.name}; got {self.network.widths!r}."
            )
        self.initialisation.check(self.network)
        self.loss.check_output(self.network.activations[-1])
        if self.loss.kind != "squared" and not _within_unit_interval(self.problem.targets):
            raise UsageError(
                f"targets must lie in [0, 1] for loss {self.loss.kind!r}; "
                f"got {self.problem.targets.min():g} to {self.problem.targets.max():g}."
            )
        if self.loss.kind == "categorical_cross_entropy" and not np.allclose(self.problem.targets.sum(axis=1), 1.0):
            raise UsageError("targets of a point must add up to 1 for loss 'categorical_cross_entropy'.")
        if self.batch != "full" and not (
            self.batch and all(isinstance(i, int) and 0 <= i < n_points for i in self.batch)
        ):
            raise UsageError(
                f"batch must be 'full' or an order of point indices from 0 to {n_points - 1}; got {self.batch!r}."
            )
        if not 0 <= self.seed < 2**32:
            raise UsageError(f"seed must be from 0 to 2**32 - 1; got {self.seed!r}.")
        if self.bias_gradient not in ("per_unit", "layer_sum"):
            raise unknown("bias_gradient", self.bias_gradient, ("per_unit", "layer_sum"))
        if self.update_order not in ("simultaneous", "output_first"):
            raise unknown("update_order", self.update_order, ("simultaneous", "output_first"))

    def textbook(self) -> Experiment:
        """The twin that departs from the textbook nowhere; the experiment itself if it does not."""
        return self.replace(
            network=msgspec.structs.replace(self.network, relu_derivative="textbook"),
            bias_gradient="per_unit",
            update_order="simultaneous",
        )

    def replace(self, **changes: Any) -> Experiment:
        """A copy with some fields changed, checked again.

        Args:
            **changes: any fields.

        Returns:
            The copy.

        Raises:
            UsageError: the changed parts do not fit each other.
        """
        return msgspec.structs.replace(self, **changes)

    @property
    def title(self) -> str:
        """What is learned: ``"XOR"``."""
        return self.problem.name

    @property
    def description(self) -> str:
        """How: ``"2–2–1 sigmoid, cross-entropy, gradient descent"``."""
        parts = [self.network.describe(), self.loss.describe(), self.optimizer.describe()]
        if self.batch != "full":
            parts.append("one point at a time")
        return ", ".join(parts)

    def to_builtins(self) -> dict[str, Any]:
        """As dicts, lists, strings and numbers, for JSON or TOML; the inverse of `from_builtins`."""
        builtins: dict[str, Any] = msgspec.to_builtins(self, enc_hook=_encode)
        return builtins

    @classmethod
    def from_builtins(cls, builtins: Mapping[str, Any]) -> Experiment:
        """The experiment that `to_builtins` wrote down.

        Args:
            builtins: what a JSON or TOML file holds.

        Returns:
            The experiment, checked.

        Raises:
            UsageError: a key or value that means no experiment; the message carries its path.
        """
        try:
            return msgspec.convert(dict(builtins), cls, dec_hook=_decode)
        except msgspec.ValidationError as error:
            raise UsageError(f"experiment must be as Experiment.to_builtins() writes it; {error}.") from None


def _within_unit_interval(targets: Any) -> bool:
    return bool(((targets >= 0) & (targets <= 1)).all())


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise NotImplementedError(f"{type(value)} has no plain form")


def _decode(kind: type, value: Any) -> Any:
    if get_origin(kind) is np.ndarray:
        return np.array(value, dtype=np.float64)
    raise NotImplementedError(f"{kind} has no plain form")
