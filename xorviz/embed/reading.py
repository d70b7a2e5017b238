"""What can be read of a file that xorviz wrote: its last picture, how long it plays."""

from __future__ import annotations

import base64
import re
from collections import deque
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.errors import UsageError, XorvizError

_MOVIES = (".mp4", ".webm", ".avif")
_IN_A_PAGE = re.compile(rb"data:image/(?:webp|png);base64,([A-Za-z0-9+/=]{64,})")


def last_picture(path: Path) -> NDArray[np.uint8]:
    """The picture that an animation ends with.

    Args:
        path: a file or folder of any format that xorviz writes.

    Returns:
        (uint8 array of shape (height_px, width_px, 3)): RGB.

    Raises:
        XorvizError: it cannot be read.
    """
    suffix = path.suffix.lower()
    try:
        if suffix in _MOVIES:
            return _last_of_a_movie(path)
        if suffix == ".html":
            # The first picture of a page is its poster.
            found = _IN_A_PAGE.search(path.read_bytes())
            if found is None:
                raise OSError("it has no poster")
            return _pixels(BytesIO(base64.b64decode(found[1])))
        if suffix == ".frames":
            return _pixels(max(path.glob("frame-*.png")))
        return _pixels(path)
    except (OSError, ValueError) as error:
        raise XorvizError(f"{str(path)!r} could not be read: {error}.") from error


def playing_time_s(path: Path) -> float:
    """How long one play of a GIF, WebP, APNG or movie takes, in seconds.

    Raises:
        UsageError: it does not move.
        XorvizError: it cannot be read.
    """
    try:
        if path.suffix.lower() in _MOVIES:
            import imageio.v3 as imageio

            return float(imageio.immeta(path, plugin="pyav")["duration"])
        with Image.open(path) as image:
            total_ms = 0
            for index in range(getattr(image, "n_frames", 1)):
                image.seek(index)
                # A WebP says the time of a picture once it is decoded.
                image.load()
                total_ms += image.info.get("duration", 0)
    except (OSError, ValueError) as error:
        raise XorvizError(f"{str(path)!r} could not be read: {error}.") from error
    if not total_ms:
        raise UsageError(f"animation must move; {str(path)!r} does not. Write it again with xorviz render.")
    return float(total_ms) / 1000


def _last_of_a_movie(path: Path) -> NDArray[np.uint8]:
    import imageio.v3 as imageio

    pictures = deque(imageio.imiter(path, plugin="pyav"), maxlen=1)
    if not pictures:
        raise OSError("it has no pictures")
    return np.ascontiguousarray(pictures[0][..., :3])


def _pixels(source: Path | BytesIO) -> NDArray[np.uint8]:
    with Image.open(source) as image:
        image.seek(getattr(image, "n_frames", 1) - 1)
        return np.asarray(image.convert("RGB"))
