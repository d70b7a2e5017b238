from __future__ import annotations

import itertools
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from xorviz import animate
from xorviz.encoders import BESIDE, FORMATS
from xorviz.errors import UsageError
from xorviz.panels import KINDS
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.scenes.scene import SCENES, Scene
from xorviz.timing.timeline import FIRST_HOLD_S, timeline

SMALL = {"size": (240, 136), "fps": 10.0, "duration_s": FIRST_HOLD_S + 1.2 + 0.6, "hold_s": 0.6}
N_MOVING = 12


@pytest.fixture
def untouchable():
    """Stands for a recording; any use of it fails."""

    class Untouchable:
        def __getattr__(self, name: str):
            raise AssertionError(f"{name} was read before the arguments were checked")

    return Untouchable()


def pillow(path: Path) -> tuple[list[np.ndarray], list[int], dict]:
    with Image.open(path) as image:
        info = dict(image.info)
        frames, durations_ms = [], []
        for index in range(getattr(image, "n_frames", 1)):
            image.seek(index)
            durations_ms.append(image.info["duration"])
            frames.append(np.asarray(image.convert("RGB")))
    return frames, durations_ms, info


def test_gif(recording: Recording, tmp_path: Path) -> None:
    path = tmp_path / "run.gif"
    encoded = animate(recording, path, scene="field", n_loops=3, **SMALL)
    frames, durations_ms, info = pillow(path)
    assert encoded.path == path
    assert encoded.n_bytes == path.stat().st_size
    assert len(frames) == encoded.n_frames == N_MOVING
    assert {frame.shape for frame in frames} == {(136, 240, 3)}
    assert sum(durations_ms) == pytest.approx(2200, abs=10)
    assert encoded.duration_s == pytest.approx(2.2, abs=0.01)
    assert durations_ms[0] == pytest.approx(500, abs=10)
    assert durations_ms[-1] == pytest.approx(700, abs=10)
    # Three plays are the first and two loops.
    assert info["loop"] in (2, 3)


def test_gif_shows_the_canvas(recording: Recording, tmp_path: Path) -> None:
    animate(recording, tmp_path / "run.gif", scene=Scene(**SMALL))
    scene = Scene(**SMALL)
    canvas = Canvas(recording, scene, timeline(recording, fps=10, duration_s=SMALL["duration_s"], hold_s=0.6))
    frames, _, _ = pillow(tmp_path / "run.gif")
    assert len(frames) == N_MOVING
    for index, frame in enumerate(frames):
        error = np.abs(frame.astype(int) - canvas.draw(index)[..., :3])
        assert error.mean() < 2.5


def test_mp4(recording: Recording, tmp_path: Path) -> None:
    path = tmp_path / "run.mp4"
    encoded = animate(recording, path, scene="surface", **SMALL)
    with av.open(str(path)) as container:
        (stream,) = container.streams
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        duration_s = float(stream.duration * stream.time_base)
    assert len(frames) == encoded.n_frames
    assert {frame.shape for frame in frames} == {(136, 240, 3)}
    assert duration_s == pytest.approx(2.2, abs=0.01)
    assert encoded.duration_s == pytest.approx(2.2, abs=0.01)
    # Repeated frames hold the first and the last picture; between them it moves.
    changes = [np.abs(one.astype(int) - other).max() > 20 for one, other in itertools.pairwise(frames)]
    assert sum(changes) >= N_MOVING - 2


def test_without_loop_count_a_gif_plays_for_ever(recording: Recording, tmp_path: Path) -> None:
    animate(recording, tmp_path / "run.gif", scene="field", **SMALL)
    assert pillow(tmp_path / "run.gif")[2]["loop"] == 0


def test_two_runs_write_the_same_bytes(recording: Recording, tmp_path: Path) -> None:
    for name in ("one.gif", "two.gif"):
        animate(recording, tmp_path / name, **SMALL)
    assert (tmp_path / "one.gif").read_bytes() == (tmp_path / "two.gif").read_bytes()


def test_changes_replace_fields_of_the_scene(recording: Recording, tmp_path: Path) -> None:
    dark = tmp_path / "dark.gif"
    animate(recording, dark, scene=SCENES["field"], theme="dark", header=False, time_bar=False, **SMALL)
    frames, _, _ = pillow(dark)
    assert frames[0][0, 0].max() < 40


def test_other_rows_in_place_of_the_dashboards(recording: Recording, tmp_path: Path) -> None:
    """Weights belong to the rows and columns they were given for, as in a recipe."""
    animate(recording, tmp_path / "run.gif", rows=("loss",), **SMALL)
    assert len(pillow(tmp_path / "run.gif")[0]) > 1


