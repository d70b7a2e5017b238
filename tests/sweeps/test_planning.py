from __future__ import annotations

import msgspec
import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.learning.articles import article
from xorviz.sweeps.plan import Plan
from xorviz.sweeps.planning import Wanted, plan_of


def planned(*grids, name="backprop", n_runs=60, n_passes=None, existing=None, **more):
    wanted = Wanted(experiment=article(name), grids=grids, **{"engine": "numpy", **more})
    return plan_of(wanted, existing, n_runs=n_runs, n_passes=n_passes)


def test_the_articles_study_is_the_default():
    plan, n_runs = planned(name="init-scale", n_runs=4_000_000)
    (axis,) = plan.axes
    np.testing.assert_allclose(axis.values, np.exp(np.linspace(-3, 4, 400)), rtol=0)
    assert (axis.setting, axis.scale, plan.n_points, plan.block_runs, n_runs) == (
        "hidden_std", "log", 400, 1000, 4_000_000,
    )  # fmt: skip
    experiments = plan.experiments()
    assert [e.initialisation.hidden_std for e in experiments] == list(axis.values)
    assert {(e.initialisation.output_std, e.stopping.n_steps) for e in experiments} == {(0.8165, 10_000)}


@pytest.mark.parametrize(
    ("text", "values", "scale"),
    [
        ("learning_rate=log:0.1:10:3", (0.1, 1.0, 10.0), "log"),
        ("learning_rate=exp:0:1:2", (1.0, np.e), "log"),
        ("learning_rate=lin:1:2:5", (1.0, 1.25, 1.5, 1.75, 2.0), "linear"),
        ("learning_rate=3,1,3", (3.0, 1.0), "list"),
        ("n_steps=log:1:100:5", (1, 3, 10, 32, 100), "log"),
        ("n_steps=lin:1:3:9", (1, 2, 3), "linear"),
        ("widths=2-2-1,2-4-1", ((2, 2, 1), (2, 4, 1)), "list"),
        ("learning_rate=lin:2:2:1", (2.0,), "linear"),
    ],
)
def test_grids(text, values, scale):
    (axis,) = planned(text)[0].axes
    assert axis.values == pytest.approx(values) if isinstance(values[0], float) else axis.values == values
    assert axis.scale == scale


def test_several_grids_are_a_product_whose_last_runs_fastest():
    plan, _ = planned("learning_rate=1,2", "n_steps=5,6,7")
    assert plan.points() == [(1.0, 5), (1.0, 6), (1.0, 7), (2.0, 5), (2.0, 6), (2.0, 7)]
    assert [(e.optimizer.learning_rate, e.stopping.n_steps) for e in plan.experiments()] == plan.points()


def test_a_later_grid_may_name_what_an_earlier_one_brings():
    plan, _ = planned("optimizer.kind=momentum", "momentum=0.5,0.9")
    assert [e.optimizer.momentum for e in plan.experiments()] == [0.5, 0.9]


def test_random_points_lie_evenly_on_their_scale():
    plan, _ = planned("learning_rate=log:0.01:100", "widths=2-2-1,2-3-1", n_random=1000, n_runs=1000)
    logs = np.log10([rate for rate, _ in plan.points()])
    assert plan.n_points == 1000
    assert logs.min() > -2 and logs.max() < 2
    np.testing.assert_allclose(np.histogram(logs, 4, (-2, 2))[0], 250, atol=60)
    assert abs(sum(widths == (2, 3, 1) for _, widths in plan.points()) - 500) < 70
    again, _ = planned("learning_rate=log:0.01:100", "widths=2-2-1,2-3-1", n_random=1000, n_runs=1000)
    other, _ = planned("learning_rate=log:0.01:100", "widths=2-2-1,2-3-1", n_random=1000, n_runs=1000, seed=1)
    assert again == plan != other


def test_a_plan_is_its_json():
    plan, _ = planned(
        "optimizer.kind=adam,momentum", "widths=2-2-1", "learning_rate=log:0.1:1:3", "loss_below=none,0.1"
    )
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
    assert plan.differs(plan) == ""


def test_sizes():
    assert planned("learning_rate=1,2", n_runs=100)[0].block_runs == 50
    assert planned("learning_rate=1,2", n_runs=100_000)[0].block_runs == 1000
    assert planned("learning_rate=1,2", n_runs=None, n_passes=3) == (planned("learning_rate=1,2", n_runs=2000)[0], 6000)
    plan, _ = planned("learning_rate=1,2", n_runs=100)
    assert planned("learning_rate=1,2", n_runs=100_000, existing=plan)[0] == plan


