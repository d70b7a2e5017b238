"""Formats with transparency, by one dot that moves over nothing: what Pillow shows of the files, and a browser."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from PIL import Image, ImageSequence

from xorviz.encoders import encoder_for
from xorviz.encoders._underpaint import underpainted
from xorviz.encoders.options import Options

INK, FAINT = (200, 30, 60, 255), (20, 90, 200, 60)
MATTE = (255, 255, 255)


def dots(n: int = 34) -> list[np.ndarray]:
    """A dot moves to the right, over a field that stays and a faint band; in a second run of frames, too."""
    frames = []
    for i in range(n):
        frame = np.zeros((40, 64, 4), np.uint8)
        frame[4:12, 4:60] = (90, 160, 90, 255)
        frame[14:18] = FAINT
        frame[8:28, 2 + i : 10 + i] = INK
        frames.append(frame)
    return frames


def written(path, frames, options=None):
    encoder = encoder_for(path, options)
    encoder.open(path, width_px=64, height_px=40, fps=20, samples=frames, matte=MATTE)
    for frame in frames:
        encoder.write(frame, 50.0)
    encoder.close()


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng"])
def test_a_dot_leaves_nothing_behind(tmp_path, suffix):
    path, frames = tmp_path / f"dot{suffix}", dots()
    written(path, frames)
    with Image.open(path) as image:
        found = [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
    assert len(found) == len(frames)
    for one, frame in zip(found, frames, strict=True):
        if suffix == ".gif":
            # Of a faint colour there is what it looks like on the matte.
            share = FAINT[3] / 255
            mixed = np.rint(np.array(FAINT[:3]) * share + 255 * (1 - share))
            frame[(frame == FAINT).all(axis=-1)] = (*mixed, 255)
        is_seen = frame[..., 3] > 0
        np.testing.assert_array_equal(one[..., 3], frame[..., 3])
        np.testing.assert_array_equal(one[is_seen], frame[is_seen])


@pytest.mark.parametrize("opacity", [25, 26])
def test_in_a_gif_a_tenth_is_there(tmp_path, opacity):
    frame = np.zeros((40, 64, 4), np.uint8)
    frame[:20] = (0, 0, 0, opacity)
    written(tmp_path / "a.gif", [frame])
    with Image.open(tmp_path / "a.gif") as image:
        found = np.asarray(image.convert("RGBA"))
    assert (found[:20, :, 3] == (255 if opacity == 26 else 0)).all()
    assert (found[20:, :, 3] == 0).all()


def test_a_webm_in_chromium(chromium, tmp_path):
    path, frames = tmp_path / "dot.webm", dots()
    written(path, frames, Options(quality=90))
    page = chromium.new_page()
    data = base64.b64encode(path.read_bytes()).decode()
    for i in (0, 20, 33):
        pixels = page.evaluate(_SEEK, [data, (i + 0.5) / 20])
        found = np.array(pixels, np.uint8).reshape(40, 64, 4)
        assert np.abs(found[..., 3].astype(int) - frames[i][..., 3]).max() <= 24
        assert (found[30:, :, 3] == 0).all()
    page.close()


_SEEK = """async ([data, time_s]) => {
    const movie = document.createElement("video");
    movie.src = "data:video/webm;base64," + data;
    await new Promise((done) => { movie.oncanplaythrough = done; });
    // The end of seeking may be told before its picture is there.
    const presented = new Promise((done) => {
        const look = (_, { mediaTime }) =>
            Math.abs(mediaTime - time_s) < 0.03 ? done() : movie.requestVideoFrameCallback(look);
        movie.requestVideoFrameCallback(look);
    });
    movie.currentTime = time_s;
    await presented;
    const context = new OffscreenCanvas(movie.videoWidth, movie.videoHeight).getContext("2d");
    context.drawImage(movie, 0, 0);
    return Array.from(context.getImageData(0, 0, movie.videoWidth, movie.videoHeight).data);
}"""


def test_underpainted():
    """Hand-checked: red and blue of a block are mixed, a block of nothing has the matte, and what is seen stays."""
    frame = np.zeros((10, 16, 4), np.uint8)
    frame[0, 0], frame[0, 1] = (200, 0, 0, 255), (0, 0, 100, 3)
    found = underpainted(frame, (9, 8, 7))
    expected = np.zeros_like(frame)
    expected[..., :3] = (9, 8, 7)
    expected[:8, :8, :3] = (100, 0, 50)
    expected[0, :2] = frame[0, :2]
    np.testing.assert_array_equal(found, expected)
    assert found.flags.c_contiguous
