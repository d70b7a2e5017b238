"""Curves over steps: the numbers, their limits, and what of them is uncovered when."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from xorviz.artists.label import Label
from xorviz.artists.lines import Markers, Polylines
from xorviz.artists.place import Place
from xorviz.artists.reveal import Reveal
from xorviz.panels._traces.labels import _names, _part_ticks
from xorviz.panels._traces.positions import curve_px, x_px, y_px
from xorviz.panels._traces.trace import Trace, TraceMeasured, limits_of
from xorviz.panels.accuracy import AccuracyPanel
from xorviz.panels.loss import LossPanel
from xorviz.panels.norms import GradientPanel, ParameterPanel
from xorviz.panels.updates import UpdateRatioPanel
from xorviz.recordings.recording import Recording

PLACE = Place(60, 50, 240, 170)
SCALED = [LossPanel(), GradientPanel(), ParameterPanel()]
PANELS = [*SCALED, AccuracyPanel(), UpdateRatioPanel(), ParameterPanel(by="parameter"), GradientPanel(by="parameter")]


def name_of(panel) -> str:
    return f"{panel.kind}-by-parameter" if getattr(panel, "by", "") == "parameter" else panel.kind


def curve(values, steps=None, **more) -> Trace:
    values = np.asarray(values, dtype=float)
    return Trace("", np.arange(len(values), dtype=float) if steps is None else steps, values, values, **more)


def measure(panel, recording: Recording) -> TraceMeasured:
    return panel.measure(recording, np.arange(recording.n_snapshots))


def texts(shown) -> list[str]:
    return [artist.text for artist in shown.paint.static if isinstance(artist, Label)]


def test_loss_is_that_of_every_step_and_of_the_final_parameters(recording: Recording) -> None:
    measured = measure(LossPanel(), recording)
    (trace,) = measured.traces
    assert trace.steps.tolist() == list(range(141))
    np.testing.assert_array_equal(trace.values[:-1], recording.loss)
    assert trace.values[-1] == recording.final_loss
    np.testing.assert_array_equal(trace.at_snapshots, recording.snapshot_losses)
    assert (measured.scale, measured.steps, measured.diverged_at) == ("linear", "linear", None)
    low, high = measured.limits
    assert low == 0
    assert recording.loss.max() < high < 1.1 * recording.loss.max()


def test_gradient_norms_by_layer(recording: Recording) -> None:
    hidden, output = measure(GradientPanel(), recording).traces
    assert (hidden.name, output.name) == ("hidden", "output")
    assert (hidden.tone, output.tone) == (0, 1)
    for k in (0, 17, 140):
        for trace, layer in ((hidden, 1), (output, 2)):
            both = [*recording.gradients[f"W{layer}"][k].ravel(), *recording.gradients[f"b{layer}"][k]]
            assert trace.values[k] == pytest.approx(np.linalg.norm(both), rel=1e-12)
            assert trace.at_snapshots[k] == trace.values[k]
    np.testing.assert_array_equal(hidden.steps, recording.steps)


def test_parameter_norms_by_layer(two_hidden: Recording) -> None:
    traces = measure(ParameterPanel(), two_hidden).traces
    assert [trace.name for trace in traces] == ["hidden 1", "hidden 2", "output"]
    for layer, trace in enumerate(traces, start=1):
        arrays = [two_hidden.parameters[f"{name}{layer}"][-1].ravel() for name in "Wb"]
        assert trace.values[-1] == pytest.approx(np.sqrt((np.concatenate(arrays) ** 2).sum()))


def test_norms_without_hidden_layers_or_biases(outside: Recording, recording: Recording) -> None:
    norms = outside.layer_norms("parameters")
    assert list(norms) == ["output"]
    assert norms["output"][0] == pytest.approx(np.sqrt(5**2 + 2.5**2 + 3**2))
    np.testing.assert_array_equal(recording.network.layer_norms(np.zeros((2, 9))), [[0, 0], [0, 0]])


@pytest.mark.parametrize("panel", SCALED, ids=name_of)
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_limits_show_every_value(recording: Recording, panel, scale: str) -> None:
    measured = measure(dataclasses.replace(panel, scale=scale), recording)
    assert measured.scale == scale
    low, high = measured.limits
    values = np.concatenate([trace.values for trace in measured.traces])
    assert low <= values.min()
    assert values.max() < high
    ys = y_px(PLACE, measured, values)
    assert PLACE.bottom <= ys.min()
    assert ys.max() <= PLACE.top
    # The limits do not depend on which of the snapshots are shown.
    some = panel.__class__(scale=scale).measure(recording, np.array([0, 5, 140]))
    assert some.limits == measured.limits


def test_auto_scale_of_the_loss(recording: Recording) -> None:
    class Falling:
        def __init__(self, last: float) -> None:
            self.loss = np.array([1.0, 0.3])
            self.snapshot_losses = np.array([1.0, last])
            self.steps, self.loss_steps = np.array([0, 2]), np.arange(2)
            self.validation_inputs = np.empty((0, 2))
            self.diverged_at = None

    for last, scale in ((0.006, "linear"), (0.004, "log"), (0.0, "linear")):
        assert LossPanel().measure(Falling(last), np.array([0, 1])).scale == scale
    assert LossPanel(scale="log").measure(recording, np.array([0, 1])).scale == "log"


def test_steps_are_logarithmic_where_half_of_the_animation_is_over_early(recording: Recording) -> None:
    panel = LossPanel()
    assert panel.measure(recording, np.array([0, 70, 140])).steps == "linear"
    assert panel.measure(recording, np.array([0, 11, 140])).steps == "log"
    assert panel.measure(recording, np.array([0, 12, 140])).steps == "linear"


def test_positions(recording: Recording) -> None:
    linear = measure(LossPanel(), recording)
    np.testing.assert_allclose(x_px(PLACE, linear, [0, 70, 140]), [60, 150, 240])
    crowded = dataclasses.replace(linear, middle_step=0.0, scale="log", limits=(0.01, 1.0))
    np.testing.assert_allclose(x_px(PLACE, crowded, [0, np.sqrt(141) - 1, 140]), [60, 150, 240])
    ys = y_px(PLACE, crowded, np.array([0.01, 0.1, 1.0, 1e-9, 0.0, -1.0, np.nan]))
    np.testing.assert_allclose(ys, [50, 110, 170, 50, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(y_px(PLACE, linear, np.array(linear.limits)), [50, 170])


def test_curves_break_at_gaps(recording: Recording) -> None:
    measured = measure(LossPanel(), recording)
    values = np.array([1.0, 2.0, np.nan, 1.0, np.inf, 1.0, 1.5, 2.0])
    pieces = curve_px(PLACE, measured, curve(values))
    expected = x_px(PLACE, measured, [[0, 1], [5, 7]])
    assert [(piece[0, 0], piece[-1, 0]) for piece in pieces] == [tuple(row) for row in expected]
    assert all(np.isfinite(piece).all() for piece in pieces)
    assert curve_px(PLACE, measured, curve(np.full(3, np.nan))) == []


def test_long_curves_keep_their_extremes(recording: Recording) -> None:
    """A single spike among a million steps stays, and so does every column's highest and lowest value."""
    measured = dataclasses.replace(measure(LossPanel(), recording), last_step=999_999.0, middle_step=5e5)
    values = 1 + 0.5 * np.sin(np.arange(1e6) / 3)
    values[765_432] = 3.0
    (line,) = curve_px(PLACE, measured, curve(values))
    assert len(line) < 40 * PLACE.width
    assert (np.diff(line[:, 0]) >= 0).all()
    assert line[:, 1].max() == pytest.approx(y_px(PLACE, measured, np.array([3.0]))[0])
    assert line[0, 0] == PLACE.left
    assert line[-1, 0] == pytest.approx(PLACE.right)
    column = line[np.abs(line[:, 0] - 100) < 1]
    np.testing.assert_allclose(
        [column[:, 1].min(), column[:, 1].max()], y_px(PLACE, measured, np.array([0.5, 1.5])), atol=0.1
    )