@pytest.mark.parametrize(
    ("grids", "more", "message"),
    [
        ((), {}, "--grid must be given at least once, such as --grid hidden_std=exp:-3:4:400."),
        (
            ("learning_rate=",),
            {},
            "--grid must be SETTING=VALUES, values as exp:LOW:HIGH:COUNT, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT, or "
            "VALUE,VALUE,…; got 'learning_rate='.",
        ),
        (
            ("learning_rate=,",),
            {},
            "--grid must be SETTING=VALUES, values as exp:LOW:HIGH:COUNT, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT, or "
            "VALUE,VALUE,…; got 'learning_rate=,'.",
        ),
        (
            ("learning_rate=log:1:2:0",),
            {},
            "--grid learning_rate must have a COUNT from 1 to 100000; got '0'.",
        ),
        (
            ("learning_rate=log:0:2:3",),
            {},
            "--grid learning_rate must rise from above 0 from LOW to HIGH; got 'log:0:2:3'.",
        ),
        (("learning_rate=lin:3:2:3",), {}, "--grid learning_rate must rise from LOW to HIGH; got 'lin:3:2:3'."),
        (("learning_rate=exp:a:2:3",), {}, "--grid learning_rate must have finite numbers for LOW and HIGH; got 'a'."),
        (
            ("learning_rate=geo:1:2:3",),
            {},
            "--grid learning_rate must be exp:LOW:HIGH:COUNT, log:LOW:HIGH:COUNT, lin:LOW:HIGH:COUNT, or "
            "VALUE,VALUE,…; got 'geo:1:2:3'.",
        ),
        (
            ("learning_rate=log:1:2",),
            {},
            "--grid learning_rate must say how many values, as in exp:-3:4:400, without --random.",
        ),
        (
            ("learning_rate=log:1:2:9",),
            {"n_random": 5},
            "--grid learning_rate must leave out the count with --random, which says how many.",
        ),
        (("learning_rate=1",), {"n_random": 0}, "--random must be from 1 to 100,000; got 0."),
        (("learning_rate=1", "learning_rate=2"), {}, "--grid must name each setting once; got 'learning_rate' again."),
        (("widths=lin:1:2:2",), {}, "--grid widths must list values, because it is no number; got 'lin:1:2:2'."),
        (("learning_rate=1",), {"seed": -1}, "--seed must be 0 or more; got -1."),
        (("learning_rate=1",), {"n_runs": None}, "--runs must be given, or --passes, and not both."),
        (("learning_rate=1",), {"n_passes": 3}, "--runs must be given, or --passes, and not both."),
        (("learning_rate=1",), {"n_runs": 0}, "--runs must be 1 or more; got 0."),
        (("learning_rate=1",), {"block_runs": 0}, "--block must be 1 or more, at most 1,000,000; got 0."),
        (
            ("n_steps=lin:1:100000:100000", "learning_rate=1,2"),
            {},
            "--grid must make at most 100,000 points; got more. Give fewer values.",
        ),
        (
            ("widths=2-2-1,2-3",),
            {},
            "--grid must give an experiment that can be trained at widths=2-3: experiment must be as "
            "Experiment.to_builtins() writes it; activations must be one name per layer after the input, here 1; got "
            "('sigmoid', 'sigmoid'). Give each layer one of sigmoid, tanh, relu, linear, softmax. - at `$.network`.",
        ),
    ],
)
def test_refused(grids, more, message):
    with pytest.raises(UsageError) as caught:
        planned(*grids, **more)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("grids", "more", "reason"),
    [
        (
            ("learning_rate=1,2,3",),
            {},
            "of learning_rate 1, 2, where learning_rate 1, 2, 3 was asked for",
        ),
        (
            ("learning_rate=log:1:2:9",),
            {},
            "of learning_rate 1, 2, where learning_rate 9 values from 1 to 2 was asked for",
        ),
        (("learning_rate=1,2",), {"seed": 3}, "with seed 0, where 3 was asked for"),
        (("learning_rate=1,2",), {"common": True}, "with common False, where True was asked for"),
        (("learning_rate=1,2",), {"adaptive": True}, "with adaptive False, where True was asked for"),
        (("learning_rate=1,2",), {"block_runs": 7}, "with block_runs 30, where 7 was asked for"),
        (("learning_rate=1,2",), {"name": "convergence"}, "of the experiment 'backprop', otherwise set"),
    ],
)
def test_another_study_says_in_what(grids, more, reason):
    plan, _ = planned("learning_rate=1,2")
    assert plan.differs(planned(*grids, **more)[0]) == reason
