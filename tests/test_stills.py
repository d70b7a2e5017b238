"""Stills and contact sheets: the files, and that all formats show the same picture."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

import xorviz
from xorviz.errors import UsageError, XorvizError
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.scenes.layout import places
from xorviz.scenes.multiples import scene_of
from xorviz.scenes.scene import SCENES, Scene
from xorviz.stills import Still, contact_sheet, still
from xorviz.timing.timeline import timelines

SMALL = {"size": (480, 270)}
FORMATS = ["png", "svg", "pdf"]


def picture(path: Path, mode: str = "RGB") -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert(mode))


def frames(recording: Recording, scene: Scene) -> tuple[Canvas, np.ndarray]:
    lines = timelines([recording], **scene.playing)
    return Canvas(recording, scene, lines), lines[0].snapshots


# What is written


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_still(recording: Recording, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    made = still(recording, path, step=60, **SMALL)
    assert made == Still(path, (480, 270), (60,), path.stat().st_size, ())
    assert list(tmp_path.iterdir()) == [path]
    first = path.read_bytes()
    still(recording, path, step=60, **SMALL)
    assert path.read_bytes() == first


def test_a_png_is_a_frame_of_the_animation(recording: Recording, tmp_path: Path) -> None:
    canvas, snapshots = frames(recording, SCENES["dashboard"].changed(**SMALL))
    for index in (0, 40, len(snapshots) - 1):
        still(recording, tmp_path / "a.png", step=int(recording.steps[snapshots[index]]), **SMALL)
        np.testing.assert_array_equal(picture(tmp_path / "a.png", "RGBA"), canvas.draw(index))
    assert still(recording, tmp_path / "a.png", **SMALL).steps == (140,)
    np.testing.assert_array_equal(picture(tmp_path / "a.png", "RGBA"), canvas.draw(-1))


def test_a_step_that_the_animation_leaves_out(recording: Recording, tmp_path: Path) -> None:
    few = {"duration_s": 2.3, "fps": 10.0, "scene": "traces", **SMALL}
    _, snapshots = frames(recording, SCENES["traces"].changed(duration_s=2.3, fps=10.0))
    missing = next(step for step in range(50, 100) if step not in recording.steps[snapshots])
    assert still(recording, tmp_path / "a.png", step=missing, **few).steps == (missing,)
    other = picture(tmp_path / "a.png")
    still(recording, tmp_path / "b.png", step=missing + 1, **few)
    # All but the dots and the numbers is the same.
    assert 0 < (other != picture(tmp_path / "b.png")).any(axis=-1).mean() < 0.02


def test_the_nearest_step_that_was_kept(tmp_path: Path) -> None:
    recording = xorviz.train("online")
    assert {9984, 10016, 10048} & set(recording.steps.tolist())
    missing = 10_001
    assert missing not in recording.steps
    shown = int(recording.steps[np.abs(recording.steps - missing).argmin()])
    made = still(recording, tmp_path / "a.png", step=missing, scene="field", size=(200, 200))
    assert made.steps == (shown,)
    assert made.notes == (f"step 10,001 was not kept; the nearest, {shown:,}, is shown",)


def test_going_back_is_not_drawn(recording: Recording, tmp_path: Path) -> None:
    for name, ping_pong in (("a.png", False), ("b.png", True)):
        still(recording, tmp_path / name, step=100, ping_pong=ping_pong, **SMALL)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_several_recordings(recording: Recording, tmp_path: Path) -> None:
    runs = [recording, xorviz.train("backprop", seed=3)]
    made = still(runs, tmp_path / "a.svg", step=50, scene="multiples", **SMALL)
    assert made.steps == (50,)
    assert b'aria-label="seed 3"' in (tmp_path / "a.svg").read_bytes()


# The page of an SVG


def test_what_is_drawn_later_lies_above(recording: Recording, tmp_path: Path) -> None:
    """In the order of the frame: what stands still, then what moves, panel by panel."""
    still(recording, tmp_path / "a.svg", step=60, rows=("field",), header=False, time_bar=False)
    body = (tmp_path / "a.svg").read_text().split("</defs>")[1]
    # The first picture is the colour scale, the second the field.
    drawn = re.findall(r'<image|aria-label="(?:output|0.33)"|#1f66cc', body)
    assert list(dict.fromkeys(drawn)) == ["<image", 'aria-label="output"', "#1f66cc", 'aria-label="0.33"']
    assert drawn[:3] == ["<image", 'aria-label="output"', "<image"]


def test_only_the_surface_is_a_picture(recording: Recording, tmp_path: Path) -> None:
    """With twice the pixels of the frame; box, lines, markers and words are shapes."""
    still(recording, tmp_path / "a.svg", step=60, scene="surface", **SMALL)
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert root.get("viewBox") == "0 0 960 540"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}image"))) == 1
    assert {group.get("aria-label") for group in root.iter()} >= {"x₁", "x₂", "0.5", "XOR"}


# One panel, transparent, resolution


@pytest.mark.parametrize("suffix", FORMATS)
def test_one_panel(recording: Recording, tmp_path: Path, suffix: str) -> None:
    """With room for what hangs outside its place, and nothing of its neighbours."""
    path = tmp_path / f"a.{suffix}"
    made = still(recording, path, step=60, panel="loss", **SMALL)
    assert 100 < made.size[0] < 200
    assert 70 < made.size[1] < 150
    if suffix == "png":
        assert picture(path).shape[1::-1] == made.size
    if suffix == "svg":
        labels = {group.get("aria-label") for group in ElementTree.parse(path).getroot().iter()}
        assert "loss" in labels
        assert not labels & {"gradient norm", "XOR", "x₁"}


def part_of_the_whole(runs: list[Recording], tmp_path: Path, scene: Scene, panel: str) -> None:
    """All of the place is as it is among the others."""
    still(runs, tmp_path / "whole.png", step=60, scene=scene)
    still(runs, tmp_path / "part.png", step=60, scene=scene, panel=panel)
    whole, part = picture(tmp_path / "whole.png"), picture(tmp_path / "part.png")
    place = places(scene_of(scene, runs))[panel]
    inside = whole[540 - place.top : 540 - place.bottom, place.left : place.right]
    left = min(42, place.left)
    np.testing.assert_array_equal(part[28 : 28 + place.height, left : left + place.width], inside)


def test_one_panel_is_a_part_of_the_whole(recording: Recording, tmp_path: Path) -> None:
    part_of_the_whole([recording], tmp_path, SCENES["dashboard"], "field")
    part_of_the_whole([recording], tmp_path, SCENES["dashboard"], "gradients")


def test_one_panel_of_several_recordings_keeps_the_common_limits(recording: Recording, tmp_path: Path) -> None:
    """The second run's outputs stay in 0..1, the first's do not."""
    runs = [xorviz.train("relu"), recording]
    part_of_the_whole(runs, tmp_path, Scene(rows=("surface@1 surface@2",)), "surface@2")


def test_a_panel_keeps_its_options(recording: Recording, tmp_path: Path) -> None:
    scene = SCENES["dashboard"].changed(panels={"field": {"values": False}, "surface": {"elevation_deg": 50.0}})
    still(recording, tmp_path / "a.svg", panel="field", scene=scene)
    assert b"0.97" not in (tmp_path / "a.svg").read_bytes()


def test_a_transparent_png_over_the_paper_is_the_opaque_one(recording: Recording, tmp_path: Path) -> None:
    for theme, paper in (("light", (255, 255, 255)), ("dark", (15, 20, 27))):
        still(recording, tmp_path / "a.png", step=60, theme=theme, ground="transparent", **SMALL)
        still(recording, tmp_path / "b.png", step=60, theme=theme, **SMALL)
        image = picture(tmp_path / "a.png", "RGBA")
        assert image[0, 0, 3] == 0
        assert image[135, 60, 3] == 255
        ground = Image.new("RGBA", image.shape[1::-1], (*paper, 255))
        ground.alpha_composite(Image.fromarray(image))
        difference = np.abs(np.asarray(ground)[..., :3].astype(int) - picture(tmp_path / "b.png"))
        assert difference.max() <= 4


def test_resolution(recording: Recording, tmp_path: Path) -> None:
    for suffix in FORMATS:
        still(recording, tmp_path / f"a.{suffix}", scene="traces", dpi=300, **SMALL)
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (480, 270)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert b"/MediaBox [0 0 115.2 64.8]" in (tmp_path / "a.pdf").read_bytes()
    assert b'width="153.6" height="86.4"' in (tmp_path / "a.svg").read_bytes()


# Sheets


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_sheet(recording: Recording, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    made = contact_sheet(recording, path, steps=[0, 60, 30], columns=3)
    assert (made.path, made.steps, made.notes) == (path, (0, 60, 30), ())
    assert made.size[0] > 2 * made.size[1]
    first = path.read_bytes()
    contact_sheet(recording, path, steps=[0, 60, 30], columns=3)
    assert path.read_bytes() == first
    if suffix == "svg":
        labels = [group.get("aria-label") for group in ElementTree.fromstring(first).iter()]
        said = [label for label in labels if label and ("step" in label or "/" in label)]
        assert sorted(said) == ["2/4", "2/4", "3/4", "step 0", "step 30", "step 60"]
        assert "XOR" in labels


def test_steps_by_the_clock(recording: Recording, tmp_path: Path) -> None:
    made = contact_sheet(recording, tmp_path / "a.png", steps=5, clock="linear", size=(400, 300))
    assert made.size == (400, 300)
    assert made.steps == (0, 36, 70, 105, 140)
    assert contact_sheet(recording, tmp_path / "a.png", steps=1, size=(400, 300)).steps == (140,)


def test_a_cell_does_not_depend_on_its_neighbours(recording: Recording, tmp_path: Path) -> None:
    """Limits and scales are those of the whole run."""
    for name, steps in (("a", [0, 3]), ("b", [0, 140])):
        contact_sheet(recording, tmp_path / f"{name}.png", steps=steps, scene="traces", columns=2)
    one, two = (picture(tmp_path / f"{name}.png") for name in "ab")
    half = one.shape[1] // 2 - 40
    np.testing.assert_array_equal(one[:, :half], two[:, :half])
    assert (one[:, half:] != two[:, half:]).any()


# What is refused

REFUSED = [
    ("a.gif", {}, "the suffix of out must be one of .png, .svg, .pdf; got '.gif'. Did you mean '.svg'?"),
    ("a", {}, "the suffix of out must be one of .png, .svg, .pdf; got ''."),
    ("a.png", {"step": 141}, "step must be a whole number from 0 to 140, the last of the run; got 141."),
    ("a.png", {"step": -1}, "step must be a whole number from 0 to 140, the last of the run; got -1."),
    ("a.png", {"step": 1.5}, "step must be a whole number from 0 to 140, the last of the run; got 1.5."),
    ("a.png", {"step": True}, "step must be a whole number from 0 to 140, the last of the run; got True."),
    ("a.png", {"ground": "clear"}, "ground must be one of paper, transparent; got 'clear'."),
    ("a.png", {"dpi": 0.5}, "dpi must be a number from 1 to 10000; got 0.5."),
    ("a.png", {"dpi": float("nan")}, "dpi must be a number from 1 to 10000; got nan."),
    (
        "a.png",
        {"panel": "los"},
        "panel must be one of field, surface, loss, gradients; got 'los'. Did you mean 'loss'?",
    ),
    ("a.png", {"theme": "drak"}, "theme must be one of light, dark, print; got 'drak'. Did you mean 'dark'?"),
    ("a.png", {"panel": "header"}, "panel must be one of field, surface, loss, gradients; got 'header'."),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSED, ids=lambda value: str(value)[:30])
def test_refused(recording: Recording, tmp_path: Path, name: str, arguments: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        still(recording, tmp_path / name, **arguments)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"steps": [0, 141]}, "step must be a whole number from 0 to 140, the last of the run; got 141."),
        ({"steps": []}, "steps must be from 1 to 100 on a sheet; got 0."),
        ({"steps": range(120)}, "steps must be from 1 to 100 on a sheet; got 120."),
        ({"steps": 101}, "steps must be from 1 to 100 on a sheet; got 101."),
        ({"steps": 0}, "steps must be the steps to show, or how many; got 0."),
        ({"steps": "6"}, "steps must be the steps to show, or how many; got '6'."),
        ({"steps": 4, "columns": 5}, "columns must be from 1 to 4, the number of steps; got 5."),
    ],
    ids=str,
)
def test_refused_sheets(recording: Recording, tmp_path: Path, arguments: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        contact_sheet(recording, tmp_path / "a.png", **arguments)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_a_failing_disk_leaves_the_older_file(recording: Recording, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"older")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(XorvizError, match="could not be written: No space left on device"):
        still(recording, path, scene="traces", **SMALL)
    monkeypatch.undo()
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.png", b"older")]


def test_the_names_are_functions_however_often_they_are_asked_for() -> None:
    assert xorviz.still is xorviz.still is still
    assert xorviz.contact_sheet is contact_sheet
