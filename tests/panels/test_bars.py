from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.rectangles import Rectangles
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels.bars import BarsPanel, _Bars
from xorviz.problems import Problem
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import theme

PLACE = Place(60, 40, 360, 240)
SIZE = (420, 280)


def trained(n_points: int, *, n_outputs: int = 1, n_steps: int = 20) -> Recording:
    generator = np.random.default_rng(4)
    inputs = generator.random((n_points, 2))
    targets = np.stack([(inputs[:, 0] > 0.5) * 1.0] * n_outputs, axis=-1)
    problem = Problem(name="cloud", inputs=inputs, targets=targets, bounds=((0, 1), (0, 1)))
    network = Network(widths=(2, 3, n_outputs), activations=("tanh", "sigmoid"))
    return xorviz.train(Experiment(network=network, problem=problem, stopping=Stopping(n_steps=n_steps)))


def of(shown, kind: type, *, static: bool = False) -> list:
    return [a for a in (shown.paint.static if static else shown.paint.dynamic) if type(a) is kind]


def bars_by_row(shown) -> dict[float, tuple[int, float, float]]:
    """Class, left and right of the bar at each height, from the uppermost down."""
    found = {}
    for a_class, rectangles in enumerate(of(shown, Rectangles)):
        for left, bottom, right, top in rectangles.boxes:
            found[(bottom + top) / 2] = (a_class, left, right)
    return dict(sorted(found.items(), reverse=True))


def test_bars_numbers_and_signs_of_each_frame(show, recording: Recording) -> None:
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    (tracks,) = of(shown, Rectangles, static=True)
    zero, one = tracks.boxes[0][[0, 2]]
    targets = recording.targets[:, 0]
    for k in (0, 66, 140):
        shown.at(k)
        outputs = recording.outputs(recording.inputs, k)[:, 0]
        rows = list(bars_by_row(shown).values())
        np.testing.assert_allclose([right for _, _, right in rows], zero + outputs * (one - zero))
        assert [left for _, left, _ in rows] == [zero] * 4
        assert [a_class for a_class, _, _ in rows] == (outputs > 0.5).astype(int).tolist()
        texts = [label.text for label in of(shown, Label)]
        assert texts[:4] == [f"{output:.2f}" for output in outputs]
        is_right = (outputs > 0.5) == (targets > 0.5)
        assert texts[4:8] == ["✓" if right else "" for right in is_right]
        assert texts[8:] == ["" if right else "×" for right in is_right]
    assert is_right.all()


def test_rows_of_the_table(show, recording: Recording) -> None:
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    shown.at(0)
    heights = list(bars_by_row(shown))
    static = of(shown, Label, static=True)
    rows = [sorted((a.x_px, a.text) for a in static if abs(a.y_px + 5 - y) < 5) for y in heights]
    assert [[text for _, text in row] for row in rows] == [["0", "0"], ["0", "1"], ["1", "0"], ["1", "1"]]
    heads = [a.text for a in sorted(static, key=lambda a: a.x_px) if a.y_px == PLACE.top + 9]
    assert heads == ["x₁", "x₂", "output"]
    squares, circles = of(shown, Markers, static=True)
    np.testing.assert_allclose(np.asarray(squares.points)[:, 1], [heights[0], heights[3]], atol=1)
    np.testing.assert_allclose(np.asarray(circles.points)[:, 1], [heights[1], heights[2]], atol=1)


def test_half_and_targets_are_marked_over_the_bars(show, recording: Recording) -> None:
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    (tracks,) = of(shown, Rectangles, static=True)
    zero, one = tracks.boxes[0][[0, 2]]
    half, targets = of(shown, Polylines)
    assert half.lines[0][:, 0].tolist() == [(zero + one) / 2] * 2
    assert [line[0, 0] for line in targets.lines] == [zero, one, one, zero]
    for line, box in zip(targets.lines, tracks.boxes, strict=True):
        assert line[0, 1] < box[1] < box[3] < line[1, 1]
    kinds = [type(a) for a in shown.paint.dynamic]
    assert kinds.index(Polylines) > kinds.index(Rectangles)


def test_outputs_outside_widen_the_axis(show, outside: Recording) -> None:
    """Outputs 5x + 2.5y − 3 at the corners: −3, −0.5, 2, 4.5; no more than −1..2 is shown."""
    measured = BarsPanel().measure(outside, np.arange(2))
    assert measured.limits == (-1.0, 2.0)
    shown = show(BarsPanel(), outside, place=PLACE, size=SIZE)
    shown.at(0)
    (tracks,) = of(shown, Rectangles, static=True)
    zero, one = tracks.boxes[0][[0, 2]]
    unit = one - zero
    rows = [(left, right) for _, left, right in bars_by_row(shown).values()]
    expected = [(zero - unit, zero), (zero - 0.5 * unit, zero), (zero, zero + 2 * unit), (zero, zero + 2 * unit)]
    np.testing.assert_allclose(rows, expected, atol=1e-6)
    assert [label.text for label in of(shown, Label)][:4] == ["−3.00", "−0.50", "2.00", "4.50"]
    below = [a.text for a in of(shown, Label, static=True) if a.y_px < PLACE.bottom + 30]
    assert below == ["−1", "0", "1", "2"]


