from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xorviz.styles.color import oklab_from_srgb, ramp, rgb_from_hex, srgb_from_oklab

#: Oklab coordinates of the sRGB primaries, from CSS Color Module Level 4.
KNOWN = {
    "#000000": (0.0, 0.0, 0.0),
    "#ffffff": (1.0, 0.0, 0.0),
    "#ff0000": (0.62796, 0.22486, 0.12585),
    "#00ff00": (0.86644, -0.23389, 0.17950),
    "#0000ff": (0.45201, -0.03246, -0.31153),
}


def test_hex() -> None:
    np.testing.assert_array_equal(rgb_from_hex("#00ff33"), [0.0, 1.0, 0.2])


@pytest.mark.parametrize(("color", "lab"), KNOWN.items())
def test_known_oklab_values(color: str, lab: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(oklab_from_srgb(rgb_from_hex(color)), lab, atol=2e-5)


def test_middle_gray_has_the_lightness_of_the_cube_root_of_its_luminance() -> None:
    luminance = ((0.5 + 0.055) / 1.055) ** 2.4
    np.testing.assert_allclose(oklab_from_srgb([0.5, 0.5, 0.5]), [luminance ** (1 / 3), 0, 0], atol=1e-6)


@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=1, max_size=20))
def test_round_trip(colors: list[tuple[float, float, float]]) -> None:
    np.testing.assert_allclose(srgb_from_oklab(oklab_from_srgb(colors)), colors, atol=1e-6)


def test_out_of_gamut_is_clipped() -> None:
    vivid = srgb_from_oklab([[0.6, 0.4, 0.0], [0.6, -0.4, 0.0], [2.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
    assert vivid.min() >= 0.0
    assert vivid.max() <= 1.0


@pytest.mark.parametrize("n_colors", [2, 9, 256])
def test_ramp_ends_are_exact_and_opaque(n_colors: int) -> None:
    table = ramp([(0.0, "#123456"), (0.3, "#ffffff"), (1.0, "#fedcba")], n_colors)
    assert table.dtype == np.uint8
    assert table.shape == (n_colors, 4)
    assert table[0].tolist() == [0x12, 0x34, 0x56, 255]
    assert table[-1].tolist() == [0xFE, 0xDC, 0xBA, 255]
    assert (table[:, 3] == 255).all()


def test_ramp_stops_between_are_exact() -> None:
    stops = [(0.0, "#1f66cc"), (0.25, "#a9c5ea"), (0.5, "#f6f4ef"), (1.0, "#e8943a")]
    table = ramp(stops, 5)
    assert ["#" + bytes(row[:3]).hex() for row in table[[0, 1, 2, 4]]] == [color for _, color in stops]


def test_ramp_is_even_in_oklab() -> None:
    table = ramp([(0.0, "#000000"), (1.0, "#ffffff")])
    lightness = oklab_from_srgb(table[:, :3] / 255.0)[:, 0]
    assert (np.diff(lightness) >= 0).all()
    # Where eight bits hold it: near black they are coarser than a step of the ramp.
    np.testing.assert_allclose(lightness[64:], np.linspace(0, 1, 256)[64:], atol=0.004)
