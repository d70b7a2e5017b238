"""xorviz still and xorviz sheet: what is written and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xorviz.render import source

LEARNED = "4/4 correct from step 69, loss 3.00 → 0.15 in 140 steps"


def files(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_still(run, folder, suffix):
    code, out, err = run("still", "--step", "60", "--out", f"a.{suffix}", "--size", "320x180")
    assert (code, out) == (0, f"a.{suffix}\n")
    size = (folder / f"a.{suffix}").stat().st_size
    assert err.splitlines()[-1] == f"step 60, 320×180, {size / 1e3:.0f} kB: {LEARNED}"
    assert files(folder) == [f"a.{suffix}"]


def test_names_follow_the_source(run, folder):
    assert run("still", "--size", "160x90", "-q") == (0, "xor.png\n", "")
    assert run("sheet", "relu", "--size", "320x180", "--count", "2", "-q") == (0, "relu.png\n", "")
    assert files(folder) == ["relu.png", "xor.png"]


def test_options_arrive(run):
    words = ["--theme", "dark", "--transparent", "--dpi", "200", "--panel", "loss", "--seed", "1"]
    outcome = json.loads(run("still", *words, "--json").out)
    assert (outcome["seed"], outcome["steps"]) == (1, [140])
    with Image.open("xor.png") as image:
        assert list(image.size) == outcome["size"]
        assert image.info["dpi"] == pytest.approx((200, 200), abs=0.01)
        assert np.asarray(image.convert("RGBA"))[0, 0, 3] == 0


def test_a_step_between(run):
    outcome = run("still", "online", "--step", "10001", "--scene", "field", "--size", "160x160")
    lines = outcome.err.splitlines()
    assert lines[-2].startswith("step 10,001 was not kept; the nearest, ")
    assert lines[-1].startswith("step ")


def test_a_sheet(run, folder):
    code, out, err = run("sheet", "--step", "0", "--step", "69", "--columns", "1", "--out", "a.svg")
    assert (code, out) == (0, "a.svg\n")
    assert err.splitlines()[-1].startswith("steps 0, 69, ")
    text = (folder / "a.svg").read_text()
    assert [text.count(f'aria-label="step {step}"') for step in (0, 69, 140)] == [1, 1, 0]


def test_a_recipe_s_scene_and_size(run, folder):
    (folder / "mine.toml").write_text('rows = ["loss"]\nsize = "640x360"\ntheme = "dark"\n')
    outcome = json.loads(run("sheet", "mine.toml", "--count", "3", "--json", "--out", "a.svg").out)
    assert len(outcome["steps"]) == 3
    assert outcome["size"] != [640, 360]
    assert "#0f141b" in (folder / "a.svg").read_text()
    assert json.loads(run("still", "mine.toml", "--json").out)["size"] == [640, 360]


def test_a_recording_is_not_trained_again(run, monkeypatch):
    run("train", "--out", "run.xorviz", "-q")

    def refuse(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr(source, "train", refuse)
    assert run("still", "run.xorviz", "--size", "160x90", "-q") == (0, "run.png\n", "")
    assert run("sheet", "run.xorviz", "--size", "320x180", "-q", "--force").code == 0


@pytest.mark.parametrize("command", ["still", "sheet"])
def test_an_existing_file_is_kept(run, folder, command):
    (folder / "xor.png").write_text("mine")
    message = "xorviz: --out must name a new file; 'xor.png' exists. Add --force to replace it.\n"
    assert run(command, "--size", "320x180") == (2, "", message)
    assert (folder / "xor.png").read_text() == "mine"
    assert run(command, "--size", "320x180", "--force", "-q").code == 0
    with Image.open("xor.png") as image:
        assert image.size == (320, 180)


REFUSED = [
    ("still --out a.gif", "the suffix of out must be one of .png, .svg, .pdf; got '.gif'. Did you mean '.svg'?"),
    ("sheet --out none/a.png", "out must be in an existing folder; got 'none/a.png'. Create '{folder}/none' first."),
    ("still --panel lss", "panel must be one of field, surface, loss, gradients; got 'lss'. Did you mean 'loss'?"),
    ("still --dpi 0", "dpi must be a number from 1 to 10000; got 0.0."),
    ("still --size 64", "size must be WIDTHxHEIGHT in pixels, such as 960x540; got '64'."),
    ("sheet pair.toml", "SOURCE must be one run to draw a sheet of its steps; got 2 runs."),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[words for words, _ in REFUSED])
def test_refused_before_training(run, folder, monkeypatch, words, message):
    def refuse(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr(source, "train", refuse)
    (folder / "pair.toml").write_text("seeds = [0, 1]\n")
    assert run(*words.split()) == (2, "", f"xorviz: {message.format(folder=folder.resolve())}\n")
    assert files(folder) == ["pair.toml"]


def test_a_step_beyond_the_run(run, folder):
    code, out, err = run("still", "--step", "141", "-q")
    assert (code, out) == (2, "")
    assert err == "xorviz: step must be a whole number from 0 to 140, the last of the run; got 141.\n"
    assert not list(Path().iterdir())
    del folder
