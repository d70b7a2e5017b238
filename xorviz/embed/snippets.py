"""What to paste where an animation is to be seen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from xorviz.embed.bundles import Bundle, find_bundle
from xorviz.embed.latex import animated_figure
from xorviz.embed.markup import MARKUP, Address, url, video
from xorviz.errors import unknown

Path_ = str | PathLike[str]


class Target(NamedTuple):
    """A place that snippets are for.

    Attributes:
        write: the snippet for a bundle, as one of ``kinds``.
        kinds: what the animation can be there, the usual one first.
    """

    write: Callable[[Bundle, str, Address], str]
    kinds: tuple[str, ...]


def snippet(source: Path_ | Bundle, target: str, *, kind: str | None = None, page: Path_ | None = None) -> str:
    """What to paste, with everything in it escaped.

    Args:
        source: a bundle, the path of one without a suffix, or one of its files.
        target: one of `TARGETS`: ``"readme"``, ``"markdown"``, ``"sphinx"``, ``"quarto"``, ``"reveal"``, ``"html"``,
            ``"latex"``.
        kind: ``"picture"``, ``"video"``, ``"player"`` or ``"explorer"``; what suits the target if not given.
        page: the file it is pasted into, from whose folder paths begin; from the working directory if not given.

    Returns:
        The lines, without a last line break.

    Raises:
        UsageError: no such target or kind, or a file that it needs is missing.
    """
    if target not in TARGETS:
        raise unknown("target", target, TARGETS)
    chosen = TARGETS[target]
    if kind is not None and kind not in chosen.kinds:
        raise unknown(f"kind for {target}", kind, chosen.kinds)
    bundle = source if isinstance(source, Bundle) else find_bundle(source)
    folder = Path(page).parent if page is not None else Path()

    def plain(path: Path) -> str:
        return Path(os.path.relpath(path, folder)).as_posix()

    return chosen.write(bundle, kind or chosen.kinds[0], plain)


def _as_html(bundle: Bundle, kind: str, plain: Address) -> str:
    return MARKUP[kind](bundle, lambda path: url(plain(path)))


def _as_sphinx(bundle: Bundle, kind: str, plain: Address) -> str:
    for name, need in (("picture", ".webp"), ("video", ".mp4"), ("player", ".html")):
        if kind == name:
            bundle.file(need, *((".gif",) if kind == "picture" else ()), because=f"a {kind}")
    lines = [".. xorviz:: " + plain(bundle.stem), f"   :as: {kind}"]
    if bundle.alt:
        lines.append(f"   :alt: {bundle.alt}")
    return "\n".join(lines)


def _as_quarto(bundle: Bundle, kind: str, plain: Address) -> str:
    """HTML where a page is made; a figure with the still where paper is."""
    markup = _as_html(bundle, kind, plain)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", markup)), default=0))
    still = url(plain(bundle.file(".png", because="paper")))
    words = bundle.alt.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(
        [
            '::: {.content-visible when-format="html"}',
            f"{fence}{{=html}}",
            markup,
            fence,
            ":::",
            "",
            '::: {.content-visible unless-format="html"}',
            f'![]({still}){{fig-alt="{words}" width=100%}}',
            ":::",
        ]
    )


def _as_reveal(bundle: Bundle, kind: str, plain: Address) -> str:
    """A slide: reveal.js loads ``data-src`` when the slide is near, starts the movie on it and stops it after."""
    if kind == "picture":
        return f"<section>\n{_as_html(bundle, kind, plain)}\n</section>"
    if kind in ("player", "explorer"):
        return f"<section>\n{_as_html(bundle, kind, plain).replace(' src=', ' data-src=')}\n</section>"
    markup = video(bundle, lambda path: url(plain(path)))
    movie = markup[: markup.index("\n<script>")]
    slide = movie.replace("<video ", "<video data-autoplay ", 1).replace(" src=", " data-src=")
    # The still inside is for programs that know no movies; they know no data-src either.
    return f"<section>\n{slide.replace('<img data-src=', '<img src=')}\n</section>"


def _as_latex(bundle: Bundle, kind: str, plain: Address) -> str:
    del kind
    return animated_figure(bundle, plain)


TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        "readme": Target(_as_html, ("picture",)),
        "markdown": Target(_as_html, ("picture", "video", "player", "explorer")),
        "sphinx": Target(_as_sphinx, ("picture", "video", "player")),
        "quarto": Target(_as_quarto, ("video", "picture", "player", "explorer")),
        "reveal": Target(_as_reveal, ("video", "picture", "player", "explorer")),
        "html": Target(_as_html, ("video", "picture", "player", "explorer")),
        "latex": Target(_as_latex, ("frames",)),
    }
)
"""Name -> how its snippet is written, and what an animation can be there."""
