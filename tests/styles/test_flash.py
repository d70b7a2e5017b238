from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from xorviz.production.canvas import Canvas
from xorviz.render.console import Console
from xorviz.render.source import Source, resolve
from xorviz.scenes.multiples import scene_of
from xorviz.scenes.viewing import viewed
from xorviz.styles.flash import LARGE_AREA, block_luminance, flashes
from xorviz.timing.timeline import timelines

RECIPES = sorted((Path(__file__).parents[2] / "render").glob("*.toml"))
HEIGHT, WIDTH = 240, 320
#: Grey levels whose relative luminances are 0, 0.0999, 0.1022, 0.1981, 0.7991, 0.8070 and 1.
BLACK, GREY_89, GREY_90, GREY_123, GREY_231, GREY_232, WHITE = 0, 89, 90, 123, 231, 232, 255


def frame(level: int, *, n_blocks: int = 1200) -> np.ndarray:
    """The first of 30 rows of 40 blocks in one grey level, the others black."""
    blocks = np.zeros(1200, dtype=np.uint8)
    blocks[:n_blocks] = level
    gray = blocks.reshape(30, 40).repeat(8, axis=0).repeat(8, axis=1)
    return np.dstack([gray, gray, gray, np.full_like(gray, 255)])


def square_wave(
    hz: float, *, seconds: float = 4.0, low: int = BLACK, high: int = WHITE, n_blocks: int = 1200
) -> list[tuple[np.ndarray, float]]:
    """Low and high in turn, each for half a period."""
    pictures = [frame(low, n_blocks=n_blocks), frame(high, n_blocks=n_blocks)]
    return [(pictures[i % 2], 500.0 / hz) for i in range(round(2 * hz * seconds))]


def test_luminance_of_blocks() -> None:
    picture = np.zeros((11, 18, 3), dtype=np.uint8)
    picture[:8, :8] = 255
    picture[:4, 8:16] = (255, 0, 0)
    picture[8:, 16:] = (0, 255, 255)
    expected = [[1, 0.2126 / 2, 0], [0, 0, 0.7152 + 0.0722]]
    np.testing.assert_allclose(block_luminance(picture), expected, atol=1e-6)
    np.testing.assert_allclose(block_luminance(frame(GREY_90)), ((90 / 255 + 0.055) / 1.055) ** 2.4, atol=1e-6)


@pytest.mark.parametrize("hz", [0.5, 2.0, 3.0])
def test_three_a_second_are_allowed(hz: float) -> None:
    assert flashes(square_wave(hz)) == []


@pytest.mark.parametrize("hz", [3.5, 5.0, 10.0])
def test_more_are_not(hz: float) -> None:
    (found,) = flashes(square_wave(hz))
    assert found.per_second == pytest.approx(hz, abs=0.5)
    assert found.area == pytest.approx(1.0)
    assert found.start_s == pytest.approx(0.5 / hz)
    assert found.stop_s == pytest.approx(4.0 - 0.5 / hz)


def test_time_is_that_of_the_frames_and_not_their_number() -> None:
    """The same pictures, slowly, fast, slowly."""
    slow, fast = square_wave(1.0, seconds=4), square_wave(5.0, seconds=2)
    assert flashes(slow) == flashes([(picture, 300.0) for picture, _ in fast]) == []
    (found,) = flashes([*slow, *fast, *slow])
    assert 3.5 <= found.start_s <= 4.1
    assert found.stop_s == pytest.approx(6.0)


def test_two_times_are_told_apart() -> None:
    fast, pause = square_wave(6.0, seconds=1.5), [(frame(BLACK), 3000.0)]
    first, second = flashes([*pause, *fast, *pause, *fast])
    assert first.stop_s < 4.6
    assert second.start_s > 7.4


@pytest.mark.parametrize(("n_blocks", "n_found"), [(33, 0), (34, 1)])
def test_only_a_large_area_counts(n_blocks: int, n_found: int) -> None:
    """Of 1200 blocks, 33.3 are the limit."""
    found = flashes(square_wave(5.0, n_blocks=n_blocks))
    assert [one.area for one in found] == [pytest.approx(n_blocks / 1200)] * n_found


def test_the_large_area_is_that_of_the_guideline() -> None:
    assert pytest.approx(21_824) == LARGE_AREA * 1024 * 768


