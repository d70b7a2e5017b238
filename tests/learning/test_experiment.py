"""Experiments: parts that must fit, textbook twins, plain form, words."""

from __future__ import annotations

import json
import re

import msgspec
import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES, HAND_SET
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed, Glorot, Normal
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.learning.optimizers import Adam
from xorviz.problems import Problem

TWO_TWO_ONE = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))
SIGNED = Problem(
    name="signed XOR",
    inputs=np.array([[-1.0, -1.0], [1.0, 1.0]]),
    targets=np.array([[-1.0], [1.0]]),
    bounds=((-2.0, 2.0), (-2.0, 2.0)),
)


def test_a_network_is_all_it_needs():
    experiment = Experiment(network=TWO_TWO_ONE)
    assert experiment.title == "XOR"
    assert experiment.description == "2–2–1 sigmoid, squared error, gradient descent"
    assert experiment.initialisation == Glorot()
    assert experiment.textbook() == experiment


def test_words_name_the_batch():
    experiment = Experiment(network=TWO_TWO_ONE, loss=Loss(kind="cross_entropy"), optimizer=Adam(), batch=(0, 1, 2, 3))
    assert experiment.description == "2–2–1 sigmoid, cross-entropy, Adam, one point at a time"


def test_the_textbook_twin_changes_three_things():
    published = Experiment(
        network=msgspec.structs.replace(TWO_TWO_ONE, relu_derivative="times_z"),
        bias_gradient="layer_sum",
        update_order="output_first",
        seed=9,
    )
    assert published.textbook() == Experiment(network=TWO_TWO_ONE, seed=9)


@pytest.mark.parametrize("experiment", [*ARTICLES.values(), HAND_SET], ids=lambda e: e.name)
def test_the_plain_form_comes_back_through_json(experiment):
    text = json.dumps(experiment.to_builtins(), allow_nan=False)
    again = Experiment.from_builtins(json.loads(text))
    assert again == experiment
    assert again.problem.inputs.dtype == np.float64


def test_every_kind_of_part_comes_back():
    for initialisation in (Normal(hidden_std=0.3), Fixed(parameters=tuple(np.arange(9.0)))):
        experiment = Experiment(network=TWO_TWO_ONE, initialisation=initialisation, optimizer=Adam())
        assert Experiment.from_builtins(experiment.to_builtins()) == experiment


def test_a_bad_plain_form_is_refused_with_its_path():
    builtins = Experiment(network=TWO_TWO_ONE).to_builtins()
    builtins["optimizer"]["learning_rate"] = -1.0
    message = (
        "experiment must be as Experiment.to_builtins() writes it; "
        "optimizer.learning_rate must be positive; got -1.0. - at `$.optimizer`."
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Experiment.from_builtins(builtins)
    builtins = Experiment(network=TWO_TWO_ONE).to_builtins() | {"sed": 1}
    message = "experiment must be as Experiment.to_builtins() writes it; Object contains unknown field `sed`."
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Experiment.from_builtins(builtins)


def test_an_experiment_is_frozen():
    with pytest.raises(AttributeError):
        Experiment(network=TWO_TWO_ONE).seed = 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"network": Network(widths=(3, 2, 1), activations=("sigmoid", "sigmoid"))},
            "network.widths must begin with 2 and end with 1 for the problem XOR; got (3, 2, 1).",
        ),
        (
            {
                "network": Network(widths=(2, 2, 1), activations=("tanh", "tanh")),
                "loss": Loss(kind="cross_entropy"),
            },
            "the output layer's activation must be sigmoid for loss 'cross_entropy'; got 'tanh'. "
            "Use loss 'squared' with it.",
        ),
        (
            {"problem": SIGNED, "loss": Loss(kind="cross_entropy")},
            "targets must lie in [0, 1] for loss 'cross_entropy'; got -1 to 1.",
        ),
        (
            {"initialisation": Fixed(parameters=(1.0,))},
            "initialisation.parameters must have 9 values for a 2–2–1 sigmoid network; got 1. "
            "Their order is W1, b1, W2, b2.",
        ),
        (
            {"batch": (0, 4)},
            "batch must be 'full' or an order of point indices from 0 to 3; got (0, 4).",
        ),
        ({"batch": ()}, "batch must be 'full' or an order of point indices from 0 to 3; got ()."),
        ({"batch": "ful"}, "batch must be 'full' or an order of point indices from 0 to 3; got 'ful'."),
        ({"seed": -1}, "seed must be from 0 to 2**32 - 1; got -1."),
        (
            {"bias_gradient": "per_layer"},
            "bias_gradient must be one of per_unit, layer_sum; got 'per_layer'. Did you mean 'layer_sum'?",
        ),
        (
            {"update_order": "simultaneus"},
            "update_order must be one of simultaneous, output_first; got 'simultaneus'. Did you mean 'simultaneous'?",
        ),
    ],
)
def test_parts_that_do_not_fit(changes, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Experiment(**({"network": TWO_TWO_ONE} | changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_steps": 0}, "stopping.n_steps must be 1 or more; got 0."),
        ({"loss_below": 0.0}, "stopping.loss_below must be positive or None; got 0.0."),
    ],
)
def test_stopping_rules_that_are_refused(changes, message):
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        Stopping(**changes)
