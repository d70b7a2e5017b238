"""A scraper for sphinx-gallery: animations that an example writes stand below its code.

In conf.py::

    sphinx_gallery_conf = {"image_scrapers": ("matplotlib", "xorviz.embed.gallery.scraper")}
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xorviz.embed.reading import last_picture
from xorviz.encoders import Encoded
from xorviz.encoders._png_chunks import png_file

_PICTURES = (".gif", ".webp")


def scraper(block: Any, block_vars: dict[str, Any], gallery_conf: Mapping[str, Any], **options: Any) -> str:
    """The animations that a block of an example made: what `xorviz.animate` returned and a name was given to.

    A GIF or WebP is shown as it is, of other formats their last picture; both with the animation's words.

    Args:
        block: the code, its type and its line, as sphinx-gallery passes them.
        block_vars: what the example knows; where its pictures go.
        gallery_conf: settings of the gallery.
        **options: of other scrapers.

    Returns:
        reStructuredText.
    """
    del block, options
    shown = block_vars.setdefault("xorviz_shown", set())
    parts = []
    for encoded in _animations(block_vars["example_globals"]):
        # The same file again, written in another block, is another animation.
        mark = (str(encoded.path), encoded.path.stat().st_mtime_ns) if encoded.path.exists() else None
        if mark is None or mark in shown:
            continue
        shown.add(mark)
        target = Path(next(block_vars["image_path_iterator"]))
        parts.append(_figure(encoded, target, Path(gallery_conf["src_dir"])))
    return "\n".join(parts)


def _animations(names: Mapping[str, Any]) -> list[Encoded]:
    """The animations among the values, each once."""
    found: dict[int, Encoded] = {}
    for value in names.values():
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, Encoded):
                found[id(one)] = one
    return list(found.values())


def _figure(encoded: Encoded, target: Path, source_folder: Path) -> str:
    # Thumbnails are made of the PNG that stands where the gallery expects one.
    target.write_bytes(png_file(last_picture(encoded.path)))
    picture = target
    if encoded.path.suffix.lower() in _PICTURES:
        picture = target.with_suffix(encoded.path.suffix.lower())
        shutil.copyfile(encoded.path, picture)
    path = picture.relative_to(source_folder).as_posix()
    still = target.relative_to(source_folder).as_posix()
    lines = [(".. only:: html", path), (".. only:: not html", still)] if picture != target else [("", still)]
    blocks = []
    for only, name in lines:
        image = [f".. image:: /{name}", f"   :alt: {encoded.alt}", "   :class: sphx-glr-single-img"]
        blocks += [only, "", *(f"   {line}" for line in image), ""] if only else [*image, ""]
    return "\n".join(["", *blocks])
