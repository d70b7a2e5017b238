"""Which loss a training loop reports: the one whose value at the start is the number that it gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from xorviz.errors import UsageError, unknown
from xorviz.learning.activations import ActivationName, applied
from xorviz.learning.losses import Loss, LossKind, Reduction
from xorviz.problems.tasks import Task
from xorviz.recorders._base import Array
from xorviz.recorders.options import Options

#: A full batch in float32 agrees to this, relatively; a batch of some points at least to the other.
_EXACT, _NEAR = 1e-3, 0.2


@dataclass(frozen=True)
class Objective:
    """A loss, and what it is taken of.

    Attributes:
        loss: None where it is none of those that xorviz can take.
        link: the activation that is applied to the model's outputs; ``"linear"`` for none.
    """

    loss: Loss | None
    link: ActivationName

    def outputs(self, raw: Array) -> Array:
        """What is drawn of the model's outputs, as a new array."""
        return applied(self.link, raw)


def objective(
    raw: Array, targets: Array, reported: float | None, task: Task, options: Options, *, last: str | None = None
) -> Objective:
    """The loss and the link that explain a reported loss.

    Args:
        raw (float array of shape (n_points, n_outputs)): the model's outputs at the training points.
        targets (float64 array of shape (n_points, n_outputs)): what they should be.
        reported: the loss that the training loop gave for the same parameters, of all points or a batch; None if none.
        task: what is asked of the outputs.
        options: what the user said of both.
        last: activation of the output layer; None where that is not known.

    Returns:
        The nearest by value; where none is near, no loss. Without a reported value, the one that is usual for such
        outputs.

    Raises:
        UsageError: a loss that does not exist, or cannot be taken of the outputs.
    """
    if options.loss is None:
        return Objective(None, "linear" if options.link == "auto" else options.link)
    if options.loss != "auto" and options.loss not in get_args(LossKind):
        raise unknown("loss", options.loss, ["auto", *get_args(LossKind)])
    seen = last or _activation_seen(raw)
    candidates = list(_candidates(raw, targets, task, options, seen, is_sure=last is not None))
    if not candidates:
        raise UsageError(f"loss must be one that the outputs have; got {options.loss!r} with link {options.link!r}.")
    if reported is None or not np.isfinite(reported):
        return candidates[0]
    with np.errstate(all="ignore"):
        values = np.array([float(one.loss.value(one.outputs(raw), targets)) for one in candidates if one.loss])
        off = np.nan_to_num(np.abs(values - reported) / max(abs(reported), 1e-12), nan=np.inf)
    nearest = int(off.argmin())
    # Several may agree exactly, a half and a mean over two outputs say; the most usual one is meant.
    exact = np.flatnonzero(off <= _EXACT)
    if len(exact):
        return candidates[int(exact[0])]
    if candidates[nearest].link != "linear" and options.link == "auto" and last is None and seen != "linear":
        # Outputs that look like probabilities are taken for them, unless the value proves that they are logits.
        off[[one.link != "linear" for one in candidates]] = np.inf
        nearest = int(off.argmin())
    if off[nearest] <= _NEAR or options.loss != "auto":
        return candidates[nearest]
    return Objective(None, candidates[0].link if options.link != "auto" else "linear")


def _candidates(
    raw: Array, targets: Array, task: Task, options: Options, seen: str, *, is_sure: bool
) -> Iterator[Objective]:
    """Every loss with every link that it can be taken of; the most usual first."""
    n_outputs = raw.shape[1]
    means: list[Reduction] = ["mean", "sum"]
    links: list[ActivationName] = ["linear"]
    if options.link != "auto":
        links = [options.link]
    elif task != "regression" and (seen == "linear" or not is_sure):
        links.append("softmax" if task == "multiclass" else "sigmoid")
    for link in links:
        shown = link if link != "linear" else seen
        kinds: list[tuple[LossKind, list[float]]] = [("squared", [2.0 / n_outputs, 1.0, 2.0])]
        if shown == "sigmoid" and targets.min() >= 0 and targets.max() <= 1:
            kinds.insert(0, ("cross_entropy", [1.0 / n_outputs, 1.0]))
        if shown == "softmax":
            kinds.insert(0, ("categorical_cross_entropy", [1.0]))
        for kind, factors in kinds:
            for reduction in means:
                for factor in dict.fromkeys(factors):
                    if options.loss in ("auto", kind):
                        yield Objective(Loss(kind=kind, reduction=reduction, reported=reduction, factor=factor), link)


def _activation_seen(outputs: Array) -> str:
    """What outputs look as if they came out of."""
    if outputs.min() < 0 or outputs.max() > 1:
        return "linear"
    is_shared = outputs.shape[1] > 1 and np.allclose(outputs.sum(axis=1), 1.0, atol=1e-5)
    return "softmax" if is_shared else "sigmoid"
