"""What the contract of a panel promises, for every kind."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

import xorviz
from xorviz.artists.label import Label
from xorviz.artists.place import Place
from xorviz.errors import UsageError
from xorviz.panels import KINDS, panel
from xorviz.panels._base import Panel
from xorviz.recordings.recording import Recording

RECORDINGS = ["recording", "diverged", "one_point", "outside", "two_hidden", "solved_exactly"]
BOXED = {"header": Place(10, 180, 290, 210), "time": Place(10, 30, 290, 60), "title": Place(10, 180, 290, 210)}


def draw_loss(axes, recording: Recording, snapshot: int) -> None:
    axes.plot(recording.steps[: snapshot + 1], recording.snapshot_losses[: snapshot + 1], "o-")
    axes.set_xlim(0, recording.n_steps)


def another_run() -> str:
    """A file with a run to compare with."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    path = Path(folder, "other.xorviz")
    xorviz.train("backprop", seed=3).save(path)
    return str(path)


#: What a panel cannot do without.
REQUIRED: dict[str, dict] = {
    "function": {"function": draw_loss},
    "difference": {"recording": another_run()},
    "metric": {"names": ("loss",)},
}
#: What only a network of one input has, or two recordings of as many inputs.
NOT_OF_THREE = {"curve": "must have a network with 1 input", "difference": "must have two networks of as many inputs"}
#: Every awkward recording with two inputs; the curve has one of its own.
EVERY = ", ".join(KINDS)


def options(kind: str) -> dict:
    return {"kind": kind, **REQUIRED.get(kind, {})}


def of(kind: str) -> Panel:
    return panel(options(kind))


#: Those of studies are in test_sweep_panels.
OF_RECORDINGS = [kind for kind in KINDS if of(kind).shows != "study"]
PLANAR = [kind for kind in OF_RECORDINGS if kind != "curve"]


@pytest.mark.parametrize("kind", KINDS)
def test_frozen_and_named(kind: str) -> None:
    made = of(kind)
    assert made.kind == kind
    assert made == of(kind)
    with pytest.raises(AttributeError):
        made.kind = "other"


