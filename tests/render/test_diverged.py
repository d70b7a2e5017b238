"""Runs whose loss stops being a number are rendered all the same."""

from __future__ import annotations

import json

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.errors import DivergedWarning
from xorviz.learning.articles import ARTICLES
from xorviz.learning.experiment import Experiment
from xorviz.learning.initialisations import Fixed
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.panels.loss import LossPanel
from xorviz.styles.themes import THEMES
from xorviz.training import train

LINEAR = Network(widths=(2, 2, 1), activations=("linear", "linear"))
EXPERIMENT = Experiment(network=LINEAR, optimizer=GradientDescent(learning_rate=3.0))


def warned(step, loss):
    return (
        f"training diverged at step {step}: its loss is {loss} and the run ends there. "
        "Lower the learning rate or choose another seed."
    )


@pytest.fixture(scope="module")
def diverged():
    with pytest.warns(DivergedWarning) as caught:
        recording = train(EXPERIMENT)
    assert [str(warning.message) for warning in caught] == [warned(recording.n_steps, recording.final_loss)]
    return recording


@pytest.fixture
def article(monkeypatch):
    """An article that diverges; of the published ones none does."""
    monkeypatch.setitem(ARTICLES, "diverging", EXPERIMENT)
    return "diverging"


def strictly(text):
    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_the_run_ends_where_it_diverges(diverged):
    assert not np.isfinite(diverged.final_loss)
    assert np.isfinite(diverged.loss).all()
    assert diverged.diverged_at == diverged.n_steps < 20


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_an_article_is_rendered_with_a_warning(run, tiny, diverged, article, suffix):
    code, out, err = run("render", article, "--out", f"a{suffix}", *tiny)
    step = diverged.diverged_at
    assert (code, out) == (0, f"a{suffix}\n")
    assert f"warning: {warned(step, diverged.final_loss)}" in err.splitlines()
    assert f", diverged at step {step} in {step} steps" in err.splitlines()[-1]


def test_a_recording_is_rendered_and_says_so(run, tiny, diverged, folder):
    diverged.save("run.xorviz")
    code, out, err = run("render", "run.xorviz", *tiny)
    step = diverged.diverged_at
    assert (code, out) == (0, "run.gif\n")
    assert err.splitlines()[-1].endswith(f"→ {diverged.final_loss}, diverged at step {step} in {step} steps")


def test_train_warns_and_stores(run, diverged, article):
    code, out, err = run("train", article, "--out", "run.xorviz")
    assert (code, out) == (0, "run.xorviz\n")
    assert f"warning: {warned(diverged.diverged_at, diverged.final_loss)}" in err.splitlines()
    np.testing.assert_array_equal(xorviz.load("run.xorviz").loss, diverged.loss)
    assert run("verify", "run.xorviz").code == 0
    assert f"diverged at step {diverged.diverged_at}" in run("info", "run.xorviz").out


@pytest.mark.parametrize("command", ["train", "render"])
def test_json_stays_json(run, tiny, diverged, article, command):
    """The standard knows neither NaN nor Infinity; a browser or jq would stumble."""
    code, out, _ = run(command, article, "--json", *(tiny if command == "render" else ()))
    said = strictly(out)
    assert code == 0
    assert said["diverged_at"] == diverged.diverged_at
    assert said["final_loss"] is None


def test_quiet_is_quiet(run, tiny, article):
    assert run("render", article, *tiny, "--quiet") == (0, "diverging.gif\n", "")


@pytest.mark.parametrize("scene", ["dashboard", "field", "surface", "traces", "table"])
def test_every_scene_can_show_it(run, short, diverged, folder, scene):
    diverged.save("run.xorviz")
    words = ["--scene", scene, "--size", "320x240", *short, "--quiet"]
    assert run("render", "run.xorviz", *words) == (0, "run.gif\n", "")


def test_the_loss_has_a_gap_and_a_mark(diverged):
    snapshots = np.arange(diverged.n_snapshots)
    measured = LossPanel().measure(diverged, snapshots)
    assert measured.diverged_at == diverged.diverged_at
    paint = LossPanel().attach(Place(40, 40, 340, 240, 1.0), measured, THEMES["light"])
    texts = [artist.text for artist in (*paint.static, *paint.dynamic) if isinstance(artist, Label)]
    assert f"diverged at step {diverged.diverged_at}" in texts
    # A gap: what was not a number is not drawn.
    (trace,) = measured.traces
    assert np.isfinite(measured.limits).all()
    assert not np.isfinite(trace.at_snapshots[-1])


@pytest.mark.parametrize("scene", ["dashboard", "traces"])
@pytest.mark.parametrize("parameter", [1e200, 1e308])
def test_a_run_that_starts_beyond_all_numbers(run, tiny, monkeypatch, scene, parameter):
    """One snapshot, and its loss is infinite or NaN."""
    experiment = EXPERIMENT.replace(initialisation=Fixed(parameters=(parameter,) * 9))
    monkeypatch.setitem(ARTICLES, "diverging", experiment)
    code, out, err = run("render", "diverging", "--scene", scene, *tiny)
    assert (code, out) == (0, "diverging.gif\n")
    assert err.splitlines()[-1].endswith(", diverged at step 0 in 0 steps")


def test_fail_on_nan(run, folder, article, tiny):
    code, out, err = run("render", article, "--out", "a.gif", "--fail-on-nan", *tiny)
    assert (code, out) == (1, "")
    step = int(err.split("from step ")[-1].split()[0])
    assert 0 < step < 20
    assert err.splitlines()[-1] == (
        f"xorviz: the loss of 'XOR' must be finite, as --fail-on-nan says; it is not from step {step} on. "
        "Nothing was written."
    )
    assert list(folder.iterdir()) == []
    assert run("render", "backprop", "--out", "a.gif", "--fail-on-nan", *tiny).code == 0
