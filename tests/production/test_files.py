"""Several files from one drawing: each as it would be alone, all of them or none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xorviz import animate
from xorviz.encoders import FORMATS
from xorviz.encoders.mp4 import Mp4Encoder
from xorviz.errors import UsageError, XorvizError
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import SCENES
from xorviz.timing.timeline import timelines

# 36 frames, two runs.
SMALL = {"size": (160, 90), "scene": "field", "duration_s": 2.4, "hold_s": 0.56}
SUFFIXES = sorted(FORMATS)


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (sorted(path.iterdir()) if path.is_dir() else [path]))


@pytest.fixture(scope="module")
def alone(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of every format, each written by itself."""
    folder = tmp_path_factory.mktemp("alone")
    written = {}
    for suffix in SUFFIXES:
        animate(recording, folder / f"run{suffix}", **SMALL)
        written[suffix] = bytes_of(folder / f"run{suffix}")
    return written


@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_file_is_the_same_alone_and_among_others(
    recording: Recording, alone: dict[str, bytes], tmp_path: Path, n_workers: int
) -> None:
    outs = [tmp_path / f"run{suffix}" for suffix in [*SUFFIXES, ".png"]]
    encoded = animate(recording, outs, workers=n_workers, **SMALL)
    assert [one.path for one in encoded] == outs
    assert {out.suffix: bytes_of(out) for out in outs[:-1]} == alone
    assert [one.n_bytes for one in encoded] == [len(bytes_of(out)) for out in outs]
    assert sorted(tmp_path.iterdir()) == sorted(outs)


def test_frames_are_drawn_once(recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, draw = [], Canvas.draw
    monkeypatch.setattr(Canvas, "draw", lambda canvas, index: drawn.append(index) or draw(canvas, index))
    animate(recording, [tmp_path / f"run{suffix}" for suffix in (".mp4", ".webp", ".frames")], **SMALL)
    # The second run begins from the last frame of the first.
    assert drawn == [*range(18), 17, *range(18, 36)]


def test_one_file_in_a_list_gives_a_list(recording: Recording, tmp_path: Path) -> None:
    (encoded,) = animate(recording, [str(tmp_path / "run.gif")], **SMALL)
    assert encoded.path == tmp_path / "run.gif"


@pytest.mark.parametrize("ping_pong", [False, True])
def test_a_poster_is_the_end_of_training(recording: Recording, tmp_path: Path, ping_pong: bool) -> None:
    outs = [tmp_path / "run.mp4", tmp_path / "run.png"]
    poster = animate(recording, outs, ping_pong=ping_pong, **SMALL)[1]
    assert (poster.n_frames, poster.notes) == (1, ())
    scene = SCENES["field"].changed(ping_pong=ping_pong, **{name: SMALL[name] for name in SMALL if name != "scene"})
    lines = timelines([recording], **scene.playing)
    at = int(lines[0].snapshots.argmax())
    assert at == (18 if ping_pong else 35)
    with Image.open(outs[1]) as image:
        np.testing.assert_array_equal(image.convert("RGB"), Canvas(recording, scene, lines).draw(at)[..., :3])


def test_if_one_cannot_be_written_none_appears(
    recording: Recording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others may be complete by then."""

    def fail(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Mp4Encoder, "_finish", fail)
    (tmp_path / "run.gif").write_bytes(b"old")
    outs = [tmp_path / f"run{suffix}" for suffix in (".gif", ".frames", ".mp4", ".webm")]
    with pytest.raises(XorvizError) as caught:
        animate(recording, outs, **SMALL)
    found = re.fullmatch(
        r"(.*) could not be written: No space left on device; about (\d+) kB are needed\. Nothing was left behind; "
        r"make room or choose another place\.",
        str(caught.value),
    )
    assert found is not None, str(caught.value)
    assert found[1] == str(outs[2])
    assert 5 < int(found[2]) < 500
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("run.gif", b"old")]


def test_if_drawing_fails_none_appears(recording: Recording, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(recording, [tmp_path / f"run{suffix}" for suffix in SUFFIXES], progress=interrupt, **SMALL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
def test_memory_does_not_grow_with_the_number_of_frames(tmp_path: Path) -> None:
    code = """
        import resource, sys
        import xorviz
        outs = [f"{sys.argv[1]}/run{suffix}" for suffix in (".gif", ".mp4", ".webm", ".png")]
        scene = dict(scene="field", size=(240, 180), hold_s=0.4, duration_s=float(sys.argv[2]))
        xorviz.animate(xorviz.train("backprop", seed=0), outs, **scene)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)]
    few, many = (
        int(subprocess.run([*command, seconds], capture_output=True, text=True, check=True).stdout)
        for seconds in ("4", "24")
    )
    # 500 frames more are 86 MB raw; kibibytes on Linux.
    assert many - few < 12_000


REFUSED = [
    (["a.gif", "b.mp4", "a.gif"], "out must name different files; got 'a.gif' twice."),
    (["a.png"], "out must name an animation, such as a .gif; got 'a.png'. A picture alone is xorviz still."),
    ([], "out must name an animation, such as a .gif; got no file. A picture alone is xorviz still."),
]


@pytest.mark.parametrize(("names", "message"), REFUSED, ids=["twice", "only a poster", "none"])
def test_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], message: str):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        animate(object(), names)
    assert str(caught.value) == message.format(folder="")
    assert list(tmp_path.iterdir()) == []


def test_each_format_has_its_say(recording: Recording, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        animate(recording, [tmp_path / "a.mp4", tmp_path / "a.gif"], fps=60.0)
    assert str(caught.value) == "fps must be 1 to 50 in a GIF; got 60.0. Lower it, or write an .mp4."
