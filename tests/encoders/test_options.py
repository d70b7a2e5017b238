"""Quality, exactness and codec, the same words for every format."""

from __future__ import annotations

import sys

import av
import imageio.v3 as iio
import numpy as np
import pytest

from xorviz.encoders import FORMATS, KNOBS, Options, encoder_for
from xorviz.encoders.gif import GifEncoder
from xorviz.encoders.html import HtmlEncoder
from xorviz.encoders.mp4 import Mp4Encoder
from xorviz.encoders.options import LOSSLESS
from xorviz.encoders.webm import WebmEncoder
from xorviz.errors import UsageError


def error_of(path, frames, decode):
    """Mean difference in levels."""
    pairs = zip(decode(path)[0], frames, strict=True)
    return np.mean([np.abs(shown.astype(int) - frame[..., :3]).mean() for shown, frame in pairs])


# What a deck is made of beside its movie weighs as much as a small one.
@pytest.mark.parametrize("suffix", [suffix for suffix in KNOBS if suffix != ".pptx"])
def test_a_higher_quality_is_closer_and_larger(suffix, tmp_path, dashboard, encode, decode):
    frames, sizes, errors = dashboard(10), [], []
    for quality in (0, "small", 45, "balanced", "high", 100):
        path = tmp_path / f"{quality}{suffix}"
        sizes.append(encode(encoder_for(path, Options(quality=quality)), path, frames).n_bytes)
        errors.append(error_of(path, frames, decode))
    assert sizes == sorted(sizes)
    assert errors == sorted(errors, reverse=True)
    assert sizes[-1] > 1.5 * sizes[0]


@pytest.mark.parametrize("suffix", [suffix for suffix in KNOBS if suffix not in (".webp", ".html")])
def test_balanced_is_what_a_format_does_by_itself(suffix, tmp_path, dashboard, encode):
    paths = [tmp_path / f"{i}{suffix}" for i in range(2)]
    for path, options in zip(paths, (None, Options(quality="balanced")), strict=True):
        encode(encoder_for(path, options), path, dashboard(3))
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("word, error", [("small", 0.0166), ("balanced", 0), ("high", 0)])
def test_a_gif_errs_more_when_small(word, error):
    assert KNOBS[".gif"](Options(quality=word)) == {"error": error}


def test_balanced_is_a_gif_s_own_choice(tmp_path, dashboard, encode):
    one, other = tmp_path / "one.gif", tmp_path / "other.gif"
    encode(GifEncoder(), one, dashboard())
    encode(encoder_for(other, Options(quality="balanced")), other, dashboard())
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("suffix", [suffix for suffix in LOSSLESS if suffix in FORMATS])
def test_lossless_is_exact(suffix, tmp_path, dashboard, encode, decode):
    path, frames = tmp_path / f"out{suffix}", dashboard(4, 61, 91)
    encode(encoder_for(path, Options(lossless=True)), path, frames)
    assert error_of(path, frames, decode) == 0


def test_lossless_video_says_where_it_does_not_play(tmp_path, dashboard, encode):
    said = {
        Mp4Encoder: "lossless H.264 is RGB: VLC, mpv and video editors show it, browsers, phones and slide programs do "
        "not",
        WebmEncoder: "lossless VP9 is RGB (profile 1), which not every browser and phone shows",
    }
    for make, note in said.items():
        assert encode(make(lossless=True), tmp_path / "out", dashboard(2)).notes == (note,)


def test_codec(tmp_path, dashboard, encode):
    for codec, decoder in (("vp9", "vp9"), ("av1", "libdav1d")):
        path = tmp_path / f"{codec}.webm"
        encode(encoder_for(path, Options(codec=codec)), path, dashboard(2))
        with av.open(str(path)) as container:
            assert container.streams.video[0].codec_context.name == decoder


