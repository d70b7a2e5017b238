"""``xorviz sweep`` and ``xorviz export``, in this process and in processes that are interrupted and killed."""

from __future__ import annotations

import json
import signal
import time

import numpy as np
import pytest

import xorviz
from xorviz.sweeps.store import Store
from xorviz.sweeps.study import Study

SMALL = (
    "sweep",
    "backprop",
    "--grid",
    "learning_rate=0.5,1,2",
    "--engine",
    "numpy",
    "--workers",
    "1",
    "--store",
    "s.db",
)
#: Takes longer than any test waits.
LONG = ("--runs", "300000", "--block", "50")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def same(one, other):
    assert list(one.blocks) == list(other.blocks)
    for address, runs in one.blocks.items():
        np.testing.assert_array_equal(runs.scores, other.blocks[address].scores)


def test_a_sweep_says_what_it_has(run, folder):
    code, out, err = run(*SMALL, "--runs", "60")
    assert (code, out) == (0, "s.db\n")
    study = Study(folder / "s.db")
    assert study.n_runs == 60
    assert "run/s" in err
    means = [runs.scores.mean() for runs in study.by_point()]
    best = int(np.argmin(means))
    fail = np.mean([runs.solved_steps < 0 for runs in study.by_point()])
    last = err.splitlines()[-1]
    assert last.startswith(f"60 runs of 3 points (60 new, numpy); {fail:.1%} fail; lowest mean {means[best]:.5g} ± ")
    assert last.endswith(f" at learning_rate {(0.5, 1, 2)[best]}")
    assert names(folder) == ["s.db"]


def test_the_same_command_again_does_nothing_and_more_runs_go_on(run, folder):
    assert run(*SMALL, "--runs", "60").code == 0
    before = Study(folder / "s.db")
    code, out, _ = run(*SMALL, "--runs", "60", "--quiet", "--json")
    assert (code, json.loads(out)["n_new_runs"]) == (0, 0)
    same(before, Study(folder / "s.db"))
    code, out, _ = run(*SMALL, "--runs", "90", "--quiet", "--json")
    found = json.loads(out)
    assert (found["n_runs"], found["n_new_runs"], found["n_points"], found["engine"]) == (100, 40, 3, "numpy")
    assert found["n_bytes"] == (folder / "s.db").stat().st_size
    # Blocks are of 20 runs, as the store says, though 90 runs of 3 points would make blocks of 30.
    assert Study(folder / "s.db").plan.block_runs == 20


def test_a_run_again_alone(run, folder):
    run(*SMALL, "--runs", "60", "--quiet")
    code, out, _ = run("sweep", "backprop", "--store", "s.db", "--replay", "2:0:7", "--out", "run.xorviz")
    assert (code, out) == (0, "run.xorviz\n")
    recording = xorviz.load(folder / "run.xorviz")
    np.testing.assert_allclose(recording.loss.sum(), Study(folder / "s.db").at(2).scores[7], rtol=1e-12)
    assert recording.experiment["optimizer"]["learning_rate"] == 2.0


def test_a_recipe_of_a_study(run, folder, tiny):
    run(*SMALL, "--runs", "60", "--quiet")
    (folder / "s.toml").write_text('source = "s.db"\n', encoding="utf-8")
    assert run("render", "s.toml", "--out", "s.gif", "--workers", "1", *tiny).code == 0
    code, _, err = run("render", "s.toml", "--seed", "1", "--out", "t.gif")
    assert (code, err.splitlines()[-1]) == (
        2,
        "xorviz: --seed and --arithmetic must go with a run to be trained; 's.db' is a study of many. Leave them out.",
    )
    assert names(folder) == ["s.db", "s.gif", "s.toml"]


