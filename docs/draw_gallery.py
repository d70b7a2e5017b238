"""Draws recipes of render/ into outputs/gallery/ and writes docs/gallery.md: ``python docs/draw_gallery.py [NAME …]``.

Pictures are two thirds of a recipe's size, at ten frames a second, so that the folder stays small. The first, which the
README shows, is a bundle: a GIF for a README, and WebPs of full size, light and dark, with their posters.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from xorviz.scenes.recipe import read_recipe

ROOT = Path(__file__).resolve().parents[1]
RECIPES, GALLERY = ROOT / "render", ROOT / "outputs" / "gallery"
FRONT_DOOR = "xor"
MOST_BYTES = "480kB"
_PUBLISHED = re.compile(r'"[^"]+":')
_HEAD = """# Gallery

Every recipe of `render/`, with the command that draws it. [Scenes, panels and recipes](scenes.md) says what
recipes can say. The pictures are smaller here, and slower, than what the commands make.
"""


def shown(recipe: Path) -> str:
    """What a recipe says of itself: the comment that it begins with."""
    lines = []
    for line in recipe.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def group(recipe: Path) -> str:
    """What kind of recipe it is, for the list that the page begins with."""
    read = read_recipe(recipe)
    if read.data or read.source.endswith(".xorviz"):
        return "Other problems"
    if read.runs or read.source.endswith(".db"):
        return "Many runs"
    return "The five articles" if _PUBLISHED.search(shown(recipe)) else "Every view"


def contents(recipes: list[Path]) -> str:
    """The names of all recipes by kind, each a link."""
    names: dict[str, list[str]] = {"Every view": [], "Other problems": [], "Many runs": [], "The five articles": []}
    for recipe in recipes:
        names[group(recipe)].append(f"[{recipe.stem}](#{recipe.stem})")
    return "\n".join(f"- **{kind}**: {' · '.join(links)}" for kind, links in names.items()) + "\n"


def page(recipes: list[Path]) -> str:
    """The gallery as Markdown."""
    parts = [_HEAD, contents(recipes)]
    for recipe in recipes:
        name, text = recipe.stem, shown(recipe)
        command = f"xorviz render render/{name}.toml --out {name}.gif"
        parts.append(f"## {name}\n{text}\n\n![{text}](../outputs/gallery/{name}.gif)\n\n```sh\n{command}\n```\n")
    return "\n".join(parts)


def draw(recipe: Path) -> None:
    """Write a recipe's picture."""
    if recipe.stem == FRONT_DOOR:
        render(recipe, ".gif", options=("--for", "readme"))
        limit = ("--fps", "20", "--max-bytes", "700kB")
        render(recipe, ".webp", ".png", ".alt.txt", options=limit)
        render(recipe, "-dark.webp", "-dark.png", options=(*limit, "--theme", "dark"))
        return
    scene = read_recipe(recipe).scene
    width, height = (side * 2 // 3 for side in scene.size)
    options = ["--size", f"{width}x{height}", "--max-bytes", MOST_BYTES]
    if scene.clock != "steps":
        options += ["--fps", "10", "--duration", "4.4", "--hold", "1.4"]
    render(recipe, ".gif", options=options)


def render(recipe: Path, *endings: str, options: Sequence[str]) -> None:
    """Run ``xorviz render``."""
    words = ["render", str(recipe), *options, "--force", "--quiet"]
    for ending in endings:
        words += ["--out", str(GALLERY / f"{recipe.stem}{ending}")]
    subprocess.run([sys.executable, "-m", "xorviz", *words], check=True)


if __name__ == "__main__":
    every = sorted(RECIPES.glob("*.toml"), key=lambda recipe: (recipe.stem != FRONT_DOOR, recipe.stem))
    (ROOT / "docs" / "gallery.md").write_text(page(every), encoding="utf-8")
    for one in every:
        if one.stem in sys.argv[1:] or not sys.argv[1:]:
            draw(one)
