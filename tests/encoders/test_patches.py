"""What WebP, APNG and HTML promise beyond the contract: changes only, exact pixels, containers by their standards."""

from __future__ import annotations

import struct
import zlib

import av
import imageio.v3 as imageio
import numpy as np
import pytest
from PIL import Image

from xorviz.encoders import encoder_for
from xorviz.encoders._patches import PatchCompressor
from xorviz.encoders.webp import WebpEncoder
from xorviz.errors import UsageError

SUFFIXES = (".webp", ".apng")


@pytest.fixture(params=SUFFIXES)
def path(request, tmp_path):
    return tmp_path / f"out{request.param}"


def webp_chunks(data):
    """(name, content) of every chunk, at any level asked for."""
    at = 0
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name.decode(), data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert at == len(data)


def in_24_bits(data):
    return [int.from_bytes(data[i : i + 3], "little") for i in range(0, len(data), 3)]


def png_chunks(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", data, at + 8 + size)[0] == zlib.crc32(name + content)
        yield name.decode(), content
        at += 12 + size


def rectangles(path):
    """(left, top, width, height, milliseconds) of every patch."""
    data = path.read_bytes()
    if path.suffix == ".webp":
        frames = [in_24_bits(content[:15]) for name, content in webp_chunks(data[12:]) if name == "ANMF"]
        return [(2 * x, 2 * y, w + 1, h + 1, ms) for x, y, w, h, ms in frames]
    controls = [struct.unpack(">IIIIIHHBB", content) for name, content in png_chunks(data) if name == "fcTL"]
    assert {control[6:8] for control in controls} == {(1000, 0)}
    return [(x, y, w, h, ms) for _, w, h, x, y, ms, *_ in controls]


def test_only_what_changed_is_stored(path, encode):
    still = np.full((50, 80, 4), 200, np.uint8)
    moved = still.copy()
    moved[11, 21:25] = 7
    moved[30:33, 60] = 90
    encode(encoder_for(path), path, [still, moved, still])
    assert rectangles(path) == [(0, 0, 80, 50, 40), (20, 10, 41, 23, 40), (20, 10, 41, 23, 40)]


def test_patches_are_transparent_where_nothing_changed(dashboard):
    before, after = dashboard(2)
    compressor = PatchCompressor(bytes)
    compressor.begin(start_ms=40.0, before=before)
    compressor.add(after, 40.0)
    ((patch, _),) = compressor.end()
    picture = np.frombuffer(patch.data, np.uint8).reshape(patch.height_px, patch.width_px, 4)
    box = slice(patch.top_px, patch.top_px + patch.height_px), slice(patch.left_px, patch.left_px + patch.width_px)
    changed = (before != after).any(axis=-1)
    np.testing.assert_array_equal(picture[..., 3], 255 * changed[box])
    np.testing.assert_array_equal(picture[changed[box]], after[changed])
    assert not picture[~changed[box]].any()
    assert changed.sum() == changed[box].sum()
    assert 0.1 < changed[box].mean() < 0.9


def test_identical_frames_become_one_longer(path, dashboard, encode):
    a, b = dashboard(2)
    encoded = encode(encoder_for(path), path, [a, a, a, b, b, a])
    assert [ms for *_, ms in rectangles(path)] == [120, 80, 40]
    assert (encoded.n_frames, encoded.duration_s) == (3, 0.24)


def test_rounding_is_carried_on(path, dashboard, encode):
    encoded = encode(encoder_for(path), path, dashboard(7, 40, 60), fps=30)
    assert [ms for *_, ms in rectangles(path)] == [33, 34, 33, 33, 34, 33, 33]
    assert encoded.duration_s == 0.233


def test_a_time_beyond_the_bits_goes_on(path, dashboard, encode, decode):
    longest_ms = {".webp": 0xFFFFFF, ".apng": 0xFFFF}[path.suffix]
    encode(encoder_for(path), path, dashboard(2, 40, 60), durations_ms=[2 * longest_ms + 5, 40])
    assert [ms for *_, ms in rectangles(path)] == [longest_ms, longest_ms, 5, 40]
    first, second, third, last = decode(path)[0]
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)
    assert (first != last).any()


