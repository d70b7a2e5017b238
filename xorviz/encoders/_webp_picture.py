"""One picture as a WebP file."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from xorviz.errors import UsageError

# Of the lossless settings, on dashboards in light and dark: 0.8 of the bytes of (1, 20) for 1.4 of its time; what
# comes above costs more time for no fewer bytes. Of the lossy ones 2 is 0.7 of the bytes of 0 for 1.3 of its time.
_LOSSLESS = {"lossless": True, "method": 1, "quality": 50}
_LOSSY_METHOD = 2


def webp_picture(picture: npt.NDArray[np.uint8], *, quality: float | None) -> bytes:
    """Returns the file.

    Args:
        picture (uint8 of shape (height_px, width_px, 4)): RGBA, not premultiplied.
        quality: 0 (smallest) to 100; None is without loss. Where it is transparent, a picture stays so exactly.
    """
    options = _LOSSLESS if quality is None else {"quality": quality, "method": _LOSSY_METHOD}
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", **options)
    return file.getvalue()


def grain_px(quality: float | None) -> int:
    """Returns the side of the squares that are coded together: of those with loss, a macroblock."""
    return 1 if quality is None else 16


def check_quality(quality: float | None) -> None:
    """Refuses what no picture can have.

    Raises:
        UsageError: naming what is allowed.
    """
    if quality is not None and not 0 <= quality <= 100:
        raise UsageError(f"quality must be 0 to 100, or None for no loss; got {quality!r}.")
