from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.recordings.recording import Recording
from xorviz.timing.clocks import drawn_function
from xorviz.timing.timeline import FIRST_HOLD_S, Frame, Timeline, n_moving_frames, timeline, timelines


@pytest.fixture(scope="module")
def seeds() -> list[Recording]:
    return [xorviz.train("backprop", seed=seed) for seed in (0, 4, 7)]


@pytest.mark.parametrize(("fps", "duration_s", "hold_s"), [(25, 6, 1.5), (10, 3.4, 1.0), (50, 2.4, 0), (7, 9, 2.6)])
def test_durations(recording: Recording, fps: float, duration_s: float, hold_s: float) -> None:
    made = timeline(recording, clock="linear", fps=fps, duration_s=duration_s, hold_s=hold_s)
    assert len(made) == n_moving_frames(fps=fps, duration_s=duration_s, hold_s=hold_s)
    np.testing.assert_allclose(made.durations_ms[1:-1], 1000 / fps)
    assert made.durations_ms[0] == pytest.approx(1000 / fps + 1000 * FIRST_HOLD_S)
    # The last frame is held as long as asked, to the part of a frame that makes the whole exact.
    assert made.durations_ms[-1] == pytest.approx(1000 / fps + 1000 * hold_s, abs=501 / fps)
    assert made.duration_s == pytest.approx(duration_s)
    assert made.durations_ms.sum() == pytest.approx(1000 * duration_s)


def test_the_last_hold_is_exact_where_frames_fit(recording: Recording) -> None:
    made = timeline(recording, fps=20, duration_s=FIRST_HOLD_S + 1.5 + 3.0, hold_s=1.5)
    assert len(made) == 60
    assert made.durations_ms[-1] == pytest.approx(1550)


def test_frame() -> None:
    made = Timeline(np.array([0, 1, 2]), np.array([500.0, 100.0, 100.0]), 100.0)
    assert [(f.index, f.snapshot, f.fraction) for f in map(made.frame, range(3))] == [(0, 0, 0), (1, 1, 0.5), (2, 2, 1)]
    assert made.frame(-1) == made.frame(2)
    assert (made.frame(0).duration_ms, made.frame(0).interval_ms) == (500, 100)
    with pytest.raises(IndexError):
        made.frame(3)


def test_frame_of_a_single_frame(recording: Recording) -> None:
    made = timeline(recording, fps=10, duration_s=0.5, hold_s=0)
    assert len(made) == 1
    assert made.frame(0).fraction == 0
    # One picture can only show how it ended.
    assert made.frame(0).snapshot == 140


def test_a_frame_on_the_way_back_is_that_of_the_way_there(recording: Recording) -> None:
    made = timeline(recording, clock="linear", fps=10, duration_s=2, hold_s=0.6, ping_pong=True)
    assert (len(made), made.n_back) == (10, 4)
    assert made.there.tolist() == made.snapshots[:6].tolist() == [0, 28, 56, 84, 112, 140]
    assert made.snapshots[6:].tolist() == [112, 84, 56, 28]
    assert made.frame(5) == Frame(5, 140, 1.0, 700.0, 100.0)
    assert made.frame(7) == made.frame(3) == Frame(3, 84, 0.6, 100.0, 100.0)
    assert made.frame(-1) == made.frame(9) == made.frame(1)
    assert made.duration_s == pytest.approx(2)


def test_listed_steps(recording: Recording) -> None:
    made = timeline(recording, clock="steps", steps=[0, 20, 40, 140], fps=5, first_hold_s=0, hold_s=0)
    assert made.snapshots.tolist() == [0, 20, 40, 140]
    assert made.durations_ms.tolist() == [200] * 4


def test_a_listed_step_that_was_not_kept_shows_the_snapshot_before_it() -> None:
    longer = xorviz.train(Experiment(network=xorviz.train("backprop").network, stopping=Stopping(n_steps=1100)))
    made = timeline(longer, clock="steps", steps=(510, 513, 1027, 1028, 1100))
    assert longer.steps[made.snapshots].tolist() == [510, 512, 1024, 1028, 1100]


def test_easing_keeps_the_frames_and_their_ends() -> None:
    calm = xorviz.train("backprop", seed=1)
    plain, eased = (timeline(calm, clock="linear", easing=easing) for easing in ("none", "in-out"))
    np.testing.assert_array_equal(plain.durations_ms, eased.durations_ms)
    assert (eased.snapshots[0], eased.snapshots[-1]) == (0, 140)
    wanted = np.linspace(0, 1, len(plain))
    # Half a step, and where the next step undoes one, which is not shown, a whole one.
    np.testing.assert_allclose(eased.snapshots, 140 * wanted**2 * (3 - 2 * wanted), atol=1.01)


@pytest.mark.parametrize("slow", ["solved", 69])
def test_slow_motion_spends_frames_around_its_moment(recording: Recording, slow: str | int) -> None:
    assert recording.solved_at == 69
    plain, slowed = (timeline(recording, clock="linear", slow=one, slow_factor=4) for one in ("", slow))
    np.testing.assert_array_equal(plain.durations_ms, slowed.durations_ms)
    near = [int((np.abs(line.snapshots - 69) <= 5).sum()) for line in (plain, slowed)]
    # Frames far from it are 1.45 times as far apart as without.
    assert near[1] == pytest.approx(near[0] * 4 / 1.45, rel=0.15)
    assert (np.diff(slowed.snapshots) >= 0).all()