def test_long_curves_keep_their_gaps(recording: Recording) -> None:
    measured = dataclasses.replace(measure(LossPanel(), recording), last_step=99_999.0, middle_step=5e4)
    values = np.ones(100_000)
    values[40_000:60_000] = np.nan
    before, after = curve_px(PLACE, measured, curve(values))
    gap = x_px(PLACE, measured, [40_000, 60_000])
    assert [before[-1, 0], after[0, 0]] == pytest.approx(gap.tolist(), abs=1)


@pytest.mark.parametrize("panel", PANELS, ids=name_of)
def test_dots_stand_at_the_present_and_the_curve_is_strong_up_to_it(show, recording: Recording, panel) -> None:
    shown = show(panel, recording, place=PLACE)
    measured = measure(panel, recording)
    dots = [artist for artist in shown.paint.dynamic if isinstance(artist, Markers)]
    (reveal,) = [artist for artist in shown.paint.dynamic if isinstance(artist, Reveal)]
    end = shown.at(-1)
    for k in (0, 33, 140):
        picture = shown.at(k)
        x = x_px(PLACE, measured, float(recording.steps[k]))
        assert reveal.edge_px == x
        for dot, trace in zip(dots, measured.traces, strict=True):
            np.testing.assert_allclose(dot.points, [[x, y_px(PLACE, measured, trace.values[[k]])[0]]])
        # Right of the dots everything is faint, left of them strong.
        np.testing.assert_array_equal(picture[:, int(x) + 8 :], shown.static[:, int(x) + 8 :])
        left = max(int(x) - 8, 0)
        np.testing.assert_array_equal(picture[:, :left], end[:, :left])


