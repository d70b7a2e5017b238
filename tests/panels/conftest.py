"""Recordings of every awkward kind, and a panel's pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.artists._base import Renderer, pixels
from xorviz.artists.place import Place
from xorviz.color import rgb_from_hex
from xorviz.experiment import Experiment, Stopping
from xorviz.initialisations import Fixed
from xorviz.network import Network
from xorviz.optimizers import GradientDescent
from xorviz.panels._base import Paint, Panel
from xorviz.problems import Problem
from xorviz.recording import Recording
from xorviz.themes import theme
from xorviz.timeline import Frame


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
    from xorviz.articles import HAND_SET

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