def test_slow_motion_of_the_change_clock_shows_pictures_that_are_closer() -> None:
    """It does not show each of the plain clock's pictures four times, and stays even elsewhere."""
    run = xorviz.train("init-scale", seed=0)
    plain, slowed = (timeline(run, slow=slow, slow_factor=4).snapshots for slow in ("", "solved"))
    change = np.abs(np.diff(drawn_function(run, slowed), axis=0)).mean(axis=1)
    at = int(np.searchsorted(run.steps[slowed], run.solved_at))
    assert len(set(slowed[at - 8 : at + 9])) == 17
    far = np.concatenate([change[8:20], change[-30:-1]])
    assert change[at - 8 : at + 8].mean() == pytest.approx(far.mean() / 4, rel=0.15)
    assert far.max() < 1.2 * far.min()
    assert len(set(plain)) == len(plain)


def test_of_one_recording_alignment_means_nothing(recording: Recording) -> None:
    for align in ("step", "epoch", "loss"):
        for clock in ("change", "linear", "log", "loss"):
            (together,) = timelines([recording], clock=clock, align=align)
            np.testing.assert_array_equal(together.snapshots, timeline(recording, clock=clock).snapshots)


@pytest.mark.parametrize("clock", ["change", "linear", "log", "loss"])
def test_aligned_by_step_all_show_the_same_step(seeds: list[Recording], clock: str) -> None:
    short = xorviz.train(Experiment.from_builtins(seeds[0].experiment).replace(stopping=Stopping(n_steps=60)))
    made = timelines([*seeds, short], clock=clock)
    shown = [run.steps[line.snapshots] for run, line in zip([*seeds, short], made, strict=True)]
    np.testing.assert_array_equal(shown[1], shown[0])
    np.testing.assert_array_equal(shown[3], np.minimum(shown[0], 60))
    assert (shown[0][0], shown[0][-1]) == (0, 140)
    for line in made:
        np.testing.assert_array_equal(line.durations_ms, made[0].durations_ms)


def test_the_change_clock_of_several_follows_what_all_show_together(seeds: list[Recording]) -> None:
    twice = timelines([seeds[0], seeds[0]])
    np.testing.assert_array_equal(twice[0].snapshots, timeline(seeds[0]).snapshots)
    np.testing.assert_array_equal(twice[1].snapshots, twice[0].snapshots)
    runs = [xorviz.train("init-scale", seed=seed) for seed in (0, 1)]

    def unevenness(shown: list[np.ndarray]) -> float:
        seen = [drawn_function(run, line) for run, line in zip(runs, shown, strict=True)]
        change = np.abs(np.diff(np.concatenate(seen, axis=1), axis=0)).mean(axis=1)[12:]
        return float(change.std() / change.mean())

    alone = timeline(runs[0]).snapshots
    assert unevenness([line.snapshots for line in timelines(runs)]) < 0.3 < 0.6 < unevenness([alone, alone])


def test_aligned_by_loss_all_have_come_so_far(seeds: list[Recording]) -> None:
    made = timelines(seeds, align="loss", clock="linear")
    losses = np.array([run.snapshot_losses[line.snapshots] for run, line in zip(seeds, made, strict=True)])
    assert (losses[:, 0] == [run.snapshot_losses[0] for run in seeds]).all()
    # Those that are still falling are level, to what one snapshot changes.
    falling = losses[:, losses.min(axis=0) > max(run.final_loss for run in seeds)]
    assert len(falling[0]) > 40
    assert (falling[:, 10:].max(axis=0) / falling[:, 10:].min(axis=0)).max() < 1.2


def test_slow_motion_of_several_goes_by_the_first_to_have_the_event(seeds: list[Recording]) -> None:
    assert [run.solved_at for run in seeds] == [69, 54, 102]
    plain, slowed = (timelines(seeds, clock="linear", slow=one) for one in ("", "solved"))
    assert (np.abs(slowed[0].snapshots - 54) <= 5).sum() > 2 * (np.abs(plain[0].snapshots - 54) <= 5).sum()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clock": "lin"}, "clock must be one of change, linear, log, loss, steps; got 'lin'. Did you mean 'linear'?"),
        (
            {"duration_s": 1.9},
            "duration must leave at least one frame beside the holds of 0.4 s and 1.5 s; got 1.9 s. Give a longer "
            "duration or a shorter hold.",
        ),
        (
            {"clock": "steps", "steps": (0, 20, 141)},
            "steps must lie within the run, from step 0 to 140; got 141.",
        ),
        ({"slow": 141}, "slow must lie within the run, from step 0 to 140; got 141."),
        ({"slow": -1}, "slow must lie within the run, from step 0 to 140; got -1."),
        ({"slow": "diverged"}, "slow, an event of the run, must be one of solved; got 'diverged'."),
    ],
)
def test_refused(recording: Recording, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        timeline(recording, **arguments)
    assert str(caught.value) == message


def test_refused_of_several(recording: Recording) -> None:
    with pytest.raises(UsageError, match=r"^recordings must be at least one; got none\.$"):
        timelines([])
    message = "slow must not name a step where recordings are aligned by loss; got 3."
    with pytest.raises(UsageError) as caught:
        timelines([recording, recording], slow=3, align="loss")
    assert str(caught.value) == message
