"""Sphinx's settings for these pages: ``sphinx-build -W docs build/docs``."""

from __future__ import annotations

import shutil
from pathlib import Path

from xorviz import __version__
from xorviz.styles.themes import THEMES
from xorviz.styles.typeface import font_path

project = "xorviz"
author = "The xorviz developers"
copyright = author
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "xorviz.embed.sphinx"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = [("References", "References")]
html_theme = "furo"
html_title = "xorviz"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_logo = html_favicon = "_static/mark.svg"
_FACE = {"font-stack": '"Source Sans Pro", system-ui, sans-serif'}
html_theme_options = {
    "light_css_variables": {**_FACE, "color-brand-primary": "#1b5e9e", "color-brand-content": "#1b5e9e"},
    # Pages lie on the ground that pictures have.
    "dark_css_variables": {
        "color-brand-primary": "#7db8ea",
        "color-brand-content": "#7db8ea",
        "color-background-primary": THEMES["dark"].paper,
        "color-background-secondary": "#151b24",
        "color-code-background": "#1a212b",
    },
}
latex_elements = {"papersize": "a4paper"}


def setup(app):
    """On the site, pages from outside this folder are where they are included."""

    def moved(app, name, source):
        source[0] = source[0].replace("(../CONTRIBUTING.md", "(contributing.md")

    def faced(app, failure):
        """The face of the pictures is that of the pages."""
        if failure is None and app.builder.format == "html":
            for weight in ("Regular", "Semibold", "Bold"):
                shutil.copy(font_path(weight), Path(app.outdir) / "_static")

    app.connect("source-read", moved)
    app.connect("build-finished", faced)
