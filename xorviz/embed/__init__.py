"""Animations placed: bundles, snippets to paste, notebooks, slides, Sphinx.

``xorviz.embed.sphinx`` is an extension for Sphinx, ``xorviz.embed.gallery`` a scraper for sphinx-gallery.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xorviz.embed.bundles import Bundle as Bundle
from xorviz.embed.bundles import bundle_files as bundle_files
from xorviz.embed.bundles import find_bundle as find_bundle
from xorviz.embed.snippets import TARGETS as TARGETS
from xorviz.embed.snippets import snippet as snippet

if TYPE_CHECKING:
    from xorviz.embed.slides import add_to_slide as add_to_slide


def __getattr__(name: str) -> Any:
    # What draws and reads pictures is imported by whoever asks for it.
    if name != "add_to_slide":
        raise AttributeError(f"module 'xorviz.embed' has no attribute {name!r}")
    return import_module("xorviz.embed.slides").add_to_slide
