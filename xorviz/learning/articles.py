"""The five published training systems, as experiments that reproduce their numbers.

Where an article's arithmetic departs from the textbook, the experiment keeps the departure;
`Experiment.textbook` gives the twin without it.
"""

from __future__ import annotations

from math import sqrt

from xorviz.errors import unknown
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed, HalfGlorot, Normal, Uniform
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent

_SIGMOIDS = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))

#: "XOR problem", a blog's introduction in NumPy. As published: z·1[z > 0] stands for the derivative of ReLU.
#: No seed is stated, and none from 0 to 5,000 ends at the published weights.
RELU = Experiment(
    name="relu",
    network=Network(widths=(2, 2, 1), activations=("relu", "linear"), biases=False, relu_derivative="times_z"),
    initialisation=Uniform(),
    loss=Loss(kind="squared", reduction="sum", reported="mean"),
    optimizer=GradientDescent(learning_rate=0.1),
    stopping=Stopping(n_steps=10_000),
)

#: Nipun Batra, "Learning neural network for XOR". Departs nowhere.
BACKPROP = Experiment(
    name="backprop",
    network=_SIGMOIDS,
    initialisation=Normal(unit_rows=True),
    loss=Loss(kind="cross_entropy", reduction="sum", reported="sum"),
    optimizer=GradientDescent(learning_rate=1.0),
    stopping=Stopping(n_steps=140),
)

#: Alex McFarlane, "Introduction to Neural Nets in Python with XOR". As published: each layer's biases move by
#: the sum of that layer's deltas over points and units. It stops at 390,111 steps, the mean loss below 1e-4.
CONVERGENCE = Experiment(
    name="convergence",
    network=_SIGMOIDS,
    initialisation=Uniform(),
    loss=Loss(kind="squared", reduction="sum", reported="mean"),
    optimizer=GradientDescent(learning_rate=0.02),
    stopping=Stopping(n_steps=2_000_000, loss_below=1e-4),
    seed=42,
    bias_gradient="layer_sum",
)

#: Daniel Gustaw, "Machine Learning XOR from Scratch". As published: W2 and b2 are updated first, and the
#: updated W2 carries the error back. hidden_std is 1/√2, Glorot's, where the article draws a line; output_std
#: is its study's. No seed is stated.
INIT_SCALE = Experiment(
    name="init-scale",
    network=_SIGMOIDS,
    initialisation=Normal(hidden_std=1 / sqrt(2), output_std=0.8165),
    loss=Loss(kind="cross_entropy", reduction="sum", reported="mean"),
    optimizer=GradientDescent(learning_rate=0.1),
    stopping=Stopping(n_steps=10_000),
    update_order="output_first",
)

#: Stack Overflow, "XOR neural network backprop". Departs nowhere. One update per point: 10,000 epochs are
#: 40,000 updates. No seed is stated.
ONLINE = Experiment(
    name="online",
    network=Network(widths=(2, 3, 1), activations=("sigmoid", "sigmoid")),
    initialisation=HalfGlorot(),
    loss=Loss(kind="cross_entropy", reduction="sum", reported="mean"),
    optimizer=GradientDescent(learning_rate=0.1),
    batch=(0, 2, 1, 3),
    stopping=Stopping(n_steps=40_000),
)

ARTICLES: dict[str, Experiment] = {
    experiment.name: experiment for experiment in (RELU, BACKPROP, CONVERGENCE, INIT_SCALE, ONLINE)
}

#: The network `backprop` sets by hand, which computes XOR exactly: ReLU on both layers, W1 = [[1, 1],
#: [1, 1]], b1 = [0, −1], W2 = [1, −2], b2 = 0. Its loss and gradient are 0: training leaves it as it is.
HAND_SET = Experiment(
    name="hand-set",
    network=Network(widths=(2, 2, 1), activations=("relu", "relu")),
    initialisation=Fixed(parameters=(1, 1, 1, 1, 0, -1, 1, -2, 0)),
    stopping=Stopping(n_steps=1),
)


def article(name: str) -> Experiment:
    """The experiment of one article.

    Args:
        name: relu, backprop, convergence, init-scale or online.

    Returns:
        The experiment as published.

    Raises:
        UsageError: no article has that name.
    """
    if name not in ARTICLES:
        raise unknown("article", name, ARTICLES)
    return ARTICLES[name]
