"""The explorer: what its page holds, and what a browser says and draws from it."""

from __future__ import annotations

import base64
import json
import re

import numpy as np
import pytest

import xorviz
from xorviz import explore
from xorviz.errors import UsageError
from xorviz.explorer.contents import CLOCKS, contents, kept_snapshots, outline
from xorviz.learning.experiment import Experiment, Stopping
from xorviz.learning.losses import Loss
from xorviz.learning.network import Network
from xorviz.problems import Problem
from xorviz.problems.planes import principal_plane
from xorviz.styles.themes import theme

STILL = {"reduced_motion": "reduce"}
CORNERS = [[0, 1], [1, 0], [1, 1], [0, 0]]
BOUNDS = ((-0.4, 1.5), (-0.5, 1.25))
THREE = Problem(
    name="<script>three</script>",
    inputs=CORNERS,
    targets=np.eye(3)[[0, 1, 2, 1]],
    task="multiclass",
    class_names=("a", "b", "<c>"),
    bounds=BOUNDS,
)


def trained(widths, activations, **changes):
    network = Network(widths=widths, activations=activations, biases=changes.pop("biases", True))
    return xorviz.train(Experiment(network=network, stopping=Stopping(n_steps=40), **changes))


@pytest.fixture(scope="module")
def classes():
    """Three classes, three layers of different activations."""
    loss = Loss(kind="categorical_cross_entropy")
    return trained((2, 5, 4, 3), ("tanh", "relu", "softmax"), problem=THREE, loss=loss)


@pytest.fixture
def page_of(tmp_path, open_page):
    """page_of(recording, **context): its explorer, opened."""

    def run(recording, **context):
        explore(recording, tmp_path / "explore.html")
        return open_page(tmp_path / "explore.html", **{**STILL, **context})

    return run


def held(path):
    text = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)[1])


def unpacked(text, dtype):
    return np.frombuffer(base64.b64decode(text), dtype)


# What the page holds


def test_default_run_with_all_its_snapshots_takes_less_than_200_kb(recording, tmp_path):
    explored = explore(recording, tmp_path / "x.html")
    assert explored.n_snapshots == recording.n_snapshots == 141
    assert explored.notes == ()
    assert explored.n_bytes == (tmp_path / "x.html").stat().st_size < 200_000
    data = held(tmp_path / "x.html")
    parameters = unpacked(data["parameters"], "<f8").reshape(141, 9)
    np.testing.assert_array_equal(parameters, recording.parameter_vectors())
    np.testing.assert_array_equal(unpacked(data["steps"], "<f8"), recording.steps)


def test_page_names_no_address(recording, tmp_path):
    explore(recording, tmp_path / "x.html")
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "://" not in text
    assert re.findall(r'\b(?:src|href)="', text) == []


def test_many_snapshots_are_thinned_evenly_and_that_is_said(recording, tmp_path):
    explored = explore(recording, tmp_path / "x.html", max_bytes=3000)
    assert explored.notes == (f"{explored.n_snapshots} of 141 snapshots fit into 3,000 bytes",)
    steps = unpacked(held(tmp_path / "x.html")["steps"], "<f8")
    assert len(steps) == explored.n_snapshots and 10 < len(steps) < 40
    assert steps[0] == 0 and steps[-1] == 140
    assert np.ptp(np.diff(steps)) <= 1
    assert kept_snapshots(recording, 1).tolist() == [0, 140]


def test_clocks_rise_from_first_to_last_snapshot(recording):
    data = contents(recording, np.arange(141))
    assert set(data["clocks"]) == set(CLOCKS)
    for name, text in data["clocks"].items():
        at = unpacked(text, "<f4")
        assert at[0] == 0 and at[-1] == 1 and (np.diff(at) >= 0).all(), name
    np.testing.assert_allclose(unpacked(data["clocks"]["linear"], "<f4"), np.arange(141) / 140, atol=1e-6)


