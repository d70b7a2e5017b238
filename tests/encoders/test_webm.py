"""What only WebM and AVIF promise: the codec asked for, tagged colours, loops, sides that the codec takes."""

from __future__ import annotations

import os
import struct
import subprocess
import sys

import av
import numpy as np
import pytest
from PIL import Image

from xorviz.encoders.avif import AvifEncoder
from xorviz.encoders.webm import WebmEncoder
from xorviz.errors import UsageError

FORMATS = {
    "vp9": (WebmEncoder, ".webm", "vp9"),
    "av1": (lambda **options: WebmEncoder(codec="av1", **options), ".webm", "libdav1d"),
    "avif": (AvifEncoder, ".avif", "libdav1d"),
}


@pytest.fixture(params=FORMATS)
def made(request, tmp_path):
    make, suffix, decoder = FORMATS[request.param]
    return make, tmp_path / f"out{suffix}", decoder


def test_stream_says_what_it_is(made, dashboard, encode):
    make, path, decoder = made
    encode(make(), path, dashboard(), n_loops=1)
    with av.open(str(path)) as container:
        context = container.streams.video[-1].codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == (decoder, "yuv420p", 200, 120)
        picture = next(container.decode(container.streams.video[-1]))
        # 1 is BT.709, and limited range.
        assert picture.colorspace == picture.color_range == 1
        assert context.color_primaries == context.color_trc == 1
        assert "creation_time" not in container.metadata


def test_pure_colours_are_converted_by_the_matrix_they_are_tagged_with(made, encode, decode):
    make, path, _ = made
    for colour in ((105, 0, 31), (5, 48, 97), (255, 255, 255), (0, 0, 0), (178, 24, 43)):
        frame = np.full((32, 32, 4), (*colour, 255), np.uint8)
        encode(make(), path, [frame] * 3)
        assert np.abs(decode(path)[0][1].astype(int) - colour).max() <= 2


def test_every_part_begins_where_players_can_jump_to(made, dashboard, encode):
    make, path, _ = made
    encode(make(), path, dashboard(70, 64, 96))
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(container.streams.video[-1]) if packet.size]
    assert [i for i, packet in enumerate(packets) if packet.is_keyframe] == [0, 30, 60]


def test_odd_sides_are_kept(made, dashboard, encode, decode):
    make, path, _ = made
    frames = [frame[20:61, 4:65] for frame in dashboard(3, 150, 200)]
    assert encode(make(), path, frames).notes == ()
    for frame, shown in zip(frames, decode(path)[0], strict=True):
        assert np.abs(shown.astype(int) - frame[..., :3]).mean() < 4


def test_sides_too_short_for_av1_are_padded_and_it_is_said(tmp_path, dashboard, encode, decode):
    path = tmp_path / "out.avif"
    encoded = encode(AvifEncoder(), path, [frame[:3, :9] for frame in dashboard(2)])
    assert encoded.notes == ("padded 9×3 to 9×4: AV1 needs sides of at least 4 pixels",)
    assert decode(path)[0][0].shape == (4, 9, 3)


def test_lower_crf_is_closer_and_larger(made, dashboard, encode, decode):
    make, path, _ = made
    frames = dashboard()
    sizes, errors = [], []
    for crf in (10, 28, 50):
        sizes.append(encode(make(crf=crf), path, frames).n_bytes)
        pairs = zip(decode(path)[0], frames, strict=True)
        errors.append(np.mean([np.abs(a.astype(int) - b[..., :3]).mean() for a, b in pairs]))
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)


@pytest.mark.parametrize("crf", [-1, 64])
def test_quality_is_checked(made, crf):
    with pytest.raises(UsageError) as caught:
        made[0](crf=crf)
    assert str(caught.value) == f"crf must be 0 to 63; got {crf}."


def test_codec_is_checked():
    with pytest.raises(UsageError) as caught:
        WebmEncoder(codec="vp8")
    assert str(caught.value) == "codec must be one of vp9, av1; got 'vp8'. Did you mean 'vp9'?"


def test_webm_has_no_random_name_and_no_version(tmp_path, dashboard, encode):
    path = tmp_path / "out.webm"
    encode(WebmEncoder(), path, dashboard(2))
    assert b"Lavf6" not in path.read_bytes()


def test_pillow_reads_every_frame_of_an_avif(tmp_path, dashboard, encode):
    path = tmp_path / "out.avif"
    frames = dashboard()
    encode(AvifEncoder(), path, frames)
    with Image.open(path) as image:
        assert image.n_frames == 12
        image.seek(11)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int) - frames[11][..., :3]).mean() < 3


@pytest.mark.parametrize("n_loops, n_plays", [(0, None), (1, 1), (3, 3)])
def test_avif_says_how_often_it_plays(tmp_path, dashboard, encode, n_loops, n_plays):
    path = tmp_path / "out.avif"
    encode(AvifEncoder(), path, dashboard(), n_loops=n_loops)
    data = path.read_bytes()

    def duration(box, at_32, at_64):
        at = data.index(box) + 4
        return struct.unpack_from(*((">Q", data, at + at_64) if data[at] else (">I", data, at + at_32)))[0]

    # The track lasts as long as all plays; flag 1 of the edit list says that it repeats. ISO/IEC 14496-12, 8.6.6.
    assert struct.unpack_from(">I", data, data.index(b"elst") + 4)[0] & 1 == (n_loops != 1)
    track, movie_hz = duration(b"tkhd", 20, 28), duration(b"mvhd", 12, 20)
    if n_plays is None:
        # More plays than anybody counts; readers take that for endless.
        assert track >= 2**63 - 1
    else:
        assert track / movie_hz == n_plays * 12 / 25


def test_av1_coder_says_nothing(tmp_path):
    code = """
import numpy as np
from xorviz.encoders import encoder_for
with encoder_for("x.avif") as encoder:
    encoder.open("x.avif", width_px=64, height_px=64, fps=25, samples=[])
    encoder.write(np.zeros((64, 64, 4), np.uint8), 40)
"""
    environment = {name: value for name, value in os.environ.items() if name != "SVT_LOG"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
    )
    assert (done.stdout, done.stderr) == ("", "")
