"""An animation on a slide of one's own deck."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from xorviz.embed.reading import last_picture, playing_time_s
from xorviz.encoders import Encoded
from xorviz.encoders._movie_on_slide import fitted, put_movie, put_picture, python_pptx
from xorviz.encoders._png_chunks import png_file
from xorviz.errors import UsageError


def add_to_slide(
    slide: Any,
    animation: Encoded | str | PathLike[str],
    left: int | None = None,
    top: int | None = None,
    width: int | None = None,
    height: int | None = None,
    *,
    alt: str | None = None,
) -> Any:
    """Put an animation on a slide of python-pptx, in its own shape, as large as fits.

    An ``.mp4`` becomes a movie that starts by itself when the slide is shown, goes on for ever, and has its last frame
    as poster. A ``.gif`` becomes a picture that moves: nothing has to be started, but it is coarser and larger.

    Args:
        slide: a ``pptx.slide.Slide``.
        animation: what `xorviz.animate` returned, or the path of an ``.mp4`` or ``.gif``.
        left: of the place it may fill, in English metric units, as ``pptx.util.Inches(…)`` gives them.
        top: of the place.
        width: of the place; up to the slide's right side if not given.
        height: of the place; up to the slide's lower side if not given.
        alt: what it shows, in words; what it says of itself if not given.

    Returns:
        The shape of python-pptx.

    Raises:
        UsageError: another format, no place, or python-pptx is not installed.
        XorvizError: the file cannot be read.
    """
    python_pptx()
    path = animation.path if isinstance(animation, Encoded) else Path(animation)
    if path.suffix.lower() not in (".mp4", ".gif"):
        raise UsageError(f"animation must be an .mp4 or .gif on a slide; got {str(path)!r}. Write one of these.")
    whole = slide.part.package.presentation_part.presentation
    left, top = left or 0, top or 0
    box = (
        left,
        top,
        whole.slide_width - left if width is None else width,
        whole.slide_height - top if height is None else height,
    )
    if min(box[2:]) <= 0:
        raise UsageError(f"width and height must be positive; got {box[2:]!r} from left {left} and top {top}.")
    words = getattr(animation, "alt", "") if alt is None else alt
    poster = last_picture(path)
    place = fitted(poster.shape[1], poster.shape[0], box)
    if path.suffix.lower() == ".gif":
        return put_picture(slide, path.read_bytes(), place, alt=words)
    return put_movie(slide, path.read_bytes(), png_file(poster), place, alt=words, duration_s=playing_time_s(path))
