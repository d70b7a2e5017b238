"""``xorviz render --check-flash``."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from xorviz.render import rendering
from xorviz.styles.flash import Flashing

FOUND = [Flashing(0.5, 0.9, 4.0, 0.03), Flashing(1.04, 1.76, 12.5, 0.524)]
WARNING = (
    "warning: flashes up to 12.5 times a second over 52% of the frame from 1.0 s to 1.8 s, where WCAG 2.3.1 allows 3, "
    "because more can cause seizures; --fps 6 is always slow enough, a longer --duration may be"
)
PASSED = "no flashes above the threshold of WCAG 2.3.1"


@pytest.fixture
def looked_at(monkeypatch):
    """What is checked; two times are said to flash."""
    seen = []

    def flashes(frames):
        seen.extend((frame.copy(), duration_ms) for frame, duration_ms in frames)
        return FOUND

    monkeypatch.setattr(rendering, "flashes", flashes)
    return seen


def test_a_warning_in_one_sentence(run, tiny, looked_at, folder):
    code, out, err = run("render", "--out", "a.gif", *tiny, "--check-flash")
    assert (code, out) == (0, "a.gif\n")
    assert WARNING in err.splitlines()
    assert (folder / "a.gif").exists()


def test_every_frame_is_looked_at_as_long_as_it_is_shown(run, tiny, looked_at):
    run("render", "--out", "a.gif", *tiny, "--check-flash")
    assert len(looked_at) == 7
    assert sum(duration_ms for _, duration_ms in looked_at) == pytest.approx(2000)
    assert {frame.shape for frame, _ in looked_at} == {(90, 160, 4)}
    assert all((frame != looked_at[0][0]).any() for frame, _ in looked_at[1:])
    assert np.mean(looked_at[0][0]) > 100


def test_as_json(run, tiny, looked_at):
    out = run("render", "--out", "a.gif", *tiny, "--check-flash", "--json", "--quiet").out
    assert json.loads(out)["flashes"][1] == {"start_s": 1.04, "stop_s": 1.76, "per_second": 12.5, "area": 0.524}
    assert "flashes" not in json.loads(run("render", "--out", "b.gif", *tiny, "--json").out)


def test_only_when_asked(run, tiny, looked_at):
    assert "WCAG" not in run("render", "--out", "a.gif", *tiny).err
    assert looked_at == []


def test_what_passes_is_said_to_pass(run, tiny):
    """Seven frames in two seconds cannot flash."""
    err = run("render", "--out", "a.gif", *tiny, "--check-flash", "--json").err
    assert PASSED in err.splitlines()


def test_the_frames_that_a_limit_left_are_looked_at(run, looked_at, folder):
    tiny = ("--scene", "field", "--size", "160x120", "--duration", "2.4", "--hold", "0.2")
    run("render", "--out", "a.gif", *tiny, "--max-bytes", "30kB", "--check-flash")
    with Image.open(folder / "a.gif") as image:
        assert len(looked_at) == image.n_frames < 30
