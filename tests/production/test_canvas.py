from __future__ import annotations

from itertools import pairwise, product

import msgspec
import numpy as np
import pytest

from xorviz.errors import UsageError
from xorviz.panels import KINDS
from xorviz.production.canvas import Canvas
from xorviz.recordings.recording import Recording
from xorviz.scenes.layout import places
from xorviz.scenes.scene import SCENES as BUILT_IN
from xorviz.scenes.scene import Scene
from xorviz.styles.color import rgb_from_hex
from xorviz.styles.themes import THEMES
from xorviz.timing.timeline import Timeline, timeline

SMALL = (480, 270)
#: Those of studies are in panels/test_sweep_panels.
SCENES = {name: scene for name, scene in BUILT_IN.items() if name not in ("sweep", "sweep-dashboard", "shelves")}


def short(recording: Recording, n: int = 8) -> Timeline:
    return timeline(recording, fps=10, duration_s=0.4 + n / 10, hold_s=0)


def canvas(recording: Recording, scene: str | Scene = "dashboard", n: int = 8, **changes) -> Canvas:
    chosen = SCENES[scene] if isinstance(scene, str) else scene
    return Canvas(recording, msgspec.structs.replace(chosen, **changes), short(recording, n))


@pytest.mark.parametrize(("name", "theme", "size"), list(product(SCENES, THEMES, ["own", SMALL])))
def test_every_scene(recording: Recording, name: str, theme: str, size) -> None:
    size = SCENES[name].size if size == "own" else size
    made = canvas(recording, name, theme=theme, size=size)
    first, last = made.draw(0).copy(), made.draw(-1).copy()
    assert first.shape == last.shape == (size[1], size[0], 4)
    assert first.dtype == np.uint8
    assert (first[..., 3] == 255).all()
    assert (last[..., 3] == 255).all()
    assert (first != last).any()
    paper = np.rint(rgb_from_hex(THEMES[theme].paper) * 255)
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        np.testing.assert_array_equal(first[corner][:3], paper)
    # Every panel has drawn something.
    for place in places(msgspec.structs.replace(SCENES[name], size=size)).values():
        inside = first[size[1] - place.top - 3 : size[1] - place.bottom, place.left : place.right]
        assert (inside[..., :3] != paper).any()


@pytest.mark.parametrize("name", SCENES)
def test_two_passes_and_two_canvases_are_identical(recording: Recording, name: str) -> None:
    made = canvas(recording, name, size=SMALL)
    first = [frame.copy() for frame, _ in made.frames()]
    for again in (made, canvas(recording, name, size=SMALL)):
        for frame, expected in zip((frame for frame, _ in again.frames()), first, strict=True):
            np.testing.assert_array_equal(frame, expected)


def test_frames_in_any_order(recording: Recording) -> None:
    made = canvas(recording, size=SMALL)
    in_order = [frame.copy() for frame, _ in made.frames()]
    for index in (5, 0, 7, 3, -1, 5):
        np.testing.assert_array_equal(made.draw(index), in_order[index])


