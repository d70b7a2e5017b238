"""What an animation says beside its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True, slots=True)
class About:
    """Words for whoever reads, hears or places an animation; formats that hold none leave them out.

    Attributes:
        title: of the animation.
        alt: what it shows, for whoever does not see it; the title if empty.
        theme: name of the theme its pictures are drawn in.
        captions: what each frame shows, in the order in which frames are written; empty for none.
        poster: which frame stands for all, from 0; -1 is the last.
    """

    title: str = "How a neural network learned"
    alt: str = ""
    theme: str = "light"
    captions: tuple[str, ...] = ()
    poster: int = -1
