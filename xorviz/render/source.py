"""What a command's SOURCE stands for: an article, a recipe, a recording; one run, or several side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xorviz.errors import UsageError, unknown
from xorviz.learning.articles import ARTICLES, article
from xorviz.learning.data import Data
from xorviz.learning.experiment import Experiment
from xorviz.recordings.partial_file import partial_of
from xorviz.recordings.recording import Recording, load
from xorviz.render.console import Console
from xorviz.scenes.dashboards import suited
from xorviz.scenes.multiples import names_of, scene_of_runs
from xorviz.scenes.recipe import Recipe, Run, naming, read_recipe, scene_from
from xorviz.scenes.scene import DASHBOARD, SCENES, Scene
from xorviz.training import Progress, train

DEFAULT = "backprop"
ARITHMETICS = ("as-published", "textbook")
_MOST_RUNS = 256


@dataclass(frozen=True)
class Source:
    """What is shown.

    Attributes:
        runs: experiments to train, or recordings that are there already; one, or several to draw side by side.
        scene: the recipe's own; else the dashboard, or small multiples of several runs.
        stem: a name for files made from it.
    """

    runs: tuple[Experiment | Recording, ...]
    scene: Scene
    stem: str

    def laid_out(self, scene: Scene) -> Scene:
        """A scene as it will be drawn of these runs."""
        (first, *others) = self.runs
        shown = first.problem if isinstance(first, Experiment) else first
        return (
            scene_of_runs(scene, len(self.runs), names_of(self.runs))
            if others
            else scene_of_runs(suited(scene, shown), 1)
        )

    def recordings(self, console: Console) -> list[Recording]:
        """The recordings, of runs trained now if need be."""
        kept = [run for run in self.runs if not isinstance(run, Experiment)]
        if len(kept) == len(self.runs):
            return kept
        if len(self.runs) == 1:
            with console.warnings_said(), console.progress("train", "step") as steps:
                return [_recorded(self.runs[0], lambda step, n_steps, loss: steps(step, n_steps))]
        recordings: list[Recording] = []
        with console.warnings_said(), console.progress("train", "run") as progress:
            for run in self.runs:
                recordings.append(_recorded(run))
                progress(len(recordings), len(self.runs))
        return recordings


def _recorded(run: Experiment | Recording, progress: Progress | None = None) -> Recording:
    return train(run, progress=progress) if isinstance(run, Experiment) else run


def resolve(
    source: str,
    *,
    seed: int | None,
    arithmetic: str | None,
    data: Data | None = None,
    also: Sequence[str] = (),
    n_seeds: int | None = None,
) -> Source:
    """What a source stands for.

    Args:
        source: nothing for the default article, an article's name, a ``*.toml`` or a ``*.xorviz``.
        seed: overrides the article's and the recipe's; the first one with ``n_seeds``.
        arithmetic: overrides the recipe's.
        data: is learned instead of an article's problem; not with a source.
        also: more articles or recordings to draw beside it.
        n_seeds: draw so many runs side by side that differ in their seeds.

    Raises:
        UsageError: it names nothing, or a seed or an arithmetic is asked of a run that is over.
        RecordingError: the recording cannot be read.
    """
    if arithmetic is not None and arithmetic not in ARITHMETICS:
        raise unknown("--arithmetic", arithmetic, ARITHMETICS)
    if data is not None and source:
        raise UsageError(f"--data must stand without SOURCE, which says what is learned, too; got {source!r}.")
    recipe, folder = Recipe(source=source or DEFAULT, scene=DASHBOARD, data=data), Path()
    if source.endswith(".toml"):
        recipe, folder = read_recipe(source), Path(source).parent
    store, at, address = source.partition("@")
    stem = Path(store).stem if store.endswith((".toml", ".xorviz", ".db")) else source or "xor"
    if store.endswith(".db"):
        if seed is not None or arithmetic is not None or data is not None or also or n_seeds is not None:
            raise UsageError(
                f"--seed, --seeds, --arithmetic, --data and --also must not go with a study; got {source!r}."
            )
        return _of_study(Path(store), address, stem) if at else Source((_grown(Path(store)),), SCENES["sweep"], stem)
    stem = Path(data.name).stem if data is not None else stem
    runs = list(recipe.runs) or [Run()]
    if n_seeds is not None:
        if recipe.runs or not 1 <= n_seeds <= _MOST_RUNS:
            raise UsageError(f"--seeds must be from 1 to {_MOST_RUNS}, of one run; got {n_seeds!r}.")
        first = recipe.seed or 0 if seed is None else seed
        runs, seed = [Run(seed=first + i) for i in range(n_seeds)], None
    given = {"seed": seed, "arithmetic": arithmetic}
    found = [_resolved(run, recipe, folder, given) for run in runs]
    found += [_resolved(Run(source=one), Recipe(), Path(), given) for one in also]
    if len(found) != len(recipe.runs or (0,)):
        return Source(tuple(found), SCENES["multiples"], stem)
    if source.endswith(".toml"):
        _check(source, recipe.scene, len(found))
    # Of a model that was only sampled the dashboard could not draw the half.
    is_sampled = isinstance(found[0], Recording) and not found[0].is_dense and not source.endswith(".toml")
    return Source(tuple(found), SCENES["outputs"] if is_sampled else recipe.scene, stem)


def scene_asked(name: str, n_runs: int) -> Scene:
    """The scene that an option names, built-in or a recipe's.

    Raises:
        UsageError: there is none, or its recipe asks for what there is not.
    """
    scene = scene_from(name)
    if name.endswith(".toml"):
        _check(name, scene, n_runs)
    return scene


def _check(path: str, scene: Scene, n_runs: int) -> None:
    """Refuse rows and panels of a recipe by its name."""
    # What draws is not needed to train.
    from xorviz.production.canvas import panels_of

    with naming(path):
        panels_of(scene_of_runs(scene, n_runs))


def _resolved(run: Run, recipe: Recipe, folder: Path, given: dict[str, Any]) -> Experiment | Recording:
    """One run: what it says itself, else what its recipe says; what the command was given is over both."""
    name = run.source or ("" if recipe.data else recipe.source)
    if name.endswith((".xorviz", ".partial", ".db")):
        if any(value is not None for value in (*given.values(), run.seed)) or run.change:
            what = "is a study of many" if name.endswith(".db") else "is a recording of one that is over"
            raise UsageError(
                f"--seed and --arithmetic must go with a run to be trained; {name!r} {what}. Leave them out."
            )
        return _grown(folder / name) if name.endswith(".db") else _loaded(folder / name)
    if recipe.data is not None and not run.source:
        experiment = recipe.data.experiment(folder)
    elif name in ARTICLES:
        experiment = article(name)
    else:
        raise unknown("SOURCE", name, [*ARTICLES, "a recipe.toml", "a recording.xorviz", "a study.db"])
    if (given["arithmetic"] or run.arithmetic or recipe.arithmetic) == "textbook":
        experiment = experiment.textbook()
    seeds = [seed for seed in (given["seed"], run.seed, recipe.seed) if seed is not None]
    for change in (recipe.change, run.change):
        if change:
            experiment = Experiment.from_builtins(_merged(experiment.to_builtins(), change))
    return experiment.replace(seed=seeds[0]) if seeds else experiment


def _grown(path: Path) -> Recording:
    from xorviz.sweeps.growth import as_recording, growth_of

    return as_recording(growth_of(path))


def _of_study(path: Path, address: str, stem: str) -> Source:
    """Runs of a study, to be trained again and drawn side by side."""
    from xorviz.sweeps.replay import runs_at
    from xorviz.sweeps.study import Study

    runs = runs_at(Study(path), address, argument="SOURCE after @")
    if len(runs) > _MOST_RUNS:
        raise UsageError(f"SOURCE must name at most {_MOST_RUNS} runs; got {len(runs)}.")
    scene = DASHBOARD if len(runs) == 1 else SCENES["multiples"]
    return Source(tuple(runs), scene, f"{stem}-{address.replace(':', '-')}")


def _merged(whole: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A nested table with some of its values replaced; of another kind of thing, such as an optimizer, all of them."""
    if change.get("kind", whole.get("kind")) != whole.get("kind"):
        return dict(change)
    merged = dict(whole)
    for key, value in change.items():
        inner = whole.get(key)
        merged[key] = _merged(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _loaded(path: Path) -> Recording:
    if not path.exists() and not partial_of(path).exists():
        raise UsageError(f"SOURCE must exist; there is no file {str(path)!r}.")
    return load(path)
