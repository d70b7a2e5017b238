"""The README's commands and code run as they stand; `.ci/run` runs the two lines that install."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def commands() -> list[list[str]]:
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("xorviz ")]
    return [shlex.split(line, comments=True) for line in lines]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the README says is there: the recipes, and a place for their outputs."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "render", folder / "render")
    (folder / "outputs").mkdir()
    return folder


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # The checkout, if xorviz is not installed, but never the folder the test stands in.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_readme_shows_commands() -> None:
    assert len(commands()) >= 6


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_command(words: list[str], folder: Path) -> None:
    done = run(["-m", "xorviz", *words[1:]], folder)
    assert done.returncode == 0, done.stderr
    if "--out" in words:
        outs = [out for option, out in pairwise(words) if option == "--out"]
        assert done.stdout.splitlines() == outs
        assert all((folder / out).stat().st_size > 10_000 for out in outs)


def test_python_code(folder: Path) -> None:
    (code,) = blocks("python")
    done = run(["-c", code], folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2.9991464995409807 ")


def test_pictures_exist_and_stay_small() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README) + re.findall(r'src(?:set)?="([^"]+)"', README)
    assert len(pictures) > 5
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture
    assert sum(file.stat().st_size for file in (ROOT / "outputs/gallery").iterdir()) < 13_000_000


def test_the_gallery_shows_every_recipe() -> None:
    recipes = sorted((ROOT / "render").glob("*.toml"))
    pictures = {path.stem for path in (ROOT / "outputs" / "gallery").glob("*.gif")}
    assert pictures == {recipe.stem for recipe in recipes}
    gallery = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    for recipe in recipes:
        assert f"## {recipe.stem}\n" in gallery
        assert f"](../outputs/gallery/{recipe.stem}.gif)" in gallery
        assert f"xorviz render render/{recipe.stem}.toml --out {recipe.stem}.gif" in gallery
        comment = recipe.read_text(encoding="utf-8").splitlines()[0]
        assert comment.startswith("# "), "a recipe begins with a comment that says what it shows"
        assert comment.removeprefix("# ") in gallery


def test_every_panel_has_a_recipe() -> None:
    """But for two: ``function`` needs a function, and ``title`` stands above a sheet."""
    from xorviz.panels import KINDS
    from xorviz.render.source import resolve

    drawn = {"run"}  # The names above the cells of several runs, which no recipe writes.
    for path in (ROOT / "render").glob("*.toml"):
        source = resolve(str(path), seed=None, arithmetic=None)
        scene = source.laid_out(source.scene)
        drawn |= {scene.panel_options(name)["kind"] for name in scene.panel_names}
    assert set(KINDS) - drawn == {"function", "title"}


def test_every_panel_and_option_is_described() -> None:
    """docs/scenes.md is the list of them."""
    from importlib import import_module

    from xorviz.panels import KINDS

    rows = [row for row in (ROOT / "docs" / "scenes.md").read_text(encoding="utf-8").splitlines() if row[:3] == "| `"]
    described = {kind: row for row in rows for kind in re.findall(r"`([^`]+)`", row.split("|")[1])}
    assert set(described) == set(KINDS)
    for kind, where in KINDS.items():
        module, name = where.split(":")
        options = {field.name for field in fields(getattr(import_module(f"xorviz.panels.{module}"), name))}
        said = set(re.findall(r"`([a-z_]+)`", described[kind].split("|")[3]))
        assert options - said == set(), f"{kind} has options that docs/scenes.md does not name"


def test_recipes_name_a_source_and_are_valid() -> None:
    from xorviz.animation import check
    from xorviz.scenes.recipe import read_recipe

    recipes = sorted((ROOT / "render").glob("*.toml"))
    assert {"xor", "relu", "backprop", "convergence", "init-scale", "online"} <= {path.stem for path in recipes}
    for path in recipes:
        check(read_recipe(path).scene, [ROOT / "outputs" / "gallery" / f"{path.stem}.gif"])
