"""The palette and the map, against searches by hand."""

from __future__ import annotations

import numpy as np
import pytest

from xorviz.encoders._clusters import centres_of, cluster, nearest
from xorviz.encoders.palette import Palette, packed
from xorviz.styles.color import oklab_from_srgb


def frame_of(colours, height=1):
    frame = np.full((height, len(colours), 4), 255, np.uint8)
    frame[..., :3] = colours
    return frame


def test_packing_keeps_the_memory_of_a_frame():
    frame = frame_of([(1, 2, 3), (255, 0, 16)])
    pixels = packed(frame)
    assert pixels.tolist() == [[0xFF030201, 0xFF1000FF]]
    assert np.shares_memory(pixels, frame)


def test_indices_are_the_nearest_entries():
    random = np.random.default_rng(0)
    frame = random.integers(0, 256, (90, 100, 4), dtype=np.uint8)
    palette = Palette(random.integers(0, 1 << 24, 60).astype(np.uint32), n_colors=60)
    entries = palette.colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]

    def points(rgb):
        return np.concatenate([oklab_from_srgb(rgb / 255), 0.4 * rgb / 255], axis=-1)

    distances = np.linalg.norm(points(frame[..., :3])[:, :, None] - points(entries), axis=-1)
    indices = palette.indices(packed(frame))
    chosen = np.take_along_axis(distances, indices[..., None].astype(int) - 1, axis=-1)[..., 0]
    np.testing.assert_allclose(chosen, distances.min(axis=-1), atol=1e-6)
    np.testing.assert_array_equal(palette.indices(packed(frame)), indices)


def test_few_colours_are_all_kept():
    colours = [(i, 255 - i, 7) for i in range(200)]
    palette = Palette.of([frame_of(colours)])
    assert sorted(palette.colours.tolist()) == sorted(r + 256 * g + 65536 * b for r, g, b in colours)


def test_a_full_palette_does_not_grow_and_a_colour_keeps_its_index():
    palette = Palette(np.array([0x000000, 0xFFFFFF], np.uint32), n_colors=3)
    grey, red = np.array([0x808080], np.uint32), np.array([0x0000FF], np.uint32)
    assert palette.indices(grey).tolist() == [3]
    assert palette.colours.tolist() == [0x000000, 0xFFFFFF, 0x808080]
    first = palette.indices(red).tolist()
    assert palette.indices(red).tolist() == first
    assert len(palette.colours) == 3


def test_growth_takes_the_colours_furthest_from_all_entries():
    palette = Palette(np.array([0x000000], np.uint32), n_colors=2)
    indices = palette.indices(np.array([0x000001, 0xFFFFFF, 0x101010], np.uint32))
    assert palette.colours.tolist() == [0x000000, 0xFFFFFF]
    assert indices.tolist() == [1, 2, 1]


@pytest.mark.parametrize("n_colors", [2, 16, 255])
def test_many_colours_are_cut_to_the_number_asked_for(n_colors):
    frame = np.random.default_rng(1).integers(0, 256, (150, 150, 4), dtype=np.uint8)
    palette = Palette.of([frame], n_colors=n_colors)
    assert n_colors * 0.9 < len(palette.colours) <= n_colors


def test_no_more_colours_are_taken_than_an_error_needs():
    grey = np.linspace(0, 255, 200).astype(np.uint8)
    frame = frame_of(np.stack([grey, grey, grey], axis=1), 50)
    frame[:40] = 255
    for error in (0.01, 0.02, 0.05):
        palette = Palette.of([frame], error=error)
        entries = palette.colours.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3] / 255
        off = np.linalg.norm(entries[palette.indices(packed(frame)) - 1] - frame[..., :3] / 255, axis=-1)
        assert 0.6 * error < np.sqrt((off[off > 0] ** 2).mean()) <= 1.05 * error
        assert 0xFFFFFF in palette.colours


def test_a_colour_that_dominates_its_group_is_exact():
    random = np.random.default_rng(2)
    frame = random.integers(0, 256, (100, 100, 4), dtype=np.uint8)
    frame[:60, :, :3] = (250, 249, 246)
    frame[:5, :50, :3] = (31, 33, 36)
    palette = Palette.of([frame], n_colors=64)
    for r, g, b in ((250, 249, 246), (31, 33, 36)):
        assert r + 256 * g + 65536 * b in palette.colours


def test_large_samples_are_counted_sparsely_without_losing_thin_lines():
    samples = [frame_of([(i // 3, i % 256, 90) for i in range(600)], 500) for _ in range(6)]
    for sample in samples:
        sample[101, :, :3] = (255, 0, 255)
    assert 255 + 65536 * 255 in Palette.of(samples).colours


def test_nearest_takes_the_first_of_equals():
    centres = np.array([[0, 0, 0], [2, 0, 0], [2, 0, 0]], np.float32)
    points = np.array([[0.9, 0, 0], [1.1, 0, 0], [5, 5, 5]], np.float32)
    assert nearest(points, centres).tolist() == [0, 1, 1]


def test_nearest_agrees_with_a_search_beyond_one_block():
    random = np.random.default_rng(3)
    points, centres = random.random((10_000, 3), np.float32), random.random((50, 3), np.float32)
    distances = np.linalg.norm(points[:, None] - centres, axis=-1)
    found = nearest(points, centres)
    np.testing.assert_allclose(distances[np.arange(10_000), found], distances.min(axis=1), atol=1e-6)


def test_centres_are_weighted_means():
    points = np.array([[0, 0, 0], [3, 0, 6], [1, 1, 1]], np.float32)
    centres, mass = centres_of(points, np.array([2.0, 1.0, 5.0]), np.array([0, 0, 2]), 3)
    assert centres.tolist() == [[1, 0, 2], [0, 0, 0], [1, 1, 1]]
    assert mass.tolist() == [3, 0, 5]


def test_clumps_are_told_apart():
    random = np.random.default_rng(4)
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    points = (np.repeat(corners, 40, axis=0) + random.normal(0, 0.02, (200, 3))).astype(np.float32)
    labels = cluster(points, np.ones(200), 5).reshape(5, 40)
    assert (labels == labels[:, :1]).all()
    assert len(set(labels[:, 0])) == 5