def test_outline_keeps_ends_and_extremes_of_every_stretch():
    values, at = np.sin(np.arange(1000) / 7), np.arange(1000.0)
    values[[317, 642]] = 5, -5
    kept = outline(at, values, 50)
    assert {0, 317, 642, 999} <= set(kept.tolist())
    assert 90 < len(kept) <= 102
    np.testing.assert_array_equal(outline(at[:100], values[:100], 50), np.arange(100))
    assert len(outline(at, np.full(1000, np.nan), 50)) <= 102
    # Over logarithmic steps, most of what is kept is early.
    early = outline(np.log(np.maximum(at, 1)), values, 50)
    assert np.count_nonzero(early < 100) > len(early) / 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"out": "x.gif"}, "out must end in .html; got 'x.gif'."),
        ({"max_bytes": 0}, "max_bytes must be a whole number from 1; got 0."),
        ({"max_bytes": 1.5}, "max_bytes must be a whole number from 1; got 1.5."),
    ],
)
def test_wrong_arguments_are_refused(recording, tmp_path, monkeypatch, changes, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        explore(recording, **{"out": "x.html", **changes})
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_networks_of_other_inputs_and_other_models_are_refused(recording, tmp_path):
    with pytest.raises(UsageError, match="recording must have inputs as they were measured to be explored"):
        explore(recording.on_plane(principal_plane(recording.inputs)), tmp_path / "x.html")
    inputs = np.eye(3)
    three = trained((3, 1), ("sigmoid",), problem=Problem(name="3", inputs=inputs, targets=inputs[:, :1]))
    with pytest.raises(UsageError, match=r"must be of a network with 2 inputs to be explored; got 3 inputs\."):
        explore(three, tmp_path / "x.html")
    with xorviz.record(None, lambda points: points[:, :1], np.array(CORNERS), np.ones((4, 1))) as recorder:
        recorder.step(loss=1.0)
    with pytest.raises(UsageError, match="recording must hold the parameters of a dense network"):
        explore(recorder.recording, tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []


# What the browser says


FIELD = """(snapshot) => {
  xorviz.go(snapshot);
  const { values, ...field } = xorviz.field(), bytes = new Uint8Array(values.buffer);
  return { ...field, values: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
}"""


def largest_difference(page, recording):
    """Between the fields that the page shows and what Python says at the same points, over three snapshots."""
    worst = 0.0
    for snapshot in (0, 10, recording.n_snapshots - 1):
        field = page.evaluate(FIELD, snapshot)
        axes = [np.linspace(*side, field["n"]) for side in recording.bounds]
        points = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        outputs = recording.outputs(points, snapshot=field["snapshot"])[:, field["output"]]
        worst = max(worst, float(np.abs(outputs - unpacked(field["values"], "<f8")).max()))
    return worst


def test_field_agrees_with_python(recording, page_of):
    assert largest_difference(page_of(recording), recording) < 1e-12


def test_field_of_every_output_agrees_with_python(classes, page_of):
    page = page_of(classes)
    for output in ("0", "1", "2"):
        page.select_option("#output", output)
        assert largest_difference(page, classes) < 1e-12


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_networks_without_biases_agree_with_python(activation, page_of):
    run = trained((2, 3, 1), (activation, "sigmoid"), biases=False)
    page, last = page_of(run), run.n_snapshots - 1
    points = np.random.default_rng(0).normal(size=(20, 2)) * 3
    said = [page.evaluate(f"xorviz.outputs({x}, {y}, {last})") for x, y in points.tolist()]
    np.testing.assert_allclose(said, run.outputs(points), rtol=0, atol=1e-12)


def test_boundary_runs_where_the_output_is_one_half(recording, page_of):
    page = page_of(recording)
    pieces, n = np.array(page.evaluate("xorviz.pieces()")), page.evaluate("xorviz.field().n")
    assert len(pieces) > 100
    ends = pieces.reshape(-1, 2) / (n - 1)
    (left, right), (low, high) = recording.bounds
    on_plane = np.stack([left + ends[:, 0] * (right - left), low + ends[:, 1] * (high - low)], axis=1)
    assert np.abs(recording.outputs(on_plane) - 0.5).max() < 2e-3


def test_words_follow_the_snapshot(recording, page_of):
    page = page_of(recording)
    assert page.text_content("#words") == "step 140 · loss 0.148 · 4/4 correct"
    page.keyboard.press("Home")
    assert page.text_content("#words") == "step 0 · loss 2.999 · 2/4 correct"
    page.evaluate("xorviz.go(65)")
    page.keyboard.press(".")
    assert page.text_content("#words") == "step 66 · loss 1.440 · 3/4 correct"
    assert page.text_content("#count") == "67 / 141"


# What it draws, and what pointer and keys do

PIXEL = """([id, x, y]) => {
  const canvas = document.querySelector(`#${id} canvas`), ratio = canvas.width / canvas.getBoundingClientRect().width;
  return Array.from(canvas.getContext("2d").getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data);
}"""


@pytest.mark.parametrize(("scheme", "ratio"), [("light", 1), ("dark", 2)])
def test_field_has_the_colour_of_the_output_under_every_pixel(recording, page_of, scheme, ratio):
    page = page_of(recording, color_scheme=scheme, device_scale_factor=ratio)
    page.wait_for_timeout(600)
    box, palette = page.locator("#field canvas").bounding_box(), theme(scheme).field_palette()
    for x, y in ((200, 250), (300, 90), (480, 260)):
        page.mouse.move(box["x"] + x, box["y"] + y)
        value = float(page.text_content("#probe").split()[-1])
        page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 2)
        page.wait_for_timeout(50)
        seen = page.evaluate(PIXEL, ["field", x, y])
        assert np.abs(np.subtract(seen[:3], palette[round(255 * value)][:3])).max() <= 3


def test_pointer_reads_the_output_on_the_field(recording, page_of):
    page = page_of(recording)
    page.hover("#field canvas", position={"x": 200, "y": 250})
    words = page.text_content("#probe").split()
    assert words[::2] == ["x₁", "x₂", "output"]
    x, y, output = (float(word.replace("−", "-")) for word in words[1::2])
    assert output == pytest.approx(recording.outputs([[x, y]])[0, 0], abs=0.02)
    page.hover("#words")
    assert page.text_content("#probe").startswith("Point to read")


def test_pointer_on_the_surface_reads_the_point_that_is_seen(recording, page_of):
    page = page_of(recording, viewport={"width": 1280, "height": 800})
    box = page.locator("#surface canvas").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.4 * box["height"])
    x, y, output = (float(word.replace("−", "-")) for word in page.text_content("#probe").split()[1::2])
    assert output == pytest.approx(recording.outputs([[x, y]])[0, 0], abs=0.02)
    assert output > 0.5
    # The square of (0, 0) stands at the left, on the surface by now.
    page.mouse.move(box["x"] + 80, box["y"] + 216)
    x, y, output = (float(word.replace("−", "-")) for word in page.text_content("#probe").split()[1::2])
    assert (x, y, output) == pytest.approx((0, 0, recording.outputs([[0, 0]])[0, 0]), abs=0.2)
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    assert page.text_content("#probe").startswith("Point to read")


