from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xorviz.problems.planes import feature_plane
from xorviz.recordings.recording import Recording
from xorviz.timing.clocks import CLOCKS, _steady, drawn_function, drawn_functions, even_chain
from xorviz.timing.timeline import FIRST_HOLD_S, timeline

RULES = [clock for clock in CLOCKS if clock != "steps"]


@dataclass
class Run:
    """As much of a recording as a timeline looks at: the same output everywhere, one level a snapshot."""

    levels: np.ndarray
    steps: np.ndarray
    n_inputs: int = 2
    bounds: Any = ((0.0, 1.0), (0.0, 1.0))

    def __post_init__(self) -> None:
        self.model = SimpleNamespace(n_multiplications=9, n_activations=4, n_values=13)
        self.inputs = np.zeros((4, self.n_inputs))
        self.task, self.plane = "binary", feature_plane(self.inputs)
        self.snapshot_losses = np.abs(self.levels)
        self.asked: list[np.ndarray] = []

    def outputs(self, points: np.ndarray, snapshot: Any) -> np.ndarray:
        self.asked.append(points)
        return np.repeat(self.levels[snapshot][:, None, None], len(points), axis=1)


def run(levels: Any, steps: Any = None, **more: Any) -> Any:
    levels = np.asarray(levels, dtype=np.float64)
    return Run(levels, np.arange(len(levels)) if steps is None else np.asarray(steps), **more)


def look(recording: Any, *, n_most: int) -> Any:
    """What the moments of a single recording show."""
    return drawn_functions([recording], np.arange(len(recording.steps))[None], n_most=n_most)


def frames(recording: Any, clock: str, n: int) -> np.ndarray:
    """The snapshots of an animation of exactly ``n`` frames."""
    made = timeline(recording, clock=clock, fps=10, duration_s=FIRST_HOLD_S + n / 10, hold_s=0)
    assert len(made) == n
    return made.snapshots


step_arrays = st.lists(st.integers(1, 10_000), max_size=60).map(lambda gaps: np.cumsum([0, *gaps]))
any_level = st.one_of(st.floats(-3, 3), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0]))


@settings(deadline=None)
@given(step_arrays, st.data(), st.sampled_from(RULES), st.integers(2, 90))
def test_every_clock_goes_from_first_to_last_and_never_back(
    steps: np.ndarray, data: st.DataObject, clock: str, n: int
) -> None:
    levels = data.draw(st.lists(any_level, min_size=len(steps), max_size=len(steps)))
    chosen = frames(run(levels, steps), clock, n)
    assert chosen.dtype == np.int64
    assert (chosen[0], chosen[-1]) == (0, len(steps) - 1)
    assert (np.diff(chosen) >= 0).all()


@settings(deadline=None)
@given(step_arrays, st.sampled_from(["linear", "log"]), st.integers(2, 50))
def test_linear_and_log_take_the_nearest_snapshot(steps: np.ndarray, clock: str, n: int) -> None:
    chosen = frames(run(np.zeros(len(steps)), steps), clock, n)
    at = steps.astype(float) if clock == "linear" else np.log(steps + 1.0)
    wanted = np.linspace(at[0], at[-1], n)
    error = np.abs(at[chosen] - wanted)
    best = np.abs(at[None, :] - wanted[:, None]).min(axis=1)
    np.testing.assert_allclose(error, best, atol=1e-9 * max(at[-1], 1))


def test_log_spends_frames_on_early_steps() -> None:
    steps = np.array([0, 1, 3, 7, 15, 31, 63, 127, 255])
    assert frames(run(steps * 0.0, steps), "log", 9).tolist() == list(range(9))
    assert frames(run(steps * 0.0, steps), "linear", 3).tolist() == [0, 7, 8]


