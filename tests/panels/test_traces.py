"""Loss, gradients and parameters: the numbers, their limits, and what of them is uncovered when."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from xorviz.artists.label import Label
from xorviz.artists.lines import Markers
from xorviz.artists.place import Place
from xorviz.artists.reveal import Reveal
from xorviz.panels._trace import TraceMeasured, curve_px, x_px, y_px
from xorviz.panels.loss import LossPanel
from xorviz.panels.norms import GradientPanel, ParameterPanel
from xorviz.recording import Recording

PLACE = Place(60, 50, 240, 170)
PANELS = [LossPanel(), GradientPanel(), ParameterPanel()]


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


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.kind)
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
            self.steps = np.array([0, 2])
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
    crowded = dataclasses.replace(linear, steps="log", scale="log", limits=(0.01, 1.0))
    np.testing.assert_allclose(x_px(PLACE, crowded, [0, np.sqrt(141) - 1, 140]), [60, 150, 240])
    ys = y_px(PLACE, crowded, np.array([0.01, 0.1, 1.0, 1e-9, 0.0, -1.0, np.nan]))
    np.testing.assert_allclose(ys, [50, 110, 170, 50, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(y_px(PLACE, linear, np.array(linear.limits)), [50, 170])


def test_curves_break_at_gaps(recording: Recording) -> None:
    measured = measure(LossPanel(), recording)
    values = np.array([1.0, 2.0, np.nan, 1.0, np.inf, 1.0, 1.5, 2.0])
    pieces = curve_px(PLACE, measured, np.arange(8.0), values)
    expected = x_px(PLACE, measured, [[0, 1], [5, 7]])
    assert [(piece[0, 0], piece[-1, 0]) for piece in pieces] == [tuple(row) for row in expected]
    assert all(np.isfinite(piece).all() for piece in pieces)
    assert curve_px(PLACE, measured, np.arange(3.0), np.full(3, np.nan)) == []


def test_long_curves_keep_their_extremes(recording: Recording) -> None:
    """A single spike among a million steps stays, and so does every column's highest and lowest value."""
    measured = dataclasses.replace(measure(LossPanel(), recording), snapshot_steps=np.array([0.0, 999_999.0]))
    values = 1 + 0.5 * np.sin(np.arange(1e6) / 3)
    values[765_432] = 3.0
    (line,) = curve_px(PLACE, measured, np.arange(1e6), values)
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
    measured = dataclasses.replace(measure(LossPanel(), recording), snapshot_steps=np.array([0.0, 99_999.0]))
    values = np.ones(100_000)
    values[40_000:60_000] = np.nan
    before, after = curve_px(PLACE, measured, np.arange(1e5), values)
    gap = x_px(PLACE, measured, [40_000, 60_000])
    assert [before[-1, 0], after[0, 0]] == pytest.approx(gap.tolist(), abs=1)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.kind)
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
    steps, values = trace.steps, trace.values
    last = np.flatnonzero(np.isfinite(values))[-1]
    (line,) = curve_px(PLACE, measure(LossPanel(), diverged), steps, values)
    assert line[-1, 0] == pytest.approx(x_px(PLACE, measure(LossPanel(), diverged), steps[last]))


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
