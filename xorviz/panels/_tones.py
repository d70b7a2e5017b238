"""Colours of layers, and shades of them that stay apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from xorviz.styles.color import ramp
from xorviz.styles.themes import Theme

# Beyond this a shade is hardly a colour any more.
_DEEPEST = 0.6
_N_SHADES = 61


def layer_tones(names: Sequence[str]) -> list[tuple[int, float]]:
    """Class accent and shade of each layer by name: the output in that of class 1, hidden ones in that of class 0."""
    shades = even_shades(sum(name != "output" for name in names))
    return [(1, 0.0) if name == "output" else (0, shade) for name, shade in zip(names, [*shades, 0.0], strict=False)]


def even_shades(n: int) -> list[float]:
    """So many shares of ink, from none up, as far apart as they stay colours."""
    return [_DEEPEST * i / max(n - 1, 1) for i in range(n)]


@lru_cache(maxsize=256)
def toned(theme: Theme, tone: int | None, shade: float = 0.0, *, is_text: bool = False) -> str:
    """``"#rrggbb"`` of an accent with some ink mixed in; ink alone where ``tone`` is None."""
    accents = theme.class_texts if is_text else theme.classes
    accent = theme.ink if tone is None else accents[tone]
    red, green, blue = ramp([(0.0, accent), (1.0, theme.ink)], _N_SHADES)[round(shade * (_N_SHADES - 1)), :3]
    return f"#{red:02x}{green:02x}{blue:02x}"
