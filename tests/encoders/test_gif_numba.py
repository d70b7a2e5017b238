"""The GIF's own LZW: any choice it makes is allowed, other programs read it, and pictures do not depend on numba."""

from __future__ import annotations

import io
import pickle
import struct
import sys

import av
import numpy as np
import pytest
from PIL import Image

from xorviz.encoders.gif import GifEncoder
from xorviz.encoders.gif_coder import ChoosingCoder, PillowCoder, best_coder
from xorviz.errors import XorvizError

pytest.importorskip("numba", reason="pip install 'xorviz[fast]' brings numba")

GREYS = np.arange(256, dtype=np.uint8)


def picture(data, shape, bits):
    """A GIF whose colour table says which index a pixel has."""
    height, width = shape
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80 | 7 << 4 | bits - 1, 0, 0)
    table = GREYS[: 1 << bits].repeat(3).tobytes()
    return screen + table + struct.pack("<BHHHHBB", 0x2C, 0, 0, width, height, 0, bits) + data + b";"


def by_pillow(gif):
    return np.asarray(Image.open(io.BytesIO(gif)).convert("RGB"))[..., 0]


def by_ffmpeg(gif):
    with av.open(io.BytesIO(gif), format="gif") as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")[..., 0]


def checked(own, still, bits):
    """Bytes of the data, after a look at every pixel."""
    data = ChoosingCoder().data(own, still, bits)
    gif = picture(data, own.shape, bits)
    shown = by_pillow(gif)
    assert ((shown == own) | ((shown == 0) & still)).all()
    np.testing.assert_array_equal(by_ffmpeg(gif), shown)
    return len(data)


@pytest.mark.parametrize("bits", [2, 3, 5, 7, 8])
@pytest.mark.parametrize("share_still", [0.0, 0.5, 0.97, 1.0])
def test_every_pixel_gets_an_index_that_it_may_have(bits, share_still):
    random = np.random.default_rng(bits)
    smooth = np.add.outer(np.arange(150), np.arange(211)) // 9
    own = ((smooth + random.integers(0, 3, smooth.shape)) % ((1 << bits) - 1) + 1).astype(np.uint8)
    still = random.random(own.shape) < share_still
    n_bytes = checked(own, still, bits)
    if share_still in (0.5, 0.97):
        assert n_bytes < len(PillowCoder().data(own, still, bits))


def test_noise_wears_the_table_out_and_long_runs_fill_it():
    random = np.random.default_rng(0)
    noise = random.integers(1, 256, (300, 400), dtype=np.uint8)
    changing = np.concatenate([np.tile(noise[:10, :50], (15, 8)), np.tile(noise[10:40, :80], (5, 5))])
    nothing = np.zeros(noise.shape, bool)
    assert checked(changing, nothing, 8) < 0.95 * len(PillowCoder().data(changing, nothing, 8))
    checked(noise, nothing, 8)
    # 9 million equal pixels are strings of 1, 2, 3 … until all codes are used; then the longest again and again.
    still = np.ones((3000, 3000), bool)
    assert checked(np.full(still.shape, 9, np.uint8), still, 8) < 9_000


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 1), (3, 7)])
def test_the_smallest_pictures(shape):
    for still in (np.zeros(shape, bool), np.ones(shape, bool)):
        checked(np.full(shape, 3, np.uint8), still, 2)


def pictures(path):
    with Image.open(path) as image:
        for i in range(image.n_frames):
            image.seek(i)
            yield np.asarray(image.convert("RGB")), image.info["duration"]


@pytest.mark.parametrize("error", [0.0, 0.02])
def test_the_pictures_are_the_same_without_numba(tmp_path, dashboard, encode, monkeypatch, error):
    fast, plain = tmp_path / "fast.gif", tmp_path / "plain.gif"
    frames = dashboard(35)
    n_fast = encode(GifEncoder(error=error), fast, frames).n_bytes
    monkeypatch.setitem(sys.modules, "numba", None)
    assert isinstance(best_coder(), PillowCoder)
    n_plain = encode(GifEncoder(error=error), plain, frames).n_bytes
    assert n_fast < 1.01 * n_plain
    assert fast.read_bytes() != plain.read_bytes()
    for (got, duration), (wanted, duration_wanted) in zip(pictures(fast), pictures(plain), strict=True):
        np.testing.assert_array_equal(got, wanted)
        assert duration == duration_wanted


def test_a_process_without_numba_says_what_is_missing(tmp_path, dashboard, monkeypatch):
    encoder, frames = GifEncoder(), dashboard(1)
    encoder.open(tmp_path / "out.gif", width_px=200, height_px=120, fps=25, samples=frames)
    there = pickle.loads(pickle.dumps(encoder.compressor()))
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "xorviz.encoders._lzw_kernel", raising=False)
    there.begin(start_ms=0, before=None)
    with pytest.raises(XorvizError) as caught:
        there.add(frames[0], 40)
    message = "numba must be importable in every process of one GIF; got import of numba halted; None in sys.modules. "
    assert str(caught.value) == message + "Install it wherever frames are drawn: pip install 'xorviz[fast]'."
    encoder.__exit__(XorvizError, caught.value, None)
