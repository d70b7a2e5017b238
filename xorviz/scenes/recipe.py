"""Recipes: a run to show and a scene to show it in, as one TOML file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any

import msgspec

from xorviz.errors import UsageError, unknown
from xorviz.learning.data import Data
from xorviz.scenes.scene import SCENES, Scene, scene_named, size_from_text

_MOST_BYTES = 1_000_000


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of several runs that a recipe shows side by side.

    Attributes:
        source: an article's name or the path of a recording; the recipe's own if not given.
        seed: of the initialisation; the recipe's if not given.
        arithmetic: as in `Recipe`; the recipe's if not given.
        change: parts of the experiment that differ from the article's, as `Experiment.to_builtins` writes them:
            ``{initialisation = {hidden_std = 0.1}}``.
        name: what the run is called in the picture.
    """

    source: str = ""
    seed: int | None = None
    arithmetic: str = ""
    change: dict[str, Any] = {}
    name: str = ""


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """What a TOML file asks for.

    Attributes:
        source: an article's name, or the path of a recording or of a study, relative to the recipe's folder.
        seed: of the initialisation; the article's own if not given.
        arithmetic: ``"as-published"`` or ``"textbook"``.
        data: what is learned instead of an article's problem; a file's name begins at the recipe's folder.
        change: parts of the experiment that differ; see `Run.change`.
        runs: several runs to draw side by side instead of one; ``seeds = [0, 1, 2]`` is short for runs that differ
            in their seeds.
        scene: how it is drawn.
    """

    source: str = "backprop"
    seed: int | None = None
    arithmetic: str = "as-published"
    data: Data | None = None
    change: dict[str, Any] = {}
    runs: tuple[Run, ...] = ()
    scene: Scene = msgspec.field(default_factory=Scene)


def read_recipe(path: str | PathLike[str]) -> Recipe:
    """Read a recipe: the keys of `Recipe` and of `Scene` side by side, and ``[panels.NAME]`` tables.

    ``scene = "dashboard"`` starts from a built-in scene; every other key replaces what that scene says.

    Raises:
        UsageError: no such file, not TOML, an unknown key, or a value that a scene refuses; the message names the
            file and the key.
    """
    path = Path(path)
    try:
        # No recipe that somebody wrote is a hundredth of it.
        if (size := path.stat().st_size) > _MOST_BYTES:
            raise UsageError(f"recipe {str(path)!r} must be at most {_MOST_BYTES:,} bytes; got {size:,}.")
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"recipe {str(path)!r} must be a readable TOML file: {reason}.") from error
    with naming(path):
        return _recipe(table, path.parent)


def beside(folder: Path, name: str, *, argument: str) -> Path:
    """The file that a recipe names: in the recipe's folder or below it, or anywhere by its absolute path.

    Args:
        folder: of the recipe.
        name: as it stands there.
        argument: the key, for the message.

    Raises:
        UsageError: a relative path that leads out of the folder. A recipe from somebody else shall not open, by a
            name that looks harmless, what lies around it.
    """
    if not Path(name).is_absolute() and os.path.normpath(name).startswith(os.pardir):
        raise UsageError(f"{argument} must stay in the recipe's folder, or be an absolute path; got {name!r}")
    return folder / name


@contextmanager
def naming(path: str | PathLike[str]) -> Iterator[None]:
    """What is refused inside is refused of this recipe.

    Raises:
        UsageError: with the recipe's name in front.
    """
    try:
        yield
    except (UsageError, msgspec.ValidationError) as error:
        text = str(error)
        raise UsageError(f"recipe {str(path)!r}: {text}{'' if text.endswith(('.', '?')) else '.'}") from error


_OWN = ("source", "seed", "arithmetic", "data", "change", "seeds", "runs")


def _recipe(table: dict[str, Any], folder: Path) -> Recipe:
    base = table.pop("scene", _usual_scene(table))
    own = {key: table.pop(key) for key in _OWN if key in table}
    for key in table:
        if key not in Scene.__struct_fields__:
            raise unknown("key", key, ["scene", *_OWN, *Scene.__struct_fields__])
    if "seeds" in own:
        if "runs" in own:
            raise UsageError("seeds must not stand beside runs: give each of the runs its own seed.")
        own["runs"] = [{"seed": seed} for seed in msgspec.convert(own.pop("seeds"), list[int])]
    if {"data", "source"} <= set(own):
        raise UsageError("data must not stand beside source: leave one of them out.")
    if isinstance(table.get("size"), str):
        table["size"] = size_from_text(table["size"])
    for name, options in table.get("panels", {}).items() if isinstance(table.get("panels"), dict) else ():
        if isinstance(options, dict) and isinstance(options.get("recording"), str):
            options["recording"] = str(beside(folder, options["recording"], argument=f"panels.{name}.recording"))
    if not isinstance(base, str):
        raise UsageError(f"scene must be the name of a built-in scene; got {base!r}.")
    recipe = msgspec.convert(own, Recipe)
    for source in (recipe.source, *(run.source for run in recipe.runs)):
        beside(folder, source, argument="source")
    if recipe.data is not None and recipe.data.is_file:
        beside(folder, recipe.data.name, argument="data.name")
    names = [run.name for run in recipe.runs]
    if all(names) and names and "run_names" not in table:
        table["run_names"] = names
    return msgspec.structs.replace(recipe, scene=scene_named(base).changed(**table))


def _usual_scene(table: dict[str, Any]) -> str:
    """The scene that a recipe starts from when it names none."""
    if {"seeds", "runs"} & set(table):
        return "multiples"
    return "sweep" if str(table.get("source", "")).endswith(".db") else "dashboard"


def scene_from(value: str | PathLike[str] | Scene) -> Scene:
    """A scene given as itself, by name, or as the path of a recipe.

    Raises:
        UsageError: no such scene or recipe.
    """
    if isinstance(value, Scene):
        return value
    text = str(value)
    if text in SCENES:
        return SCENES[text]
    return read_recipe(text).scene if text.endswith(".toml") else scene_named(text)
