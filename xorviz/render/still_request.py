"""The options that ``xorviz still`` and ``xorviz sheet`` share, and what they mean together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from xorviz.render.data_options import Hold, Learned, Plane, asked, plane_changes
from xorviz.render.options import Arithmetic, Force, Seed, Theme

if TYPE_CHECKING:
    from xorviz.render.source import Source
    from xorviz.scenes.scene import Scene


@dataclass(frozen=True)
class StillRequest:
    """Everything but the source, the steps and how much is said; each field is the option of its name."""

    out: Annotated[Path | None, Parameter(alias="-o", help="The file to write: .png, .svg or .pdf.")] = None
    scene: Annotated[str | None, Parameter(help="A built-in scene, or a *.toml.")] = None
    size: Annotated[str | None, Parameter(help="Width and height of scene or sheet in pixels: 960x540.")] = None
    theme: Theme = None
    plane: Plane = None
    hold_input: Hold = ()
    learned: Learned = None
    transparent: Annotated[bool, Parameter(negative="", help="Leave out the ground.")] = False
    dpi: Annotated[float, Parameter(help="Pixels of the size per inch of paper.")] = 96.0
    seed: Seed = None
    arithmetic: Arithmetic = None
    force: Force = False

    def resolved(self, source: str) -> Source:
        """The run, not carried out yet, and the scene that came with it."""
        from xorviz.render.source import resolve

        return resolve(source, seed=self.seed, arithmetic=self.arithmetic, data=asked(self.learned))

    def scene_or(self, default: Scene | str) -> Scene:
        """The scene that is drawn.

        Raises:
            UsageError: there is no such scene, or a field that is not allowed.
        """
        from xorviz.render.source import scene_asked
        from xorviz.scenes.recipe import scene_from

        scene = scene_from(default) if self.scene is None else scene_asked(self.scene, n_runs=1)
        return scene.changed(**self._changes())

    def _changes(self) -> dict[str, Any]:
        from xorviz.scenes.scene import size_from_text

        changes = plane_changes(self.plane, self.hold_input)
        changes |= {} if self.theme is None else {"theme": self.theme}
        changes |= {"ground": "transparent"} if self.transparent else {}
        return changes | ({} if self.size is None else {"size": size_from_text(self.size)})
