"""What only MP4 promises: a stream that plays everywhere, read by PyAV and box by box."""

from __future__ import annotations

import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from xorviz.encoders.mp4 import Mp4Encoder
from xorviz.errors import UsageError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.mp4"


def boxes(path):
    """Names of the outermost boxes, in order."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        names.append(name.decode())
        at += size
    return names


def test_stream_plays_everywhere(path, dashboard, encode):
    encode(Mp4Encoder(), path, dashboard())
    with av.open(str(path)) as container:
        (stream,) = container.streams
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 200, 120)
        assert context.profile in ("High", "Main", "Constrained Baseline")
        assert stream.average_rate == stream.base_rate == 25
        assert stream.frames == 12
        # 1 is BT.709 for the first three, and limited range for the last.
        assert context.color_primaries == context.color_trc == context.colorspace == 1
        assert context.color_range == 1
        assert "creation_time" not in container.metadata | stream.metadata


def test_index_comes_before_the_pictures(path, dashboard, encode):
    encode(Mp4Encoder(), path, dashboard())
    names = boxes(path)
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")


def test_pure_colours_are_converted_by_the_matrix_they_are_tagged_with(path, encode, decode):
    for colour in ((105, 0, 31), (5, 48, 97), (255, 255, 255), (0, 0, 0), (178, 24, 43)):
        frame = np.full((32, 32, 4), (*colour, 255), np.uint8)
        encode(Mp4Encoder(), path, [frame] * 3)
        assert np.abs(decode(path)[0][1].astype(int) - colour).max() <= 2


@pytest.mark.parametrize(
    "fps, rate", [(12.5, (25, 2)), (29.97, (2997, 100)), (30000 / 1001, (30000, 1001)), (60, (60, 1))]
)
def test_fractional_rates_are_kept(path, dashboard, encode, fps, rate):
    encode(Mp4Encoder(), path, dashboard(), fps=fps)
    with av.open(str(path)) as container:
        assert container.streams.video[0].average_rate == Fraction(*rate)


def test_holds_are_repeated_frames_at_a_constant_rate(path, dashboard, encode, decode):
    encoded = encode(Mp4Encoder(), path, dashboard(3), durations_ms=[400, 40, 1000])
    frames, durations_s = decode(path)
    assert encoded.n_frames == len(frames) == 36
    np.testing.assert_allclose(durations_s, 0.04, atol=1e-5)


def test_rounding_of_durations_is_carried_on(path, dashboard, encode):
    # 1.4 frames each: 1, 2, 1, 2, 1 … and no drift.
    encoded = encode(Mp4Encoder(), path, dashboard(10, 32, 48), durations_ms=[56.0] * 10)
    assert encoded.n_frames == 14


def test_a_single_short_frame_is_shown(path, dashboard, encode):
    assert encode(Mp4Encoder(), path, dashboard(1), durations_ms=[1.0]).n_frames == 1


@pytest.mark.parametrize(
    "height, width, note",
    [
        (41, 60, "padded 60×41 to 60×42: H.264 needs even sides"),
        (40, 61, "padded 61×40 to 62×40: H.264 needs even sides"),
        (41, 61, "padded 61×41 to 62×42: H.264 needs even sides"),
    ],
)
def test_odd_sides_repeat_their_edge_and_say_so(path, dashboard, encode, decode, height, width, note):
    frames = [frame[20 : 20 + height, 4 : 4 + width] for frame in dashboard(3, 150, 200)]
    encoded = encode(Mp4Encoder(), path, frames)
    assert encoded.notes == (note,)
    for shown in decode(path)[0]:
        assert shown.shape == (height + height % 2, width + width % 2, 3)
        # The field is smooth here, so a black or wrapped edge would stand out.
        assert np.abs(shown[-1].astype(int) - shown[-2]).mean() < 10
        assert np.abs(shown[:, -1].astype(int) - shown[:, -2]).mean() < 10


@pytest.mark.parametrize("side", [4097, 8192])
def test_sides_beyond_decoders_are_refused(side):
    with pytest.raises(UsageError) as caught:
        Mp4Encoder().check(width_px=side, height_px=10, fps=25)
    assert str(caught.value) == f"width_px must be 1 to 4096 in an MP4; got {side}."


def test_extreme_shapes_are_encoded(path, encode, decode):
    for height, width in ((2, 4096), (4096, 2), (2160, 3840)):
        encode(Mp4Encoder(), path, [np.full((height, width, 4), 128, np.uint8)] * 2)
        assert decode(path)[0][0].shape == (height, width, 3)


def test_lower_crf_is_closer_and_larger(path, dashboard, encode, decode):
    frames = dashboard()
    sizes, errors = [], []
    for crf in (10, 18, 35):
        sizes.append(encode(Mp4Encoder(crf=crf), path, frames).n_bytes)
        decoded = decode(path)[0]
        pairs = zip(decoded, frames, strict=True)
        errors.append(np.mean([np.abs(a.astype(int) - b[..., :3]).mean() for a, b in pairs]))
    assert sizes == sorted(sizes, reverse=True)
    assert errors == sorted(errors)


@pytest.mark.parametrize("crf", [-1, 52])
def test_quality_is_checked(crf):
    with pytest.raises(UsageError) as caught:
        Mp4Encoder(crf=crf)
    assert str(caught.value) == f"crf must be 0 to 51; got {crf}."