@pytest.mark.parametrize("clock", ["change", "loss"])
def test_frames_are_spent_where_it_changes(clock: str) -> None:
    """A plateau that creeps, a snap of 60 snapshots, a plateau that creeps."""
    creep = np.linspace(0, 1e-3, 300)
    snap = np.linspace(0, 1, 60)
    levels = np.concatenate([creep, 1e-3 + snap, 1.001 + creep])
    levels = np.exp(-5 * levels) if clock == "loss" else levels
    chosen = frames(run(levels), clock, 30)
    inside = (chosen >= 300) & (chosen < 360)
    assert inside.sum() >= 27
    assert np.ptp(np.diff(chosen[inside])) <= 2
    assert len(set(chosen)) == 30


def test_each_frame_differs_from_the_one_before_by_about_the_same() -> None:
    levels = 1 / (1 + np.exp(-np.linspace(-9, 14, 2000)))
    change = np.diff(levels[frames(run(levels), "change", 40)])
    assert change[:-1].max() < 1.35 * change[:-1].min()


def test_a_function_that_trembles_in_place_gets_no_frames() -> None:
    tremble = 0.02 * np.where(np.arange(400) % 2, 1, -1)
    levels = np.concatenate([tremble, np.linspace(0, 1, 100)])
    chosen = frames(run(levels), "change", 12)
    assert (chosen < 400).sum() <= 2
    # Summing on the way would have given it nearly all frames: 16 units of path against one.


def test_every_distinct_picture_is_shown_where_frames_allow() -> None:
    """Only ten snapshots differ: a snap between two plateaus on which nothing at all changes."""
    levels = np.concatenate([np.zeros(500), np.linspace(0.1, 1, 10), np.ones(500)])
    shown = levels[frames(run(levels), "change", 100)]
    assert len(np.unique(shown)) == 11


def test_chain_is_rising_and_long_enough() -> None:
    seen = np.cumsum(np.random.default_rng(0).random((500, 3)), axis=0).astype(np.float32)
    chain = even_chain(seen, 60)
    assert (chain[0], chain[-1]) == (0, 499)
    assert (np.diff(chain) > 0).all()
    assert 60 <= len(chain) <= 240


@pytest.mark.parametrize("clock", RULES)
def test_fewer_snapshots_than_frames(clock: str) -> None:
    chosen = frames(run([0.9, 0.5, 0.1]), clock, 30)
    assert set(chosen) == {0, 1, 2}
    assert np.bincount(chosen).min() >= 6


@pytest.mark.parametrize("clock", RULES)
def test_one_snapshot(clock: str) -> None:
    assert frames(run([0.3]), clock, 5).tolist() == [0] * 5


@pytest.mark.parametrize("clock", ["change", "loss", "linear"])
def test_a_run_that_never_changes(clock: str) -> None:
    chosen = frames(run(np.full(300, 0.25)), clock, 20)
    assert (np.abs(np.diff(chosen) - 299 / 19) < 1).all()


def test_drawn_function_is_what_pictures_show() -> None:
    a_run = run([0.25, 7.0, -7.0, np.nan, np.inf, -np.inf], bounds=((-1.0, 3.0), (10.0, 20.0)))
    seen = drawn_function(a_run, slice(None))
    assert seen.dtype == np.float32
    assert seen[:, 0].tolist() == [0.25, 1.5, -0.5, 0.5, 1.5, -0.5]
    assert (seen == seen[:, :1]).all()
    (points,) = a_run.asked
    assert points.min(axis=0).tolist() == [-1, 10]
    assert points.max(axis=0).tolist() == [3, 20]
    assert len(np.unique(points, axis=0)) == len(points) == seen.shape[1]


def test_drawn_function_of_more_inputs_is_taken_on_the_plane() -> None:
    a_run = run([0.25, 0.5], n_inputs=3)
    assert drawn_function(a_run, [0, 1]).shape == (2, 17 * 17)
    assert a_run.asked[0].shape == (17 * 17, 3)
    assert (a_run.asked[0][:, 2] == 0).all()
    np.testing.assert_array_equal(a_run.asked[0].max(axis=0), [1, 1, 0])


def test_drawn_function_of_one_input_is_taken_along_it() -> None:
    a_run = run([0.25, 0.5], n_inputs=1)
    assert drawn_function(a_run, [0, 1]).shape == (2, 17 * 17)
    np.testing.assert_allclose(a_run.asked[0][:, 0], np.linspace(0, 1, 17 * 17))