def test_diverged_run_has_a_gap_and_says_where(show, diverged: Recording) -> None:
    for panel in PANELS:
        measured = measure(panel, diverged)
        assert measured.diverged_at == diverged.diverged_at
        assert np.isfinite(measured.limits).all()
        shown = show(panel, diverged, place=PLACE)
        assert f"diverged at step {diverged.diverged_at}" in texts(shown)
        (dots, *_) = [artist for artist in shown.paint.dynamic if isinstance(artist, Markers)]
        shown.at(-1)
        assert np.asarray(dots.points).shape == (1, 2)
    (trace,) = measure(LossPanel(), diverged).traces
    assert not np.isfinite(trace.values[-1])
    last = np.flatnonzero(np.isfinite(trace.values))[-1]
    (line,) = curve_px(PLACE, measure(LossPanel(), diverged), trace)
    assert line[-1, 0] == pytest.approx(x_px(PLACE, measure(LossPanel(), diverged), trace.steps[last]))


def test_the_mark_of_a_divergence_stays_in_the_place(show, diverged: Recording) -> None:
    shown = show(LossPanel(), diverged, place=PLACE)
    label = next(a for a in shown.paint.static if isinstance(a, Label) and a.text.startswith("diverged"))
    # The run ends there, so that the text can only lie on the left.
    assert label.align == "right"
    assert label.x_px < PLACE.right


def test_a_loss_of_zero(show, solved_exactly: Recording) -> None:
    """Nothing a logarithm could show: the limits are still usable, and nothing warns."""
    for panel in (LossPanel(scale="log"), LossPanel(), GradientPanel(), ParameterPanel(scale="log")):
        low, high = measure(panel, solved_exactly).limits
        assert np.isfinite([low, high]).all()
        assert low < high
        show(panel, solved_exactly, place=PLACE).at(-1)


def test_a_constant_value_has_limits_apart(solved_exactly: Recording) -> None:
    measured = measure(ParameterPanel(), solved_exactly)
    assert measured.limits[0] < measured.traces[0].values[0] < measured.limits[1]


def test_titles_and_names(show, two_hidden: Recording) -> None:
    wide = texts(show(GradientPanel(), two_hidden, place=Place(60, 50, 560, 170), size=(600, 220)))
    assert {"gradient norm", "hidden 1", "hidden 2", "output", "step"} <= set(wide)
    # Where there is less room a shorter title is taken.
    narrow = texts(show(GradientPanel(), two_hidden, place=PLACE))
    assert "gradient norm" not in narrow
    assert "gradient" in narrow


def test_tick_labels_lie_within_the_place(show, recording: Recording) -> None:
    for panel in PANELS:
        shown = show(panel, recording, place=PLACE)
        numbers = [
            artist
            for artist in shown.paint.static
            if isinstance(artist, Label) and artist.text and artist.text[0] in "−0123456789"
        ]
        assert len(numbers) >= 3
        for label in numbers:
            if label.align == "right":
                assert PLACE.bottom - 10 <= label.y_px <= PLACE.top
            else:
                assert PLACE.left <= label.x_px <= PLACE.right


