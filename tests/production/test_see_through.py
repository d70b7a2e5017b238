"""Animations without a ground: what is drawn, and what other programs show of the files."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageSequence

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


def by_ffmpeg(path: Path, *decoder: str) -> np.ndarray:
    """The same by FFmpeg's program, (n, 180, 320, 4)."""
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg", reason="imageio-ffmpeg comes with the extra 'dev'")
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *decoder, "-i", str(path), "-vf", "fps=20"]
    raw = subprocess.run([*ffmpeg, "-f", "rawvideo", "-pix_fmt", "rgba", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, 180, 320, 4)


def near(mask: np.ndarray, distance_px: int) -> np.ndarray:
    """Whether any pixel within a square around it is true."""
    return np.asarray(Image.fromarray(mask).convert("L").filter(ImageFilter.MaxFilter(2 * distance_px + 1))) > 0


def over(frame: np.ndarray, ground: tuple[int, int, int]) -> np.ndarray:
    """On a page of that colour."""
    return matted(frame, ground)[..., :3].astype(int)


def test_a_gif_by_two_programs(recording, tmp_path):
    """There from a tenth of the opacity on, nothing left behind, on the theme's paper what an opaque one shows."""
    path, matte = tmp_path / "xor.gif", matte_of(SCENE)
    encoded = xorviz.animate(recording, path, scene=SCENE)
    frames = drawn(recording)
    by_pillow = shown(path)
    others = by_ffmpeg(path)
    assert len(by_pillow) == len(others) == len(frames) == round(20 * encoded.duration_s)
    for one, other, frame in zip(by_pillow, others, frames, strict=True):
        np.testing.assert_array_equal(one[..., 3] > 0, frame[..., 3] >= 26)
        assert same(one, other)
        off = np.abs(over(one, matte) - over(frame, matte))
        assert np.percentile(off, 99) <= 12
        assert off[one[..., 3] == 0].max() <= 25, "something faint is missing"
    vanishing = sum(int(((a[..., 3] > 0) & (b[..., 3] == 0)).sum()) for a, b in pairwise(by_pillow))
    assert vanishing > 1000, "nothing moves away, so nothing was tested"


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".webm"])
def test_two_processes_write_the_same_file(recording, tmp_path, suffix):
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    xorviz.animate(recording, one, scene=SCENE)
    xorviz.animate(recording, two, scene=SCENE, workers=2)
    assert one.read_bytes() == two.read_bytes()


def test_with_loss_it_is_as_transparent(recording, tmp_path):
    xorviz.animate(recording, tmp_path / "xor.webp", scene=SCENE, quality=50)
    for one, frame in zip(shown(tmp_path / "xor.webp"), drawn(recording), strict=True):
        np.testing.assert_array_equal(one[..., 3], frame[..., 3])


def test_a_webm_is_the_picture_on_every_page(recording, tmp_path):
    path = tmp_path / "xor.webm"
    xorviz.animate(recording, path, scene=SCENE, quality="high")
    found, frames = by_ffmpeg(path, "-c:v", "libvpx-vp9"), drawn(recording)
    assert len(found) == len(frames)
    for one, frame in zip(found, frames, strict=True):
        alpha = one[..., 3].astype(int)
        far = ~near(frame[..., 3] > 0, 8)
        assert far.mean() > 0.1, "there is a ground"
        assert alpha[far].max() <= 8, "something is left behind"
        assert alpha[~near(frame[..., 3] < 255, 8)].min() >= 247
        for ground in ((255, 255, 255), (13, 17, 23), (128, 128, 128)):
            squared = (over(one, ground) - over(frame, ground)) ** 2
            assert 10 * np.log10(255**2 / squared.mean()) > 34


REFUSED = [
    (".mp4", {}),
    (".avif", {}),
    (".html", {}),
    (".pptx", {}),
    (".webm", {"codec": "av1"}),
    (".webm", {"lossless": True}),
]


@pytest.mark.parametrize(("suffix", "options"), REFUSED)
def test_a_file_without_transparency_refuses(recording, tmp_path, suffix, options):
    with pytest.raises(UsageError) as found:
        xorviz.animate(recording, [tmp_path / "xor.apng", tmp_path / f"xor{suffix}"], scene=SCENE, **options)
    assert str(found.value) == (
        f"ground must be 'paper' where a file has no transparency; got 'transparent' with {suffix}. "
        "Write a .gif, .webp, .apng, .frames, or a .webm of VP9 that is not lossless."
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


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_a_limit_of_bytes_is_kept(recording, tmp_path, suffix):
    path = tmp_path / f"xor{suffix}"
    encoded = xorviz.animate(recording, path, scene=SCENE, max_bytes="300kB")
    assert path.stat().st_size == encoded.n_bytes <= 300_000
    assert (shown(path)[-1][..., 3] == 0).mean() > 0.4


def test_an_unknown_ground():
    with pytest.raises(UsageError, match="ground must be one of paper, transparent; got 'glass'"):
        SCENE.changed(ground="glass")