def test_a_recipe(recording: Recording, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('scene = "field"\nsize = "200x160"\nfps = 5\nduration_s = 1.0\nhold_s = 0.2\n')
    animate(recording, tmp_path / "run.gif", scene=recipe)
    frames, durations_ms, _ = pillow(tmp_path / "run.gif")
    assert frames[0].shape == (160, 200, 3)
    assert len(frames) == 2
    assert sum(durations_ms) == pytest.approx(1000, abs=10)


def test_one_frame(recording: Recording, tmp_path: Path) -> None:
    timing = {**SMALL, "duration_s": 0.5, "hold_s": 0.0}
    encoded = animate(recording, tmp_path / "run.gif", scene="field", **timing)
    assert encoded.n_frames == 1
    assert pillow(tmp_path / "run.gif")[1] == [500]


def test_progress(recording: Recording, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    animate(recording, tmp_path / "a.gif", scene="field", progress=lambda *call: calls.append(call), **SMALL)
    assert calls == [(done, N_MOVING) for done in range(1, N_MOVING + 1)]


def test_nothing_is_left_when_it_is_interrupted(recording: Recording, tmp_path: Path) -> None:
    path = tmp_path / "run.gif"
    path.write_bytes(b"older")

    def stop(done: int, n_frames: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(recording, path, scene="field", progress=stop, **SMALL)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("run.gif", b"older")]


REFUSED = [
    (
        {"duration": 3},
        f"argument must be one of {', '.join(Scene.__struct_fields__)}; got 'duration'. Did you mean 'duration_s'?",
    ),
    (
        {"scene": "dashbord"},
        f"scene must be one of {', '.join(SCENES)}, a recipe.toml; got 'dashbord'. Did you mean 'dashboard'?",
    ),
    (
        {"scene": "table", "panels": {"readout": {"places": 2}}},
        "option of panels.readout (readout) must be one of n_places; got 'places'. Did you mean 'n_places'?",
    ),
    (
        {"scene": "field", "rows": ("feild",)},
        f"panels.feild.kind must be one of {', '.join(KINDS)}; got 'feild'. Did you mean 'field'?",
    ),
    ({"theme": "dork"}, "theme must be one of light, dark, print; got 'dork'. Did you mean 'dark'?"),
    (
        {"duration_s": 1.9},
        "duration must leave at least one frame beside the holds of 0.4 s and 1.5 s; got 1.9 s. Give a longer "
        "duration or a shorter hold.",
    ),
    (
        {"size": (2000, 64)},
        "size must leave every panel room beside its labels; got 2000x64. Choose a larger size or fewer panels.",
    ),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED, ids=[str(list(given)[-1]) for given, _ in REFUSED])
def test_refused_before_any_work(untouchable, tmp_path: Path, arguments: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        animate(untouchable, tmp_path / "run.gif", **arguments)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"fps": "25"}, "fps"),
        ({"duration_s": None}, "duration"),
        ({"n_loops": "3"}, "loop"),
        ({"n_loops": 1.5}, "loop"),
        ({"size": "960x540"}, "size"),
        ({"size": (960,)}, "size"),
        ({"size": (960.5, 540)}, "size"),
        ({"size": None}, "size"),
        ({"theme": ["dark"]}, "theme"),
        ({"rows": "field"}, "rows"),
        ({"rows": (1, 2)}, "rows"),
        ({"row_weights": 3}, "row_weights"),
        ({"row_weights": ("1", "2")}, "row_weights"),
        ({"panels": {"field": 3}}, "panels"),
        ({"panels": ["field"]}, "panels"),
    ],
)
def test_values_of_another_type(untouchable, tmp_path: Path, arguments: dict, name: str) -> None:
    """The message names the argument that is wrong."""
    with pytest.raises(UsageError, match=name) as caught:
        animate(untouchable, tmp_path / "run.gif", **arguments)
    assert "scene must be a Scene" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("run.mov", "'.mov'. Did you mean '.mp4'?"),
        ("run", "''."),
    ],
)
def test_refused_suffixes(untouchable, tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        animate(untouchable, tmp_path / name)
    assert str(caught.value) == f"the suffix of out must be one of {', '.join(FORMATS | BESIDE)}; got {message}"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder(untouchable, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "run.gif"
    with pytest.raises(UsageError) as caught:
        animate(untouchable, out)
    assert str(caught.value) == (
        f"out must be in an existing folder; got {str(out)!r}. Create {str(out.parent)!r} first."
    )


def test_an_odd_size_is_padded_for_mp4_and_said_so(recording: Recording, tmp_path: Path) -> None:
    encoded = animate(recording, tmp_path / "run.mp4", scene="field", **{**SMALL, "size": (201, 151)})
    with av.open(str(encoded.path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (202, 152)
    assert len(encoded.notes) == 1


def test_sizes_and_rates_of_the_format(untouchable, tmp_path: Path) -> None:
    for name, changes in (("run.mp4", {"size": (4098, 540)}), ("run.gif", {"fps": 200.0})):
        with pytest.raises(UsageError, match=r"(fps|width_px) must be .* in an? (MP4|GIF)"):
            animate(untouchable, tmp_path / name, **changes)
    assert list(tmp_path.iterdir()) == []


def test_recording_that_a_panel_cannot_show(tmp_path: Path) -> None:
    from xorviz.learning.experiment import Experiment, Stopping
    from xorviz.learning.network import Network
    from xorviz.problems import Problem
    from xorviz.training import train

    inputs = np.eye(3)
    problem = Problem(name="one of three", inputs=inputs[:, :1], targets=inputs[:, :1])
    network = Network(widths=(1, 2, 1), activations=("tanh", "sigmoid"))
    recording = train(Experiment(network=network, problem=problem, stopping=Stopping(n_steps=20)))
    with pytest.raises(UsageError) as caught:
        animate(recording, tmp_path / "run.gif", scene="field", **SMALL)
    assert str(caught.value) == (
        "panel 'field' must have a network with 2 inputs or more to draw a plane of; got 1 input. "
        "Choose panel 'curve' instead."
    )
    assert list(tmp_path.iterdir()) == []
    assert animate(recording, tmp_path / "run.gif", scene="traces", **SMALL).n_frames == N_MOVING
