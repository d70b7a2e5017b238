"""Draws recipes of render/ into outputs/gallery/ and writes docs/gallery.md: ``python docs/draw_gallery.py [NAME …]``.

Pictures are two thirds of a recipe's size, at ten frames a second, so that the folder stays small; the first, which
the README shows, is as the command makes it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from xorviz.recipe import read_recipe

ROOT = Path(__file__).resolve().parents[1]
RECIPES, GALLERY = ROOT / "render", ROOT / "outputs" / "gallery"
FRONT_DOOR = "xor"
_HEAD = """# Gallery

Every recipe of `render/`, with the command that draws it. What recipes can say is in [scenes.md](scenes.md). This page
and its pictures are made by `python docs/draw_gallery.py`.
"""


def shown(recipe: Path) -> str:
    """What a recipe says of itself: the comment that it begins with."""
    lines = []
    for line in recipe.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def page(recipes: list[Path]) -> str:
    """The gallery as Markdown."""
    parts = [_HEAD]
    for recipe in recipes:
        name, text = recipe.stem, shown(recipe)
        command = f"xorviz render render/{name}.toml --out {name}.gif"
        parts.append(f"## {name}\n{text}\n\n![{text}](../outputs/gallery/{name}.gif)\n\n`{command}`\n")
    return "\n".join(parts)


def draw(recipe: Path) -> None:
    """Write a recipe's picture."""
    scene = read_recipe(recipe).scene
    words = ["render", "--quiet", str(recipe), "--out", str(GALLERY / f"{recipe.stem}.gif"), "--force"]
    if recipe.stem != FRONT_DOOR:
        width, height = (side * 2 // 3 for side in scene.size)
        words += ["--size", f"{width}x{height}"]
        if scene.clock != "steps":
            words += ["--fps", "10", "--duration", "4.4", "--hold", "1.4"]
    subprocess.run([sys.executable, "-m", "xorviz", *words], check=True)


if __name__ == "__main__":
    every = sorted(RECIPES.glob("*.toml"), key=lambda recipe: (recipe.stem != FRONT_DOOR, recipe.stem))
    (ROOT / "docs" / "gallery.md").write_text(page(every), encoding="utf-8")
    for one in every:
        if one.stem in sys.argv[1:] or not sys.argv[1:]:
            draw(one)
