"""xorviz render of several runs side by side."""

from __future__ import annotations

import json
from pathlib import Path

import xorviz
from xorviz.render.console import Console
from xorviz.render.source import resolve

QUIET = Console(quiet=True, json=False)


def test_seeds(run, tiny, folder):
    code, out, err = run("render", "--seeds", "3", "--out", "seeds.gif", *tiny)
    assert (code, out) == (0, "seeds.gif\n")
    assert err.splitlines()[-1].endswith(": 2 of 3 runs have all points correct")


def test_seeds_begin_at_the_one_that_is_given():
    found = resolve("backprop", seed=5, arithmetic=None, n_seeds=3)
    assert [experiment.seed for experiment in found.runs] == [5, 6, 7]
    assert [recording.seed for recording in found.recordings(QUIET)] == [5, 6, 7]
    assert found.laid_out(found.scene).run_names == ("seed 5", "seed 6", "seed 7")


def test_a_recording_beside_an_article(run, tiny, folder):
    xorviz.train("backprop", seed=1, out="one.xorviz")
    code, out, _ = run("render", "one.xorviz", "--also", "backprop", "--json", "--out", "two.gif", *tiny)
    assert code == 0
    assert [(one["seed"], one["n_correct"]) for one in json.loads(out)["runs"]] == [(1, 3), (0, 4)]


def test_runs_of_a_recipe_differ_in_what_it_says(folder):
    Path("std.toml").write_text(
        'source = "init-scale"\narithmetic = "textbook"\n'
        "[[runs]]\nchange = { initialisation = { hidden_std = 0.1 }, stopping = { n_steps = 5 } }\n"
        '[[runs]]\nseed = 2\narithmetic = "as-published"\n'
    )
    small, other = resolve("std.toml", seed=None, arithmetic=None).runs
    assert (small.initialisation.hidden_std, small.initialisation.output_std) == (0.1, 0.8165)
    assert (small.stopping.n_steps, small.update_order, other.update_order) == (5, "simultaneous", "output_first")
    assert (small.seed, other.seed) == (0, 2)


def test_what_is_refused(run, tiny, folder):
    Path("two.toml").write_text("seeds = [0, 1]\n")
    xorviz.train("backprop", out="one.xorviz")
    for words, message in [
        ("render --seeds 0", "--seeds must be from 1 to 256, of one run; got 0."),
        ("render two.toml --seeds 2", "--seeds must be from 1 to 256, of one run; got 2."),
        ("render one.xorviz --seeds 2", "--seed and --arithmetic must go with a run to be trained; 'one.xorviz'"),
        ("train two.toml", "SOURCE must name one run to train; 'two.toml' has 2. Try xorviz render."),
        ("render --also nobody", "SOURCE must be one of relu, backprop"),
    ]:
        code, out, err = run(*words.split(), *(["--out", "no.gif"] if "render" in words else []))
        assert (code, out) == (2, "")
        assert err.startswith(f"xorviz: {message}"), err
    assert not Path("no.gif").exists()