def test_export(run, folder):
    run(*SMALL, "--runs", "60", "--quiet")
    code, out, err = run("export", "s.db", "--to", "csv")
    assert (code, out) == (0, "s.csv\n")
    assert err.startswith("60 runs, ")
    assert len((folder / "s.csv").read_text().splitlines()) == 61
    assert run("export", "s.db", "--to", "csv", "--out", "s.csv").code == 2
    assert run("export", "s.db", "--to", "csv", "--force").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("sweep", "backprop", "--runs", "9", "--store", "s.db"),
            "--grid must be given at least once, such as --grid hidden_std=exp:-3:4:400.",
        ),
        (
            ("sweep", "backprop", "--grid", "learning_rate=1", "--runs", "9", "--store", "s.xorviz"),
            "--store must name a file ending in .db; got 's.xorviz'.",
        ),
        (
            ("sweep", "init-scale", "--store", "s.db"),
            "--runs must be given, or --passes, and not both.",
        ),
        (
            ("sweep", "no", "--store", "s.db", "--runs", "9"),
            "SOURCE must be one of relu, backprop, convergence, init-scale, online, a recipe.toml, a recording.xorviz, "
            "a study.db; got 'no'.",
        ),
    ],
)
def test_refused_before_any_work(run, folder, words, message):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err == f"xorviz: {message}\n"
    assert names(folder) == []


def test_an_unknown_setting_or_engine(run, folder):
    code, _, err = run("sweep", "backprop", "--grid", "learn_rate=1,2", "--runs", "9", "--store", "s.db")
    assert code == 2
    assert err.startswith("xorviz: --grid must be one of ")
    assert " hidden_std, " in err
    assert err.endswith("; got 'learn_rate'. Did you mean 'learning_rate'?\n")
    code, _, err = run("sweep", "init-scale", "--runs", "9", "--store", "s.db", "--engine", "abacus")
    assert code == 2
    assert err.startswith("xorviz: engine must be one of ")
    assert names(folder) == []


def test_refused_of_a_store(run, folder):
    run(*SMALL, "--runs", "15", "--quiet")
    code, _, err = run(*SMALL, "--runs", "15", "--seed", "1")
    assert (code, err) == (
        2,
        "xorviz: --store must be new or of this study; 's.db' is with seed 0, where 1 was asked for. Name another "
        "store, or give the command it was made with.\n",
    )
    code, _, err = run("sweep", "init-scale", "--store", "s.db", "--replay", "0:0:0")
    assert (code, err) == (2, "xorviz: SOURCE must be what was swept; 's.db' is of 'backprop'.\n")
    code, _, err = run("sweep", "backprop", "--store", "s.db", "--replay", "0:0:0-2")
    assert (code, err) == (2, "xorviz: --replay must name one run, POINT:BLOCK:INDEX; got '0:0:0-2'.\n")
    with Store(folder / "s.db", Study(folder / "s.db").plan):
        code, _, err = run(*SMALL, "--runs", "30")
    assert code == 2
    assert err.startswith("xorviz: --store must be written by one sweep at a time; 's.db' is being written by process ")
    (folder / "s.db").write_bytes((folder / "s.db").read_bytes()[:-4096])
    code, _, err = run(*SMALL, "--runs", "30")
    assert code == 1
    assert err.startswith("xorviz: 's.db' is cut short: ")
    assert names(folder) == ["s.db"]


def started(start, folder, n_runs, words=LONG):
    """A sweep of its own process that has stored some runs."""
    child = start("-m", "xorviz", *SMALL, *words)
    deadline = time.monotonic() + 30
    while True:
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < deadline
        if (folder / "s.db-wal").exists() and Study(folder / "s.db").n_runs >= n_runs:
            return child
        time.sleep(0.02)


def test_kill_9_loses_at_most_what_was_in_flight(start, finish, run, folder):
    for n_runs in (50, 400):
        child = started(start, folder, n_runs)
        child.kill()
        finish(child)
        assert Study(folder / "s.db").n_runs >= n_runs
    kept = Study(folder / "s.db").n_runs
    n_runs = kept + 150
    code, out, _ = run(*SMALL, "--runs", str(n_runs), "--json", "--quiet")
    assert (code, json.loads(out)["n_new_runs"]) == (0, 150)
    assert names(folder) == ["s.db"]
    (folder / "s.db").rename(folder / "killed.db")
    run(*SMALL, "--runs", str(n_runs), "--block", "50", "--quiet")
    same(Study(folder / "killed.db"), Study(folder / "s.db"))


