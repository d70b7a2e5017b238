"""Limits of bytes, by real encodes; a playing time to the hundredth; places."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xorviz import animate
from xorviz.animation import crew_of
from xorviz.encoders import Options, encoder_for
from xorviz.encoders.byte_counts import bytes_from, readable
from xorviz.errors import UsageError
from xorviz.production.budget import smaller
from xorviz.production.byte_curve import Curve
from xorviz.production.drawing import prepare
from xorviz.production.trials import estimated
from xorviz.recordings.recording import Recording
from xorviz.scenes.places import PLACES, asked, lasting
from xorviz.scenes.scene import SCENES
from xorviz.timing.timeline import n_moving_frames

# 48 frames.
SMALL = {"scene": "field", "size": (160, 120), "fps": 20.0, "duration_s": 3.2, "hold_s": 0.4}
#: Where more bytes show something better, and where quality alone is not enough.
LIMITS = [
    (".gif", 110_000),
    (".gif", 60_000),
    (".mp4", 40_000),
    (".mp4", 16_000),
    (".webp", 75_000),
    (".webp", 32_000),
    (".webm", 25_000),
    (".webm", 10_000),
]


@pytest.mark.parametrize(("suffix", "limit"), LIMITS)
def test_a_file_fills_its_limit_and_is_never_above(
    recording: Recording, tmp_path: Path, suffix: str, limit: int
) -> None:
    path = tmp_path / f"run{suffix}"
    encoded = animate(recording, path, max_bytes=limit, **SMALL)
    assert 0.9 * limit <= path.stat().st_size <= limit
    assert encoded.n_bytes == path.stat().st_size
    assert list(tmp_path.iterdir()) == [path]
    assert encoded.notes[-1].startswith(f"chosen for {readable(limit)}: ")
    assert encoded.notes[-1].endswith(" trial encodes of a sample")


def test_what_is_given_stays(recording: Recording, tmp_path: Path) -> None:
    encoded = animate(recording, tmp_path / "run.gif", max_bytes="50kB", **SMALL)
    with Image.open(encoded.path) as image:
        # Size and rate were given, so the colours pay.
        assert (image.size, image.n_frames) == ((160, 120), 48)
        used = {tuple(color) for color in np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()}
    assert len(used) < 127


def test_the_rate_pays_before_the_size(recording: Recording, tmp_path: Path) -> None:
    options = dict(SMALL)
    scene = SCENES[options.pop("scene")].changed(**options)
    coarse = animate(recording, tmp_path / "coarse.gif", scene=scene, quality="small")
    limit = int(0.85 * coarse.n_bytes)
    encoded = animate(recording, tmp_path / "run.gif", scene=scene, max_bytes=limit)
    with Image.open(encoded.path) as image:
        assert image.size == (160, 120)
        assert image.n_frames < 48
    assert 0.9 * limit <= encoded.n_bytes <= limit


def test_exact_where_that_fits(recording: Recording, tmp_path: Path) -> None:
    plain = animate(recording, tmp_path / "plain.webp", **SMALL)
    encoded = animate(recording, tmp_path / "run.webp", max_bytes=10 * plain.n_bytes, **SMALL)
    assert (tmp_path / "run.webp").read_bytes() == (tmp_path / "plain.webp").read_bytes()
    assert ", without loss, after " in encoded.notes[-1]


def test_several_files_each_keep_the_limit(recording: Recording, tmp_path: Path) -> None:
    outs = [tmp_path / "run.gif", tmp_path / "run.mp4", tmp_path / "run.png"]
    encoded = animate(recording, outs, max_bytes=60_000, workers=2, **SMALL)
    assert all(54_000 <= one.n_bytes <= 60_000 for one in encoded[:2])
    assert sorted(tmp_path.iterdir()) == sorted(outs)


def test_a_limit_that_nothing_can_keep(recording: Recording, tmp_path: Path) -> None:
    path = tmp_path / "run.gif"
    path.write_bytes(b"old")
    with pytest.raises(UsageError) as caught:
        animate(recording, path, max_bytes=9_000, **SMALL)
    said = str(caught.value)
    least, rest = said.removeprefix("max_bytes must be at least about ").split(" kB", 1)
    assert rest == (
        f" for {path}, at 160x120 and 20 fps with quality 0; got 9 kB. Allow more bytes, a smaller size or a shorter "
        "duration."
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    # What it says is possible is.
    assert animate(recording, path, max_bytes=f"{int(least) + 1}kB", **SMALL).n_bytes > 9_000


def test_a_sample_says_what_the_whole_is(recording: Recording, tmp_path: Path) -> None:
    scene = SCENES["dashboard"].changed(size=(240, 136), duration_s=8.0)
    files = [(suffix, encoder_for(f"x{suffix}", Options(quality="high"))) for suffix in (".gif", ".mp4", ".webp")]
    found = estimated([recording], scene, files, crew_of(1, prepare=prepare))
    assert found.n_frames == n_moving_frames(**scene.playing) > 2 * found.n_sampled - 30
    outs = [tmp_path / f"run{suffix}" for suffix, _ in files]
    for n_bytes, encoded in zip(found.n_bytes, animate(recording, outs, scene=scene, quality="high"), strict=True):
        assert 1 / 1.5 < n_bytes / encoded.n_bytes < 1.5


def test_a_short_animation_is_tried_whole(recording: Recording, tmp_path: Path) -> None:
    options = dict(SMALL)
    scene = SCENES[options.pop("scene")].changed(**options)
    found = estimated([recording], scene, [(".mp4", encoder_for("x.mp4"))], crew_of(1, prepare=prepare))
    assert found.n_sampled == found.n_frames == 48
    assert found.n_bytes == (animate(recording, tmp_path / "run.mp4", **SMALL).n_bytes,)


def test_a_curve_is_read_between_its_points() -> None:
    curve = Curve({30.0: 100.0, 60.0: 400.0, 100.0: 400.0})
    assert curve.level_for(200) == pytest.approx(45)
    assert curve.level_for(99) == -1
    assert curve.level_for(400) == 100
    assert curve.tried(99, 399) == 30
    assert curve.tried(101, 399) == -1
    curve.learn(45, 300)
    assert curve.level_for(300) == pytest.approx(45)
    curve.learn(60, 800)
    assert curve.known == {30: 200, 45: 300, 60: 800, 100: 800}
    assert curve.smallest == 200


def test_smaller_scenes_are_fewer_frames_and_then_fewer_pixels() -> None:
    scene = SCENES["dashboard"]
    found = [(one.fps, one.size) for one in smaller(scene, frozenset())]
    assert found[:3] == [(25 / 1.5, (960, 540)), (12.5, (960, 540)), (12.5, (816, 460))]
    areas = [width * height for _, (width, height) in found]
    assert all(one >= other for one, other in pairwise(areas))
    assert {one.fps for one in smaller(scene, frozenset({"fps"}))} == {25.0}
    assert {one.size for one in smaller(scene, frozenset({"size"}))} == {(960, 540)}


@pytest.mark.parametrize(
    ("value", "n_bytes"),
    [("5MB", 5_000_000), ("700 kB", 700_000), ("4.5 MiB", 4_718_592), ("1kib", 1024), ("12B", 12), (99, 99)],
)
def test_bytes_as_people_write_them(value: str | int, n_bytes: int) -> None:
    assert bytes_from(value) == n_bytes


@pytest.mark.parametrize("value", ["5", "MB", "-5MB", "5 megs", "0MB", 0, -1, True, 1.5, "1e3kB"])
def test_what_is_no_limit(value: object) -> None:
    with pytest.raises(UsageError) as caught:
        bytes_from(value)
    assert str(caught.value).startswith("max_bytes must be a number with B, kB, MB or MiB, such as 5MB; got ")


# A playing time


@pytest.mark.parametrize("seconds", [0.8, 2.0, 3.33, 7.77])
def test_every_format_lasts_as_long_as_was_asked(recording: Recording, tmp_path: Path, seconds: float) -> None:
    outs = [tmp_path / f"run{suffix}" for suffix in (".gif", ".mp4", ".webm", ".webp", ".html", ".avif")]
    for one in animate(recording, outs, scene="field", size=(120, 90), seconds=seconds, fps=12.0):
        assert one.duration_s == pytest.approx(seconds, abs=0.01)


def test_listed_frames_last_as_long_as_was_asked(recording: Recording, tmp_path: Path) -> None:
    options = {"scene": "field", "size": (120, 90), "clock": "steps", "steps": (0, 30, 60, 69, 100, 140)}
    for one in animate(recording, [tmp_path / "run.gif", tmp_path / "run.mp4"], seconds=4.5, **options):
        assert one.duration_s == pytest.approx(4.5, abs=0.01)


def test_holds_give_way_to_a_short_time() -> None:
    scene = lasting(SCENES["dashboard"], 1.9)
    assert scene.first_hold_s + scene.hold_s == pytest.approx(0.95)
    assert scene.duration_s == 1.9
    assert lasting(scene, 1.9) == scene


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), 3601, True])
def test_what_is_no_time(seconds: float) -> None:
    with pytest.raises(UsageError) as caught:
        lasting(SCENES["dashboard"], seconds)
    assert str(caught.value) == f"seconds must be a number from 0.1 to 3600; got {seconds!r}."


def test_two_times() -> None:
    with pytest.raises(UsageError) as caught:
        asked(SCENES["dashboard"], place="", seconds=8.0, changes={"duration_s": 6.0})
    assert str(caught.value) == (
        "seconds and duration must not both say how long it plays; got 8.0 and 6.0. Leave one out."
    )


# Places


@pytest.mark.parametrize("name", PLACES)
def test_a_place_is_a_scene_that_its_format_takes(name: str) -> None:
    place = PLACES[name]
    scene = asked(SCENES["dashboard"], place=name, seconds=None, changes={})
    assert (scene.size, scene.fps, scene.theme) == (place.size, place.fps, place.theme)
    encoder_for(f"x{place.suffix}").check(width_px=scene.size[0], height_px=scene.size[1], fps=scene.fps)


def test_what_is_explicit_wins_over_the_place() -> None:
    scene = asked(SCENES["dashboard"], place="readme", seconds=None, changes={"theme": "dark", "fps": 20.0})
    assert (scene.size, scene.fps, scene.theme) == ((640, 360), 20.0, "dark")


def test_a_scene_of_another_shape_keeps_it() -> None:
    width, height = asked(SCENES["field"], place="readme", seconds=None, changes={}).size
    assert width == height == 480


def test_no_such_place() -> None:
    with pytest.raises(UsageError) as caught:
        asked(SCENES["dashboard"], place="slide", seconds=None, changes={})
    assert str(caught.value) == (
        "place must be one of readme, docs, slides, paper, social; got 'slide'. Did you mean 'slides'?"
    )