@pytest.mark.parametrize("name", RECORDINGS)
@pytest.mark.parametrize("kind", PLANAR)
def test_any_frame_in_any_order(show, request: pytest.FixtureRequest, kind: str, name: str) -> None:
    """A frame's pixels depend on the frame alone, and painting makes no artists."""
    recording: Recording = request.getfixturevalue(name)
    indices = np.unique(np.linspace(0, recording.n_snapshots - 1, 7).astype(int))
    shown = show(of(kind), recording, place=BOXED.get(kind))
    artists = (shown.paint.static, shown.paint.dynamic)
    in_order = {i: shown.at(i) for i in indices}
    for i in [*indices[::-1], indices[len(indices) // 2], indices[0]]:
        np.testing.assert_array_equal(shown.at(i), in_order[i])
    assert (shown.paint.static, shown.paint.dynamic) == artists
    assert (in_order[indices[0]][..., 3] == 255).all()
    again = show(of(kind), recording, place=BOXED.get(kind))
    np.testing.assert_array_equal(again.at(-1), in_order[indices[-1]])
    if kind not in BOXED:
        assert (shown.inside(in_order[indices[0]]) != shown.inside(shown.empty)).any()


@pytest.mark.parametrize("kind", [kind for kind in PLANAR if kind != "time"])
def test_the_snapshot_of_a_frame_is_shown_wherever_the_frame_stands(show, recording: Recording, kind: str) -> None:
    few = show(of(kind), recording, place=BOXED.get(kind), snapshots=[0, 63, 140])
    all_of_them = show(of(kind), recording, place=BOXED.get(kind))
    for index in (0, 1, 2):
        np.testing.assert_array_equal(few.at(index), all_of_them.at(int(few.snapshots[index])))


@pytest.mark.parametrize("kind", PLANAR)
@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_themes(show, recording: Recording, kind: str, theme_name: str) -> None:
    picture = show(of(kind), recording, place=BOXED.get(kind), theme_name=theme_name).at(40)
    other = show(of(kind), recording, place=BOXED.get(kind)).at(40)
    assert (picture == other).all() == (theme_name == "light")


@pytest.mark.parametrize("kind", OF_RECORDINGS)
def test_three_inputs(show, three_inputs: Recording, kind: str) -> None:
    if kind not in NOT_OF_THREE:
        assert (show(of(kind), three_inputs, place=BOXED.get(kind)).at(5) != 0).any()
        return
    with pytest.raises(UsageError, match=f"^panel '{kind}' {NOT_OF_THREE[kind]}"):
        of(kind).measure(three_inputs, np.arange(3))


@pytest.mark.parametrize("kind", PLANAR)
def test_points_scale_text(show, recording: Recording, kind: str) -> None:
    """Twice the points a pixel, twice the letters."""
    sizes = []
    for pt in (1.0, 2.0):
        place = BOXED.get(kind, Place(60, 50, 240, 170))
        big = Place(*(int(edge * pt) for edge in place.box_px), pt)
        shown = show(of(kind), recording, place=big, size=(int(300 * pt), int(220 * pt)))
        labels = [a for a in (*shown.paint.static, *shown.paint.dynamic) if isinstance(a, Label)]
        sizes.append(max((label.style.size_px for label in labels), default=1.0 * pt))
    assert sizes[1] == pytest.approx(2 * sizes[0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {},
            f"panel.kind must be one of {EVERY}; got None.",
        ),
        (
            {"kind": "feild"},
            f"panel.kind must be one of {EVERY}; got 'feild'. Did you mean 'field'?",
        ),
        (
            {"kind": "loss", "scael": "log"},
            "option of panel (loss) must be one of scale; got 'scael'. Did you mean 'scale'?",
        ),
        ({"kind": "time", "color": 3}, "option of panel (time) must be one of events; got 'color'."),
        ({"kind": "loss", "scale": "cubic"}, "panel (loss) must be valid: Invalid enum value 'cubic' - at `$.scale`."),
        (
            {"kind": "surface", "orbit_deg": "40"},
            "panel (surface) must be valid: Expected `float`, got `str` - at `$.orbit_deg`.",
        ),
        (
            {"kind": "field", "bounds": [[0, 1]]},
            "panel (field) must be valid: Expected `array` of length 2, got 1 - at `$.bounds`.",
        ),
    ],
)
def test_refused_options(given: dict, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        panel(given)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "field", "n_grid": 1},
        {"kind": "field", "n_grid": -1},
        {"kind": "field", "bounds": [[1, 0], [0, 1]]},
        {"kind": "field", "bounds": [[0, 1], [0, float("inf")]]},
        {"kind": "surface", "bounds": [[0, 1], [1, 1]]},
        {"kind": "surface", "elevation_deg": float("nan")},
        {"kind": "surface", "elevation_deg": 0.0},
        {"kind": "surface", "elevation_deg": -5.0},
        {"kind": "surface", "elevation_deg": 120.0},
        {"kind": "surface", "azimuth_deg": float("inf")},
        {"kind": "surface", "orbit_deg": float("nan")},
        {"kind": "readout", "n_places": -1},
    ],
    ids=lambda given: f"{given['kind']}-{[f'{k}={v}' for k, v in given.items()][1]}",
)
def test_options_out_of_range(given: dict) -> None:
    """Refused with the option's name when the panel is made, before any work."""
    option = list(given)[1]
    with pytest.raises(UsageError, match=option):
        panel(given)


def test_options_arrive() -> None:
    made = panel({"kind": "field", "style": "classes", "bounds": [[0, 1], [-2, 2.5]], "n_grid": 11, "scale": False})
    assert (made.style, made.bounds, made.n_grid, made.scale) == ("classes", ((0, 1), (-2, 2.5)), 11, False)
    assert msgspec.convert({}, type(made)) == of("field")
