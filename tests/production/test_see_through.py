"""Animations without a ground: what is drawn, and what other programs show of the files."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

import xorviz
from xorviz.encoders.gif_see_through import matted
from xorviz.errors import UsageError
from xorviz.production.canvas import Canvas
from xorviz.production.see_through import canvas_for, matte_of
from xorviz.scenes.scene import SCENES
from xorviz.timing.timeline import timelines

#: Traces and a turning surface move over the ground; what moves takes two runs of frames.
SCENE = SCENES["dashboard"].changed(size=(320, 180), fps=20.0, duration_s=4.0, ground="transparent")
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def recording() -> xorviz.Recording:
    return xorviz.train("backprop", seed=0)


def drawn(recording: xorviz.Recording) -> list[np.ndarray]:
    """What should be, in every twentieth of a second."""
    lines = timelines([recording], **SCENE.playing)
    frames = canvas_for([recording], SCENE, lines).frames()
    return [one for frame, ms in frames for one in [frame.copy()] * round(ms / 50)]


def shown(path: Path) -> list[np.ndarray]:
    """What is on the screen in every twentieth of a second, by Pillow."""
    if path.suffix == ".frames":
        return [np.asarray(Image.open(one)) for one in sorted(path.iterdir())]
    found = []
    with Image.open(path) as image:
        for frame in ImageSequence.Iterator(image):
            found += [np.asarray(frame.convert("RGBA"))] * round(frame.info["duration"] / 50)
    return found


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Alike where anything is seen."""
    return bool(((one == other).all(-1) | ((one[..., 3] == 0) & (other[..., 3] == 0))).all())


@pytest.mark.parametrize("theme", THEMES)
def test_over_the_paper_it_is_the_opaque_picture(recording, theme):
    scene = SCENE.changed(theme=theme)
    lines = timelines([recording], **scene.playing)
    opaque = Canvas([recording], scene, lines)
    matte = matte_of(scene)
    assert matte is not None
    for index in (0, 13, 41):
        frame = canvas_for([recording], scene, lines).draw(index)
        alpha = frame[..., 3]
        assert (alpha == 0).mean() > 0.4, "there is a ground"
        assert (alpha == 255).mean() > 0.2
        difference = np.abs(matted(frame, matte)[..., :3].astype(int) - opaque.draw(index)[..., :3])
        assert difference.max() <= 4, "it is not the same picture"
    assert matte_of(scene.changed(ground="paper")) is None


@pytest.mark.parametrize("suffix", [".webp", ".apng", ".frames"])
def test_every_pixel_is_as_drawn(recording, tmp_path, suffix):
    path = tmp_path / f"xor{suffix}"
    xorviz.animate(recording, path, scene=SCENE)
    found, frames = shown(path), drawn(recording)
    assert len(found) == len(frames) == 80
    for one, frame in zip(found, frames, strict=True):
        assert same(one, frame)


def test_a_gif_by_two_programs(recording, tmp_path):
    """There or not at half of the opacity, nothing left behind, colours those of the matte."""
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="imageio-ffmpeg comes with the extra 'dev'")
    path, matte = tmp_path / "xor.gif", matte_of(SCENE)
    encoded = xorviz.animate(recording, path, scene=SCENE)
    frames = drawn(recording)
    by_pillow = shown(path)
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vf", "fps=20"]
    raw = subprocess.run([*ffmpeg, "-f", "rawvideo", "-pix_fmt", "rgba", "-"], capture_output=True, check=True).stdout
    by_ffmpeg = np.frombuffer(raw, np.uint8).reshape(-1, 180, 320, 4)
    assert len(by_pillow) == len(by_ffmpeg) == len(frames) == round(20 * encoded.duration_s)
    for one, other, frame in zip(by_pillow, by_ffmpeg, frames, strict=True):
        np.testing.assert_array_equal(one[..., 3] > 0, frame[..., 3] >= 128)
        assert same(one, other)
        seen = one[..., 3] > 0
        off = np.abs(one[seen, :3].astype(int) - matted(frame, matte)[seen, :3])
        assert np.percentile(off, 99) <= 12
    vanishing = sum(int(((a[..., 3] > 0) & (b[..., 3] == 0)).sum()) for a, b in pairwise(by_pillow))
    assert vanishing > 1000, "nothing moves away, so nothing was tested"


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng"])
def test_two_processes_write_the_same_file(recording, tmp_path, suffix):
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    xorviz.animate(recording, one, scene=SCENE)
    xorviz.animate(recording, two, scene=SCENE, workers=2)
    assert one.read_bytes() == two.read_bytes()


def test_with_loss_it_is_as_transparent(recording, tmp_path):
    xorviz.animate(recording, tmp_path / "xor.webp", scene=SCENE, quality=50)
    for one, frame in zip(shown(tmp_path / "xor.webp"), drawn(recording), strict=True):
        np.testing.assert_array_equal(one[..., 3], frame[..., 3])


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".avif", ".html", ".pptx"])
def test_a_format_where_every_pixel_has_a_colour_refuses(recording, tmp_path, suffix):
    with pytest.raises(UsageError) as found:
        xorviz.animate(recording, tmp_path / f"xor{suffix}", scene=SCENE)
    assert str(found.value) == (
        f"ground must be 'paper' in a {suffix}, where every pixel has a colour; got 'transparent'. "
        "Write a .gif, .webp, .apng or .frames."
    )
    assert list(tmp_path.iterdir()) == []


def test_by_recipe_by_option_and_as_a_poster(tmp_path, monkeypatch):
    from xorviz.render.app import main

    monkeypatch.chdir(tmp_path)
    small = ["--size", "160x90", "--fps", "10", "--duration", "3", "--quiet"]
    Path("see.toml").write_text('scene = "field"\nground = "transparent"\n', encoding="utf-8")
    assert main(["render", "see.toml", "--out", "recipe.apng", "--out", "recipe.png", *small]) == 0
    assert main(["render", "--scene", "field", "--transparent", "--out", "option.apng", *small]) == 0
    assert Path("recipe.apng").read_bytes() == Path("option.apng").read_bytes()
    with Image.open("recipe.png") as poster:
        assert poster.mode == "RGBA"
        assert same(np.asarray(poster), shown(Path("recipe.apng"))[-1])


def test_an_unknown_ground():
    with pytest.raises(UsageError, match="ground must be one of paper, transparent; got 'glass'"):
        SCENE.changed(ground="glass")
