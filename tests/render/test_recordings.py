"""xorviz train, info and verify."""

from __future__ import annotations

import json
import platform

import numpy as np
import pytest

import xorviz
from xorviz.recordings.recording import Header
from xorviz.recordings.recording_writer import RecordingWriter
from xorviz.training import train

LEARNED = "4/4 correct from step 69, loss 3.00 → 0.15 in 140 steps"


@pytest.fixture(scope="module")
def original():
    """The article's run, trained without the command line."""
    return train("backprop", seed=0)


@pytest.fixture
def stored(original, folder):
    original.save("run.xorviz")
    return folder / "run.xorviz"


def strictly(text):
    """JSON as the standard has it, without NaN and Infinity."""

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_train(run, original, folder):
    code, out, err = run("train", "backprop", "--seed", "0", "--out", "run.xorviz")
    n_bytes = (folder / "run.xorviz").stat().st_size
    assert (code, out) == (0, "run.xorviz\n")
    assert "140/140" in err
    assert err.splitlines()[-1] == f"141 snapshots, {n_bytes / 1e3:.0f} kB: {LEARNED}"
    assert [path.name for path in folder.iterdir()] == ["run.xorviz"]
    np.testing.assert_array_equal(xorviz.load("run.xorviz").parameter_vectors(), original.parameter_vectors())


def test_train_names_the_file_after_the_source(run, folder):
    (folder / "mine.toml").write_text("seed = 5\n")
    assert run("train", "--quiet").out == "xor.xorviz\n"
    assert run("train", "backprop", "--quiet").out == "backprop.xorviz\n"
    assert run("train", "mine.toml", "--quiet").out == "mine.xorviz\n"
    assert xorviz.load("mine.xorviz").seed == 5


def test_train_quiet_leaves_stderr_empty(run):
    assert run("train", "--quiet", "--out", "run.xorviz") == (0, "run.xorviz\n", "")


def test_train_force_replaces(run, folder):
    (folder / "run.xorviz").write_text("old")
    assert run("train", "--force", "--quiet", "--out", "run.xorviz").code == 0
    assert xorviz.load("run.xorviz").n_steps == 140


def test_train_json_is_the_recording_to_the_last_bit(run):
    code, out, err = run("train", "backprop", "--seed", "0", "--out", "run.xorviz", "--json", "--quiet")
    assert (code, err) == (0, "")
    said, recording = strictly(out), xorviz.load("run.xorviz")
    for name in recording.parameters:
        np.testing.assert_array_equal(np.array(said["parameters"][name]), recording.parameters[name][-1])
    outputs = recording.outputs([[0, 0], [0, 1], [1, 0], [1, 1]])
    np.testing.assert_array_equal(np.array(said["outputs"]), outputs)
    assert said["first_loss"] == recording.loss[0]
    assert said["final_loss"] == recording.snapshot_losses[-1]
    assert said == {
        "path": "run.xorviz",
        "title": "XOR",
        "description": "2–2–1 sigmoid, cross-entropy, gradient descent",
        "seed": 0,
        "n_steps": 140,
        "n_snapshots": 141,
        "first_loss": said["first_loss"],
        "final_loss": said["final_loss"],
        "n_correct": 4,
        "n_points": 4,
        "solved_at": 69,
        "diverged_at": None,
        "metrics": {},
        "outputs": outputs.tolist(),
        "parameters": {name: array[-1].tolist() for name, array in recording.parameters.items()},
    }


def test_info(run, stored):
    text = f"""\
file       run.xorviz, {stored.stat().st_size / 1e3:.0f} kB
run        XOR, 2–2–1 sigmoid, cross-entropy, gradient descent, seed 0
network    2–2–1 sigmoid, 9 parameters
recorded   140 steps, 141 snapshots
learned    {LEARNED}
written by xorviz {xorviz.__version__}, numpy {np.__version__}, python {platform.python_version()}
"""
    assert run("info", "run.xorviz") == (0, text, "")


def test_info_json_is_what_train_said(run):
    trained = strictly(run("train", "--out", "run.xorviz", "--json").out)
    code, out, err = run("info", "run.xorviz", "--json")
    assert (code, err) == (0, "")
    assert strictly(out) == {"complete": True, **trained}


def test_verify(run, stored):
    code, out, err = run("verify", "run.xorviz")
    difference = xorviz.load(stored).verify().max_absolute
    assert (code, err) == (0, "")
    assert difference < 1e-12
    assert out == f"run.xorviz: the re-run loss of 141 snapshots agrees; largest difference {difference:.1e}\n"


