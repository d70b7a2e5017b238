from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.initialisations import Fixed
from xorviz.learning.network import Network
from xorviz.learning.optimizers import GradientDescent
from xorviz.recordings.recording import Recording
from xorviz.timing.events import EVENT_KINDS, Event, events, plateaus


def of(recording: Recording) -> list[tuple[str, int]]:
    return [(event.kind, event.step) for event in events(recording)]


def falls(*parts: tuple[int, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Losses that fall by so much log loss over so many steps, part after part; the gradient is the slope."""
    slopes = np.concatenate([np.full(n, fall / n) for n, fall in parts])
    losses = np.exp(-np.concatenate([[0.0], np.cumsum(slopes)]))
    return np.arange(len(losses)), losses, np.append(slopes, slopes[-1])


def found(steps: np.ndarray, losses: np.ndarray, norms: np.ndarray) -> list[list[int]]:
    return [steps[list(pair)].tolist() for pair in plateaus(steps, losses, norms)]


def test_a_plateau_between_two_falls() -> None:
    ((start, stop),) = found(*falls((50, 1.0), (300, 0.02), (60, 3.0), (400, 0.5)))
    # It takes in of the steep parts what belongs to a twentieth of the loss, less the plateau's own fall.
    assert start == pytest.approx(50, abs=3)
    assert stop == pytest.approx(350, abs=3)


def test_two_plateaus() -> None:
    pairs = found(*falls((100, 0.02), (20, 1.0), (300, 0.02), (60, 3.0)))
    np.testing.assert_allclose(pairs, [[0, 100], [120, 420]], atol=4)


@pytest.mark.parametrize("noise", [0.002, 0.02, 0.1])
def test_noise_and_spikes_do_not_move_it(noise: float) -> None:
    steps, losses, norms = falls((50, 1.0), (300, 0.02), (60, 3.0), (400, 0.5))
    generator = np.random.default_rng(3)
    noisy = losses * np.exp(noise * generator.standard_normal(len(losses)))
    noisy[[30, 120, 200, 301]] *= [3.0, 0.05, 5.0, 0.1]
    ((start, stop),) = found(steps, noisy, norms)
    assert start == pytest.approx(50, abs=15)
    assert stop == pytest.approx(350, abs=15)


def test_unevenly_kept_snapshots() -> None:
    steps, losses, norms = falls((50, 1.0), (3000, 0.02), (600, 3.0), (4000, 0.5))
    kept = np.unique(np.concatenate([np.arange(100), np.geomspace(100, len(steps) - 1, 300).astype(int)]))
    ((start, stop),) = found(steps[kept], losses[kept], norms[kept])
    assert start == pytest.approx(50, abs=5)
    assert stop == pytest.approx(3050, rel=0.03)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([(300, 0.0)], id="nothing at all"),
        pytest.param([(100, 3.0)], id="an even fall"),
        pytest.param([(50, 1.0), (300, 0.02)], id="it never falls again"),
        pytest.param([(30, 2.0), (5, 0.0), (60, 3.0)], id="too short to be felt"),
        pytest.param([(10, 2.0), (20, 1.0), (40, 0.5), (80, 0.25), (160, 0.1)], id="it converges"),
        pytest.param([(3, 1.0)], id="too few snapshots"),
    ],
)
def test_no_plateau(parts: list[tuple[int, float]]) -> None:
    assert found(*falls(*parts)) == []


def test_where_the_gradient_is_large_a_loss_that_stands_still_is_no_plateau() -> None:
    steps, losses, norms = falls((50, 1.0), (300, 0.02), (60, 3.0))
    assert found(steps, losses, np.ones(len(steps))) == []
    assert len(found(steps, losses, norms)) == 1


def test_power_laws_have_no_plateau() -> None:
    steps = np.arange(1, 3000)
    for power in (0.3, 1.0, 2.0):
        assert found(steps, steps**-power, steps ** (-power - 1)) == []


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_follows_a_divergence_is_not_looked_at(bad: float) -> None:
    steps, losses, norms = falls((50, 1.0), (300, 0.02), (60, 3.0), (400, 0.5))
    losses[500:], norms[500:] = bad, bad
    assert len(found(steps, losses, norms)) == 1
    losses[300:] = bad
    assert found(steps, losses, norms) == []


def test_an_article_that_falls_at_once() -> None:
    run = xorviz.train("backprop")
    assert of(run) == [("solved", run.solved_at)]


@pytest.mark.parametrize(
    ("name", "start", "stop"),
    [("relu", (0, 5), (35, 50)), ("init-scale", (0, 30), (250, 350)), ("online", (0, 60), (7000, 9000))],
)
def test_articles_with_a_plateau(name: str, start: tuple[int, int], stop: tuple[int, int]) -> None:
    run = xorviz.train(name)
    (kind, first), (other, last), solved = of(run)
    assert (kind, other, solved) == ("plateau start", "plateau end", ("solved", run.solved_at))
    assert start[0] <= first <= start[1]
    assert stop[0] <= last <= stop[1]
    losses = np.interp([first, last, 2 * last], run.steps, run.snapshot_losses)
    assert losses[1] > 0.9 * losses[0]
    assert losses[2] < 0.7 * losses[1]


def test_a_run_that_diverges(diverged: Recording) -> None:
    kinds = dict(of(diverged))
    assert kinds["diverged"] == diverged.diverged_at
    assert "solved" not in kinds
    assert events(diverged)[-1].text == f"diverged at step {diverged.diverged_at}"


@pytest.fixture(scope="module")
def diverged() -> Recording:
    wild = Experiment(
        network=Network(widths=(2, 2, 1), activations=("tanh", "linear")),
        optimizer=GradientDescent(learning_rate=40.0),
        stopping=Stopping(n_steps=60),
    )
    with pytest.warns(xorviz.DivergedWarning):
        return xorviz.train(wild)


class Told:
    """A recording of which only the losses matter."""

    diverged_at = None
    solved_at = None
    is_dense = True
    network = Network(widths=(2, 2, 1), activations=("sigmoid", "sigmoid"))

    def __init__(self, losses: list[float]) -> None:
        self.snapshot_losses = np.array(losses)
        self.n_snapshots = len(losses)
        self.steps = 3 * np.arange(len(losses))

    def layer_norms(self, of: str) -> dict[str, np.ndarray]:
        return {"hidden": np.ones(self.n_snapshots)}


@pytest.mark.parametrize(
    ("losses", "at"),
    [
        ([1, 0.5, 0.6], 3),
        ([1, 0.5, 0.6, 0.52], None),
        ([1, 0.5, 0.525], None),
        ([1, 0.5, 0.526], 3),
        ([1, 0.5, np.nan], 3),
        ([1, 0.5, np.inf], 3),
        ([0.5, 1, 2], None),
        ([np.nan, np.nan], None),
        ([np.inf, np.inf], None),
        ([np.inf, 1e308, np.inf], 3),
        ([np.inf], None),
        ([1, 1e-12, 1e-9], None),
        ([1, 0.0, 0.1], 3),
        ([1], None),
    ],
)
def test_lowest_loss(losses: list[float], at: int | None) -> None:
    assert of(Told(losses)) == ([] if at is None else [("lowest loss", at)])


def dying(n_steps: int, w1: tuple[float, ...], n_hidden: int = 2, **more: Any) -> Recording:
    """A run whose first hidden unit starts with the given weights; the others do not move from 0."""
    network = Network(widths=(2, n_hidden, 1), activations=("relu", "linear"))
    made = Experiment(network=network, initialisation=Fixed(parameters=w1), stopping=Stopping(n_steps=n_steps), **more)
    return xorviz.train(made)


def test_a_unit_that_dies() -> None:
    """A step too long along its gradient pushes the first unit below 0 at every point."""
    run = dying(20, (1.0, 0.3, 1.0, 0.3, 0.1, 0.1, 4.0, 0.2, 0.0), optimizer=GradientDescent(learning_rate=0.05))
    hidden = run.hidden(run.inputs, slice(None))[0]
    is_dead = ~(hidden > 0).any(axis=1)
    assert not is_dead[0, 0]
    assert is_dead[-1, 0]
    first = len(is_dead) - int(np.argmax(~is_dead[::-1, 0]))
    assert ("dead unit", first) in of(run)
    assert Event("dead unit", first, f"hidden unit 1 dead from step {first}") in events(run)


def test_units_that_are_dead_from_the_start_are_one_event() -> None:
    run = dying(5, (-1.0, -1.0, -1.0, -1.0, -0.1, -0.1, 1.0, 1.0, 0.0))
    assert Event("dead unit", 0, "2 hidden units dead from the start") in events(run)


def test_the_step_of_a_death_is_exact_where_few_snapshots_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    run = dying(20, (1.0, 0.3, 1.0, 0.3, 0.1, 0.1, 4.0, 0.2, 0.0), optimizer=GradientDescent(learning_rate=0.05))
    exact = [event for event in events(run) if event.kind == "dead unit"]
    monkeypatch.setattr("xorviz.timing.events._MOST_LOOKS_AT_UNITS", 3)
    assert [event for event in events(run) if event.kind == "dead unit"] == exact


def test_wide_networks_are_not_looked_at_unit_by_unit() -> None:
    n = 33
    assert of(dying(3, (-1.0,) * 2 * n + (-0.1,) * n + (1.0,) * n + (0.0,), n_hidden=n)) == []


def test_order_and_texts(recording: Recording) -> None:
    assert events(recording) == (Event("solved", 69, "4/4 correct from step 69"),)
    assert EVENT_KINDS[0] == "solved"


def test_few_snapshots_are_read_of_a_long_run(monkeypatch: pytest.MonkeyPatch) -> None:
    run = xorviz.train("relu")
    asked: list[int] = []
    hidden = Recording.hidden

    def counted(self: Recording, points: Any, snapshot: Any) -> Any:
        asked.extend(snapshot)
        return hidden(self, points, snapshot)

    monkeypatch.setattr(Recording, "hidden", counted)
    events(run)
    assert run.n_snapshots > 1500
    assert len(asked) <= 300
