"""What the command line refuses before any work: exit code 2, one line that says what is allowed, nothing written."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from xorviz.encoders import BESIDE, FORMATS
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.panels import KINDS
from xorviz.recordings.recording import Header
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.render import recordings, source
from xorviz.scenes.scene import SCENES as BUILT_IN
from xorviz.scenes.scene import Scene

SOURCES = (
    "SOURCE must be one of relu, backprop, convergence, init-scale, online, a recipe.toml, a recording.xorviz, "
    "a study.db; got "
)
SCENES = f"scene must be one of {', '.join(BUILT_IN)}, a recipe.toml; got "
OWN = "scene, source, seed, arithmetic, data, change, seeds, runs"
KEYS = f"key must be one of {OWN}, {', '.join(Scene.__struct_fields__)}; got "
SIZE = "size must be at least 64x64 and at most 50,000,000 pixels; got {}. Try 960x540."
SUFFIXES = f"the suffix of out must be one of {', '.join(FORMATS | BESIDE)}; got "

RENDER = [
    # SOURCE
    ("backpropp", SOURCES + "'backpropp'. Did you mean 'backprop'?"),
    ("Convergence2", SOURCES + "'Convergence2'. Did you mean 'convergence'?"),
    ("qqq", SOURCES + "'qqq'."),
    ("none.toml", "recipe 'none.toml' must be a readable TOML file: No such file or directory."),
    ("none.xorviz", "SOURCE must exist; there is no file 'none.xorviz'."),
    # Options
    ("--siz 640x360", "Unknown option: --siz. Did you mean --size?"),
    ("backprop more", "Unused Tokens: ['more']."),
    ("--size", 'Command "render" parameter --size requires an argument.'),
    (
        "--size 640x360 --max-pixels 200000",
        "size must be at most 200,000 pixels, as --max-pixels says; got 640x360, 230,400.",
    ),
    ("--clock lin", "clock must be one of change, linear, log, loss, steps; got 'lin'. Did you mean 'linear'?"),
    ("--clock qqq", "clock must be one of change, linear, log, loss, steps; got 'qqq'."),
    ("--theme drak", "theme must be one of light, dark, print; got 'drak'. Did you mean 'dark'?"),
    ("--scene filed", SCENES + "'filed'. Did you mean 'field'?"),
    ("--scene none.toml", "recipe 'none.toml' must be a readable TOML file: No such file or directory."),
    (
        "--arithmetic text",
        "--arithmetic must be one of as-published, textbook; got 'text'. Did you mean 'textbook'?",
    ),
    # Numbers
    ("--size big", "size must be WIDTHxHEIGHT in pixels, such as 960x540; got 'big'."),
    ("--size 640", "size must be WIDTHxHEIGHT in pixels, such as 960x540; got '640'."),
    ("--size 63x540", SIZE.format("63x540")),
    ("--size 0x0", SIZE.format("0x0")),
    ("--size 10000x10000", SIZE.format("10000x10000")),
    (
        "--size 2000x64",
        "size must leave every panel room beside its labels; got 2000x64. Choose a larger size or fewer panels.",
    ),
    ("--out a.mp4 --size 5000x500", "width_px must be 1 to 4096 in an MP4; got 5000."),
    ("--fps 51", "fps must be 1 to 50 in a GIF; got 51.0. Lower it, or write an .mp4."),
    ("--fps 0.5", "fps must be 1 to 50 in a GIF; got 0.5. Lower it, or write an .mp4."),
    ("--fps 0", "fps must be a number from 0.1 to 3600; got 0.0."),
    ("--fps nan", "fps must be a number from 0.1 to 3600; got nan."),
    ("--fps fast", 'Invalid value for --fps: unable to convert "fast" into float.'),
    ("--out a.mp4 --fps 241", "fps must be 1 to 240 in an MP4; got 241.0."),
    ("--duration 0", "duration must be a number from 0.1 to 3600; got 0.0."),
    ("--duration inf", "duration must be a number from 0.1 to 3600; got inf."),
    (
        "--duration 1.9",
        "duration must leave at least one frame beside the holds of 0.4 s and 1.5 s; got 1.9 s. "
        "Give a longer duration or a shorter hold.",
    ),
    (
        "--hold 6",
        "duration must leave at least one frame beside the holds of 0.4 s and 6 s; got 6 s. "
        "Give a longer duration or a shorter hold.",
    ),
    ("--hold -1", "hold must be a number from 0 to 3600; got -1.0."),
    ("--loop -1", "loop must be a count from 0, for ever, to 65535; got -1."),
    ("--loop 70000", "loop must be a count from 0, for ever, to 65535; got 70000."),
    ("--seed -1", "seed must be from 0 to 2**32 - 1; got -1."),
    ("--seed x", 'Invalid value for --seed: unable to convert "x" into int.'),
    # Quality, limits, places
    (
        "--quality hgih",
        "quality must be one of small, balanced, high, a number from 0 to 100; got 'hgih'. Did you mean 'high'?",
    ),
    ("--quality 101", "quality must be a number from 0 to 100; got 101.0."),
    ("--quality high --lossless", "quality must be left out with lossless, which loses nothing; got 'high'."),
    (
        "--lossless",
        "lossless must go with .mp4, .webm, .webp, .apng, .html, .frames, .png; a .gif has at most 255 "
        "colours. Write a .webp or .apng.",
    ),
    ("--codec av1", "codec must go with .webm; got 'av1' with .gif. Leave it out."),
    ("--codec h265 --out a.webm", "codec must be one of vp9, av1; got 'h265'."),
    ("--alt XOR --out a.mp4", "alt must go with .gif or .html or .pptx or .txt; got 'XOR' with .mp4. Leave it out."),
    ("--max-bytes much", "max_bytes must be a number with B, kB, MB or MiB, such as 5MB; got 'much'."),
    ("--max-bytes 5", "max_bytes must be a number with B, kB, MB or MiB, such as 5MB; got '5'."),
    ("--seconds 0", "seconds must be a number from 0.1 to 3600; got 0.0."),
    (
        "--seconds 8 --duration 6",
        "seconds and duration must not both say how long it plays; got 8.0 and 6.0. Leave one out.",
    ),
    ("--for redme", "place must be one of readme, docs, slides, paper, social; got 'redme'. Did you mean 'readme'?"),
    ("--out a.gif --out a.gif", "out must name different files; got 'a.gif' twice."),
    ("--out a.png", "out must name an animation, such as a .gif; got 'a.png'. A picture alone is xorviz still."),
    ("--out a.mp4 --out a.gif --fps 60", "fps must be 1 to 50 in a GIF; got 60.0. Lower it, or write an .mp4."),
    # Output
    ("--out a.giff", SUFFIXES + "'.giff'. Did you mean '.gif'?"),
    ("--out a.qqqq", SUFFIXES + "'.qqqq'."),
    ("--out a", SUFFIXES + "''."),
    ("--out a.webm --fps 241", "fps must be 1 to 240 in a WebM; got 241.0."),
    ("--out a.webp --fps 61", "fps must be 1 to 60 in a WebP; got 61.0. Lower it, or write an .mp4."),
    ("--out none/a.gif", "out must be in an existing folder; got 'none/a.gif'. Create '{folder}/none' first."),
    ("--out folder.gif", "out must be a regular file; got 'folder.gif', a folder. Choose another name."),
    ("--out .", "out must be a regular file; got '.', a folder. Choose another name."),
    ("--out kept.gif", "--out must name a new file; 'kept.gif' exists. Add --force to replace it."),
    ("--out folder.gif --force", "out must be a regular file; got 'folder.gif', a folder. Choose another name."),
]


@pytest.fixture(autouse=True)
def no_work(monkeypatch, folder):
    def refuse(*_, **__):
        raise AssertionError("trained")

    monkeypatch.setattr(source, "train", refuse)
    monkeypatch.setattr(recordings, "train", refuse)
    (folder / "folder.gif").mkdir()
    (folder / "folder.xorviz").mkdir()
    (folder / "kept.gif").write_text("kept")
    (folder / "kept.xorviz").write_text("kept")
    before = sorted(folder.rglob("*"))
    yield
    # A test may have written a recipe or a recording to be refused.
    assert sorted(path for path in folder.rglob("*") if not path.name.startswith("given")) == before
    assert (folder / "kept.gif").read_text() == (folder / "kept.xorviz").read_text() == "kept"


@pytest.mark.parametrize(("words", "message"), RENDER, ids=[words for words, _ in RENDER])
def test_render(run, folder, words, message):
    assert run("render", *words.split()) == (2, "", f"xorviz: {message.format(folder=folder.resolve())}\n")


@pytest.mark.parametrize("words", ["--fps 51", "--size 63x540", "--out a.giff", "backpropp", "--out folder.gif"])
def test_a_dry_run_refuses_the_same(run, words):
    assert run("render", *words.split(), "--dry-run") == run("render", *words.split())


def test_quiet_does_not_hide_a_refusal(run):
    message = "xorviz: theme must be one of light, dark, print; got 'drak'. Did you mean 'dark'?\n"
    assert run("render", "--theme", "drak", "--quiet", "--json") == (2, "", message)


def key_of(value):
    """A short name for a test: the key that is wrong."""
    return value.split("=")[0].strip() if "=" in value else ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('sorce = "relu"', KEYS + "'sorce'. Did you mean 'source'?"),
        ('clock = "lin"', "clock must be one of change, linear, log, loss, steps; got 'lin'. Did you mean 'linear'?"),
        ('scene = "filed"', SCENES + "'filed'. Did you mean 'field'?"),
        ('fps = "25"', "Expected `float`, got `str` - at `$.fps`."),
        (
            'source = "../mine.xorviz"',
            "source must stay in the recipe's folder, or be an absolute path; got '../mine.xorviz'.",
        ),
        ("source = 3", "Expected `str`, got `int` - at `$.source`."),
        ('size = "640"', "size must be WIDTHxHEIGHT in pixels, such as 960x540; got '640'."),
        ('rows = ["field loss", "field"]', "rows must name the same number of cells each; got {rows}."),
        ('rows = ["field", "loss"]\nrow_weights = [1]', "row_weights must be 2 positive numbers; got [1.0]."),
    ],
    ids=key_of,
)
def test_a_recipe(run, folder, text, message):
    (folder / "given.toml").write_text(text)
    message = message.format(rows="['field loss', 'field']")
    assert run("render", "given.toml") == (2, "", f"xorviz: recipe 'given.toml': {message}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('source = "reluu"', SOURCES + "'reluu'. Did you mean 'relu'?"),
        ('source = "none.xorviz"', "SOURCE must exist; there is no file 'none.xorviz'."),
        ("seed = -4", "seed must be from 0 to 2**32 - 1; got -4."),
        ("fps =", "recipe 'given.toml' must be a readable TOML file: Invalid value (at end of document)."),
        (
            'rows = ["feild loss"]',
            f"recipe 'given.toml': panels.feild.kind must be one of {', '.join(KINDS)}; got 'feild'. "
            "Did you mean 'field'?",
        ),
        (
            'rows = ["field loss", "loss field"]',
            "recipe 'given.toml': rows must give 'field' one rectangle of cells; got ['field loss', 'loss field'].",
        ),
        (
            '[panels.surface]\nazimut_deg = "x"',
            "recipe 'given.toml': option of panels.surface (surface) must be one of {options}; got 'azimut_deg'. "
            "Did you mean 'azimuth_deg'?",
        ),
    ],
    ids=key_of,
)
def test_a_recipe_s_contents(run, folder, text, message):
    from xorviz.panels.surface import SurfacePanel

    (folder / "given.toml").write_text(text)
    options = ", ".join(field.name for field in fields(SurfacePanel))
    assert run("render", "given.toml") == (2, "", f"xorviz: {message.format(options=options)}\n")


TRAIN = [
    ("backpropp", SOURCES + "'backpropp'. Did you mean 'backprop'?"),
    ("--sed 3", "Unknown option: --sed. Did you mean --seed?"),
    ("--seed -1", "seed must be from 0 to 2**32 - 1; got -1."),
    ("--out kept.xorviz", "--out must name a new file; 'kept.xorviz' exists. Add --force to replace it."),
    ("--out a.gif", "out must end in .xorviz; got 'a.gif'."),
    ("--out a", "out must end in .xorviz; got 'a'."),
    ("--out folder.xorviz", "out must name a file; 'folder.xorviz' is a folder. Add a file name."),
    ("--out folder.xorviz --force", "out must name a file; 'folder.xorviz' is a folder. Add a file name."),
    ("--out none/a.xorviz", "out must be in a folder that exists; got 'none/a.xorviz'. Create 'none' first."),
    ("--out kept.gif", "out must end in .xorviz; got 'kept.gif'."),
]


@pytest.mark.parametrize(("words", "message"), TRAIN, ids=[words for words, _ in TRAIN])
def test_train(run, words, message):
    assert run("train", *words.split()) == (2, "", f"xorviz: {message}\n")


def test_train_keeps_what_a_dead_run_left(run, folder):
    (folder / "given.xorviz.partial").write_text("an hour of work")
    message = (
        "xorviz: out must name a new file; 'given.xorviz.partial' holds a run that was cut off, or is being recorded. "
        "Keep it with xorviz.load('given.xorviz.partial').save('other.xorviz'), or use force=True (--force) to delete "
        "it.\n"
    )
    code, out, err = run("train", "--out", "given.xorviz")
    assert (folder / "given.xorviz.partial").read_text() == "an hour of work"
    assert (code, out, err) == (2, "", message)


def test_commands(run):
    code, out, err = run("rendr")
    assert (code, out) == (2, "")
    assert err.startswith('xorviz: Unknown command "rendr". Did you mean "render"? Available commands: render, still, ')
    assert run("info") == (2, "", 'xorviz: Command "info" parameter RECORDING requires an argument.\n')


def recording(folder, *, n_inputs):
    """A recording of one snapshot."""
    network = Network(widths=(n_inputs, 2, 1), activations=("sigmoid", "sigmoid"))
    zeros = np.zeros(network.n_parameters)
    header = Header(
        title="Parity",
        description="",
        network=network,
        loss=Loss(),
        experiment={},
        seed=None,
        bounds=((0, 1), (0, 1)),
        inputs=np.zeros((1, n_inputs)),
        targets=np.zeros((1, 1)),
    )
    with RecordingWriter(folder / "given.xorviz", header) as writer:
        writer.add(0, [], loss=0.125, parameters=zeros, gradients=zeros)


def test_a_run_that_is_over_takes_no_seed(run, folder):
    recording(folder, n_inputs=2)
    for words in (["--seed", "3"], ["--arithmetic", "textbook"]):
        code, out, err = run("render", "given.xorviz", *words)
        assert (code, out) == (2, "")
        assert err == (
            "xorviz: --seed and --arithmetic must go with a run to be trained; 'given.xorviz' is a recording of one "
            "that is over. Leave them out.\n"
        )


def test_a_recording_is_not_trained(run, folder):
    recording(folder, n_inputs=2)
    assert run("train", "given.xorviz") == (
        2,
        "",
        "xorviz: SOURCE must name something to train; 'given.xorviz' is a recording. Try xorviz info given.xorviz.\n",
    )


def test_a_network_without_a_plane_has_no_field(run, folder):
    recording(folder, n_inputs=1)
    code, out, err = run("render", "given.xorviz", "--scene", "field", "--out", "a.gif", "--quiet")
    assert (code, out) == (2, "")
    assert err == (
        "xorviz: panel 'field' must have a network with 2 inputs or more to draw a plane of; got 1 input. "
        "Choose panel 'curve' instead.\n"
    )
