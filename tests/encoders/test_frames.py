"""What only a folder of frames promises: it is new, whole or not there, and another program reads it as a video."""

from __future__ import annotations

import os
import subprocess
import sys

import av
import numpy as np
import pytest
from PIL import Image

from xorviz.encoders.frames import FramesEncoder
from xorviz.errors import UsageError, XorvizError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out.frames"


def opened(path):
    encoder = FramesEncoder()
    encoder.open(path, width_px=60, height_px=40, fps=25, samples=[])
    return encoder


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_ffmpeg_reads_the_folder_as_a_video(path, dashboard, encode):
    frames = dashboard(3, 40, 60)
    encoded = encode(FramesEncoder(), path, frames, durations_ms=[80, 40, 120])
    assert names(path) == [f"frame-{i:05}.png" for i in range(6)]
    assert (encoded.n_frames, encoded.duration_s) == (6, 0.24)
    with av.open(str(path / "frame-%05d.png"), format="image2", options={"framerate": "25"}) as container:
        shown = [(float(picture.time), picture.to_ndarray(format="rgb24")) for picture in container.decode(video=0)]
    assert [at_s for at_s, _ in shown] == pytest.approx([0.04 * i for i in range(6)])
    for index, (_, got) in zip([0, 0, 1, 2, 2, 2], shown, strict=True):
        np.testing.assert_array_equal(got, frames[index][..., :3])


def test_files_are_opaque(path, dashboard, encode):
    encode(FramesEncoder(), path, dashboard(1))
    with Image.open(path / "frame-00000.png") as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (200, 120))


def test_the_folder_appears_whole(path, dashboard):
    encoder = opened(path)
    encoder.write(dashboard(1, 40, 60)[0], 40)
    (part,) = names(path.parent)
    assert part.startswith(f".out.frames.{os.getpid()}-")
    assert part.endswith(".part")
    encoder.close()
    assert names(path.parent) == ["out.frames"]


def test_an_exception_leaves_nothing(path, dashboard):
    with pytest.raises(KeyboardInterrupt), opened(path) as encoder:
        encoder.write(dashboard(1, 40, 60)[0], 40)
        raise KeyboardInterrupt
    assert names(path.parent) == []


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
def test_a_full_disk_leaves_nothing(path):
    code = """
import resource, sys
import numpy as np
from xorviz.encoders import encoder_for
from xorviz.errors import XorvizError
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
try:
    with encoder_for(sys.argv[1]) as encoder:
        encoder.open(sys.argv[1], width_px=128, height_px=96, fps=25, samples=[])
        encoder.write(np.random.default_rng(0).integers(0, 256, (96, 128, 4), dtype=np.uint8), 40)
except XorvizError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    reason = "File too large. Nothing was left behind; make room or choose another place."
    assert done.stdout == f"{path} could not be written: {reason}\n"
    assert names(path.parent) == []


def test_a_folder_that_exists_is_refused_and_kept(path):
    path.mkdir()
    (path / "mine").write_text("mine")
    with pytest.raises(UsageError) as caught:
        opened(path)
    assert str(caught.value) == f"out must be a regular file; got {str(path)!r}, a folder. Choose another name."
    assert names(path) == ["mine"]


def test_a_file_that_exists_is_refused_and_kept(path):
    path.write_text("mine")
    with pytest.raises(UsageError) as caught:
        opened(path)
    assert str(caught.value) == f"out must be a new folder; got {str(path)!r}, a file. Choose another name."
    assert path.read_text() == "mine"


def test_a_name_that_was_taken_meanwhile_is_not_replaced(path, dashboard):
    encoder = opened(path)
    encoder.write(dashboard(1, 40, 60)[0], 40)
    path.mkdir()
    (path / "mine").write_text("mine")
    with pytest.raises(XorvizError, match="could not be written: Directory not empty"):
        encoder.close()
    assert names(path.parent) == ["out.frames"]
    assert names(path) == ["mine"]