def test_what_is_no_number_has_no_bar_and_what_is_beyond_ends_at_the_side() -> None:
    bars = _Bars(Place(0, 0, 300, 40), (-1.0, 2.0), np.arange(8.0).reshape(4, 2), theme("light"))
    bars.set_outputs(np.array([np.nan, np.inf, -np.inf, 0.3]))
    blue, orange = (a.boxes for a in bars.moving if isinstance(a, Rectangles))
    np.testing.assert_allclose(blue[:, [0, 2]], [[100, 100], [0, 100], [100, 130]])
    np.testing.assert_allclose(orange[:, [0, 2]], [[100, 300]])


def test_diverged(show, diverged: Recording) -> None:
    """Outputs beyond any number of the axis, one of them on its target's side: far off still counts."""
    shown = show(BarsPanel(), diverged, place=PLACE, size=SIZE)
    shown.at(-1)
    outputs = diverged.outputs(diverged.inputs)[:, 0]
    assert np.abs(outputs).min() > 1e4
    is_right = (outputs > 0.5) == (diverged.targets[:, 0] > 0.5)
    assert [label.text for label in of(shown, Label)][8:] == ["" if right else "×" for right in is_right]


def test_thirty_two_points_have_text_and_more_do_not(show) -> None:
    tall = Place(60, 40, 360, 440)
    few = show(BarsPanel(), trained(32), place=tall, size=(420, 480))
    few.at(0)
    labels = of(few, Label)
    assert len(labels) == 96
    sizes = {label.style.size_px for label in labels}
    assert min(sizes) >= 7
    numbers = sorted(label.y_px for label in labels[:32])
    assert np.diff(numbers).min() > 0.75 * min(sizes)
    many = show(BarsPanel(), trained(33), place=tall, size=(420, 480))
    assert of(many, Label) == []


def test_many_points_are_sorted_by_target_then_by_what_becomes_of_them(show) -> None:
    recording = trained(300)
    measured = BarsPanel().measure(recording, np.arange(2))
    targets, last = recording.targets[measured.order, 0], recording.outputs(recording.inputs)[measured.order, 0]
    assert (np.diff(targets) >= 0).all()
    assert (np.diff(last[targets == 0]) >= 0).all()
    assert (np.diff(last[targets == 1]) >= 0).all()
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    shown.at(-1)
    (tracks,) = of(shown, Rectangles, static=True)
    boxes = tracks.boxes
    # More points than rows of pixels: one row a pixel, from the top of the place to its bottom.
    assert boxes.shape == (200, 4)
    np.testing.assert_array_equal(boxes[:, 3], np.arange(240, 40, -1))
    np.testing.assert_array_equal(boxes[:, 3] - boxes[:, 1], 1)
    assert "output at 200 of 300 points" in [a.text for a in of(shown, Label, static=True)]
    squares, circles = (np.asarray(markers.points) for markers in of(shown, Markers, static=True))
    assert squares[0, 1] > circles[0, 1]
    zero, one = boxes[0, [0, 2]]
    rights = np.array([right for _, _, right in bars_by_row(shown).values()])
    chosen = np.linspace(0, 299, 200).round().astype(int)
    np.testing.assert_allclose(rights, zero + last[chosen] * (one - zero))


def test_rows_of_several_pixels_fill_the_place(show) -> None:
    shown = show(BarsPanel(), trained(77), place=PLACE, size=SIZE)
    (tracks,) = of(shown, Rectangles, static=True)
    np.testing.assert_array_equal(tracks.boxes[1:, 3], tracks.boxes[:-1, 1])
    assert (tracks.boxes[0, 3], tracks.boxes[-1, 1]) == (PLACE.top, PLACE.bottom)
    assert set((tracks.boxes[:, 3] - tracks.boxes[:, 1]).tolist()) == {2.0, 3.0}


def test_the_first_of_several_outputs(show) -> None:
    recording = trained(5, n_outputs=3)
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    shown.at(0)
    assert "output 1 of 3" in [a.text for a in of(shown, Label, static=True)]
    outputs = recording.outputs(recording.inputs, 0)[:, 0]
    assert [a.text for a in of(shown, Label)][:5] == [f"{output:.2f}" for output in outputs]


def test_inputs_of_a_column_have_as_many_places(show) -> None:
    problem = Problem(name="a", inputs=[[0.5, 3], [0.125, -1]], targets=[[0.0], [1.0]], bounds=((0, 1), (0, 1)))
    network = Network(widths=(2, 2, 1), activations=("tanh", "sigmoid"))
    recording = xorviz.train(Experiment(network=network, problem=problem, stopping=Stopping(n_steps=2)))
    shown = show(BarsPanel(), recording, place=PLACE, size=SIZE)
    texts = [a.text for a in of(shown, Label, static=True)]
    assert texts[:6] == ["x₁", "0.50", "0.12", "x₂", "3", "−1"]


@pytest.mark.parametrize("n_points", [1, 4, 20])
def test_text_stays_in_the_place(show, n_points: int) -> None:
    shown = show(BarsPanel(), trained(n_points), place=PLACE, size=SIZE)
    shown.at(0)
    ys = [a.y_px for a in of(shown, Label)]
    assert PLACE.bottom <= min(ys) <= max(ys) <= PLACE.top
