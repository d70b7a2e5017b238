"""The face of all pictures, for a page: Source Sans Pro with the signs that we write, inside the style sheet."""

from __future__ import annotations

import base64
import io
from functools import cache

from xorviz.styles.typeface import Weight, font_path

_WEIGHTS: dict[Weight, int] = {"Regular": 400, "Semibold": 600, "Bold": 700}
_SIGNS = "".join(map(chr, range(0x20, 0x7F))) + "–—−×·…→≤≥¼½°ηλσ₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁻"


@cache
def faces() -> str:
    """Rules that bring the face in three weights, about 45 kB; what else a text holds is set in the system's."""
    return "".join(
        f'@font-face {{ font-family: "Source Sans Pro"; font-weight: {number}; '
        f'src: url("data:font/woff;base64,{base64.b64encode(_woff(weight)).decode()}") format("woff"); }}\n'
        for weight, number in _WEIGHTS.items()
    )


def _woff(weight: Weight) -> bytes:
    """The face with our signs alone."""
    from fontTools import subset

    options = subset.Options(hinting=False, layout_features=["kern"], flavor="woff")
    file = io.BytesIO()
    with subset.load_font(font_path(weight), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=_SIGNS)
        subsetter.subset(font)
        font.flavor = "woff"
        # The font's own date stays, so that the same page has the same bytes.
        font.recalcTimestamp = False
        font.save(file, reorderTables=None)
    return file.getvalue()
