"""Several recordings in one scene."""

from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.scenes.layout import places
from xorviz.scenes.multiples import names_of, scene_of, scene_of_runs
from xorviz.scenes.scene import SCENES, Scene
from xorviz.timing.timeline import timeline

MULTIPLES = SCENES["multiples"]


@pytest.fixture(scope="module")
def seeds() -> list[Recording]:
    return [xorviz.train("backprop", seed=seed) for seed in range(4)]


@pytest.mark.parametrize(("n_runs", "n_columns"), [(1, 1), (2, 2), (3, 3), (4, 4), (8, 4), (16, 8), (24, 8)])
def test_a_cell_for_every_run(n_runs: int, n_columns: int) -> None:
    scene = scene_of_runs(MULTIPLES, n_runs)
    cells = [name for row in scene.cells for name in row]
    assert [name for name in cells if name != "."] == [f"field@{run + 1}" for run in range(n_runs)]
    assert len(scene.cells[0]) == n_columns


@pytest.mark.parametrize("n_runs", [1, 2, 5, 16])
def test_cells_have_the_shape_that_is_asked_for_and_stay_inside(n_runs: int) -> None:
    scene = scene_of_runs(MULTIPLES, n_runs)
    tiles = [place for name, place in places(scene).items() if name.startswith("field")]
    assert {abs(tile.width - tile.height) <= 1 for tile in tiles} == {True}
    assert min(tile.left for tile in tiles) >= 39
    assert max(tile.right for tile in tiles) <= 960 - 35
    left, right = min(tile.left for tile in tiles), max(tile.right for tile in tiles)
    assert left - 40 == pytest.approx(960 - 36 - right, abs=2)


def test_expanding_twice_is_expanding_once(seeds: list[Recording]) -> None:
    once = scene_of(MULTIPLES, seeds)
    assert scene_of(once, seeds) == once


def test_the_names_tell_what_differs(seeds: list[Recording]) -> None:
    assert names_of(seeds) == ("seed 0", "seed 1", "seed 2", "seed 3")
    assert names_of([seeds[0], seeds[0]]) == ("run 1", "run 2")
    other = xorviz.train("online", seed=0)
    assert names_of([seeds[0], other]) == (seeds[0].description, other.description)


def test_every_cell_shows_its_own_recording(seeds: list[Recording]) -> None:
    """A tile among others is the tile that the recording gives alone in the same place."""
    frames = [timeline(recording, clock="linear") for recording in seeds]
    scene = scene_of(MULTIPLES.changed(header=False, time_bar=False), seeds)
    picture = Canvas(seeds, scene, frames).draw(60)[::-1]
    for run, recording in enumerate(seeds):
        others = [recording] * len(seeds)
        alone = Canvas(others, scene, [frames[run]] * len(seeds)).draw(60)[::-1]
        place = places(scene)[f"field@{run + 1}"]
        tile = np.s_[place.bottom : place.top, place.left : place.right]
        np.testing.assert_array_equal(picture[tile], alone[tile])
    first, last = (places(scene)[name].left for name in ("field@1", "field@4"))
    assert (picture[170:380, first : first + 200] != picture[170:380, last : last + 200]).any()


def test_traces_of_different_runs_share_their_limits(seeds: list[Recording]) -> None:
    from xorviz.panels import panel

    loss = panel({"kind": "loss"})
    apart = [loss.measure(recording, np.arange(recording.n_snapshots)) for recording in seeds]
    assert len({measured.limits for measured in apart}) > 1
    together = loss.together(apart)
    assert {measured.limits for measured in together} == {
        (min(measured.limits[0] for measured in apart), max(measured.limits[1] for measured in apart))
    }


def test_the_title_line_counts_the_runs_that_reach_it(seeds: list[Recording]) -> None:
    from xorviz.panels.summary import SummaryPanel

    shown = [np.array([0, recording.n_snapshots - 1]) for recording in seeds]
    summary = SummaryPanel().measure_runs(seeds, shown)
    solved = [int(recording.n_correct(-1)) == 4 for recording in seeds]
    assert summary.readings.n_correct.tolist() == [0, sum(solved)]
    assert summary.goal == "of 4 seeds reach 4/4"
    assert summary.readings.steps.tolist() == [0, 140]
    last = sorted(float(recording.snapshot_losses[-1]) for recording in seeds)
    assert summary.readings.losses[1] == pytest.approx((last[1] + last[2]) / 2)


def test_the_title_of_several_runs_has_variables(seeds: list[Recording]) -> None:
    from xorviz.artists.place import Place
    from xorviz.panels.summary import SummaryPanel
    from xorviz.styles.themes import theme
    from xorviz.timing.timeline import Frame

    shown = [np.array([0, recording.n_snapshots - 1]) for recording in seeds]
    n_solved = sum(int(recording.n_correct(-1)) == 4 for recording in seeds)

    def texts(title: str) -> list[str]:
        panel = SummaryPanel(title=title)
        paint = panel.attach(Place(10, 180, 950, 210), panel.measure_runs(seeds, shown), theme("light"))
        paint.update(Frame(1, 140, 1.0, 40.0))
        return sorted(label.text.strip() for label in (*paint.static, *paint.dynamic) if label.text)

    title, description = seeds[0].title, seeds[0].description
    counted = [str(n_solved), "of 4 seeds reach 4/4", f"{4 - n_solved} of 4 stuck"]
    assert texts("") == sorted([title, description, "140", "step", *counted])
    assert texts("{title} of {n}") == sorted([f"{title} of 4", description, "140", "step", *counted])
    # What the title says is not said again.
    assert texts("{correct} of {n} at {step}") == sorted([str(n_solved), "of 4 at", "140", description])
    with pytest.raises(UsageError, match=r"title's \{variables\} must be one of .*; got 'solved'"):
        SummaryPanel(title="{solved}")


def test_what_is_refused(seeds: list[Recording]) -> None:
    for scene, message in [
        (Scene(rows=("field@5",)), "rows must number the 4 recordings from 1 to 4; got 'field@5'."),
        (
            Scene(rows=("field",), run_names=("one",)),
            "run_names must be 4, one for each recording; got ['one'].",
        ),
    ]:
        with pytest.raises(UsageError) as caught:
            scene_of(scene, seeds)
        assert str(caught.value) == message
    with pytest.raises(UsageError, match=r"recordings must be at least one; got none\."):
        scene_of(MULTIPLES, [])
    with pytest.raises(UsageError, match=r"rows must number recordings from 1, such as 'loss@2'; got 'field@0'\."):
        Scene(rows=("field@0",))