def test_drawn_function_of_a_regression_is_taken_in_spans_of_its_targets() -> None:
    a_run = run([10.0, 25.0, 40.0])
    a_run.task, a_run.targets = "regression", np.array([[10.0], [30.0]])
    np.testing.assert_allclose(drawn_function(a_run, [0, 1, 2])[:, 0], [0.0, 0.75, 1.5])


def test_drawn_function_does_not_depend_on_pieces(monkeypatch: pytest.MonkeyPatch, recording: Recording) -> None:
    whole = drawn_function(recording, slice(None))
    monkeypatch.setattr("xorviz.recordings.vectors._PIECE", 5000)
    np.testing.assert_array_equal(drawn_function(recording, slice(None)), whole)


def test_of_many_snapshots_those_are_looked_at_between_which_it_changes() -> None:
    """A snap of 60 snapshots in 6,000: a tenth of a look in a hundred would be seen of it if looks were even."""
    levels = np.concatenate([np.zeros(4000), np.linspace(0, 1, 60), np.ones(1940)])
    looked_at, seen = look(run(levels), n_most=100)
    assert (looked_at[0], looked_at[-1]) == (0, 5999)
    assert len(looked_at) <= 100
    assert (np.diff(looked_at) > 0).all()
    np.testing.assert_array_equal(seen[:, 0], levels[looked_at].astype(np.float32))
    assert ((looked_at >= 4000) & (looked_at < 4060)).sum() >= 50


def test_looking_ends_where_nothing_changes_or_everything_was_seen() -> None:
    assert len(look(run(np.zeros(6000)), n_most=100)[0]) == 25
    for n_most in (7, 8, 100):
        assert look(run(np.arange(7.0)), n_most=n_most)[0].tolist() == list(range(7))


@given(st.lists(any_level, min_size=1, max_size=80), st.integers(2, 90))
def test_looks_are_few_and_rising(levels: list[float], n_most: int) -> None:
    looked_at, seen = look(run(levels), n_most=n_most)
    assert len(looked_at) == len(seen) <= max(n_most, 2)
    assert (looked_at[0], looked_at[-1]) == (0, len(levels) - 1)
    assert (np.diff(looked_at) > 0).all()


def test_a_wide_network_is_looked_at_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = 1 / (1 + np.exp(-np.linspace(-9, 14, 2000)))
    wide = run(levels)
    wide.model = SimpleNamespace(n_multiplications=1_003_000, n_activations=2001, n_values=1_005_001)
    looked: list[int] = []

    def outputs(points: np.ndarray, snapshot: Any) -> np.ndarray:
        looked.extend(snapshot)
        return Run.outputs(wide, points, snapshot)

    monkeypatch.setattr(wide, "outputs", outputs)
    chosen = frames(wide, "change", 60)
    assert len(looked) == len(set(looked)) <= 60
    assert len(set(chosen)) > 40
    exact = levels[frames(run(levels), "change", 60)]
    assert np.abs(levels[chosen] - exact).max() < 0.08


def test_of_a_real_run(recording: Recording) -> None:
    """The frames' changes are far more even than those of snapshots taken evenly."""
    seen = drawn_function(recording, slice(None))

    def unevenness(clock: str) -> float:
        change = np.abs(np.diff(seen[frames(recording, clock, 40)], axis=0)).mean(axis=1)
        return float(change.std() / change.mean())

    assert unevenness("change") < 0.6 * unevenness("linear")


def test_what_the_next_step_undoes_is_passed_over() -> None:
    """A wave that dies out, from side to side at every step, then a slope."""
    wave = np.array([0.0, 0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.7, 0.8, 0.9], dtype=np.float32)[:, None]
    assert _steady(wave).tolist() == [0, 2, 4, 6, 7, 8, 9, 10]
    assert _steady(np.sort(wave, axis=0)).tolist() == list(range(11))
    assert _steady(wave[:1]).tolist() == [0]
    assert _steady(wave[:2]).tolist() == [0, 1]
