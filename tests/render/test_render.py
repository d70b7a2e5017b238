"""xorviz render: what is written and what is said."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from xorviz.learning.articles import ARTICLES
from xorviz.render import rendering, source
from xorviz.scenes.scene import SCENES
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import CLOCKS

RECIPES = Path(__file__).resolve().parents[2] / "render"
LEARNED = "4/4 correct from step 69, loss 3.00 → 0.15 in 140 steps"
PLAN = (
    "{out}: 960x540, 25 fps, 6 s with the last frame held 1.5 s, change clock, light theme; "
    "panels header, field, surface, loss, gradients, time\n"
)


def delays_ms(path):
    with Image.open(path) as image:
        delays = []
        for i in range(image.n_frames):
            image.seek(i)
            delays.append(image.info["duration"])
    return delays


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def kilobytes(path):
    return f"{Path(path).stat().st_size / 1e3:.0f} kB"


# What is written


def test_a_gif(run, tiny, folder):
    code, out, err = run("render", "--out", "xor.gif", *tiny)
    assert (code, out) == (0, "xor.gif\n")
    assert err.splitlines()[-1] == f"7 frames, 2.0 s, {kilobytes('xor.gif')}: {LEARNED}"
    assert files(folder) == ["xor.gif"]
    with Image.open("xor.gif") as image:
        assert (image.format, image.size, image.n_frames, image.info["loop"]) == ("GIF", (160, 90), 7, 0)
    assert delays_ms("xor.gif") == [600, 200, 200, 200, 200, 200, 400]


def test_an_mp4(run, tiny, folder):
    code, out, err = run("render", "--out", "xor.mp4", *tiny)
    assert (code, out) == (0, "xor.mp4\n")
    assert err.splitlines()[-1] == f"10 frames, 2.0 s, {kilobytes('xor.mp4')}: {LEARNED}"
    assert files(folder) == ["xor.mp4"]
    with av.open("xor.mp4") as container:
        (stream,) = container.streams
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, stream.average_rate, stream.frames) == (160, 90, 5, 10)


def test_what_is_said_and_where(run, tiny):
    _, out, err = run("render", "--out", "xor.gif", *tiny)
    assert out == "xor.gif\n"
    bars, last = err.rsplit("\n", 2)[0], err.splitlines()[-1]
    assert re.search(r"train: 100%\|━+\| 140/140 \[.*step/s\]", bars)
    assert re.search(r"draw: 100%\|━+\| 7/7 \[.*frame/s\]", bars)
    assert len(err.rstrip("\n").split("\n")) == 3
    assert last.endswith(LEARNED)


def test_the_path_is_printed_as_it_was_given(run, tiny, folder):
    (folder / "a folder").mkdir()
    assert run("render", "--out", "a folder/x.gif", *tiny).out == "a folder/x.gif\n"
    assert run("render", "-o", str(folder / "y.gif"), *tiny).out == f"{folder / 'y.gif'}\n"
    assert run("render", "--out=Z.GIF", *tiny).out == "Z.GIF\n"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse file names that are no text")
def test_a_path_that_is_no_text(run, tiny, folder):
    name = os.fsdecode(b"\xff.gif")
    assert run("render", "--out", name, *tiny).code == 0
    assert files(folder) == [name]


def test_odd_sides_of_an_mp4_are_noted(run, short):
    code, out, err = run("render", "--out", "xor.mp4", *short, "--size", "161x91")
    assert (code, out) == (0, "xor.mp4\n")
    assert err.splitlines()[-2] == "padded 161×91 to 162×92: H.264 needs even sides"


def test_quiet_leaves_stderr_empty(run, tiny, short):
    assert run("render", "--out", "xor.gif", *tiny, "--quiet") == (0, "xor.gif\n", "")
    assert run("render", "--out", "xor.mp4", *short, "--size", "161x91", "-q") == (0, "xor.mp4\n", "")


def test_json(run, short, folder):
    code, out, err = run("render", "--out", "xor.mp4", *short, "--size", "161x91", "--json")
    assert code == 0
    assert json.loads(out) == {
        "path": "xor.mp4",
        "n_frames": 10,
        "duration_s": 2.0,
        "n_bytes": (folder / "xor.mp4").stat().st_size,
        "notes": ["padded 161×91 to 162×92: H.264 needs even sides"],
        "alt": "A neural network learns XOR: 2–2–1 sigmoid, cross-entropy, gradient descent. The loss falls from 3.00 "
        "to 0.15 in 140 steps; all 4 points are correct from step 69 on.",
        "title": "XOR",
        "description": "2–2–1 sigmoid, cross-entropy, gradient descent",
        "seed": 0,
        "n_steps": 140,
        "n_snapshots": 141,
        "first_loss": 2.9991464995409807,
        "final_loss": pytest.approx(0.14849388994405602, rel=1e-12),
        "n_correct": 4,
        "n_points": 4,
        "solved_at": 69,
        "diverged_at": None,
    }
    assert err.splitlines()[-1] == f"10 frames, 2.0 s, {kilobytes('xor.mp4')}: {LEARNED}"


def test_json_and_quiet_leave_only_json(run, tiny):
    code, out, err = run("render", "--out", "xor.gif", *tiny, "--json", "--quiet")
    assert (code, err) == (0, "")
    assert json.loads(out)["path"] == "xor.gif"


def test_force_replaces(run, tiny, folder):
    (folder / "xor.gif").write_text("mine")
    assert run("render", "--out", "xor.gif", *tiny, "--force", "--quiet") == (0, "xor.gif\n", "")
    assert delays_ms("xor.gif")[0] == 600
    assert files(folder) == ["xor.gif"]


# --dry-run


@pytest.fixture
def no_training(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr(source, "train", refuse)
    monkeypatch.setattr(rendering, "foreseen", lambda *_: ("", {}))


def test_dry_run_writes_nothing(run, folder, no_training):
    assert run("render", "--out", "a.gif", "--dry-run") == (0, PLAN.format(out="a.gif"), "")
    assert files(folder) == []


def test_dry_run_as_json(run, no_training):
    code, out, err = run("render", "--out", "a.mp4", "--dry-run", "--json", "--size", "320x180", "--clock", "log")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "size": [320, 180],
        "fps": 25.0,
        "duration_s": 6.0,
        "first_hold_s": 0.4,
        "hold_s": 1.5,
        "n_loops": 0,
        "clock": "log",
        "steps": [],
        "easing": "none",
        "slow": "",
        "slow_factor": 4.0,
        "ping_pong": False,
        "align": "step",
        "theme": "light",
        "ground": "paper",
        "rows": ["field surface surface", "field loss gradients"],
        "row_weights": [216.0, 120.0],
        "column_weights": [384, 188, 188],
        "each": [],
        "cell_aspect": 0.0,
        "gutters": [70.0, 48.0],
        "run_names": [],
        "header": True,
        "time_bar": True,
        "plane": "",
        "held": {},
        "panels": {"surface": {"elevation_deg": 24.0}},
        "out": ["a.mp4"],
    }


def test_every_option_arrives_in_the_plan(run, no_training):
    options = ["--size", "640x360", "--fps", "12.5", "--duration", "4", "--hold", "1", "--clock", "loss"]
    options += ["--theme", "dark", "--scene", "traces", "--out", "b.mp4"]
    assert run("render", "relu", *options, "--dry-run").out == (
        "b.mp4: 640x360, 12.5 fps, 4 s with the last frame held 1 s, loss clock, dark theme; "
        "panels header, loss, gradients, parameters, time\n"
    )


def test_a_dry_run_foresees_bytes_and_seconds(start, finish, folder):
    """In a process of its own, as its wall time counts imports, too; other tests may slow either of them down."""
    words = ["-m", "xorviz.render", "--out", "a.gif", "--out", "a.mp4", "--size", "480x270", "--json", "--quiet"]
    foreseen = json.loads(finish(start(*words, "--dry-run")).out)
    assert files(folder) == []
    began_s = time.monotonic()
    done = json.loads(finish(start(*words)).out)
    wall_s = time.monotonic() - began_s
    for n_bytes, file in zip(foreseen["estimated_bytes"], done["files"], strict=True):
        assert 1 / 1.5 < n_bytes / file["n_bytes"] < 1.5
    assert 0.1 < foreseen["estimated_s"] / wall_s < 10


def test_a_dry_run_says_it_in_words(run, tiny, folder):
    code, out, err = run("render", "--out", "a.gif", "--out", "a.mp4", *tiny, "--dry-run")
    assert (code, err, files(folder)) == (0, "", [])
    plan, sizes = out.splitlines()
    assert plan.startswith("a.gif, a.mp4: 160x90, 5 fps, 2 s ")
    found = re.fullmatch(r"a\.gif about (\d+) kB, a\.mp4 about (\d+) kB; about \d+\.\d s, from 7 of 7 frames", sizes)
    run("render", "--out", "a.gif", "--out", "a.mp4", *tiny, "--quiet")
    assert [int(kilobytes) * 1e3 for kilobytes in found.groups()] == [
        pytest.approx(path.stat().st_size, abs=501) for path in (folder / "a.gif", folder / "a.mp4")
    ]


# Several files, quality, limits, places


def test_several_files(run, tiny, folder):
    code, out, err = run("render", "--out", "a.gif", "--out", "b.mp4", "-o", "c.png", *tiny)
    assert (code, out) == (0, "a.gif\nb.mp4\nc.png\n")
    assert files(folder) == ["a.gif", "b.mp4", "c.png"]
    assert err.splitlines()[-3:] == [
        f"b.mp4: 10 frames, 2.0 s, {kilobytes('b.mp4')}",
        f"c.png: a poster, {kilobytes('c.png')}",
        f"7 frames, 2.0 s, {kilobytes('a.gif')}: {LEARNED}",
    ]
    run("render", "--out", "alone.gif", *tiny)
    assert (folder / "alone.gif").read_bytes() == (folder / "a.gif").read_bytes()


def test_several_files_as_json(run, tiny):
    found = json.loads(run("render", "--out", "a.gif", "--out", "b.mp4", *tiny, "--json").out)
    assert [file["path"] for file in found["files"]] == ["a.gif", "b.mp4"]
    assert [file["n_frames"] for file in found["files"]] == [7, 10]
    assert found["n_correct"] == 4


def test_what_exists_is_kept_before_any_work(run, tiny, folder, no_training):
    (folder / "b.mp4").write_text("mine")
    code, _, err = run("render", "--out", "a.gif", "--out", "b.mp4", *tiny)
    assert (code, err) == (2, "xorviz: --out must name a new file; 'b.mp4' exists. Add --force to replace it.\n")
    assert files(folder) == ["b.mp4"]


def test_quality_in_words_and_numbers(run, tiny, folder):
    for number, quality in enumerate(("small", "30", "high")):
        assert run("render", "--out", f"{number}.mp4", "--quality", quality, *tiny).code == 0
    small, number, high = ((folder / f"{i}.mp4").read_bytes() for i in range(3))
    assert small == number
    assert len(small) < len(high)


def test_lossless_and_codec_and_alt(run, tiny, folder):
    said = run("render", "--out", "a.mp4", "--out", "a.webp", "--lossless", *tiny).err
    assert "a.mp4: lossless H.264 is RGB: VLC, mpv and video editors show it, browsers, phones and slide" in said
    assert run("render", "--out", "b.webm", "--out", "b.gif", "--codec", "av1", "--alt", "A net", *tiny).code == 0
    assert b"V_AV1" in (folder / "b.webm").read_bytes()
    assert b"A net" in (folder / "b.gif").read_bytes()


def test_a_limit(run, tiny, folder):
    code, _, err = run("render", "--out", "a.gif", "--max-bytes", "15kB", *tiny)
    assert code == 0
    assert 13_500 <= (folder / "a.gif").stat().st_size <= 15_000
    assert re.search(r"^chosen for 15 kB: 160x90, 5 fps, quality [\d.]+, after \d+ trial encodes", err, re.M)


def test_a_limit_in_a_dry_run(run, tiny, folder):
    code, out, err = run("render", "--out", "a.gif", "--max-bytes", "15kB", *tiny, "--dry-run")
    assert (code, err, files(folder)) == (0, "", [])
    assert "\na.gif chosen for 15 kB: 160x90, 5 fps, quality " in out


def test_a_time(run, folder):
    assert run("render", "--out", "a.mp4", "--seconds", "1.7", "--size", "160x90", "--fps", "10").code == 0
    with av.open("a.mp4") as container:
        assert container.duration / av.time_base == pytest.approx(1.7, abs=0.01)


def test_a_place(run, no_training):
    assert run("render", "--for", "readme", "--dry-run").out.startswith("xor.gif: 640x360, 10 fps, 6 s ")
    assert run("render", "--for", "social", "--dry-run").out.startswith("xor.mp4: 1280x720, 30 fps, 6 s ")
    words = ["--for", "paper", "--theme", "light", "--out", "a.webm", "--fps", "10"]
    assert run("render", *words, "--dry-run").out.startswith("a.webm: 1280x720, 10 fps, ")


# SOURCE


@pytest.mark.parametrize(
    ("words", "out"),
    [([], "xor.gif")] + [([name], f"{name}.gif") for name in ARTICLES],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nothing_or_an_article(run, no_training, words, out):
    assert run("render", *words, "--dry-run") == (0, PLAN.format(out=out), "")


def test_nothing_means_backprop(run, tiny, folder):
    for out, words in (("a.gif", []), ("b.gif", ["backprop"]), ("c.gif", [str(RECIPES / "xor.toml")])):
        assert run("render", *words, "--out", out, *tiny).code == 0
    assert (folder / "a.gif").read_bytes() == (folder / "b.gif").read_bytes() == (folder / "c.gif").read_bytes()


@pytest.mark.parametrize("recipe", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.name)
def test_every_recipe_of_ours_can_be_rendered(run, no_training, recipe):
    code, out, err = run("render", str(recipe), "--dry-run")
    assert (code, err) == (0, "")
    assert out.startswith(f"{recipe.stem}.gif: ")


def test_a_recipe_and_options_over_it(run, no_training, folder):
    (folder / "mine.toml").write_text('source = "relu"\nsize = "320x180"\nfps = 10\nrows = ["field loss"]\n')
    plan = "mine.gif: {size}, 10 fps, 6 s with the last frame held 1.5 s, change clock, light theme; {panels}\n"
    panels = "panels header, field, loss, time"
    assert run("render", "mine.toml", "--dry-run").out == plan.format(size="320x180", panels=panels)
    code, out, _ = run("render", "mine.toml", "--size", "640x360", "--scene", "surface", "--dry-run")
    assert code == 0
    assert out == plan.format(size="640x360", panels="panels header, surface, time").replace("10 fps", "25 fps")


def test_a_recipe_s_seed_and_the_option_over_it(run, tiny, folder):
    (folder / "mine.toml").write_text("seed = 7\n")
    words = ["render", "mine.toml", *tiny, "--json", "--force"]
    assert json.loads(run(*words).out)["seed"] == 7
    assert json.loads(run(*words, "--seed", "1").out)["seed"] == 1


def test_a_recording_is_not_trained_again(run, tiny, no_training):
    assert run("train", "backprop", "--out", "run.xorviz", "--quiet") == (0, "run.xorviz\n", "")
    code, out, err = run("render", "run.xorviz", *tiny)
    assert (code, out) == (0, "run.gif\n")
    assert "train" not in err
    assert err.splitlines()[-1] == f"7 frames, 2.0 s, {kilobytes('run.gif')}: {LEARNED}"


def test_a_recording_and_its_article_are_drawn_alike(run, tiny, folder):
    run("train", "backprop", "--seed", "3", "--out", "run.xorviz")
    run("render", "run.xorviz", *tiny)
    run("render", "backprop", "--seed", "3", *tiny)
    assert (folder / "run.gif").read_bytes() == (folder / "backprop.gif").read_bytes()


def test_a_recipe_names_its_recording_from_its_own_folder(run, tiny, folder):
    (folder / "deep").mkdir()
    run("train", "backprop", "--out", "deep/run.xorviz")
    (folder / "deep" / "mine.toml").write_text('source = "run.xorviz"\n')
    assert run("render", "deep/mine.toml", *tiny, "--quiet") == (0, "mine.gif\n", "")


# What each option does to the file


@pytest.mark.parametrize("scene", [name for name in SCENES if name not in ("sweep", "sweep-dashboard", "shelves")])
def test_scene(run, short, scene):
    assert run("render", "--scene", scene, *short, "--size", "320x240", "--quiet") == (0, "xor.gif\n", "")


def test_a_scene_from_a_recipe_leaves_the_source_alone(run, tiny, folder):
    (folder / "look.toml").write_text('source = "relu"\nscene = "field"\ntheme = "dark"\n')
    outcome = run("render", "backprop", "--scene", "look.toml", *tiny, "--json")
    assert json.loads(outcome.out)["description"] == "2–2–1 sigmoid, cross-entropy, gradient descent"
    run("render", "backprop", "--scene", "field", "--theme", "dark", *tiny, "--out", "same.gif")
    assert (folder / "backprop.gif").read_bytes() == (folder / "same.gif").read_bytes()


def test_fps_duration_and_hold(run):
    words = ["render", "--size", "160x90", "--fps", "10", "--duration", "1.5", "--hold", "0.5", "--quiet"]
    assert run(*words).code == 0
    assert delays_ms("xor.gif") == [500, 100, 100, 100, 100, 600]


def test_without_a_hold(run):
    assert run("render", "--size", "160x90", "--fps", "10", "--duration", "1", "--hold", "0", "-q").code == 0
    assert delays_ms("xor.gif") == [500, 100, 100, 100, 100, 100]


def test_each_clock_shows_another_course(run, tiny):
    pictures = set()
    rules = [clock for clock in CLOCKS if clock != "steps"]
    for clock in rules:
        assert run("render", "--clock", clock, *tiny, "--quiet", "--force").code == 0
        pictures.add(Path("xor.gif").read_bytes())
    assert len(pictures) == len(rules) == 4


@pytest.mark.parametrize(("n_loops", "stored"), [(0, 0), (1, None), (3, 2)])
def test_loop(run, tiny, n_loops, stored):
    assert run("render", "--loop", str(n_loops), *tiny, "--quiet").code == 0
    with Image.open("xor.gif") as image:
        # A GIF stores how often it plays again.
        assert image.info.get("loop") == stored


@pytest.mark.parametrize("theme", THEMES)
def test_theme(run, tiny, theme):
    assert run("render", "--theme", theme, *tiny, "--quiet").code == 0
    with Image.open("xor.gif") as image:
        corner = np.array(image.convert("RGB"))[0, 0]
    np.testing.assert_array_equal(corner, np.rint(rgb_from_hex(THEMES[theme].paper) * 255))


def test_seed(run, tiny):
    outcome = json.loads(run("render", "--seed", "1", *tiny, "--json").out)
    assert outcome["seed"] == 1
    assert outcome["first_loss"] != pytest.approx(2.9991464995409807)


def test_arithmetic(run, tiny):
    losses = []
    for arithmetic in ("as-published", "textbook"):
        words = ["relu", "--arithmetic", arithmetic, *tiny, "--json", "--force"]
        losses.append(json.loads(run("render", *words).out)["final_loss"])
    assert losses[0] != losses[1]


# The environment


def test_the_environment_stands_for_options(run, no_training, monkeypatch):
    monkeypatch.setenv("XORVIZ_THEME", "dark")
    monkeypatch.setenv("XORVIZ_SIZE", "640x360")
    dark = PLAN.format(out="xor.gif").replace("light", "dark").replace("960x540", "640x360")
    assert run("render", "--dry-run") == (0, dark, "")
    assert run("render", "--dry-run", "--theme", "light").out == dark.replace("dark", "light")


def test_the_environment_is_checked_like_an_option(run, no_training, monkeypatch):
    monkeypatch.setenv("XORVIZ_THEME", "drak")
    error = "xorviz: theme must be one of light, dark, print; got 'drak'. Did you mean 'dark'?\n"
    assert run("render", "--dry-run") == (2, "", error)


# Help


def test_help(run):
    for words in (["--help"], ["-h"], []):
        code, out, err = run(*words)
        assert (code, err) == (0, "")
        for command in ("render", "train", "info", "verify"):
            assert re.search(rf"^│ {command} ", out, re.MULTILINE)
        assert "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted." in out


def test_help_names_every_option(run):
    code, out, err = run("render", "--help")
    assert (code, err) == (0, "")
    options = """
        --out --scene --size --fps --duration --clock --hold --loop --theme --seed --force --quiet --json --dry-run
    """
    assert [option for option in options.split() if f"{option} " not in out] == []


def test_version(run):
    from xorviz import __version__

    assert run("--version") == (0, f"{__version__}\n", "")
