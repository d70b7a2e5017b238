from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from xorviz.artists.label import Label, text_width_px
from xorviz.artists.place import Place
from xorviz.panels.header import HeaderPanel, Readings, readings
from xorviz.recording import Recording
from xorviz.themes import THEMES
from xorviz.timeline import Frame

PLACE = Place(40, 484, 924, 532)


def of(artists) -> list[str]:
    return [artist.text for artist in artists]


def test_readings(recording: Recording) -> None:
    read = readings(recording)
    assert (read.title, read.description, read.n_points) == (recording.title, recording.description, 4)
    assert read.n_correct.shape == recording.steps.shape
    for k in (0, 63, 140):
        right = (recording.outputs(recording.inputs, k) > 0.5) == (recording.targets > 0.5)
        assert read.n_correct[k] == right.sum()
    np.testing.assert_array_equal(read.losses, recording.snapshot_losses)
    assert read.diverged_at is None


def test_words(show, recording: Recording) -> None:
    shown = show(HeaderPanel(), recording, place=PLACE, size=(960, 540))
    assert {"XOR", recording.description, "step", "loss"} == set(of(shown.paint.static))
    for k in (0, 63, 140):
        shown.at(k)
        assert of(shown.paint.dynamic) == [
            f"{recording.steps[k]}",
            f"{recording.snapshot_losses[k]:.3f}",
            f"{recording.n_correct(k)}/4 correct",
        ]


def test_all_correct_is_marked(show, recording: Recording) -> None:
    shown = show(HeaderPanel(), recording, place=PLACE, size=(960, 540))
    correct = shown.paint.dynamic[2]
    for k in (140, 0, 140):
        shown.at(k)
        accent = correct.style.color == THEMES["light"].class_texts[1]
        assert accent == (recording.n_correct(k) == 4)


def test_own_title(show, recording: Recording) -> None:
    texts = of(show(HeaderPanel(title="Mine"), recording, place=PLACE, size=(960, 540)).paint.static)
    assert "Mine" in texts
    assert "XOR" not in texts


def spans(labels: list[Label]) -> list[tuple[float, float, str]]:
    found = []
    for label in labels:
        width = text_width_px(label.text, label.style)
        left = label.x_px - {"left": 0, "center": 0.5, "right": 1}[label.align] * width
        found.append((left, left + width, label.text))
    return sorted(found)


@pytest.mark.parametrize(("n_steps", "loss"), [(140, 3.0), (2_000_000, 1e-12), (390_111, 123_456.0)])
@pytest.mark.parametrize("width", [300, 560, 884])
def test_words_never_run_into_each_other(recording: Recording, n_steps: int, loss: float, width: int) -> None:
    read = Readings(
        recording.title,
        recording.description,
        np.array([0, n_steps // 2, n_steps]),
        np.array([0.5, loss, np.nan]),
        np.array([0, 4, 2]),
        4,
        None,
    )
    place = Place(40, 484, 40 + width, 532)
    paint = HeaderPanel().attach(place, read, THEMES["light"])
    places = []
    for snapshot in range(3):
        paint.update(Frame(snapshot, snapshot, snapshot / 2, 40.0))
        found = spans([*paint.static, *paint.dynamic])
        if width >= 560:
            assert all(one[1] < other[0] for one, other in pairwise(found)), found
        assert found[-1][1] <= place.right + 0.01
        places.append([(label.x_px, label.y_px) for label in (*paint.static, *paint.dynamic)])
    # Slots do not move.
    assert places[0] == places[1] == places[2]


def test_description_is_left_out_where_there_is_no_room(recording: Recording) -> None:
    read = readings(recording)
    narrow = HeaderPanel().attach(Place(40, 0, 540, 40), read, THEMES["light"])
    assert recording.description not in of(narrow.static)
    wide = HeaderPanel().attach(Place(40, 0, 924, 40), read, THEMES["light"])
    assert recording.description in of(wide.static)


def test_a_long_title_does_not_run_into_the_numbers(recording: Recording) -> None:
    long = SimpleNamespace(**{**vars(readings_like(recording)), "title": "A title that somebody made very long " * 2})
    paint = HeaderPanel().attach(Place(40, 484, 724, 532), long, THEMES["light"])
    paint.update(Frame(0, 0, 0.0, 40.0))
    found = spans([*paint.static, *paint.dynamic])
    assert all(one[1] < other[0] for one, other in pairwise(found))


def readings_like(recording: Recording) -> SimpleNamespace:
    read = readings(recording)
    return SimpleNamespace(**{name: getattr(read, name) for name in read.__dataclass_fields__})
