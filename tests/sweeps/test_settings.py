from __future__ import annotations

import pytest

from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES, article
from xorviz.sweeps.settings import setting_named, settings_of, value_from, value_of, with_settings


def test_names_are_as_short_as_they_can_be():
    names = settings_of(article("init-scale"))
    assert names["hidden_std"] == ("initialisation", "hidden_std")
    assert names["learning_rate"] == ("optimizer", "learning_rate")
    assert names["widths"] == ("network", "widths")
    assert names["n_steps"] == ("stopping", "n_steps")
    # Three things have a kind.
    assert {"loss.kind", "initialisation.kind", "optimizer.kind"} < set(names)
    assert "kind" not in names
    assert not {"seed", "name", "problem"} & set(names)


@pytest.mark.parametrize("name", ARTICLES)
def test_every_setting_can_be_set_to_what_it_is(name):
    experiment = article(name)
    values = {setting: value_of(experiment, setting) for setting in settings_of(experiment)}
    assert with_settings(experiment, values) == experiment


def test_settings_reach_the_experiment():
    changed = with_settings(article("init-scale"), {"hidden_std": 3.0, "widths": (2, 5, 1), "optimizer.kind": "adam"})
    assert changed.initialisation.hidden_std == 3.0
    assert changed.network.widths == (2, 5, 1)
    assert type(changed.optimizer).__name__ == "Adam"
    assert changed.optimizer.learning_rate == 0.1


def test_a_new_kind_keeps_the_options_it_has():
    changed = with_settings(article("init-scale"), {"initialisation.kind": "glorot"})
    assert type(changed.initialisation).__name__ == "Glorot"


def test_a_whole_path_is_a_name_too():
    assert setting_named(article("backprop"), "optimizer.learning_rate", argument="x") == "learning_rate"


def test_an_unknown_setting_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        setting_named(article("backprop"), "hiden_std", argument="--grid")
    text = str(caught.value)
    assert text.startswith("--grid must be one of widths, activations, biases, ")
    assert text.endswith("got 'hiden_std'. Did you mean 'hidden_std'?")


@pytest.mark.parametrize(
    ("text", "like", "value"),
    [
        ("0.5", 1.0, 0.5),
        ("2e3", 140, 2000),
        ("true", False, True),
        ("adam", "momentum", "adam"),
        ("2-3-1", (2, 2, 1), (2, 3, 1)),
        ("tanh-sigmoid", ("sigmoid", "sigmoid"), ("tanh", "sigmoid")),
        ("none", None, None),
        ("0.1", None, 0.1),
    ],
)
def test_words_as_values(text, like, value):
    found = value_from(text, like, argument="x")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "like", "message"),
    [
        ("fast", 1.0, "x must be a number; got 'fast'."),
        ("1.5", 140, "x must be a whole number; got '1.5'."),
        ("yes", True, "x must be true or false; got 'yes'."),
        ("inf", 140, "x must be a whole number; got 'inf'."),
    ],
)
def test_words_that_are_no_values(text, like, message):
    with pytest.raises(UsageError) as caught:
        value_from(text, like, argument="x")
    assert str(caught.value) == message
