"""The options of ``xorviz render``, and what they mean together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from xorviz.render.data_options import Hold, Learned, Plane, asked, plane_changes
from xorviz.render.options import Arithmetic, Force, Seed, Theme, quality_from

if TYPE_CHECKING:
    from xorviz.learning.data import Data


@dataclass(frozen=True)
class Request:
    """Everything but the source and how much is said; each field is the option of its name."""

    out: Annotated[
        tuple[Path, ...],
        Parameter(
            alias="-o",
            negative="",
            help="A .gif, .mp4, .webm, .webp, .avif, .apng, .html, .pptx, a folder .frames; repeatable. .png: poster.",
        ),
    ] = ()
    bundle: Annotated[
        str, Parameter(show_default=False, help="A path without suffix: all that xorviz embed places.")
    ] = ""
    both_themes: Annotated[bool, Parameter(negative="", help="The bundle also in dark: all is drawn twice.")] = False
    scene: Annotated[str | None, Parameter(help="A built-in scene, such as surface, or a *.toml.")] = None
    size: Annotated[str | None, Parameter(help="Width and height in pixels: 960x540.")] = None
    place: Annotated[
        str, Parameter(name="--for", show_default=False, help="readme, docs, slides, paper or social.")
    ] = ""
    fps: Annotated[float | None, Parameter(help="Frames per second; at most 50 in a GIF.")] = None
    duration: Annotated[float | None, Parameter(help="Playing time in seconds, holds included.")] = None
    clock: Annotated[str | None, Parameter(help="Time follows: change, linear, log or loss.")] = None
    hold: Annotated[float | None, Parameter(help="How long the last frame stays, in seconds.")] = None
    loop: Annotated[int | None, Parameter(help="How often it plays; 0 for ever. Not in videos.")] = None
    theme: Theme = None
    transparent: Annotated[bool, Parameter(negative="", help="No ground. Not in an .mp4, .avif, .html, .pptx.")] = False
    seconds: Annotated[float | None, Parameter(help="Playing time to 0.01 s; rate and holds give way.")] = None
    quality: Annotated[str | None, Parameter(help="small, balanced, high, or a number from 0 to 100.")] = None
    lossless: Annotated[bool, Parameter(negative="", help="Every colour exactly; not in a GIF or AVIF.")] = False
    codec: Annotated[str, Parameter(show_default=False, help="Of a .webm: vp9 or av1.")] = ""
    alt: Annotated[str, Parameter(show_default=False, help="What is seen, in words, instead of what the run says.")] = (
        ""
    )
    max_bytes: Annotated[str | None, Parameter(help="The most a file may take: 700kB, 5MB. What fits is found.")] = None
    plane: Plane = None
    hold_input: Hold = ()
    learned: Learned = None
    seed: Seed = None
    arithmetic: Arithmetic = None
    seeds: Annotated[int | None, Parameter(help="Draw so many runs side by side, each with its own seed.")] = None
    also: Annotated[tuple[str, ...], Parameter(negative="", help="Another source to draw beside; repeatable.")] = ()
    align: Annotated[str | None, Parameter(help="Several runs are at the same: step, epoch or loss.")] = None
    workers: Annotated[int | None, Parameter(help="Processes that draw; every core if not given.")] = None
    executor: Annotated[str | None, Parameter(help="A dask.distributed scheduler: tcp://HOST:PORT.")] = None
    force: Force = False
    check_flash: Annotated[bool, Parameter(negative="", help="Warn of flashes above WCAG 2.3.1's threshold.")] = False
    fail_on_nan: Annotated[bool, Parameter(negative="", help="Fail where a loss is not finite.")] = False
    max_pixels: Annotated[int | None, Parameter(help="Refuse a larger frame, of a recipe from elsewhere say.")] = None

    @property
    def changes(self) -> dict[str, Any]:
        """Fields of the scene that were given as options; the size as it was written."""
        given = {
            "size": self.size,
            "fps": self.fps,
            "duration_s": self.duration,
            "clock": self.clock,
            "hold_s": self.hold,
            "n_loops": self.loop,
            "theme": self.theme,
            "ground": "transparent" if self.transparent else None,
            "align": self.align,
        }
        chosen = {name: value for name, value in given.items() if value is not None}
        return chosen | plane_changes(self.plane, self.hold_input)

    @property
    def of_files(self) -> dict[str, Any]:
        """Fields of `xorviz.encoders.Options`."""
        return {
            "quality": quality_from(self.quality),
            "lossless": self.lossless,
            "codec": self.codec,
            "alt": self.alt,
        }

    @property
    def data(self) -> Data | None:
        """What is learned instead of an article's problem."""
        return asked(self.learned)
