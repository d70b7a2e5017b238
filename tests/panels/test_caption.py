from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label, TextStyle, text_width_px
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.defaults import experiment_for
from xorviz.panels import panel
from xorviz.panels._words.readings import Readings, readings
from xorviz.panels._words.template import VARIABLES, Piece, pieces_of, texts_of
from xorviz.panels.caption import CaptionPanel
from xorviz.problems import moons, sine
from xorviz.recordings.recording import Recording
from xorviz.recordings.scores import Scores, share_text
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import Frame

PLACE = Place(40, 100, 640, 220)
READ = Readings(
    "XOR",
    "2–2–1 sigmoid",
    7,
    np.array([0, 1000, 12000]),
    np.array([0, 250, 3000]),
    np.array([0.75, 2e-5, np.nan]),
    np.array([2, 4, 3]),
    4,
    ((1, "plateau ends"), (30, "all correct")),
)


def spans(labels: list[Label]) -> list[tuple[float, float, str]]:
    found = []
    for label in labels:
        if label.text:
            width = text_width_px(label.text, label.style)
            left = label.x_px - {"left": 0, "center": 0.5, "right": 1}[label.align] * width
            found.append((left, left + width, label.text))
    return sorted(found)


def attached(text: str, read: Readings = READ, place: Place = PLACE, **options):
    """said(snapshot, …): the labels at a frame, from left to right."""
    paint = CaptionPanel(text=text, **options).attach(place, read, THEMES["light"])

    def said(snapshot: int = 0, index: int = 0, interval_ms: float = 40.0) -> list[tuple[float, float, str]]:
        paint.update(Frame(index, snapshot, 0.0, interval_ms, interval_ms))
        return spans([*paint.static, *paint.dynamic])

    return said


def words(found: list[tuple[float, float, str]]) -> str:
    return " ".join("".join(text for _, _, text in found).split())


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{step}", ["0", "1,000", "12,000"]),
        ("{step:d}", ["0", "1000", "12000"]),
        ("{epoch}", ["0", "250", "3,000"]),
        ("{loss}", ["0.750", "2.0e−5", "–"]),
        ("{loss:.4f}", ["0.7500", "0.0000", "–"]),
        ("{loss:.1e}", ["7.5e−01", "2.0e−05", "–"]),
        ("{accuracy}", ["0.50", "1.00", "0.75"]),
        ("{accuracy:.0%}", ["50%", "100%", "75%"]),
        ("{correct}", ["2", "4", "3"]),
        ("{n}", ["4"]),
        ("{seed}", ["7"]),
        ("{title}", ["XOR"]),
        ("{description}", ["2–2–1 sigmoid"]),
        ("{event}", ["plateau ends", "all correct"]),
        ("plain", ["plain"]),
    ],
)
def test_what_a_variable_says(template: str, expected: list[str]) -> None:
    (piece,) = pieces_of(template, argument="text")
    assert texts_of(piece, READ) == expected


@pytest.fixture(scope="module")
def regression() -> Recording:
    return xorviz.train(experiment_for(sine(n_points=20, seed=1).split(0.25), hidden=(4,), n_steps=30))


@pytest.mark.parametrize(("name", "of"), [("r2", "r_squared"), ("rmse", "rmse"), ("validation", "validation_score")])
def test_scores_of_a_regression(regression: Recording, name: str, of: str) -> None:
    read = readings(regression, np.arange(3), with_events=False)
    values = getattr(Scores(regression), of)
    assert texts_of(Piece(name=name, spec=".4f"), read) == [f"{value:.4f}".replace("-", "−") for value in values]
    assert len(values) == regression.n_snapshots


def test_scores_in_the_usual_way(regression: Recording) -> None:
    read = readings(regression, np.arange(3), with_events=False)
    values = Scores(regression)
    assert texts_of(Piece(name="r2"), read) == [share_text(value) for value in values.r_squared]
    assert texts_of(Piece(name="validation"), read)[0] == share_text(values.validation_score[0])
    assert texts_of(Piece(name="rmse"), read)[-1] == f"{values.rmse[-1]:.3f}"


