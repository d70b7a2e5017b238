from __future__ import annotations

from itertools import combinations

import msgspec
import pytest

from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.scenes.layout import places, point_px
from xorviz.scenes.scene import SCENES, Scene

SIZES = [(960, 540), (1280, 720), (3840, 2160), (640, 1136), (1080, 1080)]


def apart(one: Place, other: Place) -> bool:
    return one.right <= other.left or other.right <= one.left or one.top <= other.bottom or other.top <= one.bottom


def of_size(scene: Scene, size: tuple[int, int]) -> Scene:
    return msgspec.structs.replace(scene, size=size)


@pytest.mark.parametrize("size", [*SIZES, (400, 400), (480, 270), (4000, 300)])
@pytest.mark.parametrize("name", SCENES)
def test_places_lie_in_the_frame_and_apart(name: str, size: tuple[int, int]) -> None:
    scene = of_size(SCENES[name], size)
    try:
        found = places(scene)
    except UsageError:
        # A long strip has no height for rows.
        assert size == (4000, 300)
        return
    assert list(found) and set(found) == set(scene.panel_names)
    for place in found.values():
        assert 0 <= place.left < place.right <= size[0]
        assert 0 <= place.bottom < place.top <= size[1]
        assert place.pt == point_px(scene)
        assert all(isinstance(edge, int) for edge in place.box_px)
    assert all(apart(one, other) for one, other in combinations(found.values(), 2))


@pytest.mark.parametrize("size", SIZES)
def test_edges_in_a_row_or_column_are_aligned(size: tuple[int, int]) -> None:
    found = places(of_size(SCENES["dashboard"], size))
    field, surface, loss, gradients = (found[name] for name in ("field", "surface", "loss", "gradients"))
    assert field.top == surface.top
    assert field.bottom == loss.bottom == gradients.bottom
    assert loss.top == gradients.top
    assert surface.left == loss.left
    assert surface.right == gradients.right
    assert (found["header"].left, found["header"].right) == (found["time"].left, found["time"].right)
    assert (field.left, surface.right) == (found["header"].left, found["header"].right)
    assert found["header"].bottom >= field.top
    assert found["time"].top <= field.bottom


def test_dashboard_has_the_proportions_of_its_weights() -> None:
    found = places(SCENES["dashboard"])
    columns = SCENES["dashboard"].column_weights
    rows = SCENES["dashboard"].row_weights
    assert found["field"].width / found["loss"].width == pytest.approx(columns[0] / columns[1], rel=0.01)
    assert found["surface"].height / found["loss"].height == pytest.approx(rows[0] / rows[1], rel=0.01)
    assert abs(found["loss"].width - found["gradients"].width) <= 1


def gaps(found: dict[str, Place], size: tuple[int, int]) -> list[float]:
    field, surface, loss, gradients = (found[name] for name in ("field", "surface", "loss", "gradients"))
    return [
        field.left,
        surface.left - field.right,
        gradients.left - loss.right,
        surface.bottom - loss.top,
        size[0] - surface.right,
        size[1] - field.top,
        found["header"].height,
        field.bottom,
        found["time"].top,
    ]


@pytest.mark.parametrize("size", SIZES)
def test_gutters_grow_with_the_point(size: tuple[int, int]) -> None:
    pt = point_px(Scene(size=size))
    reference = gaps(places(SCENES["dashboard"]), (960, 540))
    scaled = gaps(places(of_size(SCENES["dashboard"], size)), size)
    assert scaled == pytest.approx([gap * pt for gap in reference], abs=1.01 + pt)


def test_point() -> None:
    assert point_px(Scene()) == 1
    assert point_px(Scene(size=(1920, 1080))) == 2
    assert point_px(Scene(size=(1080, 480))) == 1


def test_a_hand_checked_grid() -> None:
    scene = Scene(rows=("a a b", "c . b"), column_weights=(1, 2, 1), header=False, time_bar=False)
    found = places(scene)
    a, b, c = found["a"], found["b"], found["c"]
    gutter = b.left - a.right
    unit = (b.right - a.left - 2 * gutter) / 4
    assert b.width == pytest.approx(unit, abs=1)
    assert c.width == pytest.approx(unit, abs=1)
    assert a.width == pytest.approx(3 * unit + gutter, abs=1)
    assert (a.left, a.top) == (c.left, b.top)
    assert b.bottom == c.bottom
    assert abs(a.height - c.height) <= 1


def test_strips_make_room_when_left_out() -> None:
    both = places(Scene(rows=("field",)))["field"]
    neither = places(Scene(rows=("field",), header=False, time_bar=False))["field"]
    assert neither.top > both.top
    assert neither.bottom < both.bottom
    assert (neither.left, neither.right) == (both.left, both.right)


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (("field field", "field loss"), "field"),
        (("field loss", "loss field"), "field"),
        (("loss field", "field loss"), "loss"),
        (("field loss field",), "field"),
        (("field . .", ". . field"), "field"),
        # As many cells as the rectangle from the first to the last has, but other ones.
        (("field loss", "loss field", "field loss"), "field"),
    ],
)
def test_spans_must_be_rectangles(rows: tuple[str, ...], name: str) -> None:
    with pytest.raises(UsageError) as caught:
        places(Scene(rows=rows))
    assert str(caught.value) == f"rows must give {name!r} one rectangle of cells; got {list(rows)!r}."


@pytest.mark.parametrize(("scene", "size"), [("dashboard", (2000, 64)), ("table", (64, 2000))])
def test_too_small(scene: str, size: tuple[int, int]) -> None:
    with pytest.raises(UsageError) as caught:
        places(of_size(SCENES[scene], size))
    assert str(caught.value) == (
        f"size must leave every panel room beside its labels; got {size[0]}x{size[1]}. Choose a larger size or "
        "fewer panels."
    )


@pytest.mark.parametrize("name", ["header", "time"])
def test_a_strip_is_not_lost_to_a_cell_of_its_name(name: str) -> None:
    """Either both are drawn or the scene is refused; never one in silence."""
    try:
        found = places(Scene(rows=(f"field {name}",)))
    except UsageError:
        return
    assert len(found) == 4
