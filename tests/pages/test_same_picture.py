"""All formats show the same picture: a page drawn by another program, beside the frame's pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xorviz import panels
from xorviz.recordings.recording import Recording
from xorviz.stills import contact_sheet, still

STRIPS = {"header", "time", "title", "run", "summary"}
#: Panels that cannot do without an option.
ASKING = {"function", "difference"}
#: Panels of other runs than this one, with tests of their own.
OTHERS = {"curve", "metric", "study", "sweep-mean", "sweep-density", "sweep-failures", "sweep-medians"}
KINDS = set(panels.KINDS) - OTHERS


def picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def near(one: np.ndarray, other: np.ndarray, factor: float = 1.0) -> None:
    """The same picture by another rasteriser, whose text is not moved to whole pixels."""
    assert one.shape[:2] == other.shape[:2]
    difference = np.abs(one[..., :3].astype(int) - other[..., :3])
    assert difference.mean() < 1.5 * factor
    assert (difference.max(axis=-1) > 40).mean() < 0.015 * factor


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scene", ["dashboard", "field", "surface", "traces", "table"])
def test_a_pdf_shows_the_png(recording: Recording, tmp_path: Path, painted_pdf, scene: str, theme: str) -> None:
    for suffix in ("png", "pdf"):
        still(recording, tmp_path / f"a.{suffix}", step=60, scene=scene, theme=theme)
    near(painted_pdf(tmp_path / "a.pdf"), picture(tmp_path / "a.png"))


@pytest.mark.parametrize("kind", sorted(KINDS - STRIPS - ASKING))
def test_every_panel_of_a_pdf_shows_that_of_the_png(
    recording: Recording, tmp_path: Path, painted_pdf, kind: str
) -> None:
    """Also those whose artists know nothing of pages."""
    for suffix in ("png", "pdf"):
        still(recording, tmp_path / f"a.{suffix}", step=60, rows=(kind,), size=(640, 480))
    near(painted_pdf(tmp_path / "a.pdf"), picture(tmp_path / "a.png"), factor=3.0)


@pytest.mark.parametrize("scene", ["dashboard", "table"])
def test_an_svg_shows_the_png(recording: Recording, tmp_path: Path, painted_svg, scene: str) -> None:
    for suffix in ("png", "svg"):
        still(recording, tmp_path / f"a.{suffix}", step=60, scene=scene)
    near(painted_svg(tmp_path / "a.svg"), picture(tmp_path / "a.png"))


def test_a_sheet_of_a_pdf_shows_the_png(recording: Recording, tmp_path: Path, painted_pdf) -> None:
    for suffix in ("png", "pdf"):
        contact_sheet(recording, tmp_path / f"a.{suffix}", steps=4, scene="field")
    near(painted_pdf(tmp_path / "a.pdf"), picture(tmp_path / "a.png"))


def test_a_transparent_page_has_no_ground(recording: Recording, tmp_path: Path, painted_pdf, painted_svg) -> None:
    """Only what is drawn on a dark paper is dark."""
    for suffix, painted in (("pdf", painted_pdf), ("svg", painted_svg)):
        path = tmp_path / f"a.{suffix}"
        for ground, corner in (("paper", (15, 20, 27)), ("transparent", (255, 255, 255))):
            still(recording, path, scene="traces", theme="dark", ground=ground, size=(480, 270))
            assert tuple(painted(path)[1, 1, :3]) == corner


def test_one_panel_is_the_part_of_the_png(recording: Recording, tmp_path: Path, painted_pdf) -> None:
    for suffix in ("png", "pdf"):
        still(recording, tmp_path / f"a.{suffix}", step=60, panel="loss")
    near(painted_pdf(tmp_path / "a.pdf"), picture(tmp_path / "a.png"))
