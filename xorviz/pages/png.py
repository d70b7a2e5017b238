"""PNG: pixels without loss."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xorviz.pages._base import indexed


def png(picture: NDArray[np.uint8], *, dpi: float | None = None) -> bytes:
    """A picture as a file, as small as its colours allow.

    Args:
        picture (uint8 array of shape (height, width, 4)): RGBA, not premultiplied, row 0 at the top.
        dpi: pixels per inch, said to programs that print; not said if not given.
    """
    picture = np.ascontiguousarray(picture)
    found = indexed(picture)
    if found is not None:
        table, indices = found
        image = Image.fromarray(indices)
        image.putpalette(table.tobytes())
    elif (picture[..., 3] == 255).all():
        image = Image.fromarray(picture[..., :3].copy())
    else:
        image = Image.fromarray(picture)
    file = io.BytesIO()
    resolution = {} if dpi is None else {"dpi": (dpi, dpi)}
    image.save(file, "PNG", optimize=True, **resolution)
    return file.getvalue()
