"""Animations placed: bundles, snippets to paste, notebooks, slides, Sphinx.

``xorviz.embed.sphinx`` is an extension for Sphinx, ``xorviz.embed.gallery`` a scraper for sphinx-gallery.
"""

from __future__ import annotations

from xorviz.embed.bundles import Bundle as Bundle
from xorviz.embed.bundles import bundle_files as bundle_files
from xorviz.embed.bundles import find_bundle as find_bundle
from xorviz.embed.snippets import TARGETS as TARGETS
from xorviz.embed.snippets import snippet as snippet
