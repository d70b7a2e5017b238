"""The losses: half squared error, binary and categorical cross-entropy; what is descended and what is reported."""

from __future__ import annotations

from math import isfinite
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import UsageError, unknown

Array: TypeAlias = NDArray[Any]
LossKind: TypeAlias = Literal["squared", "cross_entropy", "categorical_cross_entropy"]
Reduction: TypeAlias = Literal["sum", "mean"]
LOSSES: tuple[LossKind, ...] = get_args(LossKind)

#: The only activation whose values a loss can be taken of.
_NEEDS: dict[LossKind, str] = {"cross_entropy": "sigmoid", "categorical_cross_entropy": "softmax"}

#: Outputs are kept this far from 0 and 1 before a logarithm is taken: a saturated unit has a finite loss.
CLIP = 1e-15


class Loss(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the outputs are from the targets.

    Losses are summed over the outputs of a point, then reduced over points. Published programs often descend
    the sum yet print the mean, so the two reductions are separate.

    Attributes:
        kind: ``"squared"``, ½(out − y)²; ``"cross_entropy"``, −y ln out − (1 − y) ln(1 − out), which needs a
            sigmoid output layer; ``"categorical_cross_entropy"``, −y ln out, which needs a softmax output layer.
        reduction: over points, of the loss whose gradient is descended.
        reported: over points, of the loss that is recorded and compared with a stopping rule.
        factor: multiplies both: 2 for the squared error without its half, as frameworks have it.

    Raises:
        UsageError: a field is not one of its allowed values.

    References:
        C. M. Bishop, Pattern Recognition and Machine Learning (2006), eqs. 5.14, 5.21 and 5.24.
    """

    kind: LossKind = "squared"
    reduction: Reduction = "sum"
    reported: Reduction = "mean"
    factor: float = 1.0

    def __post_init__(self) -> None:
        """Check the values a caller can get wrong."""
        if self.kind not in LOSSES:
            raise unknown("loss.kind", self.kind, LOSSES)
        for field in ("reduction", "reported"):
            if getattr(self, field) not in ("sum", "mean"):
                raise unknown(f"loss.{field}", getattr(self, field), ("sum", "mean"))

        if not (isfinite(self.factor) and self.factor > 0):
            raise UsageError(f"loss.factor must be positive; got {self.factor!r}.")

    def check_output(self, activation: str) -> None:
        """Refuse an output layer this loss cannot be taken of.

        Args:
            activation: name of the output layer's activation.

        Raises:
            UsageError: a cross-entropy of other values than the probabilities it is defined for.
        """
        needed = _NEEDS.get(self.kind, activation)
        if activation != needed:
            raise UsageError(
                f"the output layer's activation must be {needed} for loss {self.kind!r}; "
                f"got {activation!r}. Use loss 'squared' with it."
            )

    def value(self, outputs: Array, targets: Array) -> Array:
        """The reported loss.

        Args:
            outputs (float array of shape (..., n_points, n_outputs)): what the network says.
            targets (float array of shape (n_points, n_outputs)): what it should say.

        Returns:
            (float array of shape (...,)): sum or mean over points, as `reported` says. NaN outputs give NaN.
        """
        if self.kind == "squared":
            error = outputs - targets
            per_output = 0.5 * error * error
        elif self.kind == "categorical_cross_entropy":
            per_output = -targets * np.log(np.clip(outputs, CLIP, 1.0))
        else:
            clipped = np.clip(outputs, CLIP, 1 - CLIP)
            per_output = -(targets * np.log(clipped) + (1 - targets) * np.log(1 - clipped))
        total: Array = np.asarray(per_output.sum(axis=(-2, -1)))
        if self.factor != 1.0:
            total = total * self.factor
        return total / outputs.shape[-2] if self.reported == "mean" else total

    @property
    def is_canonical(self) -> bool:
        """Whether ``outputs - targets`` is already the derivative by the output layer's weighted sums.

        So it is for cross-entropy of a sigmoid: the factor a(1 − a) of the sigmoid cancels the denominator of
        the loss (Bishop 2006, eq. 4.91), and cancelling it on paper keeps saturated units from giving 0/0.
        So it is, too, for categorical cross-entropy of a softmax where the targets of a point add up to 1 (eq. 4.109).
        For the squared error ``outputs - targets`` is the derivative by the outputs.
        """
        return self.kind != "squared"

    def scale(self, n_points: int) -> float:
        """Factor on every point's error in the gradient: `factor` for a sum, the n-th part of it for a mean."""
        return self.factor / n_points if self.reduction == "mean" else self.factor

    def describe(self) -> str:
        """In words: ``"cross-entropy"``, whichever it is, or ``"squared error"``."""
        return "squared error" if self.kind == "squared" else "cross-entropy"
