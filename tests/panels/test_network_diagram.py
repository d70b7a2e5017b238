from __future__ import annotations

import numpy as np
import pytest

import xorviz
from xorviz.artists.bands import Bands
from xorviz.artists.label import Label, text_width_px
from xorviz.artists.medallions import Medallions
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.learning.articles import ARTICLES
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.network import Network
from xorviz.panels._diagram.diagram import MOST_EDGES, ceiling, diagram_of
from xorviz.panels._diagram.layout import laid_out
from xorviz.panels._diagram.pictures import ActivationMaps, BiasFills
from xorviz.panels._names.units import unit_names
from xorviz.panels.network_diagram import NetworkPanel
from xorviz.panels.ticks import value_text
from xorviz.recordings.recording import Recording
from xorviz.styles.themes import theme

PLACE = Place(60, 40, 490, 420)
SIZE = (560, 480)


def network(*widths: int, **more) -> Network:
    return Network(widths=widths, activations=("tanh",) * (len(widths) - 2) + ("sigmoid",), **more)


@pytest.fixture(scope="module")
def wide() -> Recording:
    return xorviz.train(Experiment(network=network(2, 16, 16, 1), stopping=Stopping(n_steps=30)))


@pytest.fixture(scope="module")
def no_biases() -> Recording:
    return xorviz.train(ARTICLES["relu"].replace(stopping=Stopping(n_steps=50)), seed=0)


def of(artists, kind: type) -> list:
    return [artist for artist in artists if isinstance(artist, kind)]


def texts(artists) -> list[str]:
    return [label.text for label in of(artists, Label)]


def test_every_weight_and_bias_is_found_in_the_flat_vector() -> None:
    shape = network(2, 3, 2, 1)
    named = shape.views(np.arange(shape.n_parameters, dtype=float))
    diagram = diagram_of(shape)
    expected = [named[f"W{layer + 1}"][source, target] for layer, source, target in diagram.edges]
    assert diagram.weights.tolist() == expected
    assert len(diagram.edges) == 2 * 3 + 3 * 2 + 2
    assert diagram.biases.tolist() == [*named["b1"], *named["b2"], *named["b3"]]
    assert diagram_of(network(2, 3, 1, biases=False)).biases.tolist() == []


def test_scales_are_those_of_the_whole_run(recording: Recording) -> None:
    measured = NetworkPanel().measure(recording, np.array([0]))
    parameters, gradients = recording.parameters, recording.gradients
    assert measured.weight == max(np.abs(parameters[name]).max() for name in ("W1", "W2"))
    assert measured.bias == max(np.abs(parameters[name]).max() for name in ("b1", "b2"))
    assert measured.gradient == max(np.abs(gradients[name]).max() for name in ("W1", "W2"))


@pytest.mark.parametrize(
    ("sizes", "diverged", "expected"),
    [
        ([1, 3, 2], False, 3.0),
        ([1, 300, 2], False, 300.0),
        ([2, 1e200, np.inf, np.nan], True, 20.0),
        ([2, 5, np.nan], True, 5.0),
        ([0, 0], False, 1.0),
        ([np.nan], True, 1.0),
    ],
)
def test_a_scale_ends_where_a_diverged_run_leaves_reason(sizes, diverged, expected) -> None:
    assert ceiling(np.array(sizes, dtype=float), diverged=diverged) == expected


@pytest.mark.parametrize("snapshot", [0, 63, 140])
def test_widths_are_sizes_and_kinds_are_signs(show, recording: Recording, snapshot: int) -> None:
    shown = show(NetworkPanel(), recording, place=PLACE, size=SIZE)
    shown.at(snapshot)
    halo, negative, positive = of(shown.paint.dynamic, Bands)
    w = np.concatenate([recording.parameters[name][snapshot].ravel() for name in ("W1", "W2")])
    g = np.concatenate([recording.gradients[name][snapshot].ravel() for name in ("W1", "W2")])
    widths = (
        1.0 + 6.0 * np.abs(w) / np.abs(np.concatenate([recording.parameters[n].ravel() for n in ("W1", "W2")])).max()
    )
    np.testing.assert_allclose(positive.widths_px, np.where(w > 0, widths, 0))
    np.testing.assert_allclose(negative.widths_px, np.where(w < 0, widths, 0))
    largest = max(np.abs(recording.gradients[name]).max() for name in ("W1", "W2"))
    decades = np.log10(largest / np.abs(g))
    np.testing.assert_allclose(halo.widths_px, np.where(decades < 3, widths + 1.3 * 7.0 * (1 - decades / 3), 0))


def test_a_weight_of_zero_has_no_line_and_a_gradient_of_zero_no_halo(show, solved_exactly: Recording) -> None:
    shown = show(NetworkPanel(), solved_exactly, place=PLACE, size=SIZE)
    shown.at(-1)
    halo, negative, positive = of(shown.paint.dynamic, Bands)
    assert not halo.widths_px.any()
    # W1 = 1 1 1 1, W2 = 1 −2; the widest is 7.
    np.testing.assert_allclose(positive.widths_px, [4, 4, 4, 4, 4, 0])
    np.testing.assert_allclose(negative.widths_px, [0, 0, 0, 0, 0, 7])


