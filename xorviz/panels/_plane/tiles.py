"""A grid of equal tiles that makes the most of a place, each with room for its name above."""

from __future__ import annotations

from dataclasses import replace

from xorviz.artists.place import Place


def tiled(
    place: Place, n: int, *, aspect: float, name_px: float, gaps_px: tuple[float, float], least_px: float
) -> list[Place]:
    """The largest tiles of one shape of which ``n`` fit, or as many as fit if they would be too small.

    Args:
        place: what they share.
        n: how many are wanted, at least 1.
        aspect: width to height of a tile.
        name_px: height of the names' line above each.
        gaps_px: between columns, and between a row and the names below it.
        least_px: the longer side of a tile is at least this, unless there is room for one only.

    Returns:
        Their places, row by row from the top left.
    """
    column_gap, row_gap = gaps_px[0], gaps_px[1] + name_px
    wide, high = (least_px, least_px / aspect) if aspect > 1 else (least_px * aspect, least_px)
    room = int((place.width + column_gap) / (wide + column_gap)), int((place.height + gaps_px[1]) / (high + row_gap))
    n = min(n, max(room[0], 1) * max(room[1], 1))
    heights = []
    for n_columns in range(1, n + 1):
        n_rows = -(-n // n_columns)
        by_width = (place.width - (n_columns - 1) * column_gap) / n_columns / aspect
        heights.append(min(by_width, (place.height + gaps_px[1]) / n_rows - row_gap))
    height = max(*heights, 4.0)
    n_columns, width = heights.index(max(heights)) + 1, height * aspect
    places = []
    for tile in range(n):
        row, column = divmod(tile, n_columns)
        left = place.left + round(column * (width + column_gap))
        top = place.top - round(row * (height + row_gap) + name_px)
        places.append(replace(place, left=left, bottom=top - round(height), right=left + round(width), top=top))
    return places
