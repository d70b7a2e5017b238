"""Every format that FFmpeg reads, counted and timed by its own program, another version than PyAV's."""

from __future__ import annotations

import re
import subprocess
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from xorviz.encoders import encoder_for

imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="pip install 'xorviz[dev]' brings it")


def ffmpeg(*words):
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *map(str, words)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout


def read(path):
    """When each picture is shown, and until when the last is, in seconds."""
    # The last stream: the first of an animated AVIF is the still that stands for it.
    last = "0:v:1" if path.suffix == ".avif" else "0:v:0"
    text = ffmpeg("-i", path, "-map", last, "-fps_mode", "passthrough", "-f", "framecrc", "-").decode()
    tick = Fraction(re.search(r"#tb 0: (\S+)", text)[1])
    rows = [row.split(",") for row in text.splitlines() if row[0] != "#"]
    starts, durations = ([int(row[i]) * tick for row in rows] for i in (2, 3))
    return [float(start) for start in starts], float(starts[-1] + durations[-1])


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".avif", ".gif", ".apng"])
@pytest.mark.parametrize("fps", [12.5, 25, 30])
def test_frames_and_time(suffix, fps, tmp_path, dashboard, encode):
    path, frames = tmp_path / f"out{suffix}", dashboard(33, 40, 60)
    durations_ms = [1000 / fps * (3 if i == 0 else 1) for i in range(33)]
    encoded = encode(encoder_for(path), path, frames, fps=fps, durations_ms=durations_ms, n_loops=1)
    starts_s, stop_s = read(path)
    is_repeated = suffix in (".mp4", ".webm", ".avif")
    assert len(starts_s) == encoded.n_frames == 33 + 2 * is_repeated
    assert encoded.duration_s == pytest.approx(35 / fps, abs=0.0051)
    # What FFmpeg makes of the last picture's time in a GIF or PNG is its own: it repeats the one before.
    assert stop_s == pytest.approx(encoded.duration_s, abs=0.0111)
    expected_s = np.cumsum([0, *durations_ms[:-1]]) / 1000
    np.testing.assert_allclose(starts_s[-30:], expected_s[-30:], atol=0.0111)


def test_pictures(tmp_path, dashboard, encode):
    frames = dashboard(9, 64, 96)
    for suffix, error in ((".mp4", 4), (".webm", 4), (".gif", 1), (".apng", 1e-9)):
        path = tmp_path / f"out{suffix}"
        encode(encoder_for(path), path, frames)
        raw = ffmpeg("-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-fps_mode", "passthrough", "-")
        shown = np.frombuffer(raw, np.uint8).reshape(-1, 64, 96, 3)
        assert len(shown) == 9
        for picture, frame in zip(shown, frames, strict=True):
            assert np.abs(picture.astype(int) - frame[..., :3]).mean() < error


@pytest.mark.parametrize(("suffix", "once", "thrice"), [(".gif", None, 2), (".webp", 1, 3), (".apng", 1, 3)])
def test_how_often_it_plays(suffix, once, thrice, tmp_path, dashboard, encode):
    for n_loops, stored in ((0, 0), (1, once), (3, thrice)):
        path = tmp_path / f"{n_loops}{suffix}"
        encode(encoder_for(path), path, dashboard(2, 40, 60), n_loops=n_loops)
        with Image.open(path) as image:
            # A GIF counts how often it plays again.
            assert image.info.get("loop") == stored


def test_a_rate_that_a_gif_rounds_is_said(tmp_path, dashboard, encode):
    path = tmp_path / "out.gif"
    for fps in (25, 12.5, 50, 100 / 6):
        assert encode(encoder_for(path), path, dashboard(2), fps=fps).notes == ()
    assert encode(encoder_for(path), path, dashboard(2), fps=30).notes == (
        "at 30 fps a frame of a GIF lasts 3 or 4 hundredths of a second; together they take the true time",
    )
