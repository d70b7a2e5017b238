"""Small frames like those xorviz draws, from NumPy and Pillow, and a reader independent of our code."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

BACKGROUND = (250, 249, 246)
INK = (31, 33, 36)
LINE = (194, 65, 12)
# A folder of frames does not say how fast they follow each other.
RATES = {}


def _frame(i, n, height, width):
    image = Image.new("RGBA", (width, height), (*BACKGROUND, 255))
    draw = ImageDraw.Draw(image)
    draw.text((4, 1), f"XOR  step {i * 37:4d}", fill=INK)
    draw.line([(width // 2 + 6, height - 10), (width - 6, height - 10)], fill=INK)
    reach = width // 2 + 6 + int((width // 2 - 12) * (i + 1) / n)
    draw.line([(width // 2 + 6, 22), (reach, height - 20)], fill=LINE, width=2)
    frame = np.array(image)
    side = max(1, min(height - 24, width // 2 - 10))
    y, x = np.mgrid[0:side, 0:side] / side * 2 - 1
    field = np.tanh(3 * (np.sin(3 * x + 4 * i / n) * np.cos(2 * y) + 0.4 * x * y))[..., None]
    cool, warm, middle = (np.array(c, float) for c in ((33, 102, 172), (178, 24, 43), (247, 247, 247)))
    colours = middle + np.abs(field) * (np.where(field > 0, warm, cool) - middle)
    frame[18 : 18 + side, 4 : 4 + side, :3] = np.rint(colours)[: frame.shape[0] - 18, : frame.shape[1] - 4]
    return frame


@pytest.fixture(scope="session")
def dashboard():
    """dashboard(n, height, width): n moving frames, uint8 of shape (height, width, 4)."""
    cache = {}

    def make(n=12, height=120, width=200):
        key = n, height, width
        if key not in cache:
            cache[key] = [_frame(i, n, height, width) for i in range(n)]
        return [frame.copy() for frame in cache[key]]

    return make


@pytest.fixture
def encode():
    """encode(encoder, path, frames, …): the whole life of an encoder, and what close returned."""

    def run(encoder, path, frames, *, fps=25, durations_ms=None, n_loops=0, about=None):
        height, width, _ = frames[0].shape
        RATES[path] = fps
        samples = frames[:: max(1, len(frames) // 12)]
        size = {"width_px": width, "height_px": height}
        encoder.open(path, **size, fps=fps, samples=samples, n_loops=n_loops, about=about)
        for i, frame in enumerate(frames):
            encoder.write(frame, durations_ms[i] if durations_ms else 1000 / fps)
        return encoder.close()

    return run


def _plane(plane):
    """The rows of a plane without what fills them up in memory."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def _rgb(picture):
    if picture.format.name != "yuv420p":
        return picture.to_ndarray(format="rgb24")
    # By hand, because what a converter assumes about the matrix differs between versions.
    height, width = picture.height, picture.width
    planes = [_plane(plane) for plane in picture.planes]
    luma = (planes[0] - 16.0) / 219
    blue, red = (plane.repeat(2, 0).repeat(2, 1)[:height, :width] for plane in planes[1:])
    blue, red = (blue - 128.0) / 224, (red - 128.0) / 224
    # ITU-R BT.709-6, items 3.2 to 3.5.
    green = luma - (0.2126 * 1.5748 * red + 0.0722 * 1.8556 * blue) / 0.7152
    rgb = np.stack([luma + 1.5748 * red, green, luma + 1.8556 * blue], axis=-1)
    return np.rint(rgb.clip(0, 1) * 255).astype(np.uint8)


def _by_ffmpeg(path):
    frames, starts = [], []
    with av.open(str(path)) as container:
        # The first stream of an animated AVIF is the still that stands for it.
        stream = container.streams.video[-1]
        for picture in container.decode(stream):
            starts.append(float(picture.pts * picture.time_base))
            frames.append(_rgb(picture))
        # WebM says how long the file is, but not a stream.
        known = stream.duration is not None
        end = float(stream.duration * stream.time_base) if known else container.duration / av.time_base
    return frames, list(np.diff([*starts, end]))


def _by_pillow(path):
    frames, durations_s = [], []
    with Image.open(path) as image:
        for i in range(image.n_frames):
            image.seek(i)
            frames.append(np.asarray(image.convert("RGB")))
            durations_s.append(image.info["duration"] / 1000)
    return frames, durations_s


def _by_hand(path):
    """A page is read as JSON, and put together by Pillow."""
    text = path.read_text(encoding="utf-8")
    stored = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])
    frames, shown = [], None
    for one in stored["frames"]:
        patch = Image.open(io.BytesIO(base64.b64decode(one["webp"]))).convert("RGBA")
        if one["whole"]:
            shown = Image.new("RGBA", patch.size)
        shown.alpha_composite(patch, (one["x"], one["y"]))
        frames.append(np.asarray(shown.convert("RGB")))
    return frames, [one["ms"] / 1000 for one in stored["frames"]]


def _by_name(path):
    frames = [np.asarray(Image.open(path / f"frame-{i:05}.png")) for i in range(len(list(path.iterdir())))]
    return frames, [1 / RATES[path]] * len(frames)


def _of_a_deck(path):
    """Of the movie in a deck."""
    with zipfile.ZipFile(path) as deck:
        (name,) = (name for name in deck.namelist() if name.endswith(".mp4"))
        movie = path.with_name("movie.mp4")
        movie.write_bytes(deck.read(name))
    decoded = _by_ffmpeg(movie)
    movie.unlink()
    return decoded


@pytest.fixture(scope="session")
def decode():
    """decode(path): RGB frames of shape (height, width, 3) and the seconds each is shown, read by another program."""

    def run(path):
        readers = {".webp": _by_pillow, ".apng": _by_pillow, ".html": _by_hand, ".frames": _by_name}
        readers[".pptx"] = _of_a_deck
        return readers.get(path.suffix, _by_ffmpeg)(path)

    return run
