"""Recordings of every awkward kind, and a panel's pictures."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import xorviz
from xorviz.artists._base import Renderer, pixels
from xorviz.artists.place import Place
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.panels._base import Paint, Panel
from xorviz.problems import Problem
from xorviz.recordings.recording import Recording
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import theme
from xorviz.timing.timeline import Frame

BASELINES = Path(__file__).parents[1] / "baselines"
#: How far a picture may be from its baseline: on average, and in which share of the pixels by how much.
MOST_MEAN, MOST_FAR, FAR = 0.6, 0.004, 24


@pytest.fixture
def looks_as_before(tmp_path: Path) -> Callable[[str, np.ndarray], None]:
    """looks_as_before(name, picture): compare a picture, row 0 at the bottom, with the baseline of that name."""

    def compare(name: str, picture: np.ndarray) -> None:
        result, path = picture[::-1, :, :3], BASELINES / f"{name}.png"
        if os.environ.get("XORVIZ_WRITE_BASELINES"):
            Image.fromarray(np.ascontiguousarray(result)).save(path, optimize=True)
            pytest.fail(f"wrote {path.name}: look at it, then run without XORVIZ_WRITE_BASELINES")
        expected = np.asarray(Image.open(path).convert("RGB"))
        assert path.stat().st_size <= 20_000
        assert result.shape == expected.shape
        difference = np.abs(result.astype(int) - expected)
        mean, far = float(difference.mean()), float((difference.max(axis=-1) > FAR).mean())
        if mean > MOST_MEAN or far > MOST_FAR:
            amplified = np.clip(difference * 4, 0, 255).astype(np.uint8)
            for what, one in (("result", result), ("expected", expected), ("difference", amplified)):
                Image.fromarray(np.ascontiguousarray(one)).save(tmp_path / f"{name}-{what}.png")
            pytest.fail(
                f"{name} looks otherwise: mean difference {mean:.2f}, {far:.2%} of the pixels far off; see {tmp_path}"
            )

    return compare


def experiment(widths=(2, 2, 1), last: str = "sigmoid", n_steps: int = 60, **more: Any) -> Experiment:
    activations = ("tanh",) * (len(widths) - 2) + (last,)
    return Experiment(
        network=Network(widths=widths, activations=activations), stopping=Stopping(n_steps=n_steps), **more
    )


@pytest.fixture(scope="session")
def diverged() -> Recording:
    """A run whose loss leaves the numbers."""
    wild = experiment(last="linear", optimizer=GradientDescent(learning_rate=40.0))
    with pytest.warns(xorviz.DivergedWarning, match="training diverged at step"):
        recording = xorviz.train(wild)
    assert recording.diverged_at is not None
    return recording


@pytest.fixture(scope="session")
def three_inputs() -> Recording:
    inputs = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], dtype=float)
    parity = Problem(name="parity", inputs=inputs, targets=inputs.sum(1, keepdims=True) % 2, bounds=((0, 1), (0, 1)))
    return xorviz.train(experiment((3, 3, 1), problem=parity))


@pytest.fixture(scope="session")
def one_point() -> Recording:
    problem = Problem(name="point", inputs=[[0.3, 0.7]], targets=[[1.0]], bounds=((0, 1), (0, 2)))
    return xorviz.train(experiment(problem=problem))


@pytest.fixture(scope="session")
def outside() -> Recording:
    """Outputs from -3 to 4.5 over the plane."""
    made = experiment((2, 1), last="linear", n_steps=1, initialisation=Fixed(parameters=(5.0, 2.5, -3.0)))
    return xorviz.train(made.replace(optimizer=GradientDescent(learning_rate=1e-12)))


@pytest.fixture(scope="session")
def two_hidden() -> Recording:
    return xorviz.train(experiment((2, 3, 2, 1)))


@pytest.fixture(scope="session")
def solved_exactly() -> Recording:
    """A run whose loss and gradient are 0 from the first step on."""
    from xorviz.learning.articles import HAND_SET

    return xorviz.train(HAND_SET)


@pytest.fixture(scope="session")
def many_points() -> Recording:
    generator = np.random.default_rng(1)
    inputs = generator.random((40, 2))
    problem = Problem(name="cloud", inputs=inputs, targets=(inputs[:, :1] > 0.5) * 1.0, bounds=((0, 1), (0, 1)))
    return xorviz.train(experiment(problem=problem))


@dataclass
class Shown:
    """A panel attached once.

    Attributes:
        paint: its artists.
        place: where its data are.
        empty: the frame without it, row 0 at the bottom.
        static: the frame with what does not move.
        snapshots: which snapshot each frame shows.
    """

    paint: Paint
    place: Place
    empty: np.ndarray
    static: np.ndarray
    snapshots: np.ndarray
    _renderer: Renderer

    def at(self, index: int) -> np.ndarray:
        """The picture of a frame, row 0 at the bottom."""
        index = range(len(self.snapshots))[index]
        frame = pixels(self._renderer)
        frame[:] = self.static[::-1]
        fraction = index / max(len(self.snapshots) - 1, 1)
        self.paint.update(Frame(index, int(self.snapshots[index]), fraction, 40.0))
        for artist in self.paint.dynamic:
            artist.draw(self._renderer)
        return frame[::-1].copy()

    def inside(self, picture: np.ndarray) -> np.ndarray:
        """The part of a picture in the place."""
        left, bottom, right, top = self.place.box_px
        return picture[bottom:top, left:right]


@pytest.fixture
def show() -> Callable[..., Shown]:
    """show(panel, recording, …): the panel attached in the middle of a frame of its own."""

    def attach(
        panel: Panel,
        recording: Recording,
        *,
        snapshots: Sequence[int] | None = None,
        place: Place | None = None,
        size: tuple[int, int] = (300, 220),
        theme_name: str = "light",
    ) -> Shown:
        place = place or Place(60, 50, 240, 170)
        colors = theme(theme_name)
        renderer = Renderer(*size, 72.0)
        frame = pixels(renderer)
        frame[:] = (*np.rint(rgb_from_hex(colors.paper) * 255).astype(int), 255)
        empty = frame[::-1].copy()
        chosen = np.arange(recording.n_snapshots) if snapshots is None else np.asarray(snapshots)
        paint = panel.attach(place, panel.measure(recording, chosen), colors)
        for artist in paint.static:
            artist.draw(renderer)
        static = frame[::-1].copy()
        for artist in paint.dynamic:
            artist.prepare(renderer)
        np.testing.assert_array_equal(frame[::-1], static)
        return Shown(paint, place, empty, static, chosen, renderer)

    return attach
