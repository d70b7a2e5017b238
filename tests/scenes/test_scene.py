from __future__ import annotations

from typing import Any

import pytest

from xorviz.errors import UsageError
from xorviz.panels import KINDS
from xorviz.scenes.scene import MOST_PIXELS, SCENES, Scene, scene_named, size_from_text


def test_defaults_are_the_dashboard() -> None:
    scene = Scene()
    assert (scene.size, scene.fps, scene.clock, scene.theme, scene.n_loops) == ((960, 540), 25.0, "change", "light", 0)
    assert scene.panel_names == ["header", "field", "surface", "loss", "gradients", "time"]
    assert scene.cells == SCENES["dashboard"].cells


@pytest.mark.parametrize("name", SCENES)
def test_built_in_scenes_name_panels_that_exist(name: str) -> None:
    scene = scene_named(name)
    assert scene is SCENES[name]
    assert {scene.panel_options(panel)["kind"] for panel in scene.panel_names} <= set(KINDS)


def test_panel_names_without_strips_and_empty_cells() -> None:
    scene = Scene(rows=(". loss .", "field loss ."), header=False, time_bar=False)
    assert scene.panel_names == ["loss", "field"]


def test_panel_options() -> None:
    scene = Scene(rows=("left right",), panels={"left": {"kind": "field", "style": "classes"}})
    assert scene.panel_options("left") == {"kind": "field", "style": "classes"}
    assert scene.panel_options("right") == {"kind": "right"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"size": (63, 540)},
            "size must be at least 64x64 and at most 50,000,000 pixels; got 63x540. Try 960x540.",
        ),
        (
            {"size": (10_000, 5_001)},
            "size must be at least 64x64 and at most 50,000,000 pixels; got 10000x5001. Try 960x540.",
        ),
        (
            {"size": (-960, -540)},
            "size must be at least 64x64 and at most 50,000,000 pixels; got -960x-540. Try 960x540.",
        ),
        ({"fps": 0}, "fps must be a number from 0.1 to 3600; got 0."),
        ({"fps": float("nan")}, "fps must be a number from 0.1 to 3600; got nan."),
        ({"duration_s": 3601.0}, "duration must be a number from 0.1 to 3600; got 3601.0."),
        ({"hold_s": -1.0}, "hold must be a number from 0 to 3600; got -1.0."),
        ({"hold_s": float("inf")}, "hold must be a number from 0 to 3600; got inf."),
        ({"n_loops": -1}, "loop must be a count from 0, for ever, to 65535; got -1."),
        ({"n_loops": 65536}, "loop must be a count from 0, for ever, to 65535; got 65536."),
        ({"clock": "lin"}, "clock must be one of change, linear, log, loss, steps; got 'lin'. Did you mean 'linear'?"),
        ({"theme": "Darc"}, "theme must be one of light, dark, print; got 'Darc'. Did you mean 'dark'?"),
        ({"rows": ()}, "rows must name the same number of cells each; got []."),
        ({"rows": ("",)}, "rows must name the same number of cells each; got ['']."),
        (
            {"rows": ("field loss", "field")},
            "rows must name the same number of cells each; got ['field loss', 'field'].",
        ),
        ({"row_weights": (1.0,)}, "row_weights must be 2 positive numbers; got [1.0]."),
        ({"column_weights": (1.0, 0.0, 2.0)}, "column_weights must be 3 positive numbers; got [1.0, 0.0, 2.0]."),
        (
            {"column_weights": (1.0, float("nan"), 2.0)},
            "column_weights must be 3 positive numbers; got [1.0, nan, 2.0].",
        ),
        (
            {"panels": {"feild": {}}},
            "panels must be one of header, field, surface, loss, gradients, time; got 'feild'. Did you mean 'field'?",
        ),
        (
            {"panels": {"header": {}}, "header": False},
            "panels must be one of field, surface, loss, gradients, time; got 'header'.",
        ),
    ],
)
def test_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Scene(**fields)
    assert str(caught.value) == message


def test_the_limits_themselves_are_allowed() -> None:
    assert MOST_PIXELS == 50_000_000
    for size in ((64, 64), (10_000, 5_000)):
        assert Scene(size=size).size == size
    assert Scene(hold_s=0, fps=0.1, n_loops=65535).hold_s == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "dashbord",
            f"scene must be one of {', '.join(SCENES)}, a recipe.toml; got 'dashbord'. Did you mean 'dashboard'?",
        ),
        ("none", f"scene must be one of {', '.join(SCENES)}, a recipe.toml; got 'none'."),
    ],
)
def test_unknown_scene(name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        scene_named(name)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["960x540", " 960x540\n", "960×540"])
def test_size_from_text(text: str) -> None:
    assert size_from_text(text) == (960, 540)


@pytest.mark.parametrize("text", ["", "960", "960x", "x540", "960*540", "-960x540", "960x540x3", "9.6x5", "1234567x1"])
def test_size_from_other_text(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        size_from_text(text)
    assert str(caught.value) == f"size must be WIDTHxHEIGHT in pixels, such as 960x540; got {text!r}."
