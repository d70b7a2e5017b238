from __future__ import annotations

import ast
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest

import xorviz
from xorviz.errors import UsageError
from xorviz.styles.color import linear_from_srgb, oklab_from_srgb, rgb_from_hex, srgb_from_oklab
from xorviz.styles.themes import THEMES, Theme, theme

#: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency" (2009),
#: severity 1, on linear sRGB.
DEFICIENCIES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
each_theme = pytest.mark.parametrize("colors", THEMES.values(), ids=THEMES)


def linear(color: str) -> np.ndarray:
    return linear_from_srgb(rgb_from_hex(color))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    dark, light = sorted(float(linear(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen_with(deficiency: str, color: str) -> np.ndarray:
    seen = np.clip(np.array(DEFICIENCIES[deficiency]) @ linear(color), 0, 1)
    encoded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return oklab_from_srgb(encoded)


def test_the_check_itself_sees_what_red_and_green_become() -> None:
    apart = np.linalg.norm(oklab_from_srgb(rgb_from_hex("#a04000")) - oklab_from_srgb(rgb_from_hex("#407000")))
    confused = np.linalg.norm(seen_with("deuteranopia", "#a04000") - seen_with("deuteranopia", "#407000"))
    assert confused < apart / 2


@each_theme
def test_every_color_is_written_in_full(colors: Theme) -> None:
    values = msgspec.structs.asdict(colors)
    assert values.pop("name") in THEMES
    flat = [color for value in values.values() for color in ([value] if isinstance(value, str) else value)]
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in flat)


def test_light_dark_and_print() -> None:
    assert list(THEMES) == ["light", "dark", "print"]
    assert all(theme(name).name == name for name in THEMES)


@each_theme
def test_text_is_legible(colors: Theme) -> None:
    assert contrast(colors.ink, colors.paper) >= 7
    assert contrast(colors.muted, colors.paper) >= 4.5
    assert contrast(colors.ink, colors.halo) >= 7
    assert min(contrast(color, colors.paper) for color in colors.class_texts) >= 4.5
    # Curves and the marks of events are graphics.
    assert min(contrast(color, colors.paper) for color in colors.classes) >= 3
    assert min(contrast(colors.boundary, color) for color in colors.field[1:4]) >= 3
    # Faint lines are seen, but less than anything else.
    assert 1.1 < contrast(colors.faint, colors.paper) < 2


@each_theme
def test_a_class_s_text_passes_for_its_accent(colors: Theme) -> None:
    """A name stands for the curve that is drawn in the accent."""
    for accent, text in zip(colors.classes, colors.class_texts, strict=True):
        one, other = (oklab_from_srgb(rgb_from_hex(color)) for color in (accent, text))
        assert np.linalg.norm(one - other) < 0.13
        assert abs(np.arctan2(one[2], one[1]) - np.arctan2(other[2], other[1])) < 0.15


def class_accents_in_text_styles(tree: ast.AST) -> list[str]:
    """Accents that a source colours text with."""
    return [
        ast.unparse(node)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "TextStyle"
        for node in ast.walk(call)
        if isinstance(node, ast.Attribute) and node.attr == "classes"
    ]


def test_no_panel_colors_text_with_an_accent_that_is_hard_to_read() -> None:
    assert class_accents_in_text_styles(ast.parse("TextStyle(9.0, theme.classes[1])")) == ["theme.classes"]
    for path in sorted((Path(xorviz.__file__).parent / "panels").glob("*.py")):
        assert class_accents_in_text_styles(ast.parse(path.read_text(encoding="utf-8"))) == [], path.name


@each_theme
def test_markers_stand_out_from_the_field(colors: Theme) -> None:
    assert min(contrast(colors.marker_edge, color) for color in colors.classes) >= 3


@each_theme
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_classes_stay_apart_for_color_blind_viewers(colors: Theme, deficiency: str) -> None:
    one, other = (seen_with(deficiency, color) for color in colors.classes[:2])
    assert np.linalg.norm(one - other) > 0.15
    ends = [seen_with(deficiency, colors.field[i]) for i in (0, -1)]
    assert np.linalg.norm(ends[0] - ends[1]) > 0.15


@each_theme
@pytest.mark.parametrize("deficiency", ["", *DEFICIENCIES])
def test_ten_classes_stay_apart_and_the_first_six_more(colors: Theme, deficiency: str) -> None:
    seen = [seen_with(deficiency, c) if deficiency else oklab_from_srgb(rgb_from_hex(c)) for c in colors.classes]
    assert len(seen) == 10
    apart = np.linalg.norm(np.array(seen)[:, None] - np.array(seen), axis=-1) + np.eye(10)
    assert apart.min() > 0.075
    assert apart[:6, :6].min() > 0.09


@each_theme
def test_regions_begin_alike_and_end_in_their_class_s_hue(colors: Theme) -> None:
    palettes = oklab_from_srgb(colors.region_palettes(10)[..., :3] / 255.0)
    np.testing.assert_array_equal(palettes[:, 0], palettes[[0] * 10, 0])
    for palette, accent in zip(palettes, colors.classes, strict=True):
        lab = oklab_from_srgb(rgb_from_hex(accent))
        assert abs(np.angle(np.exp(1j * (np.arctan2(*palette[-1, :0:-1]) - np.arctan2(*lab[:0:-1]))))) < 0.3


@each_theme
def test_field_palette_is_centred_on_one_half(colors: Theme) -> None:
    palette = colors.field_palette()
    assert palette.shape == (256, 4)
    for i, stop in ((0, 0), (255, 4)):
        np.testing.assert_array_equal(palette[i, :3], np.rint(rgb_from_hex(colors.field[stop]) * 255))
    middle = oklab_from_srgb(rgb_from_hex(colors.field[2]))
    distance = np.linalg.norm(oklab_from_srgb(palette[:, :3] / 255.0) - middle, axis=1)
    assert distance.argmin() in (127, 128)
    # Away from the middle the distance to it only grows.
    assert (np.diff(distance[127::-1]) >= -1e-3).all()
    assert (np.diff(distance[128:]) >= -1e-3).all()


@each_theme
def test_field_sides_belong_to_their_classes(colors: Theme) -> None:
    palette = oklab_from_srgb(colors.field_palette()[:, :3] / 255.0)
    accents = [oklab_from_srgb(rgb_from_hex(color)) for color in colors.classes[:2]]
    hue = [np.arctan2(lab[2], lab[1]) for lab in (*accents, palette[0], palette[-1])]
    assert abs(hue[2] - hue[0]) < 0.3
    assert abs(hue[3] - hue[1]) < 0.3


@pytest.mark.parametrize("colors", [THEMES["light"], THEMES["dark"]], ids=["light", "dark"])
def test_neither_side_of_the_field_outweighs_the_other(colors: Theme) -> None:
    lightness = oklab_from_srgb(colors.field_palette()[:, :3] / 255.0)[:, 0]
    assert np.abs(lightness - lightness[::-1]).max() < 0.12


def test_what_is_printed_survives_without_colors() -> None:
    """Grey levels of the field only rise, by about as much everywhere; classes differ in grey too."""
    colors = THEMES["print"]
    luminance = linear_from_srgb(colors.field_palette()[:, :3] / 255.0) @ [0.2126, 0.7152, 0.0722]
    # Eight bits make single steps tremble.
    assert (luminance[3:] > luminance[:-3]).all()
    steps = np.diff(np.cbrt(luminance)[::51])
    assert steps.max() < 1.5 * steps.min()
    assert contrast(colors.field[0], colors.field[-1]) > 3
    assert contrast(*colors.classes[:2]) > 1.7
    assert {colors.ink, colors.boundary, colors.paper} == {"#000000", "#ffffff"}


@each_theme
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_field_s_sides_stay_apart_for_color_blind_viewers(colors: Theme, deficiency: str) -> None:
    """Not only the ends: what is clearly of one class is never taken for what is as clearly of the other."""
    palette = colors.field_palette()
    for i in (0, 32, 64):
        one, other = (seen_with(deficiency, "#" + bytes(palette[j, :3]).hex()) for j in (i, 255 - i))
        assert np.linalg.norm(one - other) > 0.09


def test_mixing_goes_through_oklab() -> None:
    palette = THEMES["light"].field_palette()
    low, high = (oklab_from_srgb(rgb_from_hex(color)) for color in THEMES["light"].field[:2])
    share = 30 / 255 * 4
    expected = np.rint(srgb_from_oklab(low + share * (high - low)) * 255)
    np.testing.assert_array_equal(palette[30, :3], expected)


def test_unknown_theme() -> None:
    with pytest.raises(UsageError) as caught:
        theme("drak")
    assert str(caught.value) == "theme must be one of light, dark, print; got 'drak'. Did you mean 'dark'?"
