from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label, text_width_px
from xorviz.artists.lines import Polylines
from xorviz.artists.place import Place
from xorviz.panels.time_bar import Mark, TimeBarPanel
from xorviz.recordings.recording import Recording
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES

PLACE = Place(20, 0, 280, 30)
INK = np.rint(rgb_from_hex(THEMES["light"].ink) * 255).astype(int)


def test_events(recording: Recording) -> None:
    (mark,) = TimeBarPanel().measure(recording, np.arange(recording.n_snapshots))
    assert mark == Mark("solved", "4/4 correct from step 69", pytest.approx(69 / 140))
    # Where it is first seen, if not at the step itself.
    (mark,) = TimeBarPanel().measure(recording, np.array([0, 10, 60, 120, 140]))
    assert mark.fraction == 0.75
    assert TimeBarPanel(events=False).measure(recording, np.arange(3)) == ()


def test_an_event_after_the_last_snapshot_shown_is_not_marked(recording: Recording) -> None:
    assert TimeBarPanel().measure(recording, np.array([0, 30, 60])) == ()


def test_events_of_a_diverged_run(diverged: Recording) -> None:
    marks = TimeBarPanel().measure(diverged, np.arange(diverged.n_snapshots))
    assert marks[0].text == f"diverged at step {diverged.diverged_at}"
    assert marks[0].fraction == pytest.approx(diverged.diverged_at / diverged.n_steps, abs=0.02)


def test_the_most_important_come_first() -> None:
    run = xorviz.train("online")
    marks = TimeBarPanel().measure(run, np.arange(run.n_snapshots))
    assert [mark.kind for mark in marks] == ["solved", "plateau end", "plateau start"]
    assert marks[0].text == "4/4 correct from step 11,328"


def test_one_frame(recording: Recording) -> None:
    (mark,) = TimeBarPanel().measure(recording, np.array([140]))
    assert mark.fraction == 0


def test_the_bar_fills(show, recording: Recording) -> None:
    shown = show(TimeBarPanel(), recording, place=PLACE)
    for k, fraction in ((0, 0.0), (35, 0.25), (140, 1.0)):
        row = shown.at(k)[PLACE.top]
        filled = np.flatnonzero((row[:, :3] == INK).all(axis=-1))
        end = PLACE.left + fraction * PLACE.width
        if fraction:
            # The event's tick lies over it.
            assert len(filled) >= end - PLACE.left - 6
            assert filled[0] == pytest.approx(PLACE.left, abs=2)
        assert filled.max(initial=PLACE.left) == pytest.approx(end, abs=3)


def drawn(*marks: Mark) -> tuple[list[Label], Polylines, Polylines]:
    paint = TimeBarPanel().attach(PLACE, marks, THEMES["light"])
    _, others, goal = paint.dynamic
    return [artist for artist in paint.static if isinstance(artist, Label)], others, goal


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
def test_event_texts_stay_in_the_place(fraction: float) -> None:
    (label,), others, goal = drawn(Mark("solved", "4/4 correct from step 69", fraction))
    half = text_width_px(label.text, label.style) / 2
    assert PLACE.left <= label.x_px - half
    assert label.x_px + half <= PLACE.right
    assert label.y_px >= 0
    assert goal.lines[0][0, 0] == PLACE.left + fraction * PLACE.width
    assert others.lines == []


def test_every_event_has_a_tick_and_the_most_important_their_names() -> None:
    marks = [
        Mark("solved", "4/4 correct from step 69", 0.5),
        Mark("plateau end", "plateau ends at step 50", 0.45),
        Mark("plateau start", "plateau", 0.05),
    ]
    labels, others, goal = drawn(*marks)
    assert [label.text for label in labels] == ["4/4 correct from step 69", "plateau"]
    assert [line[0, 0] for line in others.lines] == pytest.approx([20 + 0.45 * 260, 20 + 0.05 * 260])
    assert len(goal.lines) == 1


def test_names_never_touch() -> None:
    generator = np.random.default_rng(0)
    for _ in range(50):
        marks = [Mark("dead unit", f"hidden unit {i} dead", float(generator.random())) for i in range(5)]
        labels, _, _ = drawn(*marks)
        spans = sorted((at.x_px, text_width_px(at.text, at.style)) for at in labels)
        assert all(a + wa / 2 + 10 <= b - wb / 2 for (a, wa), (b, wb) in pairwise(spans))
        assert labels[0].text == "hidden unit 0 dead"
