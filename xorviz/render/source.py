"""What SOURCE names: an article, a recipe, or a recording; and the run behind it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xorviz.articles import ARTICLES, article
from xorviz.errors import UsageError, unknown
from xorviz.experiment import Experiment
from xorviz.recipe import Recipe, read_recipe
from xorviz.recording import Recording, load
from xorviz.render.console import Console
from xorviz.scene import DASHBOARD, Scene
from xorviz.training import train

DEFAULT = "backprop"
ARITHMETICS = ("as-published", "textbook")


@dataclass(frozen=True)
class Source:
    """A run, not carried out yet, and the scene that came with it.

    Attributes:
        run: an experiment to train, or a recording that is there already.
        scene: the recipe's own, or the dashboard.
        stem: a name for files made from it.
    """

    run: Experiment | Recording
    scene: Scene
    stem: str

    def recording(self, console: Console) -> Recording:
        """Train if need be, with a bar, and give the recording."""
        if isinstance(self.run, Recording):
            return self.run
        with console.warnings_said(), console.progress("train", "step") as progress:
            return train(self.run, progress=lambda step, n_steps, loss: progress(step, n_steps))


def resolve(source: str, *, seed: int | None, arithmetic: str | None) -> Source:
    """Find what a SOURCE names; trains nothing.

    Args:
        source: nothing for the default article, an article's name, a ``*.toml`` or a ``*.xorviz``.
        seed: overrides the article's and the recipe's.
        arithmetic: overrides the recipe's.

    Raises:
        UsageError: it names nothing, or a seed or an arithmetic is asked of a run that is over.
        RecordingError: the recording cannot be read.
    """
    if arithmetic is not None and arithmetic not in ARITHMETICS:
        raise unknown("--arithmetic", arithmetic, ARITHMETICS)
    recipe, folder = Recipe(source=source or DEFAULT, scene=DASHBOARD), Path()
    if source.endswith(".toml"):
        recipe, folder = read_recipe(source), Path(source).parent
    stem = Path(source).stem if source.endswith((".toml", ".xorviz")) else source or "xor"
    if recipe.source.endswith((".xorviz", ".partial")):
        if seed is not None or arithmetic is not None:
            raise UsageError(
                f"--seed and --arithmetic must go with a run to be trained; {recipe.source!r} is a recording of one "
                "that is over. Leave them out."
            )
        return Source(_loaded(folder / recipe.source), recipe.scene, stem)
    if recipe.source not in ARTICLES:
        raise unknown("SOURCE", recipe.source, [*ARTICLES, "a recipe.toml", "a recording.xorviz"])
    experiment = article(recipe.source)
    if (arithmetic or recipe.arithmetic) == "textbook":
        experiment = experiment.textbook()
    chosen = recipe.seed if seed is None else seed
    return Source(experiment if chosen is None else experiment.replace(seed=chosen), recipe.scene, stem)


def _loaded(path: Path) -> Recording:
    if not path.exists():
        raise UsageError(f"SOURCE must exist; there is no file {str(path)!r}.")
    return load(path)