@pytest.mark.parametrize("n_loops", [0, 1, 5])
def test_file_says_how_often_it_plays(path, dashboard, encode, n_loops):
    encode(encoder_for(path), path, dashboard(3, 40, 60), n_loops=n_loops)
    with Image.open(path) as image:
        assert image.info["loop"] == n_loops
        assert image.n_frames == 3


def test_webp_is_laid_out_as_its_standard_says(tmp_path, dashboard, encode):
    path = tmp_path / "out.webp"
    encode(encoder_for(path), path, dashboard(3, 41, 61))
    data = path.read_bytes()
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    chunks = list(webp_chunks(data[12:]))
    assert [name for name, _ in chunks] == ["VP8X", "ANIM", "ANMF", "ANMF", "ANMF"]
    assert chunks[0][1][0] == 0x12
    assert in_24_bits(chunks[0][1][4:]) == [60, 40]
    for _, content in chunks[2:]:
        assert content[15] == 0
        assert [name for name, _ in webp_chunks(content[16:])] == ["VP8L"]


def test_apng_is_laid_out_as_its_standard_says(tmp_path, dashboard, encode):
    path = tmp_path / "out.apng"
    encode(encoder_for(path), path, dashboard(3, 41, 61))
    chunks = list(png_chunks(path.read_bytes()))
    names = ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND"]
    assert [name for name, _ in chunks] == names
    assert struct.unpack(">II", chunks[1][1]) == (3, 0)
    numbered = [struct.unpack_from(">I", content)[0] for name, content in chunks if name in ("fcTL", "fdAT")]
    assert numbered == [0, 1, 2, 3, 4]


def test_ffmpeg_and_imageio_read_the_apng(tmp_path, dashboard, encode):
    path = tmp_path / "out.apng"
    frames = dashboard(5)
    encode(encoder_for(path), path, frames)
    with av.open(str(path), format="apng") as container:
        pictures = [picture.to_ndarray(format="rgb24") for picture in container.decode(video=0)]
    for frame, got, other in zip(frames, pictures, imageio.imiter(path, plugin="pillow"), strict=True):
        np.testing.assert_array_equal(got, frame[..., :3])
        np.testing.assert_array_equal(other[..., :3], frame[..., :3])


def test_lossy_webp_is_smaller_and_does_not_flicker_beyond_what_changes(tmp_path, dashboard, encode, decode):
    path = tmp_path / "out.webp"
    frames = dashboard(12, 240, 400)
    sizes = [encode(WebpEncoder(quality=quality), path, frames).n_bytes for quality in (None, 80, 20)]
    assert sizes == sorted(sizes, reverse=True)
    encode(WebpEncoder(quality=80), path, frames)
    shown, _ = decode(path)
    errors = [np.abs(got.astype(int) - frame[..., :3]).mean() for got, frame in zip(shown, frames, strict=True)]
    assert max(errors) < 2.5
    for i in range(11):
        # Squares of 16 pixels in which something changed are coded again.
        changed = (frames[i] != frames[i + 1]).any(axis=-1).reshape(15, 16, 25, 16).any(axis=(1, 3))
        still = ~changed.repeat(16, 0).repeat(16, 1)
        assert still.mean() > 0.1
        np.testing.assert_array_equal(shown[i][still], shown[i + 1][still])


@pytest.mark.parametrize("quality", [-1, 101])
def test_quality_is_checked(quality):
    with pytest.raises(UsageError) as caught:
        WebpEncoder(quality=quality)
    assert str(caught.value) == f"quality must be 0 to 100, or None for no loss; got {quality}."