def test_lines_run_from_unit_to_unit(show, recording: Recording) -> None:
    diagram = diagram_of(recording.network)
    layout = laid_out(diagram, PLACE, largest_px=17.0, below_px=0.0)
    starts, ends = layout.ends_px()
    xs = [float(centers[0, 0]) for centers in layout.centers]
    assert xs == sorted(xs)
    assert [xs[0] - layout.halves_px[0], xs[-1] + layout.halves_px[-1]] == pytest.approx([PLACE.left, PLACE.right])
    for start, end, (layer, source, target) in zip(starts, ends, diagram.edges, strict=True):
        np.testing.assert_array_equal(start, layout.centers[layer][source])
        np.testing.assert_array_equal(end, layout.centers[layer + 1][target])
    for centers, half in zip(layout.centers, layout.halves_px, strict=True):
        assert (np.diff(centers[:, 1]) < -2 * half).all()
        assert centers[:, 1].min() - half >= PLACE.bottom
        assert centers[:, 1].max() + half <= PLACE.top


def test_a_layer_of_many_units_is_counted(show, wide: Recording) -> None:
    shown = show(NetworkPanel(), wide, place=PLACE, size=SIZE)
    assert texts(shown.paint.static)[-2:] == ["5 more", "5 more"]
    diagram = NetworkPanel().measure(wide, np.arange(3)).diagram
    assert diagram.shown == (2, 11, 11, 1)
    assert len(diagram.edges) == len(diagram.weights) == MOST_EDGES
    # Every unit but the inputs is reached by its strongest weight.
    assert len(np.unique(diagram.edges[:, [0, 2]], axis=0)) == 11 + 11 + 1
    w1 = np.abs(wide.parameters["W1"]).max(axis=0)
    for unit in range(11):
        assert [0, int(w1[:, unit].argmax()), unit] in diagram.edges.tolist()
    # Too many for halos, and the key does not speak of them.
    assert len(of(shown.paint.dynamic, Bands)) == 2
    assert "gradient" not in texts(shown.paint.static)


def test_twelve_units_are_all_drawn() -> None:
    assert diagram_of(network(2, 12, 13, 1)).shown == (2, 12, 11, 1)


@pytest.mark.parametrize(
    ("widths", "expected"),
    [
        ((2, 3, 1), (("x₁", "x₂"), ("h₁", "h₂", "h₃"), ("ŷ",))),
        ((2, 1), (("x₁", "x₂"), ("ŷ",))),
        ((1, 1, 2, 2), (("x₁",), ("h¹₁",), ("h²₁", "h²₂"), ("ŷ₁", "ŷ₂"))),
    ],
)
def test_names(widths, expected) -> None:
    assert unit_names(network(*widths)) == expected
    assert unit_names(network(12, 1))[0][-1] == "x₁₂"


@pytest.mark.parametrize("units", ["circles", "maps"])
def test_names_and_values_are_written(show, recording: Recording, units: str) -> None:
    plain = show(NetworkPanel(units=units, names=False), recording, place=PLACE, size=SIZE)
    assert texts(plain.paint.dynamic) == []
    shown = show(NetworkPanel(units=units, values=True), recording, place=PLACE, size=SIZE)
    shown.at(63)
    named = recording.network.views(recording.parameter_vectors([63])[0])
    numbers = [*named["W1"].ravel(), *named["W2"].ravel(), *named["b1"], *named["b2"]]
    expected = [f"{number:.2f}".replace("-", "−") for number in numbers]
    assert texts(shown.paint.dynamic) == ["x₁", "x₂", "h₁", "h₂", "ŷ", "b", "b", "b", *expected]


@pytest.mark.parametrize("widths", [(2, 2, 1), (2, 3, 1), (3, 3, 1), (2, 3, 2, 1), (2, 5, 1)])
def test_numbers_do_not_cover_each_other(widths) -> None:
    layout = laid_out(diagram_of(network(*widths)), PLACE, largest_px=17.0, below_px=15.0)
    at = layout.numbers_px(36.0, 15.0)
    apart = np.abs(at[:, None] - at) / (36.0, 15.0)
    np.fill_diagonal(apart[..., 0], np.inf)
    assert apart.max(axis=2).min() >= 1.0 - 1e-9
    starts, ends = layout.ends_px()
    # On their lines.
    across = np.cross(np.c_[ends - starts, np.zeros(len(at))], np.c_[at - starts, np.zeros(len(at))])[:, 2]
    np.testing.assert_allclose(across, 0, atol=1e-6)


def test_biases_fill_circles(recording: Recording) -> None:
    diagram = diagram_of(recording.network)
    pictures = BiasFills(diagram, 2.0).of(np.array([9, 9, 9, 9, 1.0, -2.0, 9, 9, 0.5]))
    assert [picture.ravel().tolist() for picture in pictures] == [[0.5, 0.5], [0.75, 0.0], [0.625]]


