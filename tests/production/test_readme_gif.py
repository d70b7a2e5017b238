"""The GIF for a README: small, and without bands that anybody sees at twice its size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import xorviz
from xorviz.encoders import gif
from xorviz.encoders.gif_coder import PillowCoder
from xorviz.styles.color import oklab_from_srgb

#: A difference that is just noticeable is about 0.02; where neighbours in a gradient are so far apart, it is a band.
NOTICEABLE = 0.02


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """The GIF as without numba, which makes smaller ones, and its frames as they were drawn."""
    folder, recording = tmp_path_factory.mktemp("readme"), xorviz.train("backprop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gif, "best_coder", PillowCoder)
        path = xorviz.animate(recording, folder / "xor.gif", place="readme").path
    xorviz.animate(recording, folder / "xor.frames", size=(640, 360), fps=10.0)
    return Path(path), sorted((folder / "xor.frames").glob("*.png"))


def test_it_is_small_with_every_colour(written: tuple[Path, list[Path]]) -> None:
    path, _ = written
    assert path.stat().st_size < 700_000
    with Image.open(path) as image:
        assert image.size == (640, 360)
        colours = {tuple(colour) for frame in frames(image) for colour in frame.reshape(-1, 3)[::7].tolist()}
    assert len(colours) > 240


def test_gradients_have_no_bands(written: tuple[Path, list[Path]]) -> None:
    """Where neighbours were nearly the same, they still are; on the field and on the shaded surface."""
    path, drawn = written
    worst = []
    with Image.open(path) as image:
        elapsed_ms, true_ms = 0.0, 1000 / 10
        for index in range(image.n_frames):
            image.seek(index)
            shown = np.asarray(image.convert("RGB"))
            true = np.asarray(Image.open(drawn[round(elapsed_ms / true_ms)]).convert("RGB"))
            elapsed_ms += image.info["duration"]
            steps, shown_steps = (
                np.linalg.norm(np.diff(oklab_from_srgb(of / 255), axis=1), axis=-1) for of in (true, shown)
            )
            is_smooth = (steps > 0) & (steps < NOTICEABLE / 4)
            worst.append(np.percentile(shown_steps[is_smooth], 99.5))
    assert max(worst) < NOTICEABLE
    assert np.mean(worst) < 0.75 * NOTICEABLE


def frames(image: Image.Image) -> list[np.ndarray]:
    found = []
    for index in range(image.n_frames):
        image.seek(index)
        found.append(np.asarray(image.convert("RGB")))
    return found
