"""The command line as a process of its own: exit codes, streams, terminals, signals."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import xorviz

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and terminals")

#: Takes longer than any test waits.
LONG = ("--fps", "25", "--duration", "1000")
LEARNED = "4/4 correct from step 69, loss 3.00 → 0.15 in 140 steps"


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def wait_for(condition, child):
    deadline = time.monotonic() + 60
    while not condition():
        assert child.poll() is None, child.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def parts(folder):
    return [path for path in folder.glob(".*.part") if path.stat().st_size]


# One program under three names


@pytest.fixture(scope="module")
def script():
    """The installed command."""
    found = shutil.which("xorviz", path=str(Path(sys.executable).parent))
    assert found, "the command xorviz is not installed beside this Python; pip install -e . brings it"
    return found


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_three_names_one_program(start, finish, script, tiny, folder, suffix):
    names = [["-m", "xorviz.render"], ["-m", "xorviz", "render"], [script, "render"]]
    children = [start(*name, "--out", f"{i}{suffix}", *tiny) for i, name in enumerate(names)]
    for i, child in enumerate(children):
        code, out, err = finish(child)
        assert (code, out) == (0, f"{i}{suffix}\n")
        assert err.splitlines()[-1].endswith(LEARNED)
    first, *others = [(folder / f"{i}{suffix}").read_bytes() for i in range(3)]
    assert len(first) > 1000
    assert others == [first, first]
    assert files(folder) == [f"0{suffix}", f"1{suffix}", f"2{suffix}"]


def test_train_info_verify(start, finish):
    code, out, err = finish(start("-m", "xorviz", "train", "backprop", "--seed", "0", "--out", "a.xorviz", "--json"))
    assert code == 0
    assert err.splitlines()[-1].endswith(LEARNED)
    final = xorviz.load("a.xorviz").parameters["W1"][-1].tolist()
    assert json.loads(out)["parameters"]["W1"] == final
    children = [start("-m", "xorviz", command, "a.xorviz") for command in ("info", "verify")]
    info, verify = [finish(child) for child in children]
    assert (info.code, info.err, verify.code, verify.err) == (0, "", 0, "")
    assert info.out.startswith("file       a.xorviz, ")
    assert verify.out.startswith("a.xorviz: the re-run loss of 141 snapshots agrees; ")


def test_exit_codes(start, finish, folder):
    (folder / "bad.xorviz").write_text("no recording")
    commands = (["render", "backpropp"], ["info", "bad.xorviz"], ["render", "--dry-run"])
    outcomes = [finish(child) for child in [start("-m", "xorviz", *words) for words in commands]]
    assert [outcome.code for outcome in outcomes] == [2, 1, 0]
    assert [len(outcome.err.splitlines()) for outcome in outcomes] == [1, 1, 0]
    assert [len(outcome.out.splitlines()) for outcome in outcomes] == [0, 0, 2]


def test_no_terminal_no_question(start, finish, folder):
    (folder / "xor.gif").write_text("old")
    error = "xorviz: --out must name a new file; 'xor.gif' exists. Add --force to replace it.\n"
    assert finish(start("-m", "xorviz.render", "--out", "xor.gif")) == (2, "", error)
    assert (folder / "xor.gif").read_text() == "old"


def test_streams_that_cannot_show_every_letter(start, finish, run, tiny):
    """A pipe on Windows, say: nothing may fail over an arrow in a summary."""
    env = {"PYTHONIOENCODING": "cp1252"}
    assert run("train", "--out", "a.xorviz").code == 0
    outcomes = [
        finish(child)
        for child in [
            start("-m", "xorviz", "info", "a.xorviz", env=env),
            start("-m", "xorviz", "info", "a.xorviz", "--json", env=env),
            start("-m", "xorviz", "render", "a.xorviz", *tiny, env=env),
            start("-m", "xorviz", "--help", env=env),
        ]
    ]
    assert [(outcome.code, "Traceback" in outcome.err) for outcome in outcomes] == [(0, False)] * 4
    assert json.loads(outcomes[1].out)["n_steps"] == 140


@posix
@pytest.mark.parametrize("words", [["info", "a.xorviz"], ["render", "a.xorviz", "--out", "a.gif"]])
def test_a_reader_that_has_gone(start, finish, run, tiny, words):
    run("train", "--out", "a.xorviz")
    reading, writing = os.pipe()
    os.close(reading)
    options = tiny if words[0] == "render" else ()
    child = start("-m", "xorviz", *words, *options, stdout=writing)
    os.close(writing)
    code, _, err = finish(child)
    assert code == 1
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


# Asking on a terminal


@posix
@pytest.mark.parametrize(
    ("answer", "is_replaced"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("\x04", False)]
)
def test_the_question_on_a_terminal(start, tiny, folder, answer, is_replaced):
    (folder / "xor.gif").write_text("old")
    terminal, its_end = os.openpty()
    child = start("-m", "xorviz.render", "--out", "xor.gif", *tiny, stdin=its_end, stderr=its_end)
    os.close(its_end)
    said = ""
    while not said.endswith("[y/N] "):
        said += os.read(terminal, 1000).decode()
    assert said == "xor.gif exists. Replace it? [y/N] "
    assert (folder / "xor.gif").read_text() == "old"
    os.write(terminal, answer.encode())
    # A terminal whose other end is closed says so with an error.
    with contextlib.suppress(OSError):
        while more := os.read(terminal, 1000).decode(errors="replace"):
            said += more
    os.close(terminal)
    out = child.stdout.read()
    last = said.strip().splitlines()[-1]
    if is_replaced:
        assert (child.wait(), out) == (0, "xor.gif\n")
        assert last.endswith(LEARNED)
        assert (folder / "xor.gif").read_bytes().startswith(b"GIF89a")
    else:
        assert (child.wait(), out) == (2, "")
        assert last.endswith("xorviz: --out must name a new file; 'xor.gif' was kept.")
        assert (folder / "xor.gif").read_text() == "old"
    assert files(folder) == ["xor.gif"]


# Interrupted


@posix
@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_interrupted_while_drawing(start, finish, folder, suffix):
    (folder / f"xor{suffix}").write_text("old")
    child = start("-m", "xorviz.render", "--out", f"xor{suffix}", "--force", *LONG)
    wait_for(lambda: parts(folder), child)
    begin = time.monotonic()
    child.send_signal(signal.SIGINT)
    code, out, err = finish(child)
    assert time.monotonic() - begin < 5
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "xorviz: interrupted. Nothing half-written was left behind."
    assert files(folder) == [f"xor{suffix}"]
    assert (folder / f"xor{suffix}").read_text() == "old"


@posix
def test_interrupted_while_training_what_is_drawn(start, finish, folder):
    child = start("-m", "xorviz.render", "convergence", "--out", "a.gif", bufsize=0, stderr=subprocess.PIPE)
    said = ""
    while "step/s]" not in said:
        said += child.stderr.read(1)
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    code, out, err = finish(child)
    assert (code, out, files(folder)) == (130, "", [])
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "xorviz: interrupted. Nothing half-written was left behind."


@posix
def test_interrupted_while_recording(start, finish, folder):
    child = start("-m", "xorviz", "train", "convergence", "--out", "run.xorviz")
    log = folder / "run.xorviz.partial-wal"
    wait_for(lambda: log.exists() and log.stat().st_size > 50_000, child)
    child.send_signal(signal.SIGINT)
    code, out, err = finish(child)
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    # What was recorded is whole, and worth keeping.
    assert files(folder) == ["run.xorviz"]
    recording = xorviz.load("run.xorviz")
    assert not recording.complete
    assert recording.n_snapshots > 10
    assert recording.verify().ok
    assert err.splitlines()[-1] == "xorviz: interrupted. What was recorded until then is in 'run.xorviz'."


@posix
def test_terminated_while_drawing(start, finish, folder):
    """What timeout(1), docker stop and a CI runner that gives up send."""
    child = start("-m", "xorviz.render", "--out", "xor.gif", *LONG)
    wait_for(lambda: parts(folder), child)
    child.send_signal(signal.SIGTERM)
    code, _, err = finish(child)
    assert code in (143, -signal.SIGTERM)
    assert "Traceback" not in err
    assert files(folder) == []


@posix
@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_killed_while_drawing(start, finish, run, tiny, folder, suffix):
    name = f"xor{suffix}"
    assert run("render", "--out", name, *tiny).code == 0
    old = (folder / name).read_bytes()
    child = start("-m", "xorviz.render", "--out", name, "--force", *LONG)
    wait_for(lambda: parts(folder), child)
    child.kill()
    assert finish(child).code == -signal.SIGKILL
    assert (folder / name).read_bytes() == old
    # What it left behind is hidden, in nobody's way, and goes with the next run.
    assert [left for left in files(folder) if not left.startswith(".")] == [name]
    assert run("render", "--out", name, *tiny, "--force").code == 0
    assert (folder / name).read_bytes() == old
    assert files(folder) == [name]