def test_limits_of_negative_values() -> None:
    """Both ends have room for the curve's width; 0 is always inside."""
    assert limits_of([curve([-2.0, 1.0]), curve([3.0, -0.5])], "linear") == pytest.approx((-2.2, 3.2))
    assert limits_of([curve([-2.0, -1.0])], "linear") == pytest.approx((-2.08, 0.0))
    assert limits_of([curve([1.0, 2.0])], "linear") == pytest.approx((0.0, 2.08))
    # What is a million times larger than any initial value is cut off, not what is so beside a small one.
    assert limits_of([curve([1e-9, -3e7]), curve([2.0, 1.0])], "linear")[0] == pytest.approx(-2e6 - 0.04 * 2_000_002)
    assert limits_of([curve([np.nan, -np.inf])], "linear") == (0.0, 1.0)


def zero_lines(shown) -> list[float]:
    muted = [
        a for a in shown.paint.static if isinstance(a, Polylines) and a.color[:3] == (95 / 255, 107 / 255, 122 / 255)
    ]
    return [line[0, 1] for lines in muted for line in lines.lines]


def test_a_line_at_zero_where_values_lie_on_both_sides(show, recording: Recording) -> None:
    panel = ParameterPanel(by="parameter")
    expected = y_px(PLACE, measure(panel, recording), [0.0])[0]
    assert zero_lines(show(panel, recording, place=PLACE)) == [expected]
    assert zero_lines(show(ParameterPanel(), recording, place=PLACE)) == []


def test_a_stepped_curve_holds_each_value_until_the_next(recording: Recording) -> None:
    measured = dataclasses.replace(
        measure(AccuracyPanel(), recording), last_step=2.0, middle_step=1.0, limits=(0.0, 1.0)
    )
    (line,) = curve_px(PLACE, measured, curve([0.0, 1.0, 0.5], stepped=True))
    np.testing.assert_allclose(line, [[60, 50], [150, 50], [150, 170], [240, 170], [240, 110]])


def test_together_all_have_the_limits_and_steps_of_all(recording: Recording, two_hidden: Recording) -> None:
    panel = ParameterPanel()
    alone = [measure(panel, recording), measure(panel, two_hidden)]
    first, second = panel.together(alone)
    assert first.limits == second.limits == (0.0, max(one.limits[1] for one in alone))
    assert first.limits not in [one.limits for one in alone] or alone[0].limits[1] > alone[1].limits[1]
    assert (first.last_step, second.last_step) == (140, 140)
    np.testing.assert_array_equal(second.snapshot_steps, two_hidden.steps)
    # The shorter run's curve ends where its steps end.
    assert x_px(PLACE, second, 60)[()] == pytest.approx(60 + 60 / 140 * 180)
    assert [one.traces for one in (first, second)] == [one.traces for one in alone]


def test_together_steps_are_logarithmic_if_the_shortest_run_would_be_crowded(recording: Recording) -> None:
    short = measure(LossPanel(), recording)
    long = dataclasses.replace(short, last_step=14_000.0, middle_step=7_000.0)
    assert (short.steps, long.steps) == ("linear", "linear")
    assert [one.steps for one in LossPanel().together([short, long])] == ["log", "log"]


def test_together_one_logarithmic_scale_makes_all_logarithmic(recording: Recording) -> None:
    linear, log = (measure(LossPanel(scale=scale), recording) for scale in ("linear", "log"))
    assert linear.limits[0] == 0
    for one in LossPanel().together([linear, log]):
        assert (one.scale, one.limits) == ("log", log.limits)


def test_names_of_many_layers_are_brief(recording: Recording) -> None:
    from xorviz.styles.themes import theme

    def brief(n_hidden: int) -> list[str]:
        names = [*(f"hidden {k}" for k in range(1, n_hidden + 1)), "output"]
        traces = tuple(dataclasses.replace(curve([1.0]), name=name) for name in names)
        return [name for name, _ in _names(traces, theme("light"), 12.0, brief=True)]

    assert brief(6) == ["hidden 1", "…", "6", "output"]
    assert brief(2) == ["hidden 1", "2", "output"]


@pytest.mark.parametrize(
    ("n_points", "texts"),
    [
        (1, ["0/1", "1/1"]),
        (4, ["0/4", "1/4", "2/4", "3/4", "4/4"]),
        (8, ["0/8", "2/8", "4/8", "6/8", "8/8"]),
        (7, ["0/7", "7/7"]),
        (40, ["0%", "50%", "100%"]),
    ],
)
def test_ticks_of_parts(n_points: int, texts: list[str]) -> None:
    ticks, written = _part_ticks(n_points, 3)
    assert written == texts
    assert (ticks[0], ticks[-1]) == (0.0, 1.0)
