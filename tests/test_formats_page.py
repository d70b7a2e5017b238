"""docs/formats.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from xorviz.encoders import BESIDE, FORMATS, KNOBS, Options
from xorviz.scenes.places import PLACES

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")


def rows(first):
    """The cells of the table whose head begins with a word."""
    table = PAGE.split(f"| {first} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


def test_every_format_is_described():
    assert {row[0].strip("`") for row in rows("suffix")} == set(FORMATS | BESIDE)


def test_qualities_are_the_formats_own():
    for level, error, x264, vp9, av1, webp in rows("quality"):
        options = Options(quality=float(re.match(r"\d+", level)[0]))
        found = [KNOBS[suffix](options) for suffix in (".gif", ".mp4", ".webm", ".avif", ".webp")]
        gif, *videos, webp_picture = found
        numbers = [*gif.values()] + [video["crf"] for video in videos] + [webp_picture["quality"]]
        assert numbers == [float(cell) for cell in (error, x264, vp9, av1, webp)]


def test_places_are_those_of_the_table():
    said = {row[0].strip("`"): row[1:6] for row in rows("`--for`")}
    for name, place in PLACES.items():
        width, height = place.size
        limit = f"{place.max_bytes // 10**6} MB" if place.max_bytes >= 10**6 else f"{place.max_bytes // 1000} kB"
        assert said[name] == [f"`{place.suffix}`", f"{width}×{height}", f"{place.fps:g}", place.theme, limit]
    assert set(said) == set(PLACES)
