"""With what a problem is learned when nothing else is said."""

from __future__ import annotations

from collections.abc import Sequence

from xorviz.learning.activations import ActivationName
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.losses import Loss, LossKind
from xorviz.learning.network import Network
from xorviz.learning.optimizers import Adam
from xorviz.problems import Problem

_OUTPUTS: dict[str, tuple[ActivationName, LossKind]] = {
    "binary": ("sigmoid", "cross_entropy"),
    "multiclass": ("softmax", "categorical_cross_entropy"),
    "regression": ("linear", "squared"),
}
#: Up to so many points a narrow network learns as well, and its pictures show every unit.
_FEW_POINTS = 16
_FEW_STEPS, _STEPS = 400, 1000


def experiment_for(
    problem: Problem,
    *,
    hidden: Sequence[int] = (),
    n_steps: int | None = None,
    learning_rate: float | None = None,
    seed: int = 0,
) -> Experiment:
    """A tanh network for a problem, trained by Adam on all points at once.

    The output layer and the loss follow from the task: sigmoid and cross-entropy, softmax and categorical
    cross-entropy, or linear and squared error; the loss is the mean over the points.

    Args:
        problem: what to learn.
        hidden: widths of the hidden layers; twice the inputs in one layer for up to 16 points, else 16 and 16.
        n_steps: updates; 400 for up to 16 points, else 1000.
        learning_rate: Adam's; 0.05 for up to 16 points, else 0.01.
        seed: of the initialisation.

    Returns:
        The experiment; see `xorviz.train`.

    Raises:
        UsageError: widths, steps or a rate that are not positive.
    """
    n_points, n_inputs = problem.inputs.shape
    is_few = n_points <= _FEW_POINTS
    widths = tuple(hidden) or ((2 * n_inputs,) if is_few else (16, 16))
    hidden_names: list[ActivationName] = ["tanh"] * len(widths)
    activation, loss = _OUTPUTS[problem.task]
    return Experiment(
        name=problem.name,
        problem=problem,
        network=Network(widths=(n_inputs, *widths, problem.targets.shape[1]), activations=(*hidden_names, activation)),
        loss=Loss(kind=loss, reduction="mean", reported="mean"),
        optimizer=Adam(learning_rate=learning_rate or (0.05 if is_few else 0.01)),
        stopping=Stopping(n_steps=n_steps or (_FEW_STEPS if is_few else _STEPS)),
        seed=seed,
    )
