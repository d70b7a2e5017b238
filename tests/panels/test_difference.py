from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import xorviz
from xorviz.artists.dashes import Dashes
from xorviz.artists.field import FieldImage
from xorviz.artists.label import Label
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.errors import RecordingError, UsageError
from xorviz.panels._plane.level_lines import level_lines
from xorviz.panels.difference import DifferencePanel
from xorviz.recordings.recording import Recording

PLACE = Place(60, 50, 360, 340)
SIZE = (460, 400)


@pytest.fixture(scope="module")
def other() -> Recording:
    return xorviz.train("backprop", seed=3)


@pytest.fixture
def file(other: Recording, tmp_path: Path) -> str:
    other.save(tmp_path / "seed-3.xorviz")
    return str(tmp_path / "seed-3.xorviz")


def grid_of(recording: Recording, n: int) -> np.ndarray:
    (x0, x1), (y0, y1) = recording.bounds
    return np.array([[x, y] for y in np.linspace(y0, y1, n) for x in np.linspace(x0, x1, n)], dtype=np.float32)


def test_snapshots_are_paired_by_step(recording: Recording, tmp_path: Path) -> None:
    """A run of the online article has a snapshot an epoch; each step is shown with the last one up to it."""
    coarse = xorviz.train("online")
    coarse.save(tmp_path / "online.xorviz")
    panel = DifferencePanel(recording=str(tmp_path / "online.xorviz"))
    measured = panel.measure(recording, np.arange(recording.n_snapshots))
    for own, theirs in measured.shown.tolist():
        step = recording.steps[own]
        assert coarse.steps[theirs] <= step
        assert theirs == coarse.n_snapshots - 1 or coarse.steps[theirs + 1] > step
    assert len(set(measured.shown[:, 1].tolist())) > 10
    assert measured.names == ("this run", "online")


def test_a_run_that_ended_earlier_stays_at_its_end(recording: Recording, tmp_path: Path) -> None:
    xorviz.train("relu").save(tmp_path / "long.xorviz")
    long = xorviz.load(tmp_path / "long.xorviz")
    recording.save(tmp_path / "short.xorviz")
    panel = DifferencePanel(recording=str(tmp_path / "short.xorviz"))
    shown = panel.measure(long, np.arange(long.n_snapshots)).shown
    assert shown[-1].tolist() == [long.n_snapshots - 1, recording.n_snapshots - 1]


def test_largest_is_the_largest_anywhere(recording: Recording, other: Recording, file: str) -> None:
    grid = grid_of(recording, 33)
    every = np.abs(recording.outputs(grid, slice(None)) - other.outputs(grid, slice(None))).max()
    measured = DifferencePanel(recording=file).measure(recording, np.arange(2))
    assert 0.9 * every < measured.largest < 1.1 * every
    assert len(f"{measured.largest:g}".lstrip("0.")) <= 2


def test_picture_boundaries_and_scale(show, recording: Recording, other: Recording, file: str) -> None:
    panel = DifferencePanel(recording=file, n_grid=41)
    shown = show(panel, recording, place=PLACE, size=SIZE)
    shown.at(100)
    image = next(a for a in shown.paint.dynamic if isinstance(a, FieldImage))
    own_line, other_line = [a for a in shown.paint.dynamic if isinstance(a, Polylines)]
    assert (type(own_line), type(other_line)) == (Polylines, Dashes)
    grid = grid_of(recording, 41)
    own, theirs = (run.outputs(grid, 100)[:, 0].reshape(41, 41) for run in (recording, other))
    largest = panel.measure(recording, np.arange(2)).largest
    np.testing.assert_allclose(image._levels[::-1] / 255, 0.5 + 0.5 * (own - theirs) / largest, atol=1 / 255)
    left, bottom, right, top = image._left, image._bottom, image._right, image._top
    to_px = np.array([right - left, top - bottom]) / 40
    for line, output in ((own_line, own), (other_line, theirs)):
        for found, expected in zip(line.lines, level_lines(output), strict=True):
            np.testing.assert_allclose(found, [left, bottom] + expected * to_px)
    texts = {a.text for a in shown.paint.static if isinstance(a, Label)}
    assert {"difference", "this run", "seed-3", f"−{largest:g}", "0", f"+{largest:g}"} <= texts


def test_the_second_recording_of_a_scene(recording: Recording, other: Recording) -> None:
    snapshots = [np.array([0, 50, 140]), np.array([0, 60, 140])]
    measured = DifferencePanel().measure_runs([recording, other], snapshots)
    assert measured.recordings == (recording, other)
    assert measured.shown.tolist() == [[0, 0], [50, 60], [140, 140]]
    assert measured.names == (f"seed {recording.seed}", "seed 3")


def test_a_run_beside_itself_differs_by_nothing(show, recording: Recording) -> None:
    every = np.arange(recording.n_snapshots)
    assert DifferencePanel().measure_runs([recording, recording], [every, every]).largest == 1.0


def test_diverged(diverged: Recording, tmp_path: Path) -> None:
    """What is not finite does not set the scale."""
    xorviz.train("backprop").save(tmp_path / "a.xorviz")
    measured = DifferencePanel(recording=str(tmp_path / "a.xorviz")).measure(diverged, np.arange(2))
    assert 0 < measured.largest < np.inf


def test_alone(recording: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        DifferencePanel().measure(recording, np.arange(2))
    assert str(caught.value) == (
        "panel 'difference' must have another run to compare with; got one recording. Name a file under its option "
        "'recording', or draw two runs."
    )


def test_another_with_three_inputs(recording: Recording, three_inputs: Recording, tmp_path: Path) -> None:
    three_inputs.save(tmp_path / "b.xorviz")
    with pytest.raises(UsageError, match="panel 'difference' must have two networks of as many inputs; got 2 and 3"):
        DifferencePanel(recording=str(tmp_path / "b.xorviz")).measure(recording, np.arange(2))


def test_no_such_file(recording: Recording, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nowhere\.xorviz"):
        DifferencePanel(recording=str(tmp_path / "nowhere.xorviz")).measure(recording, np.arange(2))


def test_names_that_do_not_fit_are_left_out(show, recording: Recording, file: str) -> None:
    narrow = show(DifferencePanel(recording=file), recording, place=Place(60, 50, 200, 170))
    texts = {a.text for a in narrow.paint.static if isinstance(a, Label)}
    assert "difference" in texts
    assert not {"this run", "seed-3"} & texts
