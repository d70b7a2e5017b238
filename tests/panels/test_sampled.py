"""A recording of a model that was only sampled: panels of outputs draw it, the others say what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import xorviz
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels import KINDS, panel
from xorviz.recordings.recording import Recording

NEEDS_PARAMETERS = {"gradients", "parameters", "updates", "unit-lines", "unit-maps", "hidden", "network", "equations"}
NEEDS_PARAMETERS |= {"landscape", "distribution"}
#: They want more than a kind, two runs, or a single input.
LEFT_OUT = {"function", "difference", "curve"}
#: They show studies.
LEFT_OUT |= {"study", "sweep-mean", "sweep-density", "sweep-failures", "sweep-medians"}
BOXED = {"header": Place(10, 180, 290, 210), "time": Place(10, 30, 290, 60), "title": Place(10, 180, 290, 210)}


@pytest.fixture(scope="module")
def sampled() -> Iterator[Recording]:
    inputs, targets = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 1, 1, 0])
    state = {"step": 0}

    def bump(points: np.ndarray) -> np.ndarray:
        x, y = points.T
        return 0.5 + np.tanh(0.1 * state["step"]) * (np.sin(np.pi * x / 2) ** 2 - 0.5) * (1 - 2 * y)

    with xorviz.record(None, bump, inputs, targets, bounds=((-0.3, 1.3), (-0.3, 1.3)), strict=True) as recorder:
        for step in range(12):
            state["step"] = step + 1
            recorder.step(loss=1.0 / (1 + step), accuracy=step / 12)
    assert recorder.recording is not None
    yield recorder.recording


@pytest.mark.parametrize("kind", sorted(set(KINDS) - NEEDS_PARAMETERS - LEFT_OUT))
def test_panels_of_outputs(show, sampled: Recording, kind: str) -> None:
    shown = show(panel({"kind": kind}), sampled, place=BOXED.get(kind))
    assert (shown.at(0) != shown.empty).any()
    assert (shown.at(11) != 0).any()


@pytest.mark.parametrize("kind", sorted(NEEDS_PARAMETERS))
def test_panels_of_parameters(sampled: Recording, kind: str) -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": kind}).measure(sampled, np.arange(3))
    assert str(caught.value) == (
        f"panel {kind!r} must have the parameters of a dense network to draw; the recording of bump, outputs on 41×41 "
        "has none. Record a network of linear layers and activations, or choose a scene without it, such as --scene "
        "outputs."
    )


def test_distribution_of_activations(sampled: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        panel({"kind": "distribution", "of": "activations"}).measure(sampled, np.arange(3))
    assert str(caught.value) == (
        "panel 'distribution' must have hidden layers for 'activations'; the recording of bump, outputs on 41×41 has "
        "none. Record with layers=[\"name\"], or take 'outputs'."
    )


def test_points_outside_of_the_grid(sampled: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        sampled.outputs([[0.5, 2.0]])
    assert str(caught.value) == (
        "points must lie within [[-0.3, 1.3], [-0.3, 1.3]] of the plane of x₁ and x₂, where bump was sampled; "
        "got [0.5, 2.0]. Record with other bounds."
    )


def test_the_parameters_that_are_not_there(sampled: Recording) -> None:
    for ask in (lambda: sampled.network, lambda: sampled.parameters, lambda: sampled.gradient_vectors()):
        with pytest.raises(UsageError, match="recording must hold the parameters of a dense network; got bump"):
            ask()
    assert sampled.layer_norms("gradients") == {}


def test_metric_traces(sampled: Recording, recording: Recording) -> None:
    measured = panel({"kind": "metric"}).measure(sampled, np.arange(3))
    assert measured.titles == ("accuracy",)
    (trace,) = measured.traces
    np.testing.assert_array_equal(trace.values, np.arange(12) / 12)
    # The last snapshot's step has no value of its own; its dot stays at the latest.
    np.testing.assert_array_equal(trace.at_snapshots, np.minimum(np.arange(13), 11) / 12)
    both = panel({"kind": "metric", "names": ("loss", "accuracy")}).measure(sampled, np.arange(3))
    assert [(trace.name, trace.tone) for trace in both.traces] == [("loss", 0), ("accuracy", 1)]
    with pytest.raises(UsageError) as caught:
        panel({"kind": "metric", "names": ("acuracy",)}).measure(sampled, np.arange(3))
    assert str(caught.value) == (
        "names of panel 'metric' must be one of loss, accuracy; got 'acuracy'. Did you mean 'accuracy'?"
    )
    with pytest.raises(UsageError, match="panel 'metric' must have recorded numbers to draw; the recording has none"):
        panel({"kind": "metric"}).measure(recording, np.arange(3))


def test_metric_in_words(show, sampled: Recording) -> None:
    texts = []
    for text in ("{metric.accuracy:.0%}", "{metric.nothing}"):
        try:
            show(panel({"kind": "caption", "text": text}), sampled)
            texts.append("drawn")
        except UsageError as error:
            texts.append(str(error))
    assert texts == ["drawn", "{metric.…} must be one of accuracy; got 'nothing'."]
