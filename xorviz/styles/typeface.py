"""Source Sans Pro, the face of every picture: where its weights are. Its figures all have one width."""

from __future__ import annotations

import importlib.resources
from functools import lru_cache
from typing import Literal

Weight = Literal["Regular", "Semibold", "Bold"]


@lru_cache(maxsize=8)
def font_path(weight: Weight) -> str:
    """Path of the font file of a weight."""
    folder = importlib.resources.files("font_source_sans_pro")
    return str(folder.joinpath("files", f"SourceSansPro-{weight}.ttf"))