def test_a_snapshot_shown_again_is_not_drawn_again(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    outputs = Recording.outputs

    def counted(self: Recording, points: np.ndarray, snapshot: int = -1) -> np.ndarray:
        drawn.append(snapshot)
        return outputs(self, points, snapshot)

    scene = msgspec.structs.replace(SCENES["surface"], size=SMALL, panels={})
    slow = Timeline(np.array([3, 3, 3, 9, 12, 12]), np.full(6, 40.0))
    made = Canvas(recording, scene, slow)
    monkeypatch.setattr(Recording, "outputs", counted)
    frames = [frame.copy() for frame, _ in made.frames()]
    # Once for the surface and once for the points on it.
    assert drawn == [3, 3, 9, 9, 12, 12]
    for index, frame in enumerate(frames):
        np.testing.assert_array_equal(Canvas(recording, scene, slow).draw(index), frame)
    # The time bar moves on all the same.
    assert (frames[0] != frames[1]).any()


def test_durations(recording: Recording) -> None:
    made = canvas(recording, "traces", size=SMALL)
    assert [duration for _, duration in made.frames()] == pytest.approx([500] + [100] * 7)


def test_samples_are_spread_over_the_animation(recording: Recording) -> None:
    made = canvas(recording, "traces", size=SMALL)
    frames = [frame.copy() for frame, _ in made.frames()]
    samples = made.samples(3)
    assert len(samples) == 3
    for sample, index in zip(samples, (0, 4, 7), strict=True):
        np.testing.assert_array_equal(sample, frames[index])
    assert len(made.samples(50)) == 8


def test_a_picture_is_overwritten_by_the_next(recording: Recording) -> None:
    """As said; so that nobody has to pay for a copy."""
    made = canvas(recording, "traces", size=SMALL)
    assert made.draw(0) is made.draw(3) or np.shares_memory(made.draw(0), made.draw(3))


def test_what_does_not_move_does_not_flicker(recording: Recording) -> None:
    """Whatever changes over a whole animation lies in the places of what moves."""
    scene = SCENES["dashboard"]
    made = Canvas(recording, scene, short(recording, 30))
    first = made.draw(0).copy()
    moved = np.zeros(first.shape[:2], bool)
    for frame, _ in made.frames():
        moved |= (frame != first).any(axis=-1)
    moved = moved[::-1]
    # Dots and line ends reach over their place's edge by their own size.
    reach = 6
    for place in places(scene).values():
        moved[max(place.bottom - reach, 0) : place.top + reach, place.left - reach : place.right + reach] = False
    assert not moved.any()


def test_tick_labels_and_titles_do_not_flicker(recording: Recording) -> None:
    """Labels outside the places, and the title, have the same pixels in every frame."""
    scene = SCENES["dashboard"]
    made = Canvas(recording, scene, short(recording, 30))
    header, loss = (places(scene)[name] for name in ("header", "loss"))
    frames = [made.draw(i)[::-1].copy() for i in range(30)]
    for region in (
        np.s_[header.bottom : header.top, : header.left + 60],
        np.s_[loss.bottom : loss.top, loss.left - 40 : loss.left - 6],
        np.s_[loss.bottom - 30 : loss.bottom - 6, loss.left : loss.right],
    ):
        ink = frames[0][region][..., :3].min()
        assert ink < 200
        for frame in frames[1:]:
            np.testing.assert_array_equal(frame[region], frames[0][region])


def test_larger_frames_show_the_same_picture(recording: Recording) -> None:
    """Reduced to half, a frame of twice the size is the frame, but for the edges' sharpness."""
    small, large = (canvas(recording, size=size).draw(5).astype(float) for size in (SMALL, (960, 540)))
    reduced = large.reshape(270, 2, 480, 2, 4).mean(axis=(1, 3))
    assert np.abs(small - reduced).mean() < 4


def test_orbiting(recording: Recording) -> None:
    scene = SCENES["surface"]
    assert scene.panels["surface"]["orbit_deg"] != 0
    made = canvas(recording, scene, size=SMALL)
    pictures = [made.draw(i).copy() for i in range(8)]
    assert all((one != other).any() for one, other in pairwise(pictures))
    still = canvas(recording, msgspec.structs.replace(scene, panels={}), size=SMALL)
    assert (still.draw(7) != pictures[7]).any()


def test_panels_by_other_names_and_kinds(recording: Recording) -> None:
    scene = Scene(
        size=SMALL,
        rows=("smooth flat",),
        panels={"smooth": {"kind": "field"}, "flat": {"kind": "field", "style": "classes"}},
    )
    assert canvas(recording, scene).draw(3).shape == (270, 480, 4)


@pytest.mark.parametrize(
    ("scene", "message"),
    [
        (
            Scene(rows=("feild",)),
            f"panels.feild.kind must be one of {', '.join(KINDS)}; got 'feild'. Did you mean 'field'?",
        ),
        (
            Scene(panels={"loss": {"scal": "log"}}),
            "option of panels.loss (loss) must be one of scale; got 'scal'. Did you mean 'scale'?",
        ),
        (
            Scene(panels={"loss": {"scale": "sqrt"}}),
            "panels.loss (loss) must be valid: Invalid enum value 'sqrt' - at `$.scale`.",
        ),
    ],
)
def test_refused(recording: Recording, scene: Scene, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Canvas(recording, scene, short(recording))
    assert str(caught.value) == message
