"""What only GIF promises: read block by block, and composed by Pillow."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from xorviz.encoders import About
from xorviz.encoders._few_colours import srgb_of
from xorviz.encoders.gif import GifEncoder
from xorviz.encoders.gif_coder import _without_short_gaps
from xorviz.encoders.palette import Palette, packed
from xorviz.errors import UsageError
from xorviz.styles.color import oklab_from_srgb


@dataclass
class Blocks:
    """A GIF taken apart: loop is None without a NETSCAPE block."""

    loop: int | None = None
    delays_cs: list = field(default_factory=list)
    disposals: list = field(default_factory=list)
    rectangles: list = field(default_factory=list)
    n_local_tables: int = 0


def parse(path):
    data = path.read_bytes()
    assert data[:6] == b"GIF89a"
    assert data[-1:] == b";"
    at = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    blocks = Blocks()
    while data[at] != 0x3B:
        if data[at] == 0x21:
            label, at = data[at + 1], at + 2
            if label == 0xF9:
                blocks.disposals.append(data[at + 1] >> 2 & 7)
                blocks.delays_cs.append(struct.unpack_from("<H", data, at + 2)[0])
            elif data[at + 1 : at + 12] == b"NETSCAPE2.0":
                blocks.loop = struct.unpack_from("<H", data, at + 14)[0]
        else:
            assert data[at] == 0x2C
            blocks.rectangles.append(struct.unpack_from("<HHHH", data, at + 1))
            blocks.n_local_tables += data[at + 9] >> 7
            at += 11
        while data[at]:
            at += data[at] + 1
        at += 1
    assert at == len(data) - 1
    return blocks


def pillow_frames(path):
    with Image.open(path) as image:
        for i in range(image.n_frames):
            image.seek(i)
            yield np.asarray(image.convert("RGB"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.gif"


@pytest.mark.parametrize(
    "fps, first_cs",
    [(50, [2] * 12), (30, [3, 4, 3] * 4), (24, [4, 4, 5, 4, 4, 4] * 2), (25, [4] * 12), (10, [10] * 12)],
)
def test_delays_are_spread(path, dashboard, encode, fps, first_cs):
    encode(GifEncoder(), path, dashboard(), fps=fps)
    assert parse(path).delays_cs == first_cs


@pytest.mark.parametrize("fps", [50, 49.9, 48, 47, 33.4])
def test_no_delay_is_shorter_than_players_allow(path, encode, fps):
    frames = [np.full((2, 2, 4), i % 2 * 200, np.uint8) for i in range(200)]
    encode(GifEncoder(), path, frames, fps=fps)
    delays_cs = parse(path).delays_cs
    assert min(delays_cs) == 2
    assert sum(delays_cs) == pytest.approx(20_000 / fps, abs=0.51)


def test_durations_shorter_than_players_allow_are_lengthened_and_made_up_for(path, encode):
    frames = [np.full((2, 2, 4), i % 2 * 200, np.uint8) for i in range(6)]
    encode(GifEncoder(), path, frames, durations_ms=[5, 5, 5, 100, 5, 100])
    assert parse(path).delays_cs == [2, 2, 2, 6, 2, 8]


def test_short_gaps_are_filled_and_nothing_is_lost():
    row = [1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]
    want = [1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1]
    filled = _without_short_gaps(np.array([row, [0] * 14], bool))
    # The last elements of a row may be filled too: nothing follows them.
    assert filled[0, :12].tolist() == [bool(bit) for bit in want]
    assert not filled[1].any()


@pytest.mark.parametrize("n_loops, stored", [(0, 0), (1, None), (2, 1), (65535, 65534)])
def test_loop_block(path, dashboard, encode, n_loops, stored):
    encode(GifEncoder(), path, dashboard(2), n_loops=n_loops)
    assert parse(path).loop == stored


@pytest.mark.parametrize("alt", ["A field turns from grey to σ-shaped", "x" * 255, "long " * 200])
def test_alternative_text_is_the_comment(path, dashboard, encode, alt):
    frames = dashboard(3)
    encode(GifEncoder(), path, frames, about=About(alt=alt))
    with Image.open(path) as image:
        assert image.info["comment"].decode() == alt
    assert parse(path).loop == 0
    shown = list(pillow_frames(path))
    encode(GifEncoder(), path, frames)
    np.testing.assert_array_equal(shown, list(pillow_frames(path)))


def test_without_alternative_text_there_is_no_comment(path, dashboard, encode):
    encode(GifEncoder(), path, dashboard(1))
    with Image.open(path) as image:
        assert "comment" not in image.info


def test_frames_are_kept_and_share_one_table(path, dashboard, encode):
    encode(GifEncoder(), path, dashboard())
    blocks = parse(path)
    assert blocks.n_local_tables == 0
    assert blocks.disposals == [1] * 12


def test_identical_frames_become_one_longer(path, dashboard, encode):
    a, b = dashboard(2)
    encoded = encode(GifEncoder(), path, [a, a, a, b, b, a])
    assert parse(path).delays_cs == [12, 8, 4]
    assert (encoded.n_frames, encoded.duration_s) == (3, 0.24)


def test_a_delay_beyond_16_bits_goes_on(path, dashboard, encode):
    frames = dashboard(2, 40, 60)
    encode(GifEncoder(), path, frames, durations_ms=[1_400_000, 40])
    blocks = parse(path)
    assert blocks.delays_cs == [65535, 65535, 140_000 - 2 * 65535, 4]
    first, second, third, last = pillow_frames(path)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, third)
    assert (first != last).any()


def test_only_the_changed_rectangle_is_stored(path, encode):
    still = np.full((50, 80, 4), 200, np.uint8)
    moved = still.copy()
    moved[10, 20:25] = 7
    moved[30:33, 61] = 90
    encode(GifEncoder(), path, [still, moved, still])
    assert parse(path).rectangles == [(0, 0, 80, 50), (20, 10, 42, 23), (20, 10, 42, 23)]


def test_what_does_not_change_does_not_flicker(path, dashboard, encode):
    frames = dashboard(24)
    encode(GifEncoder(), path, frames)
    decoded = list(pillow_frames(path))
    for before, after, shown_before, shown in zip(frames, frames[1:], decoded, decoded[1:], strict=False):
        still = (before == after).all(axis=-1)
        assert 0.5 < still.mean() < 0.99
        np.testing.assert_array_equal(shown[still], shown_before[still])


def test_every_pixel_is_the_nearest_of_the_table(path, dashboard, encode):
    """Against a search without tables, gaps, rectangles or transparency."""
    frames = dashboard(4)
    encode(GifEncoder(n_colors=40), path, frames)
    data = path.read_bytes()
    table = np.frombuffer(data[13 + 3 : 13 + 3 * 41], np.uint8).reshape(40, 3)

    def points(rgb):
        return np.concatenate([oklab_from_srgb(rgb / 255), 0.4 * rgb / 255], axis=-1)

    for frame, shown in zip(frames, pillow_frames(path), strict=True):
        wanted = points(frame[..., :3])
        distances = np.linalg.norm(wanted[:, :, None] - points(table), axis=-1)
        got = np.linalg.norm(wanted - points(shown), axis=-1)
        np.testing.assert_allclose(got, distances.min(axis=-1), atol=1e-5)


def test_ffmpeg_and_pillow_see_the_same(path, dashboard, encode, decode):
    encode(GifEncoder(), path, dashboard())
    for by_pillow, by_ffmpeg in zip(pillow_frames(path), decode(path)[0], strict=True):
        np.testing.assert_array_equal(by_pillow, by_ffmpeg)


def test_background_ink_and_lines_keep_their_colour(path, dashboard, encode):
    frames = dashboard(12, 240, 400)
    encode(GifEncoder(), path, frames)
    exact = [frames[0][-1, -1, :3], np.array([31, 33, 36]), np.array([194, 65, 12])]
    for frame, shown in zip(frames, pillow_frames(path), strict=True):
        for colour in exact:
            there = (frame[..., :3] == colour).all(axis=-1)
            assert there.any()
            assert (shown[there] == colour).all()


@pytest.mark.parametrize("n_distinct", [1, 2, 3, 7, 254, 255])
def test_few_colours_are_exact(path, encode, n_distinct):
    random = np.random.default_rng(n_distinct)
    colours = random.choice(1 << 24, n_distinct, replace=False).astype("<u4")
    frames = [random.choice(colours, (20, 30)).view(np.uint8).reshape(20, 30, 4) for _ in range(3)]
    frames[0].view("<u4").ravel()[:n_distinct] = colours
    encode(GifEncoder(), path, frames)
    shown = list(pillow_frames(path))
    assert len(shown) == (1 if n_distinct == 1 else 3)
    for frame, got in zip(frames, shown, strict=False):
        np.testing.assert_array_equal(got, frame[..., :3])


def test_colours_that_the_samples_missed_are_shown(path):
    """A fade of which the samples saw the first frame only."""
    encoder = GifEncoder()
    frames = [np.full((4, 4, 4), level, np.uint8) for level in range(0, 250, 10)]
    with encoder:
        encoder.open(path, width_px=4, height_px=4, fps=25, samples=frames[:1])
        for frame in frames:
            encoder.write(frame, 40)
    shown = list(pillow_frames(path))
    for frame, got in zip(frames, shown, strict=True):
        np.testing.assert_array_equal(got, frame[..., :3])


def test_fewer_colours_make_a_smaller_file(path, dashboard, encode):
    sizes = [encode(GifEncoder(n_colors=n), path, dashboard()).n_bytes for n in (255, 100, 30)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("n_colors", [1, 256, 0])
def test_number_of_colours_is_checked(n_colors):
    with pytest.raises(UsageError) as caught:
        GifEncoder(n_colors=n_colors)
    assert str(caught.value) == f"n_colors must be a whole number from 2 to 255; got {n_colors}."


@pytest.mark.parametrize("error", [-0.01, 0.21, float("nan")])
def test_error_is_checked(error):
    with pytest.raises(UsageError) as caught:
        GifEncoder(error=error)
    assert str(caught.value) == f"error must be 0 to 0.2, a distance in sRGB; got {error!r}."


def test_pixels_that_wait_are_near_and_still_ones_stay(path, dashboard, encode):
    """Over the ends of runs, whose last pictures the next do not know."""
    frames = dashboard(70)
    n_exact = encode(GifEncoder(), path, frames).n_bytes
    assert encode(GifEncoder(error=0.02), path, frames).n_bytes < 0.6 * n_exact
    table = Palette.of(frames[::5], error=0.02)
    entries, lag, n_waiting = srgb_of(table.colours), table.lag, 0
    decoded = list(pillow_frames(path))
    for frame, shown in zip(frames, decoded, strict=True):
        nearest = entries[table.indices(packed(frame)).astype(int) - 1]
        off, least = (np.linalg.norm(one - frame[..., :3] / 255, axis=-1) for one in (shown / 255, nearest))
        assert (off <= least + lag + 1e-6).all()
        n_waiting += int((np.abs(shown / 255 - nearest).max(axis=-1) > 1e-6).sum())
    assert n_waiting > 1000
    for before, after, shown_before, shown in zip(frames, frames[1:], decoded, decoded[1:], strict=False):
        still = (before == after).all(axis=-1)
        np.testing.assert_array_equal(shown[still], shown_before[still])