def test_verify_json(run, stored):
    code, out, err = run("verify", "run.xorviz", "--json")
    assert (code, err) == (0, "")
    result = xorviz.load(stored).verify()
    assert strictly(out) == {
        "path": "run.xorviz",
        "n_snapshots": 141,
        "n_not_finite": 0,
        "max_absolute": result.max_absolute,
        "max_relative": result.max_relative,
        "worst": result.worst,
        "ok": True,
    }


def copied(recording, path, *, n_snapshots=None, wrong=(), complete=True):
    """The first snapshots once more, with valid checksums, some with another loss than their parameters have."""
    names = ["title", "description", "network", "experiment", "seed", "bounds", "inputs", "targets", "versions"]
    header = Header(loss=recording.objective, **{name: getattr(recording, name) for name in names})
    with RecordingWriter(path, header) as writer:
        previous = 0
        for i, step in enumerate(recording.steps[:n_snapshots]):
            loss = recording.snapshot_losses[i] + 0.25 * (i in wrong)
            state = {"parameters": recording.parameter_vectors([i])[0], "gradients": recording.gradient_vectors([i])[0]}
            writer.add(step, recording.loss[previous:step], loss=loss, **state)
            previous = step
        writer.close(complete=complete)


def test_verify_finds_losses_that_disagree(run, original):
    copied(original, "bad.xorviz", n_snapshots=9, wrong=[7])
    assert run("verify", "bad.xorviz") == (
        1,
        "bad.xorviz: the re-run loss of 9 snapshots DISAGREES, worst at snapshot 7; largest difference 2.5e-01\n",
        "",
    )
    code, out, err = run("verify", "bad.xorviz", "--json")
    said = strictly(out)
    assert (code, err, said["ok"], said["worst"]) == (1, "", False, 7)
    assert said["max_absolute"] == pytest.approx(0.25)


def test_a_cut_off_run_says_so(run, original, tiny):
    copied(original, "cut.xorviz", n_snapshots=21, complete=False)
    _, out, _ = run("info", "cut.xorviz")
    assert out.splitlines()[3] == "recorded   20 steps, 21 snapshots; cut off before its end"
    assert strictly(run("info", "cut.xorviz", "--json").out)["complete"] is False
    assert run("verify", "cut.xorviz").code == 0
    assert run("render", "cut.xorviz", *tiny, "--quiet") == (0, "cut.gif\n", "")


# Files that are no recordings, or damaged ones


def commands(path):
    return [["info", path], ["verify", path], ["render", path, "--out", "a.gif"], ["info", path, "--json"]]


@pytest.mark.parametrize("words", [["info"], ["verify"]])
def test_a_missing_file(run, words):
    message = "xorviz: 'none.xorviz' does not exist. Check the path.\n"
    assert run(*words, "none.xorviz") == (1, "", message)


def test_another_kind_of_file(run, folder):
    (folder / "other.xorviz").write_text("GIF89a" * 1000)
    for words in commands("other.xorviz"):
        message = "xorviz: 'other.xorviz' is not an xorviz recording. Give a .xorviz file.\n"
        assert run(*words) == (1, "", message)


def test_a_folder(run, folder):
    (folder / "run.xorviz").mkdir()
    for words in commands("run.xorviz"):
        message = "xorviz: 'run.xorviz' is a folder, not a recording. Give the .xorviz file inside it.\n"
        assert run(*words) == (1, "", message)


def test_a_recording_cut_short(run, stored):
    n_bytes = stored.stat().st_size
    stored.write_bytes(stored.read_bytes()[:20_000])
    for words in commands("run.xorviz"):
        assert run(*words) == (
            1,
            "",
            f"xorviz: 'run.xorviz' is cut short: 20000 of {n_bytes} bytes are there. "
            "Copy it again from where it came.\n",
        )


def test_a_recording_with_one_altered_byte(run, stored, original, tiny):
    data = bytearray(stored.read_bytes())
    at = data.index(original.parameter_vectors([100]).tobytes())
    data[at] ^= 1
    stored.write_bytes(data)
    for words in (["verify", "run.xorviz"], ["render", "run.xorviz", *tiny]):
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert err.splitlines()[-1].startswith("xorviz: 'run.xorviz' is damaged: ")
    assert [path.name for path in stored.parent.iterdir()] == ["run.xorviz"]
