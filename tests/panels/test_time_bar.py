from __future__ import annotations

import numpy as np
import pytest

from xorviz.artists.label import Label, text_width_px
from xorviz.artists.place import Place
from xorviz.color import rgb_from_hex
from xorviz.panels.time_bar import Event, TimeBarPanel
from xorviz.recording import Recording
from xorviz.themes import THEMES

PLACE = Place(20, 0, 280, 30)
INK = np.rint(rgb_from_hex(THEMES["light"].ink) * 255).astype(int)


def test_events(recording: Recording) -> None:
    (event,) = TimeBarPanel().measure(recording, np.arange(recording.n_snapshots))
    assert event.text == f"4/4 correct from step {recording.solved_at}"
    assert event.fraction == pytest.approx(recording.solved_at / 140)
    # Where it is first seen, if not at the step itself.
    (event,) = TimeBarPanel().measure(recording, np.array([0, 10, 60, 120, 140]))
    assert event.fraction == 0.75


def test_events_of_a_diverged_run(diverged: Recording) -> None:
    events = TimeBarPanel().measure(diverged, np.arange(diverged.n_snapshots))
    assert events == (Event(f"diverged at step {diverged.diverged_at}", 1.0),)


def test_large_steps_are_grouped(recording: Recording) -> None:
    class Long:
        steps = np.array([0, 390_000])
        targets = recording.targets
        solved_at = 390_000
        diverged_at = None

    (event,) = TimeBarPanel().measure(Long(), np.array([0, 1]))
    assert event.text == "4/4 correct from step 390,000"


def test_one_frame(recording: Recording) -> None:
    (event,) = TimeBarPanel().measure(recording, np.array([140]))
    assert event.fraction == 0


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


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
def test_event_texts_stay_in_the_place(fraction: float) -> None:
    event = Event("4/4 correct from step 69", fraction)
    paint = TimeBarPanel().attach(PLACE, (event,), THEMES["light"])
    (label,) = [artist for artist in paint.static if isinstance(artist, Label)]
    half = text_width_px(label.text, label.style) / 2
    assert PLACE.left <= label.x_px - half
    assert label.x_px + half <= PLACE.right
    assert label.y_px >= 0