REFUSED = [
    ({"quality": "hgih"}, ".gif", "quality must be one of small, balanced, high, a number from 0 to 100; got 'hgih'. "
     "Did you mean 'high'?"),
    ({"quality": 101}, ".gif", "quality must be a number from 0 to 100; got 101."),
    ({"quality": float("nan")}, ".gif", "quality must be a number from 0 to 100; got nan."),
    ({"codec": "vp8"}, ".webm", "codec must be one of vp9, av1; got 'vp8'. Did you mean 'vp9'?"),
    ({"quality": "high", "lossless": True}, ".webp", "quality must be left out with lossless, which loses nothing; got "
     "'high'."),
    ({"quality": "high"}, ".apng", "quality must go with .gif or .mp4 or .webm or .webp or .avif or .html or .pptx; "
     "got 'high' with .apng. Leave it out."),
    ({"codec": "av1"}, ".gif", "codec must go with .webm; got 'av1' with .gif. Leave it out."),
    ({"alt": "XOR"}, ".mp4", "alt must go with .gif or .html or .pptx or .txt; got 'XOR' with .mp4. Leave it out."),
    ({"lossless": True}, ".gif", "lossless must go with .mp4, .webm, .webp, .apng, .html, .frames, .png; a .gif has at "
     "most 255 colours. Write a .webp or .apng."),
    ({"lossless": True}, ".avif", "lossless must go with .mp4, .webm, .webp, .apng, .html, .frames, .png; the coder of "
     "an .avif halves the sides of colours. Write a .webp or .apng."),
    ({"lossless": True, "codec": "av1"}, ".webm", "lossless must go with .mp4, .webm, .webp, .apng, .html, .frames, "
     ".png; the coder of AV1 halves the sides of colours. Write a .webp or .apng."),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "suffix", "message"), REFUSED, ids=[f"{one} {two}" for one, two, _ in REFUSED])
def test_refused(asked, suffix, message):
    with pytest.raises(UsageError) as caught:
        Options(**asked).check([suffix])
    assert str(caught.value) == message


def test_one_file_that_can_is_enough():
    Options(quality="small", codec="av1", alt="XOR").check([".gif", ".webm", ".apng", ".png"])


def test_without_pyav(monkeypatch):
    """A spec that is None is what a stripped install finds."""
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(UsageError) as caught:
        Mp4Encoder().check(width_px=64, height_px=64, fps=25)
    assert str(caught.value) == "an MP4 must be written by PyAV; install it: pip install av. Or write a .gif."
    GifEncoder().check(width_px=64, height_px=64, fps=25)
    HtmlEncoder().check(width_px=64, height_px=64, fps=25)


@pytest.mark.parametrize("suffix", [".webp", ".html"])
def test_what_moved_away_leaves_no_trace(suffix, tmp_path, encode, decode):
    """Pixels coded with loss one by one would be smeared with their neighbours, and stay so."""
    ground = np.full((96, 128, 4), (13, 17, 23, 255), np.uint8)
    frames, path = [ground.copy() for _ in range(40)], tmp_path / f"out{suffix}"
    for i, frame in enumerate(frames[1:-1]):
        for column in range(3):
            frame[np.arange(96), (np.arange(96) // 2 + 2 * i + column) % 128] = (216, 120, 30, 255)
    encode(encoder_for(path, Options(quality="small")), path, frames)
    error = np.abs(decode(path)[0][-1].astype(int) - ground[..., :3])
    # Pixel by pixel it is 35 and 23.
    assert np.percentile(error, 99) <= 10


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".mp4", ".webm", ".avif"])
def test_imageio_reads_it_back(suffix, tmp_path, dashboard, encode):
    path, frames = tmp_path / f"out{suffix}", dashboard(9, 64, 96)
    encoded = encode(encoder_for(path), path, frames)
    plugin = "pyav" if suffix in (".mp4", ".webm") else "pillow"
    shown = iio.imread(path, plugin=plugin, index=None if plugin == "pyav" else ...)
    assert shown.shape[:3] == (encoded.n_frames, 64, 96)
    for picture, frame in zip(shown, frames, strict=True):
        assert np.abs(picture[..., :3].astype(int) - frame[..., :3]).mean() < 4