def test_dragging_and_arrows_turn_the_surface(recording, page_of):
    page = page_of(recording)
    box = page.locator("#surface canvas").bounding_box()
    before = page.screenshot(clip=box)
    page.mouse.move(box["x"] + 150, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, box["y"] + 140, steps=4)
    page.mouse.up()
    assert page.evaluate("xorviz.camera()") == {"azimuth": pytest.approx(-100), "elevation": pytest.approx(38)}
    page.wait_for_timeout(100)
    assert page.screenshot(clip=box) != before
    page.focus("#surface canvas")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("xorviz.camera()")["azimuth"] == pytest.approx(-95)
    page.keyboard.press("Escape")
    assert page.evaluate("xorviz.camera()") == {"azimuth": -60, "elevation": 26}
    assert page.text_content("#count") == "141 / 141"


def test_arrows_move_the_probe_where_the_field_has_the_focus(recording, page_of):
    page = page_of(recording)
    page.focus("#field canvas")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    output = recording.outputs([[0.534, 0.534]])[0, 0]
    assert page.text_content("#probe") == f"x₁ 0.53   x₂ 0.53   output {output:.4f}"
    page.keyboard.press("Escape")
    assert page.text_content("#probe").startswith("Point to read")


def test_curves_scrub(recording, page_of):
    page = page_of(recording)
    box = page.locator("#loss canvas").bounding_box()
    page.mouse.move(box["x"] + 44 + (box["width"] - 56) / 2, box["y"] + 80)
    page.mouse.down()
    assert page.text_content("#words").startswith("step 70 ")
    page.mouse.move(box["x"], box["y"] + 80)
    assert page.text_content("#words").startswith("step 0 ")


def test_clock_and_panels_are_chosen(recording, page_of):
    page = page_of(recording)
    page.evaluate("xorviz.go(70)")
    places = []
    for clock in CLOCKS:
        page.select_option("#clock", clock)
        places.append(int(page.input_value("#position")))
        assert page.text_content("#count") == "71 / 141"
    assert places[CLOCKS.index("linear")] == 5000
    assert len(set(places)) == 4
    for name in ("surface", "network", "loss", "gradients"):
        assert page.locator(f"#{name}").is_visible()
        page.locator(f'#options input[value="{name}"]').uncheck(force=True)
        assert not page.locator(f"#{name}").is_visible()
    assert page.locator("#field canvas").bounding_box()["width"] > 1000


def test_page_plays_once_where_motion_is_welcome(recording, page_of, tmp_path, open_page):
    explore(recording, tmp_path / "x.html")

    def stop_time(page):
        page.clock.install(time=0)
        page.clock.pause_at(1000)

    page = open_page(tmp_path / "x.html", prepare=stop_time, viewport={"width": 400, "height": 600})
    assert page.text_content("#count") == "1 / 141"
    page.select_option("#speed", "4")
    page.clock.run_for(800)
    assert 2 < int(page.text_content("#count").split()[0]) < 141
    page.clock.run_for(1200)
    assert page.text_content("#count") == "141 / 141"
    assert page.get_attribute("#play", "aria-label") == "Play"


def test_page_fits_every_window(recording, page_of):
    page = page_of(recording)
    for width in (320, 360, 800, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        for name in ("field", "surface", "network", "loss", "gradients"):
            assert page.locator(f"#{name} canvas").bounding_box()["width"] > 140, (width, name)


def test_names_of_a_user_are_shown_and_never_run(classes, page_of):
    page = page_of(classes)
    assert page.text_content("h1") == "<script>three</script>"
    assert page.locator("#output option").all_text_contents() == ["a", "b", "<c>"]
    assert "script-src 'sha256-" in page.get_attribute("meta[http-equiv]", "content")


def test_command_writes_a_page(tmp_path, monkeypatch, capsys):
    from xorviz.render.app import main

    monkeypatch.chdir(tmp_path)
    assert main(["explore", "--max-bytes", "3000", "--out", "e.html"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "e.html\n"
    assert "of 141 snapshots fit into 3,000 bytes" in captured.err
    assert held(tmp_path / "e.html")["network"]["widths"] == [2, 2, 1]
    assert main(["explore", "--out", "e.html"]) == 2
    assert main(["explore", "--out", "e.pdf"]) == 2