def test_areas_that_flash_at_one_time_are_added_up_wherever_they_lie() -> None:
    """A corner each, turn about; each alone is too small."""
    both, one = [], []
    for i in range(40):
        picture = frame(BLACK)
        picture[:32, :40, :3] = WHITE * (i % 2)
        one.append((picture.copy(), 100.0))
        picture[-32:, -40:, :3] = WHITE * ((i + 1) % 2)
        both.append((picture, 100.0))
    assert flashes(one) == []
    assert len(flashes(both)) == 1


@pytest.mark.parametrize(
    ("low", "high", "n_found"),
    [
        (BLACK, GREY_89, 0),
        (BLACK, GREY_90, 1),
        (GREY_90, GREY_123, 0),
        (GREY_231, WHITE, 1),
        (GREY_232, WHITE, 0),
    ],
)
def test_small_changes_and_light_ones_do_not_count(low: int, high: int, n_found: int) -> None:
    assert len(flashes(square_wave(5.0, low=low, high=high))) == n_found


def test_a_change_may_take_many_frames() -> None:
    """Five a second, as a ramp of steps that are each below a tenth."""
    levels = np.rint(255 * ((1 - np.cos(np.linspace(0, 2 * np.pi, 40, endpoint=False))) / 2) ** 0.45)
    assert len(flashes([(frame(int(level)), 5.0) for _ in range(15) for level in levels])) == 1


def test_what_only_rises_is_no_flash() -> None:
    assert flashes([(frame(level), 20.0) for level in range(0, 256, 5)]) == []


def test_trembling_on_the_way_does_not_count() -> None:
    """Up and down by less than a tenth."""
    levels = [int(level) for base in range(100, 240, 3) for level in (base, base - 12)]
    assert flashes([(frame(level), 20.0) for level in levels]) == []


def test_trembling_where_a_large_change_ended_does_not_count() -> None:
    levels = [BLACK, WHITE, 150, *[150, 160] * 40]
    assert flashes([(frame(level), 40.0) for level in levels]) == []


def test_seven_changes_in_a_second_are_three_flashes_and_a_half() -> None:
    """Of the eight changes the first two lie among light greys: only the later ones have a dark end."""
    levels = [GREY_232, WHITE, GREY_232, BLACK, WHITE, BLACK, WHITE, BLACK, WHITE]
    assert flashes([(frame(level), 110.0) for level in levels]) == []
    (found,) = flashes([(frame(level), 110.0) for level in [*levels, BLACK]])
    assert found.per_second == 3.5


def test_flashes_of_lines_that_are_finer_than_blocks_are_no_flashes_of_an_area() -> None:
    lines = [np.roll(np.arange(HEIGHT) % 2 == 0, i) for i in range(2)]
    pictures = [np.repeat(line[:, None, None] * np.uint8(255), WIDTH, axis=1).repeat(3, axis=2) for line in lines]
    assert flashes([(pictures[i % 2], 50.0) for i in range(60)]) == []


def test_frames_are_a_stream_and_may_be_overwritten() -> None:
    """As a canvas gives them."""
    only = frame(BLACK).copy()

    def frames() -> Iterator[tuple[np.ndarray, float]]:
        for picture, duration_ms in square_wave(5.0):
            only[:] = picture
            yield only, duration_ms

    assert flashes(frames()) == flashes(square_wave(5.0))


def test_no_frames_and_one_frame() -> None:
    assert flashes([]) == flashes([(frame(WHITE), 1000.0)]) == []


def drawn(source: Source, **changes: object) -> Iterator[tuple[np.ndarray, float]]:
    """A source's animation at a third of its size."""
    recordings = source.recordings(Console(quiet=True))
    scene = source.scene.changed(size=tuple(side // 3 for side in source.scene.size), **changes)
    scene, recordings = viewed(scene_of(scene, recordings), recordings)
    return Canvas(recordings, scene, timelines(recordings, **scene.playing)).frames()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_recipes_do_not_flash(path: Path) -> None:
    assert flashes(drawn(resolve(str(path), seed=None, arithmetic=None))) == []


@pytest.mark.parametrize("clock", ["change", "linear", "log", "loss"])
def test_the_default_run_does_not_flash(clock: str) -> None:
    """Its updates overshoot: shown one by one they would throw the picture to and fro twelve times a second."""
    assert flashes(drawn(resolve("", seed=None, arithmetic=None), clock=clock)) == []