def test_negative_biases_have_dashed_outlines(show, recording: Recording) -> None:
    measured = NetworkPanel().measure(recording, np.arange(3))
    shown = show(NetworkPanel(names=False), recording, place=PLACE, size=SIZE)
    for snapshot in (0, 140):
        picture = shown.at(snapshot)
        layout = laid_out(measured.diagram, PLACE, largest_px=17.0, below_px=0.0)
        (x, y), half = layout.centers[2][0], layout.halves_px[2]
        # The right half of the output's outline, where no line arrives.
        turn = np.linspace(-1.2, 1.2, 400)
        at = np.floor(np.stack([x + half * np.cos(turn), y + half * np.sin(turn)])).astype(int)
        dark = picture[at[1], at[0], :3].max(axis=-1) < 120
        assert dark.all() == (recording.parameters["b2"][snapshot, 0] >= 0)


@pytest.mark.parametrize("name", ["recording", "two_hidden", "no_biases"])
def test_maps_are_the_activations(request: pytest.FixtureRequest, name: str) -> None:
    run: Recording = request.getfixturevalue(name)
    measured = NetworkPanel(units="maps").measure(run, np.arange(3))
    pictures = ActivationMaps(run, measured.diagram, measured.spans).of(run.parameter_vectors([5])[0])
    n = pictures[0].shape[-1]
    (x_low, x_high), (y_low, y_high) = run.bounds
    points = np.array([[x, y] for y in np.linspace(y_low, y_high, n) for x in np.linspace(x_low, x_high, n)])
    layers = [points, *run.hidden(points, 5), run.outputs(points, 5)]
    spans = [(x_low, x_high), *measured.spans]
    for picture, layer, (low, high) in zip(pictures, layers, spans, strict=True):
        assert picture.shape == (layer.shape[1], n, n)
        np.testing.assert_allclose(picture.reshape(len(picture), -1).T, (layer - low) / (high - low), atol=1e-5)
    expected = {"recording": (0, 1), "two_hidden": (-1, 1)}
    if name in expected:
        assert measured.spans[0] == expected[name]
    else:
        largest = max(float(run.hidden(points, k)[0].max()) for k in range(run.n_snapshots))
        assert measured.spans[0] == (-measured.spans[0][1], pytest.approx(largest, rel=1e-5))


def test_scenes_of_several_runs_share_scales(recording: Recording, one_point: Recording) -> None:
    panel = NetworkPanel()
    measured = [panel.measure(run, np.arange(3)) for run in (recording, one_point)]
    together = panel.together(measured)
    for of_scale in ("weight", "bias", "gradient"):
        largest = max(getattr(one, of_scale) for one in measured)
        assert [getattr(one, of_scale) for one in together] == [largest, largest]
    assert [one.recording for one in together] == [recording, one_point]


def test_the_key_fits_its_place(show, recording: Recording) -> None:
    for width, expected in ((430, 3), (250, 2), (160, 0), (90, 0)):
        place = Place(60, 40, 60 + width, 420)
        shown = show(NetworkPanel(), recording, place=place, size=SIZE)
        labels = of(shown.paint.static, Label)
        assert [label.text for label in labels] == ["weights", *("positive", "negative", "gradient")[:expected]]
        ends = [label.x_px + text_width_px(label.text, label.style) for label in labels]
        assert max(ends) <= place.right + 1
        assert all(end < label.x_px for end, label in zip(ends, labels[1:], strict=False))


def test_diverged(show, diverged: Recording) -> None:
    shown = show(NetworkPanel(values=True), diverged, place=PLACE, size=SIZE)
    shown.at(-1)
    for bands in of(shown.paint.dynamic, Bands):
        assert np.isfinite(bands.widths_px).all()
    assert texts(shown.paint.dynamic)[-1] == value_text(float(diverged.parameters["b2"][-1, 0]))


def test_maps_take_two_inputs(three_inputs: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        NetworkPanel(units="maps").measure(three_inputs, np.arange(2))
    assert str(caught.value) == "units must be 'circles' for a network that has not 2 inputs; got 'maps' with 3."


def test_values_of_too_many_weights(wide: Recording) -> None:
    with pytest.raises(UsageError) as caught:
        NetworkPanel(values=True).measure(wide, np.arange(2))
    assert str(caught.value) == "values must be false for a diagram of more than 40 weights; got true with 154."


def test_units_are_of_the_theme(show, recording: Recording) -> None:
    shown = show(NetworkPanel(), recording, place=PLACE, size=SIZE, theme_name="dark")
    shown.at(0)
    assert len(of(shown.paint.dynamic, Medallions)) == 3
    # An input is the middle of the scale: it has no bias.
    layout = laid_out(diagram_of(recording.network), PLACE, largest_px=17.0, below_px=0.0)
    x, y = layout.centers[0][0]
    middle = theme("dark").field_palette()[128, :3]
    np.testing.assert_allclose(shown.at(0)[int(y), int(x - 12), :3].astype(int), middle.astype(int), atol=3)
