"""``xorviz embed`` and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from xorviz.render.console import Console
from xorviz.render.options import Json


def embed(
    bundle: Annotated[str, Parameter(help="What --bundle wrote: its path without a suffix, or one of its files.")],
    /,
    *,
    target: Annotated[
        str, Parameter(name="--for", help="readme, markdown, sphinx, quarto, reveal, html or latex.")
    ] = "readme",
    kind: Annotated[
        str | None, Parameter(name="--as", help="picture, video, player or explorer, if not the usual.")
    ] = None,
    page: Annotated[Path | None, Parameter(help="The file it is pasted into; paths begin from its folder.")] = None,
    json: Json = False,
) -> None:
    """Print what to paste where an animation is to be seen.

    xorviz render --bundle docs/img/xor

    xorviz embed docs/img/xor --for readme

    xorviz embed docs/img/xor --for html --as player --page docs/index.html
    """
    from xorviz.embed import find_bundle, snippet

    found = find_bundle(bundle)
    text = snippet(found, target, kind=kind, page=page)
    Console(json=json).result(text, {"target": target, "alt": found.alt, "size": list(found.size), "snippet": text})
