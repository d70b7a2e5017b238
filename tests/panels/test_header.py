from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from xorviz.artists.label import Label, text_width_px
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels import panel
from xorviz.panels._words.readings import Readings
from xorviz.panels.header import HeaderPanel
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import Frame

PLACE = Place(40, 484, 924, 532)


def of(artists) -> list[str]:
    return [artist.text for artist in artists]


def read_of(recording: Recording) -> Readings:
    return HeaderPanel().measure(recording, np.arange(recording.n_snapshots))


def test_readings(recording: Recording) -> None:
    read = read_of(recording)
    assert (read.title, read.description, read.n_points) == (recording.title, recording.description, 4)
    assert read.n_correct.shape == recording.steps.shape
    for k in (0, 63, 140):
        right = (recording.outputs(recording.inputs, k) > 0.5) == (recording.targets > 0.5)
        assert read.n_correct[k] == right.sum()
    np.testing.assert_array_equal(read.losses, recording.snapshot_losses)
    assert read.events == ()


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
    steps = np.array([0, n_steps // 2, n_steps])
    read = replace(read_of(recording), steps=steps, losses=np.array([0.5, loss, np.nan]), n_correct=np.array([0, 4, 2]))
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
    read = read_of(recording)
    narrow = HeaderPanel().attach(Place(40, 0, 540, 40), read, THEMES["light"])
    assert recording.description not in of(narrow.static)
    wide = HeaderPanel().attach(Place(40, 0, 924, 40), read, THEMES["light"])
    assert recording.description in of(wide.static)


def test_a_long_title_does_not_run_into_the_numbers(recording: Recording) -> None:
    long = replace(read_of(recording), title="A title that somebody made very long " * 2)
    paint = HeaderPanel().attach(Place(40, 484, 724, 532), long, THEMES["light"])
    paint.update(Frame(0, 0, 0.0, 40.0))
    found = spans([*paint.static, *paint.dynamic])
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_a_title_with_variables(show, recording: Recording) -> None:
    header = HeaderPanel(title="{title} after {step} of 140 steps")
    shown = show(header, recording, place=PLACE, size=(960, 540))
    for k in (0, 63, 140):
        shown.at(k)
        found = [text.strip() for _, _, text in spans([*shown.paint.static, *shown.paint.dynamic])]
        assert found[:3] == ["XOR after", str(k), "of 140 steps"]
        # The step is not said again on the right.
        assert found[-2:] == ["loss", f"{recording.snapshot_losses[k]:.3f}"]
        assert "step" not in found


@pytest.mark.parametrize(
    ("title", "left_out"),
    [
        ("{loss:.2f}", {"loss"}),
        ("{correct}/{n}", {"correct"}),
        ("{description}", {"description"}),
        ("{step} {loss} {correct} {description}", {"step", "loss", "correct", "description"}),
        ("step", set()),
    ],
)
def test_what_the_title_says_is_not_said_again(show, recording: Recording, title: str, left_out: set[str]) -> None:
    shown = show(HeaderPanel(title=title), recording, place=Place(40, 484, 1224, 532), size=(1300, 540))
    shown.at(70)
    plain = [artist for artist in (*shown.paint.static, *shown.paint.dynamic) if artist.style.weight != "Bold"]
    texts = of(plain) + [text for text in of(shown.paint.static) if text == "step" and title != "step"]
    if title == "step":
        texts += of(shown.paint.static)
    said = {"step": "step", "loss": "loss", "correct": "4/4 correct", "description": recording.description}
    assert {name for name, text in said.items() if text not in texts} == left_out


def test_a_title_with_variables_that_is_too_long_is_set_smaller(show, recording: Recording) -> None:
    header = HeaderPanel(title="A title of the run that is rather long, at iteration {step}")
    shown = show(header, recording, place=Place(40, 484, 500, 532), size=(540, 540))
    shown.at(140)
    found = spans([*shown.paint.static, *shown.paint.dynamic])
    assert all(one[1] < other[0] + 0.5 for one, other in pairwise(found)), found
    assert found[1][2] == "140"


def test_a_title_with_unknown_variables_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": "header", "title": "step {stpe}"})
    assert str(caught.value) == (
        "panel (header) must be valid: title's {variables} must be one of step, epoch, loss, correct, n, accuracy, "
        "r2, rmse, validation, event, title, description, seed; got 'stpe'. Did you mean 'step'?."
    )
