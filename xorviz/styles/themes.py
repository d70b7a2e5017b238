"""Light, dark and print: one accent per class, used everywhere for the same thing.

Blue and orange stay apart under every common colour-vision deficiency, and so do the accents of up to ten classes, the
first few most; class is also shown by marker shape. In print
the colour scale only grows lighter, so that it survives a printer without colours.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from xorviz.errors import unknown
from xorviz.styles.color import oklab_from_srgb, ramp, rgb_from_hex, srgb_from_oklab

#: How far the colour of a region goes from the paper to its class's accent.
_REGION_SHARE = 0.6


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """Every colour of a scene, as ``"#rrggbb"``.

    Attributes:
        paper: ground of the frame.
        ink: text and the strongest lines.
        muted: secondary text.
        faint: lines that are there to be overlooked: grids, curves not reached yet.
        classes: accents of class 0, class 1 … class 9: markers; those of the first two are layers' traces, too.
        class_texts: the same accents as far darker or lighter as text on the paper must be to be read.
        field: stops of the output's colour scale for 0, 0.25, 0.5, 0.75 and 1.
        boundary: the decision boundary.
        marker_edge: outline of the data points.
        halo: outline of text that stands on the field.
    """

    name: str
    paper: str
    ink: str
    muted: str
    faint: str
    classes: tuple[str, ...]
    class_texts: tuple[str, ...]
    field: tuple[str, str, str, str, str]
    boundary: str
    marker_edge: str
    halo: str

    def region_palettes(self, n_classes: int) -> NDArray[np.uint8]:
        """Colours of a region of each class from no confidence to certainty: uint8 array of (n_classes, 64, 4), RGBA.

        They begin with the middle of the output's colour scale and end short of the accents, so that markers stand out.
        """
        ends = [rgb_from_hex(color) for color in (self.paper, *self.classes[:n_classes])]
        lab_paper, *labs = (oklab_from_srgb(end) for end in ends)
        tinted = [srgb_from_oklab(lab_paper + _REGION_SHARE * (lab - lab_paper)) for lab in labs]
        codes = ["#" + bytes(np.rint(rgb * 255).astype(np.uint8)).hex() for rgb in tinted]
        return np.stack([ramp([(0.0, self.field[2]), (1.0, code)], 64) for code in codes])

    def field_palette(self) -> NDArray[np.uint8]:
        """Colours of the outputs 0..1 in 256 even steps: uint8 array of shape (256, 4), RGBA."""
        return ramp([(i / 4, color) for i, color in enumerate(self.field)])


THEMES = {
    "light": Theme(
        name="light",
        paper="#ffffff",
        ink="#17202c",
        muted="#5f6b7a",
        faint="#dfe3e8",
        classes=(
            *("#1f66cc", "#e07a0c"),
            *("#4b6600", "#aa6394", "#2e0083", "#550000", "#7b7855", "#3a95f9", "#b98690", "#7c5163"),
        ),
        class_texts=(
            *("#1f66cc", "#b85c00"),
            *("#4b6600", "#a55e8f", "#2e0083", "#550000", "#7a7754", "#0f75d7", "#996872", "#7c5163"),
        ),
        field=("#4f8bd8", "#a9c5ea", "#f6f4ef", "#f2bd7e", "#e8943a"),
        boundary="#17202c",
        marker_edge="#ffffff",
        halo="#ffffff",
    ),
    "dark": Theme(
        name="dark",
        paper="#0f141b",
        ink="#f0f3f7",
        muted="#94a1b2",
        faint="#2a323d",
        classes=(
            *("#4c9bf5", "#ffa23a"),
            *("#00dc97", "#cd69b6", "#5a3dff", "#8d561c", "#e0ff6f", "#16edff", "#ffbccc", "#999670"),
        ),
        class_texts=(
            *("#4c9bf5", "#ffa23a"),
            *("#00dc97", "#cd69b6", "#7568ff", "#ab723b", "#e0ff6f", "#16edff", "#ffbccc", "#999670"),
        ),
        field=("#4796f0", "#29558c", "#151a22", "#8a5a25", "#ee9a3c"),
        boundary="#ffffff",
        marker_edge="#0f141b",
        halo="#0f141b",
    ),
    "print": Theme(
        name="print",
        paper="#ffffff",
        ink="#000000",
        muted="#505050",
        faint="#d2d2d2",
        classes=(
            *("#1052a6", "#c76b00"),
            *("#00846c", "#a55dbf", "#200967", "#4c0000", "#8b9766", "#008bff", "#cb77b1", "#634d1f"),
        ),
        class_texts=(
            *("#1052a6", "#a85400"),
            *("#00846c", "#a058ba", "#200967", "#4c0000", "#6f7a4a", "#0073e4", "#ab5a93", "#634d1f"),
        ),
        field=("#3362a9", "#5f81b6", "#a29e96", "#e4b083", "#ffcf9c"),
        boundary="#000000",
        marker_edge="#ffffff",
        halo="#ffffff",
    ),
}


def theme(name: str) -> Theme:
    """The theme of that name.

    Raises:
        UsageError: there is none.
    """
    if name not in THEMES:
        raise unknown("theme", name, THEMES)
    return THEMES[name]
