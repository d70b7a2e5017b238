"""Problems on the command line and in recipes."""

from __future__ import annotations

import json

import pytest

from xorviz.recordings.recording import load

QUICK = ["--points", "20", "--steps", "3", "--quiet"]


def test_a_set_by_name(run, folder):
    words = ["train", "--data", "spirals", "--classes", "3", "--validation", "0.25", "--hidden", "5", *QUICK]
    code, out, err = run(*words, "--seed", "4", "--out", "a.xorviz")
    assert (code, out, err) == (0, "a.xorviz\n", "")
    recording = load(folder / "a.xorviz")
    assert recording.network.widths == (2, 5, 3)
    assert (recording.task, recording.seed, len(recording.validation_inputs)) == ("multiclass", 4, 5)


def test_a_file_and_what_came_of_it(run, folder):
    rows = "\n".join(f"{k},{k * k},{k / 3}" for k in range(9))
    (folder / "mine.csv").write_text(f"a,b,c\n{rows}\n")
    code, out, _ = run("train", "--data", "mine.csv", "--features", "a,b", "--steps", "5", "--json", "--quiet")
    assert code == 0
    found = json.loads(out)
    assert (found["path"], found["title"], found["n_correct"]) == ("mine.xorviz", "mine", 0)
    assert found["r_squared"] <= 1
    code, out, _ = run("train", "--data", "mine.csv", "--task", "classification", "--target", "a", "--quiet", "--force")
    assert (code, load(folder / "mine.xorviz").targets.shape) == (0, (9, 9))


def test_a_recipe_with_data_beside_it(run, folder):
    (folder / "mine.csv").write_text("a,b,c,kind\n1,2,3,x\n2,1,5,y\n4,3,1,x\n")
    (folder / "mine.toml").write_text(
        'plane = "pca"\nsize = [320, 180]\nduration_s = 2\nfps = 5\n[data]\nname = "mine.csv"\nn_steps = 4\n'
        '[change]\nseed = 7\noptimizer = { kind = "momentum", learning_rate = 0.1 }\n'
    )
    code, out, err = run("render", "mine.toml", "--out", "mine.gif", "--quiet", "--workers", "1")
    assert (code, out, err) == (0, "mine.gif\n", "")
    code, out, err = run(
        "still", "--data", "mine.csv", "--steps", "2", "--plane", "a,c", "--hold-input", "b=2", "--quiet"
    )
    assert (code, out, err) == (0, "mine.png\n", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--noise", "0.1"], "--noise must go with --data, such as --data moons. Add it."),
        (
            ["backprop", "--data", "moons"],
            "--data must stand without SOURCE, which says what is learned, too; got 'backprop'.",
        ),
        (["--data", "xor", "--noise", "0.1"], "data 'xor' must be given without options; got noise."),
        (["--data", "moons", "--target", "x"], "target must not be given for data 'moons'. Leave it out."),
        (["--data", "moons", "--hidden", "a"], "--hidden must be widths with commas, such as 16,16; got 'a'."),
        (["--data", "a.csv", "--noise", "1"], "noise must not be given for a file. Leave it out."),
        (["--data", "a.csv"], "data must be a readable file; 'a.csv': No such file or directory."),
    ],
)
def test_what_is_refused(run, folder, words, message):
    assert run("train", *words) == (2, "", f"xorviz: {message}\n")