def test_a_share_of_validation_points() -> None:
    run = xorviz.train(experiment_for(moons(n_points=20, seed=1).split(0.25), hidden=(2,), n_steps=5))
    read = readings(run, np.arange(3), with_events=False)
    shares = Scores(run).validation_score
    assert texts_of(Piece(name="validation", spec=".0%"), read) == [f"{share:.0%}" for share in shares]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("r2", "{r2} must be asked of a regression; this run tells classes apart. Write {accuracy}."),
        ("rmse", "{rmse} must be asked of a regression; this run tells classes apart. Write {accuracy}."),
        (
            "validation",
            "{validation} must be asked of a run with validation points; this one has none. "
            "Keep some: --validation 0.25, or problem.split(0.25).",
        ),
    ],
)
def test_scores_that_a_run_does_not_have(recording: Recording, name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        texts_of(Piece(name=name), readings(recording, np.arange(3), with_events=False))
    assert str(caught.value) == message
    with pytest.raises(UsageError) as caught:
        texts_of(Piece(name=name), READ)
    assert (
        str(caught.value)
        == f"{{{name}}} must be asked of one run; above several there are {{loss}}, {{correct}} and {{n}}."
    )


def test_no_seed() -> None:
    assert texts_of(Piece(name="seed"), replace(READ, seed=None)) == ["–"]


def test_pieces() -> None:
    pieces = pieces_of("a {step:,}{loss} {{b}}", argument="text")
    assert pieces[:3] == (Piece("a "), Piece(name="step", spec=","), Piece(name="loss"))
    assert "".join(piece.text for piece in pieces[3:]) == " {b}"
    assert [piece.name for piece in pieces[3:]] == [""] * len(pieces[3:])
    assert pieces_of("", argument="text") == ()


ALLOWED = ", ".join(VARIABLES)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{loss.__class__}", f"text's {{variables}} must be one of {ALLOWED}; got 'loss.__class__'."),
        ("{loss[0]}", f"text's {{variables}} must be one of {ALLOWED}; got 'loss[0]'. Did you mean 'loss'?"),
        ("{}", f"text's {{variables}} must be one of {ALLOWED}; got ''."),
        ("{0}", f"text's {{variables}} must be one of {ALLOWED}; got '0'."),
        ("{stpe}", f"text's {{variables}} must be one of {ALLOWED}; got 'stpe'. Did you mean 'step'?"),
        (
            "{loss!r}",
            "text must write {loss} with a number's format, such as {loss:.4f}; got '{loss!r}'.",
        ),
        (
            "{loss:>1000000000}",
            "text must write {loss} with a number's format, such as {loss:.4f}; got '{loss:>1000000000}'.",
        ),
        (
            "{loss:{step}}",
            "text must write {loss} with a number's format, such as {loss:.4f}; got '{loss:{step}}'.",
        ),
        (
            "{loss:.999f}",
            "text must write {loss} with a number's format, such as {loss:.4f}; got '{loss:.999f}'.",
        ),
        ("{loss:d}", "text must write {loss} with a number's format, such as {loss:.4f}; got '{loss:d}'."),
        ("{step:.2d}", "text must write {step} with a number's format, such as {step:,}; got '{step:.2d}'."),
        (
            "{accuracy:s}",
            "text must write {accuracy} with a number's format, such as {accuracy:.0%}; got '{accuracy:s}'.",
        ),
        ("{title:>9}", "text must write {title} without a format; got '{title:>9}'."),
        ("{step", "text must close every { and write a brace twice; got '{step'."),
        ("step}", "text must close every { and write a brace twice; got 'step}'."),
    ],
)
def test_refused(template: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        CaptionPanel(text=f"first line\n{template}")
    assert str(caught.value) == message


def test_refused_in_a_recipe() -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": "caption", "text": "{losss}"}, where="panels.caption")
    assert str(caught.value).startswith("panels.caption (caption) must be valid: text's {variables} must be one of ")


def test_what_it_says_by_itself(show, recording: Recording) -> None:
    shown = show(CaptionPanel(), recording, place=PLACE, size=(700, 300))
    for k in (0, 63, 140):
        shown.at(k)
        found = [text for _, _, text in spans([*shown.paint.static, *shown.paint.dynamic])]
        loss, n_correct = f"{recording.snapshot_losses[k]:.4f}", str(recording.n_correct(k))
        assert sorted(found) == sorted(["step ", str(k), "loss ", loss, n_correct, "/4", " correct"])


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_nothing_moves_beside_a_number(align: str) -> None:
    said = attached("step {step}, loss {loss:.3f} and {correct}/{n} correct", align=align)
    found = [said(snapshot) for snapshot in range(3)]
    still = ["step ", " loss ", " and ", " correct"]
    places = [[left for left, _, text in one if text in still] for one in found]
    assert len(places[0]) == 4
    assert places[0] == places[1] == places[2]
    for one in found:
        assert all(a[1] <= b[0] + 0.01 for a, b in pairwise(one)), one
    assert words(found[1]) == "step 1,000, loss 0.000 and 4/4 correct"


def test_numbers_follow_their_words_from_the_left_and_precede_them_from_the_right() -> None:
    from_left, from_right = (attached("a {step} b", align=align)(0) for align in ("left", "right"))
    assert from_left[0][1] == pytest.approx(from_left[1][0])
    assert from_left[1][1] < from_left[2][0] - 10
    assert from_right[1][1] == pytest.approx(from_right[2][0])
    assert from_right[0][1] < from_right[1][0] - 10
    assert from_left[0][0] == PLACE.left
    assert from_right[-1][1] == pytest.approx(PLACE.right)


def test_what_touches_a_number_moves_with_it() -> None:
    said = attached("({step}) end")
    for snapshot in range(3):
        found = said(snapshot)
        assert [text for _, _, text in found] == ["(", f"{READ.steps[snapshot]:,}", ")", " end"]
        assert found[1][1] == pytest.approx(found[2][0])


def test_an_event_is_said_for_as_long_as_it_takes_to_read() -> None:
    said = attached("{event}")
    # 1.6 s are 40 frames of 40 ms; the second event takes the place of the first.
    at = {index: words(said(0, index)) for index in (0, 1, 29, 30, 69, 70)}
    assert at == {0: "", 1: "plateau ends", 29: "plateau ends", 30: "all correct", 69: "all correct", 70: ""}
    assert words(said(0, 16, interval_ms=100.0)) == "plateau ends"
    assert words(said(0, 17, interval_ms=100.0)) == ""


def test_what_touches_an_event_is_said_with_it() -> None:
    said = attached("{event}!")
    assert words(said(0, 0)) == ""
    assert words(said(0, 1)) == "plateau ends!"


def test_an_event_is_said_from_the_first_frame_that_shows_it(recording: Recording) -> None:
    assert recording.solved_at == 69
    shown = np.array([0, 30, 60, 90, 140])
    assert readings(recording, shown, with_events=True).events == ((3, "4/4 correct from step 69"),)
    assert readings(recording, shown[:3], with_events=True).events == ()
    assert CaptionPanel(text="{event}").measure(recording, shown).events == ((3, "4/4 correct from step 69"),)
    assert CaptionPanel(text="{step}").measure(recording, shown).events == ()


def test_epochs_of_a_run_of_single_points() -> None:
    run = xorviz.train("online")
    read = readings(run, np.arange(3), with_events=False)
    assert run.n_steps == 40_000
    assert (read.epochs[0], read.epochs[1], read.epochs[-1]) == (0, 1, 10_000)


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("size", [(600, 120), (150, 60), (60, 30)])
def test_text_is_set_smaller_until_it_fits(size: tuple[int, int], align: str) -> None:
    place = Place(40, 100, 40 + size[0], 100 + size[1])
    text = "step {step}, loss {loss:.3f}\n{event}"
    paint = CaptionPanel(text=text, size_pt=30, align=align).attach(place, READ, THEMES["light"])
    labels = [*paint.static, *paint.dynamic]
    assert len({label.style for label in labels}) == 1
    style = labels[0].style
    assert 7 <= style.size_px <= 30
    if size[0] > 100:
        for snapshot in range(3):
            paint.update(Frame(1, snapshot, 0.0, 40.0))
            found = spans(labels)
            assert found[0][0] >= place.left - 0.01
            assert max(right for _, right, _ in found) <= place.right + 0.01
    if size == (600, 120):
        assert style.size_px == 30


def test_lines_stand_in_the_middle() -> None:
    paint = CaptionPanel(text="one\ntwo\n", size_pt=20).attach(PLACE, READ, THEMES["light"])
    one, two = paint.static
    assert one.y_px - two.y_px == pytest.approx(1.35 * 20)
    top, bottom = one.y_px + 0.66 * 20, two.y_px
    assert PLACE.top - top == pytest.approx(bottom - PLACE.bottom)


def test_options_arrive() -> None:
    made = panel({"kind": "caption", "text": "a", "size_pt": 12.0, "weight": "Bold", "align": "center"})
    paint = made.attach(PLACE, READ, THEMES["dark"])
    assert paint.static[0].style == TextStyle(12.0, THEMES["dark"].ink, "Bold")
    for refused in ({"size_pt": 3}, {"weight": "Black"}, {"align": "middle"}):
        with pytest.raises(UsageError, match=next(iter(refused))):
            panel({"kind": "caption", **refused})
