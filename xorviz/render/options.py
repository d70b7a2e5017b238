"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Source = Annotated[str, Parameter(help="An article's name, a recipe *.toml, or a recording *.xorviz.")]
Recorded = Annotated[Path, Parameter(help="A recording *.xorviz.")]
Seed = Annotated[int | None, Parameter(help="Seed of the initialisation; the article's own if not given.")]
Arithmetic = Annotated[str | None, Parameter(help="as-published or textbook.")]
Force = Annotated[bool, Parameter(negative="", help="Replace an existing file.")]
Quiet = Annotated[bool, Parameter(alias="-q", negative="", help="No progress and no summary.")]
Json = Annotated[bool, Parameter(name="--json", negative="", help="Print the result as JSON.")]
Theme = Annotated[str | None, Parameter(help="light, dark or print.")]


def quality_from(text: str | None) -> str | float | None:
    """``--quality`` as a word or a number."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text
