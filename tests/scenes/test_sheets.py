"""The scene of a contact sheet."""

from __future__ import annotations

import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.scenes.layout import places
from xorviz.scenes.scene import SCENES, Scene
from xorviz.scenes.sheets import sheet_scene

SIX = [f"step {step}" for step in range(6)]


def test_cells():
    sheet = sheet_scene(SCENES["multiples"], SIX, 3, fitted=True)
    assert sheet.rows == ("field@1 field@2 field@3", "field@4 field@5 field@6")
    assert sheet.run_names == tuple(SIX)
    assert sheet.panel_names == ["header", *(f"field@{i}" for i in range(1, 7))]
    assert sheet.panel_options("header") == {"kind": "title"}
    assert sheet.panel_options("field@4")["scale"] is False


def test_panels_of_a_step_stand_one_below_the_other():
    scene = SCENES["dashboard"].changed(rows=("field loss",))
    sheet = sheet_scene(scene, SIX[:3], 2, fitted=False)
    assert sheet.rows == ("field@1 field@2", "loss@1 loss@2", "field@3 .", "loss@3 .")
    assert sheet.size == scene.size
    field, loss = (places(sheet)[f"{kind}@1"] for kind in ("field", "loss"))
    own = places(scene)
    expected = (own["field"].height / own["field"].width) / (own["loss"].height / own["loss"].width)
    assert field.height / loss.height == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("n", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (6, 3), (8, 4), (9, 3), (12, 4)])
def test_columns_leave_few_cells_empty(n, columns):
    sheet = sheet_scene(SCENES["multiples"], [str(i) for i in range(n)], None, fitted=True)
    assert len(sheet.cells[0]) == columns


@pytest.mark.parametrize("columns", [1, 2, 3, 6])
def test_the_frame_has_the_shape_that_its_cells_fill(columns):
    sheet = sheet_scene(SCENES["multiples"], SIX, columns, fitted=True)
    width, height = sheet.size
    assert width * height == pytest.approx(4 * 960 * 540, rel=0.01)
    cells = [place for name, place in places(sheet).items() if name != "header"]
    for place in cells:
        assert place.width == pytest.approx(place.height, rel=0.06)
    assert np.ptp([place.width for place in cells]) <= 1


def test_strips():
    bare = sheet_scene(Scene(rows=("field",), header=False), SIX, None, fitted=True)
    assert not any(name in ("header", "time") for name in bare.panel_names)
    told = Scene(rows=("field",), panels={"header": {"title": "Mine"}})
    assert sheet_scene(told, SIX, None, fitted=True).panel_options("header") == {"kind": "title", "title": "Mine"}


@pytest.mark.parametrize("columns", [0, 7, -1])
def test_columns_out_of_range(columns):
    with pytest.raises(UsageError) as caught:
        sheet_scene(SCENES["multiples"], SIX, columns, fitted=True)
    assert str(caught.value) == f"columns must be from 1 to 6, the number of steps; got {columns}."


def test_too_many_panels_for_any_shape():
    scene = Scene(size=(960, 2000), rows=("field", "loss", "gradients", "parameters"))
    with pytest.raises(UsageError, match=r"^steps must leave every panel room; got 40 steps. Give fewer steps.$"):
        sheet_scene(scene, [str(i) for i in range(40)], 1, fitted=True)