def test_ctrl_c_keeps_everything_and_says_so(start, finish, folder):
    # Ten times as long: on a busy machine a sweep of a second is over before the signal comes.
    child = started(start, folder, 100, ("--runs", "900000", "--block", "50"))
    child.send_signal(signal.SIGINT)
    code, out, err = finish(child)
    assert (code, out) == (130, "")
    n_runs = Study(folder / "s.db").n_runs
    assert err.splitlines()[-1] == f"xorviz: interrupted. {n_runs:,} runs are kept in 's.db'; the same command goes on."
    assert names(folder) == ["s.db"]


STUDY = (*SMALL[:3], "learning_rate=log:0.3:3:13", *SMALL[4:])


def test_a_study_is_a_source_of_pictures(run, folder):
    run(*STUDY, "--runs", "520", "--quiet")
    code, out, err = run("still", "s.db", "--out", "a.png")
    assert (code, out) == (0, "a.png\n")
    assert err.splitlines()[-1].endswith(" kB: 520 runs of 13 points")
    for scene in ("sweep-dashboard", "shelves"):
        assert run("still", "s.db", "--scene", scene, "--out", f"{scene}.svg").code == 0
    assert "learning_rate" in (folder / "shelves.svg").read_text()
    code, out, _ = run(
        "render", "s.db", "--size", "320x180", "--fps", "5", "--duration", "2.4", "--out", "a.gif", "--json"
    )
    found = json.loads(out)
    assert (code, found["n_runs"], found["n_points"]) == (0, 520, 13)
    code, _, err = run("still", "s.db", "--scene", "field", "--out", "b.png")
    assert (code, err) == (
        2, "xorviz: panel 'header' must have a recording to draw; got a study. Try --scene sweep.\n"
    )  # fmt: skip
    code, _, err = run("still", "s.db", "--seed", "3", "--out", "b.png")
    assert code == 2
    assert err.startswith("xorviz: --seed, --")


def test_runs_of_a_study_side_by_side(run, folder):
    run(*STUDY, "--runs", "520", "--quiet")
    code, out, _ = run("still", "s.db@6:0:2-5", "--out", "four.png", "--quiet")
    assert (code, out) == (0, "four.png\n")
    code, out, _ = run("train", "s.db@6:0:3", "--out", "one.xorviz", "--quiet")
    np.testing.assert_allclose(xorviz.load(folder / "one.xorviz").loss.sum(), Study(folder / "s.db").at(6).scores[3])
    code, _, err = run("render", "s.db@99:0:3", "--out", "a.gif")
    assert (code, err) == (2, "xorviz: SOURCE after @ must have a point from 0 to 12; got '99:0:3'.\n")


def test_a_watched_sweep_leaves_the_picture_of_all_its_runs(run, folder, monkeypatch):
    from xorviz.render import watching

    monkeypatch.setattr(watching, "_LEAST_PAUSE_S", 0.0)
    monkeypatch.setattr(watching, "_PAUSES", 0.0)
    drawn, real = [], watching.still

    def still(growth, out, *, scene):
        drawn.append(growth.n_steps)
        return real(growth, out, scene=scene)

    monkeypatch.setattr(watching, "still", still)
    words = (*SMALL, "--runs", "60", "--watch", "w.png", "--theme", "dark")
    monkeypatch.setattr("xorviz.sweeps.running.pieces_of", _one_block_each)
    assert run(*words, "--quiet").code == 0
    assert drawn == [20, 40, 60, 60]
    run("still", "s.db", "--theme", "dark", "--out", "s.png", "--quiet")
    assert (folder / "w.png").read_bytes() == (folder / "s.png").read_bytes()
    code, _, err = run(*words)
    assert (code, err) == (2, "xorviz: --out must name a new file; 'w.png' exists. Add --force to replace it.\n")
    code, _, err = run(*SMALL, "--runs", "60", "--watch", "w.gif")
    assert code == 2
    assert err.startswith("xorviz: the suffix of out must be one of .png, .svg, .pdf; got '.gif'.")


def _one_block_each(addresses, experiments, n_most):
    from xorviz.sweeps.blocks import pieces_of

    return pieces_of(addresses, experiments, 1)
